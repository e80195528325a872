"""What is stored of a version's text so that others like it, and the sources it cites, are found by an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from articles.states import VersionState
from content.citing import identifiers
from content.schema import Content
from content.similarity import Sketch, sketch

if TYPE_CHECKING:
    from articles.models import Version

MOST_SOURCES = 600


class FingerprintQuerySet(models.QuerySet["Fingerprint"]):
    def keep(self, version: Version, content: Content) -> None:
        """Store what the text of this version comes to now."""
        drawn = sketch(content)
        sources = {one.key for reference in content.references for one in identifiers(reference)}
        values = {"subject": drawn.subject, "bands": list(drawn.bands), "sources": sorted(sources)[:MOST_SOURCES]}
        self.update_or_create(version=version, defaults=values)

    def standing(self) -> Self:
        """Without those of texts that a newer one has taken the place of."""
        return self.exclude(version__state=VersionState.SUPERSEDED)

    def like(self, drawn: Sketch) -> Self:
        """Those of the same subject or of near-same text; each is to be compared in full before it is believed."""
        found = Q(pk__in=())
        if drawn.subject:
            found |= Q(subject=drawn.subject)
        if drawn.bands:
            found |= Q(bands__overlap=list(drawn.bands))
        return self.standing().filter(found)

    def citing(self, key: str) -> Self:
        """Those of texts that cite this source. See also `content.citing.Identifier.key`."""
        return self.filter(sources__contains=[key])


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
