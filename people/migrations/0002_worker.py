"""The worker reads everything that mail is about, and writes nothing but its own list of tasks."""

from django.db import migrations

GRANT = "GRANT UPDATE, DELETE ON django_tasks_database_dbtaskresult TO ddx_worker"
REVOKE = "REVOKE UPDATE, DELETE ON django_tasks_database_dbtaskresult FROM ddx_worker"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_people"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]
    operations = [migrations.RunSQL(GRANT, REVOKE)]
