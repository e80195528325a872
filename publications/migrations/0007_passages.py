from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publications", "0006_diagnoses")]

    operations: list[migrations.operations.base.Operation] = []
