from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publications", "0004_pages")]

    operations: list[migrations.operations.base.Operation] = []
