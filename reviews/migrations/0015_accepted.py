"""When a reviewer said yes, kept beside what they did last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("reviews", "0014_stays_so_far"),)
    operations = (migrations.AddField("assignment", "accepted_at", models.DateTimeField(blank=True, null=True)),)
