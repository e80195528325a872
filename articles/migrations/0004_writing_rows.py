"""A row for each text that was there before fingerprints were: `articles.twins` draws what it lacks."""

from django.db import migrations

_ROWS = """
INSERT INTO articles_fingerprint (version_id, subject, bands, sources)
SELECT id, '', '{}', '{}' FROM articles_version ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = (("articles", "0004_writing"),)
    operations = (migrations.RunSQL(_ROWS, migrations.RunSQL.noop, elidable=True),)
