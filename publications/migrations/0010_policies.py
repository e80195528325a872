from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publications", "0009_members")]

    operations: list[migrations.operations.base.Operation] = []
