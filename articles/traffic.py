"""Figures of readers as analytics export them: which article has how many in a month, and what cannot be told."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from articles.models import Article
from articles.querysets import address_of

LARGEST = 5_000_000  # bytes
MOST_LINES = 50_000
MONTH = 30  # days
#: Headings of the column that names the article, and of the one that counts its readers: the first that stands there
#: is taken. From exports of Google Analytics and Search Console, Matomo, Plausible and Fathom, and our own words.
NAMES = (
    *("address", "page location", "page path and screen class", "page path + query string", "page path", "page url"),
    *("landing page", "top pages", "url", "link", "path", "page", "slug", "pathname", "label", "article"),
    *("page title and screen class", "page title", "title", "name"),
)
NUMBERS = (
    *("readers a month", "readers per month", "monthly readers", "readers", "total users", "active users", "users"),
    *("unique visitors", "visitors", "uniques", "unique pageviews", "unique page views", "visits", "sessions"),
    *("views", "screen page views", "pageviews", "page views", "hits", "clicks", "traffic"),
)
_ENCODINGS = ("utf-8-sig", "cp1252")
_BARE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PAGE = re.compile(r"/articles/([a-z0-9-]+)(?:/.*)?")


class NoFigures(ValueError):
    """The file has no figures that can be read; the message says why."""


class Fault(NamedTuple):
    """A line that was not taken, and why."""

    line: int
    text: str
    reason: str


class Figure(NamedTuple):
    """A line: what names the article, and how many readers it says."""

    line: int
    name: str
    readers: int


@dataclass
class Figures:
    """What a file says: `readers` a month by the number of the article; `elsewhere` counts other pages."""

    readers: dict[int, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    elsewhere: int = 0
    lines: int = 0
    columns: tuple[str, str] = ("", "")


def read_figures(data: bytes, *, days: int = MONTH) -> Figures:
    """The readers of each article, from a CSV whose figures are of so many days. Lines of one article are added up.

    Raises:
        NoFigures: it is too large, empty, no text, or has no column that names a page or counts.
    """
    rows = _rows(data)
    figures = Figures()
    lines = list(_figures(rows, figures))
    ids = _articles({figure.name for figure in lines})
    for figure in lines:
        _add(figures, figure, ids, days)
    return figures


def _add(figures: Figures, figure: Figure, ids: dict[str, int | None], days: int) -> None:
    found = ids.get(figure.name)
    if found:
        figures.readers[found] = figures.readers.get(found, 0) + round(figure.readers * MONTH / days)
    elif figure.name.startswith(("/", "http://", "https://")) and slug_in(figure.name) is None:
        figures.elsewhere += 1
    else:
        figures.faults.append(Fault(figure.line, figure.name[:200], "no article has this address or title"))


def _rows(data: bytes) -> list[tuple[int, list[str]]]:
    """The rows that have something in them, with their lines."""
    if len(data) > LARGEST:
        raise NoFigures(f"The file is larger than {LARGEST // 1_000_000} MB. Export fewer pages or columns.")
    text = _text(data)
    sample = [line for line in text.splitlines()[:200] if line.strip() and not line.startswith("#")]
    if not sample:
        raise NoFigures("The file is empty.")
    delimiter = max(",;\t", key=sample[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row) and not row[0].startswith("#"):
                found.append((reader.line_num, [cell.strip() for cell in row]))
            if len(found) > MOST_LINES:
                raise NoFigures(f"The file has more than {MOST_LINES:,} lines. Export fewer pages.")
    except csv.Error as error:
        raise NoFigures(f"Line {reader.line_num} is no CSV: {error}.") from error
    return found


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        raise NoFigures("This is no CSV but binary data. Save the table as CSV.")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoFigures("The text is neither UTF-8 nor Windows-1252. Save it as UTF-8.")


def _figures(rows: list[tuple[int, list[str]]], figures: Figures) -> Iterator[Figure]:
    """The lines below the headings; a file of two columns needs none."""
    at, name, number = _columns(rows)
    figures.columns = ("", "") if at < 0 else (rows[at][1][name], rows[at][1][number])
    for line, row in rows[at + 1 :]:
        figures.lines += 1
        if len(row) <= max(name, number) or not row[name]:
            figures.faults.append(Fault(line, ", ".join(row)[:200], "a column is missing"))
        elif (readers := number_in(row[number])) is None:
            figures.faults.append(Fault(line, row[name][:200], f"“{row[number][:40]}” is no number of readers"))
        else:
            yield Figure(line, row[name], readers)


def _columns(rows: list[tuple[int, list[str]]]) -> tuple[int, int, int]:
    """The row of the headings (-1 for none), the column that names the page, and the one that counts."""
    for at, (_, row) in enumerate(rows[:30]):
        headings = [" ".join(cell.casefold().replace("_", " ").split()) for cell in row]
        name, number = _first(NAMES, headings), _first(NUMBERS, headings)
        if name is not None and number is not None:
            return at, name, number
    first = rows[0][1]
    if len(first) == 2 and number_in(first[1]) is not None:
        return -1, 0, 1
    raise NoFigures(
        "No headings were found for the page and its readers. Name one column “address” and one “readers a month”."
    )


def _first(known: Iterable[str], headings: list[str]) -> int | None:
    return next((headings.index(word) for word in known if word in headings), None)


def number_in(text: str) -> int | None:
    """A whole number of readers as exports write it: 1234, 1,234, 1.234, 1 234, 1234.0; None for anything else."""
    plain = re.sub(r"[\s\u00a0\u202f'’]", "", text)
    if re.fullmatch(r"[0-9]{1,3}([,.][0-9]{3})+", plain):
        plain = re.sub("[,.]", "", plain)
    if match := re.fullmatch(r"([0-9]{1,9})([.,]0+)?", plain):
        return int(match[1])
    return None


def slug_in(name: str) -> str | None:
    """The article that an address is a page of; None when it is the page of something else."""
    try:
        path = unquote(urlsplit(name).path) if "://" in name else unquote(name.partition("?")[0].partition("#")[0])
    except ValueError:
        return None
    match = _PAGE.fullmatch(path.casefold())
    return match[1] if match else None


def _articles(names: set[str]) -> dict[str, int | None]:
    """Which article each of these names: by its address, else by its title."""
    wanted = {name: _wanted(name) for name in names}
    slugs = {slug for slug in wanted.values() if slug}
    known = dict(Article.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    return {name: known.get(slug or "") for name, slug in wanted.items()}


def _wanted(name: str) -> str | None:
    if name.startswith("/") or "://" in name:
        return slug_in(name)
    if _BARE.fullmatch(name):
        return name
    return address_of(re.split(r" [|–—-] ", name)[0])
