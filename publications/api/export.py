"""All approved content as JSON lines, in whole parts that follow one another.

A part is made at once and given away whole: a stream would hold one of the few threads of the server for as long as its
reader is slow.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connections
from django.db.models import Q
from django.utils import timezone

from publications.addresses import absolute
from publications.api.shapes.articles import Article
from publications.api.shapes.base import Licence
from publications.licences import licence
from publications.models import Publication
from publications.querysets import PublicationQuerySet

FORMAT = "ddx-portal-export/1"
CONTENT_TYPE = "application/jsonl; charset=utf-8"
AT_ONCE = 50  # rows in memory; the largest article has a quarter of a million characters
PART = 4_000_000  # characters after which a part ends
BULKY = ("body_html", "names", "prose", "search")
HOW_TO_VERIFY = (
    "content_sha256 is the SHA-256 of content as JSON with sorted keys, without white space, in UTF-8: "
    "jq -cjS .content | sha256sum. A part ends with a line of the type more, which has the address of the next, or of "
    "the type end; one without either is not whole."
)
# Rows are never deleted, and every change of one counts its revision up: the sum is another after each.
# The day is in it because each line says whether its review is overdue.
STAMP = "SELECT sum(revision) FROM pub.publication"


class Asked(NamedTuple):
    """Which texts: each article's current one or notice, or every version; after which row."""

    every_version: bool = False
    after: int = 0

    @property
    def versions(self) -> str:
        return "all" if self.every_version else "current"


def stamp() -> str:
    """What changes whenever any line of the export does."""
    with connections["public"].cursor() as cursor:
        cursor.execute(STAMP)
        return f"{timezone.now().date()} {cursor.fetchone()[0] or 0}"


def rows(asked: Asked) -> PublicationQuerySet:
    wanted = Q() if asked.every_version else Q(is_page=True)
    return Publication.objects.filter(wanted, pk__gt=asked.after).defer(*BULKY).order_by("pk")


def part(asked: Asked) -> str:
    """One part: a head, a line a text, and where it goes on."""
    told, length = [_dumped(_head(asked))], 0
    last: Publication | None = None
    for row in _one_by_one(asked):
        if length > PART and last:
            more = f"{absolute('api:export')}?versions={asked.versions}&after={name(last)}"
            return "".join([*told, _dumped({"type": "more", "lines": len(told) - 1, "next_url": more})])
        told.append(line(row))
        length, last = length + len(told[-1]), row
    return "".join([*told, _dumped({"type": "end", "lines": len(told) - 1})])


def whole(asked: Asked) -> Iterator[str]:
    """All of it as one file, a line at a time: for whoever runs the portal."""
    yield _dumped(_head(asked))
    told = 0
    for row in _one_by_one(asked):
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


def _one_by_one(asked: Asked) -> Iterable[Publication]:
    """All rows by their id, a few at a time."""
    while True:
        some = list(rows(asked)[:AT_ONCE])
        yield from some
        if len(some) < AT_ONCE:
            return
        asked = asked._replace(after=some[-1].pk)


def _head(asked: Asked) -> dict[str, Any]:
    held = licence()
    return {
        "type": "export",
        "format": FORMAT,
        "site": f"{settings.SITE_URL}/",
        "versions": asked.versions,
        "licence": Licence.now().model_dump(),
        "about": f"Every approved text of the site. {held.name}.",
        "how_to_verify": HOW_TO_VERIFY,
    }


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
