"""What is stored of a version's text so that others like it, and the sources it cites, are found by an index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models, transaction
from django.db.models import F, Q

from articles import states
from content.citing import identifiers
from content.schema import Content
from content.similarity import Likeness, Sketch, sketch

if TYPE_CHECKING:
    from articles.models import Version

MOST_SOURCES = 600
MOST_LEADING = 50  # of each kind, whose bands are counted exactly
TWINS = 7_510_423_885  # the lock under which closest look-alikes are written; any number that nobody else uses


class Due(models.TextChoices):
    """Why the closest look-alike has to be looked for again."""

    NO = "", "Up to date"
    TEXT = "text", "Its own text has changed"
    TWIN = "twin", "What it looked like has changed or gone"


class Found(NamedTuple):
    """A version of another article that comes into question, and how many bands the two share."""

    version_id: int
    shared: int
    is_same_subject: bool


# One look into the index a band (`migrations/0006_twins.sql`). Asked for the overlap of the arrays, PostgreSQL takes a
# fifth of all rows to match and reads the whole table: a second at 100,000.
_OTHERS = "JOIN articles_version v ON v.id = x.version_id AND v.article_id <> %(article)s AND v.state <> ALL(%(past)s)"
_NEAR = f"""
WITH near AS (
    SELECT x.version_id, x.shared FROM fingerprints_sharing(%(bands)s::integer[]) x {_OTHERS}
    ORDER BY x.shared DESC, x.version_id DESC LIMIT %(most)s
), same AS (
    SELECT x.version_id FROM articles_fingerprint x {_OTHERS}
    WHERE x.subject = %(subject)s AND x.subject <> '' ORDER BY x.version_id DESC LIMIT %(most)s
)
SELECT version_id, coalesce(shared, 0), same.version_id IS NOT NULL FROM near FULL JOIN same USING (version_id)
"""  # noqa: S608 - fixed pieces
# Where more share a band than are looked at, the count above is too low: the few that lead are counted again.
_NEAREST = f"""
SELECT x.version_id, cardinality(ARRAY(SELECT unnest(f.bands) INTERSECT SELECT unnest(%(bands)s::integer[]))), x.same
FROM ({_NEAR}) x (version_id, shared, same) JOIN articles_fingerprint f USING (version_id)
"""  # noqa: S608 - fixed pieces
_WRITE_CLOSEST = """
UPDATE articles_fingerprint SET closest_id = %(closest)s, percent = %(percent)s, is_same_subject = %(same)s
WHERE version_id = %(version)s AND (coalesce(percent, -1), is_same_subject) < (%(percent)s, %(same)s)
"""
_IS_LESS = """
UPDATE articles_fingerprint SET due = 'twin', closest_id = NULL, percent = NULL, is_same_subject = false
WHERE version_id = %(version)s AND closest_id = %(closest)s AND (percent, is_same_subject) > (%(percent)s, %(same)s)
"""
# Who holds one of these rows is storing a new text of it, and with that makes it due.
_POINTED_HERE = """
UPDATE articles_fingerprint SET due = 'twin' WHERE version_id IN (
    SELECT version_id FROM articles_fingerprint WHERE closest_id = %s AND version_id <> ALL(%s) FOR UPDATE SKIP LOCKED
)
"""


class FingerprintQuerySet(models.QuerySet["Fingerprint"]):
    def keep(self, version: Version, content: Content) -> None:
        """Store what the text of this version comes to now. Where nothing of that is new, one query."""
        drawn = sketch(content)
        sources = sorted({one.key for reference in content.references for one in identifiers(reference)})
        values = {"subject": drawn.subject, "bands": list(drawn.bands), "sources": sources[:MOST_SOURCES]}
        known = self.filter(pk=version.pk).first()
        if known is None:
            self.create(version=version, **values)
            return
        if known.sketch != drawn:
            values["due"] = Due.TEXT
        if new := {name: value for name, value in values.items() if getattr(known, name) != value}:
            self.filter(pk=version.pk).update(**new)

    def near(self, drawn: Sketch, *, article_id: int, most: int) -> list[Found]:
        """Versions of other articles of the same subject or near-same text, so many of each; to be compared."""
        return self._found(_NEAR, drawn, article_id, most)

    def nearest(self, drawn: Sketch, *, article_id: int) -> list[Found]:
        """The same, exactly counted, of the few that lead."""
        return self._found(_NEAREST, drawn, article_id, MOST_LEADING)

    def _found(self, sql: str, drawn: Sketch, article_id: int, most: int) -> list[Found]:
        said: dict[str, Any] = {"bands": list(drawn.bands), "subject": drawn.subject, "most": most}
        said |= {"article": article_id, "past": sorted(states.PAST)}
        with connection.cursor() as cursor:
            cursor.execute(sql, said)
            found = [Found(*row) for row in cursor.fetchall()]
        return sorted(found, key=lambda one: (-one.shared, -one.version_id))

    def claim(self, version_id: int) -> Fingerprint | None:
        """The fingerprint of a version that is due, its closest look-alike forgotten; None when it is not due."""
        nothing = {"closest": None, "percent": None, "is_same_subject": False}
        if not self.filter(pk=version_id).exclude(due=Due.NO).update(**nothing):
            return None
        return self.select_related("version").filter(pk=version_id).exclude(due=Due.NO).first()

    def draw(self, mine: Fingerprint) -> Fingerprint:
        """Draw what never was: the text is older than fingerprints are. Not within a transaction."""
        with transaction.atomic():
            version = type(mine.version).objects.locked(mine.pk)
            self.keep(version, version.document)
        return self.select_related("version").get(pk=mine.pk)

    def settle(self, mine: Fingerprint, alike: Mapping[int, Likeness]) -> None:
        """Write how much of the texts is the same, on both sides: each keeps what is closest to it.

        `alike` is what `mine` was compared with. Not within another transaction: it waits for those that hold the
        versions, then for others that settle, and nobody who waits for this may hold what it waits for.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM articles_version WHERE id = ANY(%s) AND state <> ALL(%s) ORDER BY id FOR KEY SHARE",
                [[mine.pk, *alike], sorted(states.PAST)],
            )
            there = {pk for (pk,) in cursor.fetchall()}
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TWINS])
            for other, is_so in alike.items():
                if {mine.pk, other} <= there:
                    _settle_pair(cursor, mine.pk, other, is_so)
            if mine.due == Due.TEXT:
                cursor.execute(_POINTED_HERE, [mine.pk, list(alike)])
            self.filter(pk=mine.pk, due=mine.due, subject=mine.subject, bands=mine.bands).update(due=Due.NO)

    def forget(self, version: Version) -> None:
        """Nothing looks like this version any more: another is looked for. Its row is locked by the caller."""
        pointed_here = self.filter(closest=version)
        if not pointed_here.exists():
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TWINS])
        pointed_here.update(closest=None, percent=None, is_same_subject=False, due=Due.TWIN)

    def citing(self, key: str, *, most: int, before: int | None = None) -> list[int]:
        """Versions that cite this source, the newest first: so many at the most, of those before that one.

        See also `content.citing.Identifier.key`.
        """
        found = self.filter(sources__contains=[key]).order_by("-pk")
        found = found if before is None else found.filter(pk__lt=before)
        return list(found.values_list("pk", flat=True)[:most])


class Fingerprint(models.Model):
    """The sketch of one version and the keys of its sources, as new as its text (`FingerprintQuerySet.keep`).

    `closest` is the version of another article that it looks most like, whoever may read that; `percent` of the two
    texts is the same. As new as `due` says; `articles.twins` brings it up to date. None: it looks like no other.
    """

    version = models.OneToOneField("articles.Version", primary_key=True, on_delete=models.CASCADE)
    subject = models.CharField(max_length=200, blank=True, default="")
    bands = ArrayField(models.IntegerField(), default=list, blank=True)
    sources = ArrayField(models.CharField(max_length=2_100), default=list, blank=True)

    closest = models.ForeignKey(
        "articles.Version", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    is_same_subject = models.BooleanField(default=False)
    due = models.CharField(max_length=4, choices=Due.choices, blank=True, default=Due.TEXT)

    objects: ClassVar[FingerprintQuerySet] = FingerprintQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = (
            models.Index(fields=("subject",), name="fingerprint_subject"),
            # at once: what is pending would be read through for each band that is looked up
            GinIndex(fields=("bands",), name="fingerprint_bands", fastupdate=False),
            GinIndex(fields=("sources",), name="fingerprint_sources"),
            models.Index(fields=("closest",), condition=Q(closest__isnull=False), name="fingerprint_closest"),
            models.Index(fields=("version",), condition=Q(closest__isnull=False), name="fingerprint_double"),
            models.Index(fields=("version",), condition=~Q(due=""), name="fingerprint_due"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(closest__isnull=True, percent__isnull=True, is_same_subject=False)
                | (Q(closest__isnull=False, percent__isnull=False, percent__lte=100) & ~Q(closest=F("version"))),
                name="fingerprint_closest_is_whole",
            ),
            models.CheckConstraint(condition=Q(due__in=Due.values), name="fingerprint_due_is_known"),
        )

    def __str__(self) -> str:
        return f"fingerprint of version {self.pk}"

    @property
    def is_drawn(self) -> bool:
        """Whether anything is known of the text. Nothing to find a short one by is drawn again at no cost."""
        return bool(self.subject or self.bands or self.sources)

    @property
    def sketch(self) -> Sketch:
        return Sketch(self.subject, tuple(self.bands))


def _settle_pair(cursor: Any, one: int, other: int, alike: Likeness) -> None:
    """Both ways; what the other side looked more like before is looked for again."""
    for version, closest in ((one, other), (other, one)):
        said = {"version": version, "closest": closest, "percent": alike.percent, "same": alike.is_same_subject}
        cursor.execute(_IS_LESS, said)
        if alike.is_worth_a_look:
            cursor.execute(_WRITE_CLOSEST, said)
