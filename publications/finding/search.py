"""The search and the lists: one query a page, from either end of it, however many articles there are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from publications.cursors import cut, written
from publications.finding import statements as sql
from publications.finding.forms import Search
from publications.finding.lines import COLUMNS, Line
from publications.finding.shelves import Shelves
from publications.models import Publication
from publications.prepared import prepared

PER_PAGE = 20
MOST = sql.CANDIDATES - 1
_COLUMNS = COLUMNS.count(",") + 1


class Found(NamedTuple):
    """A page of what was found. `total` is None where nobody counted. `is_cut`: there are more, but these are best; or
    there are none among the texts that were looked through, and these were not all. `letters`: what the titles of the
    specialty begin with, for a list.
    """

    lines: Sequence[Line]
    total: int | None
    is_cut: bool
    first: int
    previous: str
    next: str
    letters: tuple[str, ...] = ()

    @property
    def showing(self) -> str:
        if not (self.lines and self.first and self.total):
            return ""
        return f"{self.first}–{self.first + len(self.lines) - 1} of {self.total}"


NOTHING = Found((), 0, is_cut=False, first=0, previous="", next="")


def find(asked: Search) -> Found:
    """The page of articles that was asked for. Cursors that lead nowhere begin at the beginning."""
    if asked.is_empty:
        return NOTHING._replace(letters=Shelves.now().letters)
    if asked.is_list:
        return _listed(asked)
    return NOTHING if asked.typed.is_empty and not asked.code else _ranked(asked)


def _ranked(asked: Search) -> Found:
    typed, way = asked.typed, asked.place.way
    values: dict[str, Any] = {
        "words": typed.web,
        "core": typed.core,
        "codes": typed.tsquery,
        "line": asked.query.lower(),
        **{name: getattr(asked, name) or None for name in ("specialty", "since", "code", "tier")},
        **dict(zip(("by", "id"), asked.place.values, strict=False)),
    }
    filters = tuple(name for name in sql.OF_THE_ARTICLE if getattr(asked, name))
    diagnosis = _of_the_diagnosis(asked)
    rows = _rows(_statement(filters, diagnosis, has_words=not typed.is_empty, way=way), values)
    if rows:
        return _found(rows)
    is_cut = not way and _rows(_statement_of_cut(filters, diagnosis), values)[0][0]
    return NOTHING._replace(is_cut=is_cut)


def _found(rows: Sequence[Any]) -> Found:
    rank, place, total = _COLUMNS, _COLUMNS + 1, _COLUMNS + 2
    lines = [Line.read(row[:_COLUMNS], row[total + 1], row[total + 2], row[total + 3]) for row in rows]
    known = min(rows[0][total], MOST)
    return Found(
        lines,
        known,
        is_cut=rows[0][total] > MOST,
        first=rows[0][place],
        previous=written((rows[0][rank], rows[0][0])) if rows[0][place] > 1 else "",
        next=written((rows[-1][rank], rows[-1][0])) if rows[-1][place] < known else "",
    )


def _of_the_diagnosis(asked: Search) -> tuple[str, ...]:
    if not asked.by_diagnosis:
        return ()
    wanted = {"code": asked.code, "tier": asked.tier, "named": asked.tier and asked.query}
    return tuple(name for name, value in wanted.items() if value)


@cache
def _statement(filters: tuple[str, ...], diagnosis: tuple[str, ...], *, has_words: bool, way: int) -> str:
    """The text for these filters; there are few, so each is planned once a connection (`prepared`)."""
    narrowed, named = _narrowed(filters), _named(diagnosis)
    if diagnosis:
        needs_no_words = str("named" in diagnosis or not has_words).upper()
        chosen = sql.BY_DIAGNOSIS.format(diagnosis=named, filters=narrowed, needs_no_words=needs_no_words)
    else:
        chosen = sql.BY_WORDS.format(filters=narrowed)
    mentions = named or "d.words @@ (SELECT either FROM asked)"
    return sql.ASKED + chosen + sql.SHOWN.format(keyset=sql.KEYSETS[way], columns=COLUMNS, mentions=mentions)


@cache
def _statement_of_cut(filters: tuple[str, ...], diagnosis: tuple[str, ...]) -> str:
    """Asked only when nothing was found."""
    if diagnosis:
        return sql.ASKED + sql.CUT_BY_DIAGNOSIS.format(diagnosis=_named(diagnosis))
    return sql.ASKED + sql.CUT_BY_WORDS.format(filters=_narrowed(filters))


def _narrowed(filters: tuple[str, ...]) -> str:
    return " ".join(f"AND {sql.OF_THE_ARTICLE[name]}" for name in filters)


def _named(diagnosis: tuple[str, ...]) -> str:
    return " AND ".join(sql.OF_THE_DIAGNOSIS[name] for name in diagnosis)


def _listed(asked: Search) -> Found:
    """By title; or, reviewed since a day, the newly reviewed first."""
    place = asked.place
    filters = tuple(name for name in sql.OF_A_LIST if getattr(asked, name))
    values: dict[str, Any] = {"specialty": asked.specialty, "letter": asked.letter, "since": asked.since or None}
    values |= zip(("by", "id"), place.values, strict=False)
    rows = _rows(_list_statement(filters, is_recent=bool(asked.since), way=place.way), values)
    letters, total = rows[0][:2]
    found = [row[2:] for row in rows if row[2] is not None]
    page = cut(found, place.way, PER_PAGE, lambda row: (row[_COLUMNS], row[0]))
    return Found(
        [Line.read(row[:_COLUMNS], (), None, "") for row in page.rows],
        None if asked.since else total or 0,
        is_cut=False,
        first=0,
        previous=page.previous,
        next=page.next,
        letters=tuple(letters.split("\n")) if letters else (),
    )


@cache
def _list_statement(filters: tuple[str, ...], *, is_recent: bool, way: int) -> str:
    narrowed = " ".join(f"AND {sql.OF_A_LIST[name]}" for name in filters)
    order = sql.NEWEST_FIRST if is_recent else sql.BY_TITLE
    return sql.LIST.format(
        of_specialty=sql.OF_SPECIALTY if "specialty" in filters else "",
        of_letter=sql.OF_LETTER if "letter" in filters else "",
        columns=COLUMNS,
        filters=narrowed,
        by=order.by,
        keyset=order.keysets[way],
    )


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with prepared(Publication.objects.db) as cursor:
        cursor.execute(statement, {name: value for name, value in values.items() if f"%({name})s" in statement})
        rows: list[Any] = cursor.fetchall()
    return rows
