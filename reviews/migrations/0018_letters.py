from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reviews", "0017_notices")]

    operations: list[migrations.operations.base.Operation] = []
