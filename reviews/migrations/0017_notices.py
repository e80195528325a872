from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reviews", "0016_accepted_so_far")]

    operations: list[migrations.operations.base.Operation] = []
