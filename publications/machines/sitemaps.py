"""What search engines should know: an index, and the parts that it names. No part grows with the site."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from django.conf import settings
from django.db import connections

from publications.addresses import absolute
from publications.board.members import Member
from publications.models import Publication
from publications.policies import Policy

SPAN = 10_000  # versions by their number in a part: it has as many addresses at most, where 50,000 are allowed
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Both from an index alone; the sum of revisions is another after every change of a row.
PARTS = """
    SELECT (id - 1) / %s + 1 AS part, max(greatest(last_reviewed_at, noticed_at)) FROM pub.publication
    WHERE state = 'current' GROUP BY part ORDER BY part
"""
STAMP = "SELECT sum(revision) FROM pub.publication WHERE id > %s AND id <= %s"
# Names have no numbers: a part of theirs is called after its first one.
FIRST_NAMES = """
    SELECT slug FROM (SELECT slug, row_number() OVER (ORDER BY slug) - 1 AS place FROM pub.diagnosis_name) every
    WHERE place %% %s = 0 ORDER BY slug
"""
NAMES_FROM = "SELECT slug FROM pub.diagnosis_name WHERE slug >= %s ORDER BY slug LIMIT %s"


class Entry(NamedTuple):
    """An address and the day when it last said something new; None when nobody keeps that."""

    address: str
    changed_on: date | None = None


def index() -> str:
    """The parts: 0 for the standing pages, then the articles', then the diagnoses'."""
    parts = [Entry(part_url(number), _day(changed)) for number, changed in _asked(PARTS, SPAN)]
    names = [Entry(absolute("publications:sitemap_diagnoses", first)) for (first,) in _asked(FIRST_NAMES, SPAN)]
    return _document("sitemapindex", "sitemap", [Entry(part_url(0)), *parts, *names])


def standing() -> str:
    """The pages that are no articles."""
    return _document("urlset", "url", _standing())


def stamp(number: int) -> str:
    """What changes whenever this part does; "" when it has nothing."""
    ((revisions,),) = _asked(STAMP, (number - 1) * SPAN, number * SPAN)
    return str(revisions or "")


def part(number: int) -> str:
    """The current articles of one part."""
    rows = Publication.objects.current().filter(pk__gt=(number - 1) * SPAN, pk__lte=number * SPAN).order_by("pk")
    found = rows.values_list("slug", "last_reviewed_at", "noticed_at")
    return _document(
        "urlset",
        "url",
        (Entry(absolute("publications:article", slug), _day(max(filter(None, at)))) for slug, *at in found),
    )


def diagnoses(first: str) -> str:
    """The pages of diagnoses from this one on; "" when there are none."""
    entries = [Entry(absolute("publications:diagnosis", slug)) for (slug,) in _asked(NAMES_FROM, first, SPAN)]
    return _document("urlset", "url", entries) if entries else ""


def part_url(number: int) -> str:
    return absolute("publications:sitemap_part", number)


def _standing() -> Iterator[Entry]:
    yield Entry(absolute("publications:home"))
    yield Entry(absolute("publications:board"))
    yield Entry(absolute("api:docs"))
    for policy in Policy.objects.newest():
        if not policy.is_withdrawn:
            yield Entry(settings.SITE_URL + policy.get_absolute_url(), _day(policy.published_at))
    for slug in Member.objects.listed().values_list("slug", flat=True):
        yield Entry(absolute("publications:member", slug))


def _asked(statement: str, *values: int | str) -> list[Any]:
    with connections["public"].cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    return rows


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _document(root: str, each: str, entries: Iterable[Entry]) -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{NAMESPACE}">']
    for address, changed_on in entries:
        changed = f"<lastmod>{changed_on.isoformat()}</lastmod>" if changed_on else ""
        lines.append(f"<{each}><loc>{escape(address)}</loc>{changed}</{each}>")
    return "\n".join([*lines, f"</{root}>", ""])
