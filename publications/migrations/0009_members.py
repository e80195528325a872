from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publications", "0008_letters")]

    operations: list[migrations.operations.base.Operation] = []
