"""What is stored of a version's text so that others like it, and the sources it cites, are found by an index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models

from content.citing import identifiers
from content.schema import Content
from content.similarity import Sketch, sketch

if TYPE_CHECKING:
    from articles.models import Version

MOST_SOURCES = 600


# One look into the index a band. Asked for the overlap of the arrays, PostgreSQL takes a fifth of all rows to match
# (each element it knows nothing of counts for 0.5%) and reads the whole table: a second at 100,000.
_SHARING = """
SELECT DISTINCT f.version_id FROM unnest(%s::integer[]) AS each(band)
JOIN articles_fingerprint f ON f.bands @> ARRAY[each.band]
"""


def _sharing(bands: Sequence[int]) -> list[int]:
    """The versions that share one of these bands."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, [list(bands)])
        return [version for (version,) in cursor.fetchall()]


class FingerprintQuerySet(models.QuerySet["Fingerprint"]):
    def keep(self, version: Version, content: Content) -> None:
        """Store what the text of this version comes to now."""
        drawn = sketch(content)
        sources = {one.key for reference in content.references for one in identifiers(reference)}
        values = {"subject": drawn.subject, "bands": list(drawn.bands), "sources": sorted(sources)[:MOST_SOURCES]}
        self.update_or_create(version=version, defaults=values)

    def like(self, drawn: Sketch) -> list[int]:
        """The versions of the same subject or of near-same text; each is to be compared before it is believed."""
        found: dict[int, None] = {}
        if drawn.subject:
            found |= dict.fromkeys(self.filter(subject=drawn.subject).values_list("pk", flat=True))
        if drawn.bands:
            found |= dict.fromkeys(_sharing(drawn.bands))
        return list(found)

    def citing(self, key: str) -> list[int]:
        """The versions that cite this source. See also `content.citing.Identifier.key`."""
        return list(self.filter(sources__contains=[key]).values_list("pk", flat=True))


class Fingerprint(models.Model):
    """The sketch of one version and the keys of its sources; as new as its text (`FingerprintQuerySet.keep`)."""

    version = models.OneToOneField("articles.Version", primary_key=True, on_delete=models.CASCADE)
    subject = models.CharField(max_length=200, blank=True, default="")
    bands = ArrayField(models.IntegerField(), default=list, blank=True)
    sources = ArrayField(models.CharField(max_length=2_100), default=list, blank=True)

    objects: ClassVar[FingerprintQuerySet] = FingerprintQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = (
            models.Index(fields=("subject",), name="fingerprint_subject"),
            GinIndex(fields=("bands",), name="fingerprint_bands"),
            GinIndex(fields=("sources",), name="fingerprint_sources"),
        )

    def __str__(self) -> str:
        return f"fingerprint of version {self.pk}"
