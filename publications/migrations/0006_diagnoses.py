from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publications", "0005_notices")]

    operations: list[migrations.operations.base.Operation] = []
