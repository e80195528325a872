from django.db import migrations

#: The indexes that searches, lists, the export and the sitemap need of a table that is read and written meanwhile.
_INDEXES = {
    "publication_titles": """USING gin (to_tsvector('english', title || ' ' || names)) WITH (fastupdate = off)
        WHERE state = 'current'""",
    "publication_by_letter": "(upper(left(title, 1)), title, id) WHERE state = 'current'",
    "publication_by_specialty_and_letter": "(specialty, upper(left(title, 1)), title, id) WHERE state = 'current'",
    "publication_newest_of_specialty": "(specialty, last_reviewed_at DESC, id DESC) WHERE state = 'current'",
    "publication_export": "(id) INCLUDE (revision, state, last_reviewed_at, noticed_at)",
}


def _made(name: str, what: str) -> migrations.RunSQL:
    """Nobody waits for this, so it may wait for anybody. What an attempt that was broken off has left is made anew."""
    gone = f"DROP INDEX CONCURRENTLY IF EXISTS pub.{name}"
    made = f"CREATE INDEX CONCURRENTLY {name} ON pub.publication {what}"
    return migrations.RunSQL(["SET lock_timeout = 0", gone, made, "RESET lock_timeout"], [gone])


class Migration(migrations.Migration):
    atomic = False
    dependencies = (("publications", "0010_policies"),)
    operations = (
        *(_made(name, what) for name, what in _INDEXES.items()),
        # What was still to be entered when it stopped keeping a list of that (0006).
        migrations.RunSQL("SELECT gin_clean_pending_list('pub.publication_search')", migrations.RunSQL.noop),
    )
