"""Fingerprints of the texts that were there before fingerprints were."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from content import canonical
from content.citing import identifiers
from content.similarity import sketch

AT_ONCE = 500


def draw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """One row for each version that has none."""
    version_model, fingerprint_model = (apps.get_model("articles", name) for name in ("Version", "Fingerprint"))
    missing = version_model.objects.filter(fingerprint=None).values_list("pk", "content").iterator(AT_ONCE)
    rows = []
    for pk, text in missing:
        content = canonical.loads(text)
        drawn = sketch(content)
        sources = sorted({one.key for reference in content.references for one in identifiers(reference)})
        rows.append(
            fingerprint_model(version_id=pk, subject=drawn.subject, bands=list(drawn.bands), sources=sources[:600])
        )
        if len(rows) == AT_ONCE:
            fingerprint_model.objects.bulk_create(rows, ignore_conflicts=True)
            rows = []
    fingerprint_model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = (("articles", "0004_writing"),)
    operations = (migrations.RunPython(draw, migrations.RunPython.noop, elidable=True),)
