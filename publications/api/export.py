"""All approved content in one stream of JSON lines: read a few rows at a time, whatever there is."""

import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import Q

from publications.api.shapes import Article, Licence
from publications.licences import licence
from publications.models import Publication
from publications.querysets import PublicationQuerySet

FORMAT = "ddx-portal-export/1"
CONTENT_TYPE = "application/jsonl; charset=utf-8"
AT_ONCE = 50  # rows in memory; the largest article has a quarter of a million characters
GZIP = 31  # zlib's name for the container that HTTP calls gzip
BULKY = ("body_html", "names", "prose", "search")
HOW_TO_VERIFY = (
    "content_sha256 is the SHA-256 of content as JSON with sorted keys, without white space, in UTF-8: "
    "jq -cjS .content | sha256sum. The last line has the type end: without it the file is not whole. To go on after a "
    "broken transfer send the id of the last whole line as after."
)
# Rows are never deleted, and every change of one counts its revision up: the sum is another after each.
STAMP = "SELECT sum(revision) FROM pub.publication"


def stamp() -> str:
    """What changes whenever any line of the export does."""
    with connections["public"].cursor() as cursor:
        cursor.execute(STAMP)
        return str(cursor.fetchone()[0] or 0)


def rows(*, every_version: bool) -> PublicationQuerySet:
    """What is exported: each article's current text or notice; with `every_version` the earlier ones, too."""
    wanted = Q() if every_version else Q(is_page=True)
    return Publication.objects.filter(wanted).defer(*BULKY)


def export(*, every_version: bool, after: int = 0) -> Iterator[str]:
    """The lines, each with its line feed: a head, a line a text, an end."""
    yield _dumped(_head(every_version=every_version))
    told = 0
    for row in _one_by_one(rows(every_version=every_version), after):
        yield line(row)
        told += 1
    yield _dumped({"type": "end", "lines": told})


def line(row: Publication) -> str:
    """One text as signed, or the notice of one that is retracted, which has no text any more."""
    told = Article.of(row, with_content=False).model_dump(mode="json", exclude={"content", "licence"})
    kind = "notice" if row.is_retracted else "article"
    head = {"type": kind, "id": name(row), "licence": licence().id} | told
    content = "null" if row.is_retracted else row.content
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "content": {content}}}\n'


def name(row: Publication) -> str:
    return f"{row.slug}/v/{row.number}"


def compressed(lines: Iterable[str]) -> Iterator[bytes]:
    """The lines as gzip, as they come."""
    packer = zlib.compressobj(wbits=GZIP)
    for each in lines:
        if packed := packer.compress(each.encode()):
            yield packed
    yield packer.flush()


def _one_by_one(found: PublicationQuerySet, after: int) -> Iterator[Publication]:
    """All rows by their id, a few at a time; between two askings no connection is held, however slow the reader."""
    while True:
        some = list(found.filter(pk__gt=after).order_by("pk")[:AT_ONCE])
        connections["public"].close()
        yield from some
        if len(some) < AT_ONCE:
            return
        after = some[-1].pk


def _head(*, every_version: bool) -> dict[str, Any]:
    held = licence()
    return {
        "type": "export",
        "format": FORMAT,
        "site": f"{settings.SITE_URL}/",
        "versions": "all" if every_version else "current",
        "licence": Licence.now().model_dump(),
        "about": f"Every approved text of the site. {held.name}.",
        "how_to_verify": HOW_TO_VERIFY,
    }


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
