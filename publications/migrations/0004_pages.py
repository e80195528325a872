from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publications", "0003_confirmations")]

    operations: list[migrations.operations.base.Operation] = []
