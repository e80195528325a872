"""What the press has made ready, as Django reads it. The front reads the same table by a query of its own."""

from __future__ import annotations

import zlib
from typing import ClassVar, Self

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from publications.models import Publication
from publications.pages import frame, respond

GZIP = 16 + zlib.MAX_WBITS


class PageQuerySet(models.QuerySet["Page"]):
    def good(self) -> Self:
        """What says today what its row says, as the templates and code of now say it."""
        return self.filter(frame=frame(), good_until__gte=timezone.now().date())


class Page(models.Model):
    """One ready answer. `revision` is that of the publication's row."""

    path = models.TextField(primary_key=True)
    publication_id = models.BigIntegerField()
    revision = models.BigIntegerField()
    is_slow = models.BooleanField()
    frame = models.TextField()
    etag = models.TextField()
    headers = models.JSONField()
    is_gzip = models.BooleanField()
    body = models.BinaryField()
    good_until = models.DateField()

    objects: ClassVar[PageQuerySet] = PageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        managed = False
        db_table = "page"

    def __str__(self) -> str:
        return self.path

    @property
    def plain(self) -> bytes:
        """The body unpacked.

        Raises:
            zlib.error: it is not one piece of gzip. What stands behind that, some browsers read and others do not.
        """
        if not self.is_gzip:
            return bytes(self.body)
        unpacking = zlib.decompressobj(wbits=GZIP)
        plain = unpacking.decompress(self.body)
        if unpacking.unused_data or not unpacking.eof:
            raise zlib.error("not one piece of gzip")
        return plain


def answer_ready(request: HttpRequest, publication: Publication, path: str) -> HttpResponse | None:
    """Answer with what the press has made of this row for an address; None as long as it has not: a matter of seconds.

    For what only the press can make; a view that can make it itself answers with `pages.answer_leaf`.
    """
    made = Page.objects.good().filter(path=path, publication_id=publication.pk, revision=publication.revision).first()
    return respond(request, made.etag, made.headers, lambda: made.plain) if made else None
