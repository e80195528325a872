from django.db import migrations

#: A list is read from its index alone, for the rows are long and lie far apart: so the indexes hold all that its lines
#: show. It is short, an index takes no more than 2.7 kB a row.
_LINES = "INCLUDE (slug, last_reviewed_at, next_review_on, noticed_at) WHERE state = 'current'"
_LETTERS = "INCLUDE (slug, specialty, last_reviewed_at, next_review_on, noticed_at) WHERE state = 'current'"
_NEWEST = "INCLUDE (slug, title, next_review_on, noticed_at) WHERE state = 'current'"
#: The indexes that searches, lists, the export and the sitemap need of a table that is read and written meanwhile.
_INDEXES = {
    "publication_titles": """USING gin (to_tsvector('english', title || ' ' || names)) WITH (fastupdate = off)
        WHERE state = 'current'""",
    "publication_by_letter": f"(upper(left(title, 1)), title, id) {_LETTERS}",
    "publication_titles_of_specialty": f"(specialty, title, id) {_LINES}",
    "publication_by_specialty_and_letter": f"(specialty, upper(left(title, 1)), title, id) {_LINES}",
    "publication_newest_of_specialty": f"(specialty, last_reviewed_at DESC, id DESC) {_NEWEST}",
    "publication_export": "(id) INCLUDE (revision, state, last_reviewed_at, noticed_at)",
}


def _made(name: str, what: str) -> migrations.RunSQL:
    """Nobody waits for this, so it may wait for anybody. What an attempt that was broken off has left is made anew."""
    gone = f"DROP INDEX CONCURRENTLY IF EXISTS pub.{name}"
    made = f"CREATE INDEX CONCURRENTLY {name} ON pub.publication {what}"
    return migrations.RunSQL(["SET lock_timeout = 0", gone, made, "RESET lock_timeout"], [gone])


def _replaced(name: str, what: str) -> migrations.RunSQL:
    """Another index does now what this one did."""
    gone = f"DROP INDEX CONCURRENTLY IF EXISTS pub.{name}"
    made = f"CREATE INDEX CONCURRENTLY {name} ON pub.publication {what}"
    return migrations.RunSQL(["SET lock_timeout = 0", gone, "RESET lock_timeout"], [made])


class Migration(migrations.Migration):
    atomic = False
    dependencies = (("publications", "0010_policies"),)
    operations = (
        *(_made(name, what) for name, what in _INDEXES.items()),
        _replaced("publication_by_specialty", "(specialty, title, id) WHERE state = 'current'"),
        # What was still to be entered when it stopped keeping a list of that (0006).
        migrations.RunSQL("SELECT gin_clean_pending_list('pub.publication_search')", migrations.RunSQL.noop),
    )
