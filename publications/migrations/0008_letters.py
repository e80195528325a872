from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publications", "0007_passages")]

    operations: list[migrations.operations.base.Operation] = []
