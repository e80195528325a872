"""Where a page of a list begins, and how it is cut from the rows that were read for it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from django.db.models import Model, Q, QuerySet

from content import text

LONGEST = 6_000  # characters: two lines of four bytes each, as long as they may be
_BIGGEST = 2**63 - 1

type Kinds = tuple[type, ...]


class Place(NamedTuple):
    """Behind the line with these values (`way` 1), before it (-1), or at the beginning of the list (0).

    The values are those that the list is ordered by, the last of which tells equal lines apart.
    """

    way: int = 0
    values: tuple[Any, ...] = ()

    @classmethod
    def read(cls, *kinds: type, after: str = "", before: str = "") -> Self:
        """What is no place in a list that is ordered by values of these kinds is its beginning."""
        values = _read(before or after, kinds)
        return cls() if values is None else cls(-1 if before else 1, values)


class Page[Row](NamedTuple):
    """Some lines of a list, and what `Place.read` takes for those before and behind them; "" where there are none."""

    rows: Sequence[Row]
    previous: str = ""
    next: str = ""


def cut[Row](rows: Sequence[Row], way: int, most: int, values: Callable[[Row], Sequence[Any]]) -> Page[Row]:
    """A page of at most so many lines, of rows that were read that way from a place, one more than these if there are.

    `values` gives what the list is ordered by.
    """
    more, found = len(rows) > most, list(rows[:most])
    if way < 0:
        found.reverse()
    if not found:
        return Page(found)
    has_previous, has_next = (more, True) if way < 0 else (way > 0, more)
    return Page(
        found, written(values(found[0])) if has_previous else "", written(values(found[-1])) if has_next else ""
    )


class Key(NamedTuple):
    """What rows of a model are sorted by, of which kind that is, and what tells equal ones apart."""

    field: str
    kind: type
    tie: str = "pk"
    tie_kind: type = int
    falling: bool = False

    def page[M: Model](self, rows: QuerySet[M], most: int, *, after: str) -> Page[M]:
        """The rows behind that place, in their order."""
        place = Place.read(self.kind, self.tie_kind, after=after)
        sign = "-" if self.falling else ""
        ordered = self._behind(rows, place).order_by(f"{sign}{self.field}", f"{sign}{self.tie}")
        return cut(
            list(ordered[: most + 1]), place.way, most, lambda row: (getattr(row, self.field), getattr(row, self.tie))
        )

    def _behind[M: Model](self, rows: QuerySet[M], place: Place) -> QuerySet[M]:
        """The first condition is the index's, the second tells equal rows apart."""
        if not place.way:
            return rows
        value, tie = place.values
        beyond, at = ("lt", "lte") if self.falling else ("gt", "gte")
        behind = Q(**{f"{self.field}__{beyond}": value}) | Q(**{f"{self.tie}__{beyond}": tie})
        return rows.filter(Q(**{f"{self.field}__{at}": value}), behind)


def written(values: Sequence[Any]) -> str:
    """What `Place.read` reads."""
    told = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=datetime.isoformat)
    return urlsafe_b64encode(told.encode()).decode()


def _read(sent: str, kinds: Kinds) -> tuple[Any, ...] | None:
    try:
        told = json.loads(urlsafe_b64decode(sent[:LONGEST].encode()))
        values = tuple(_value(each, kind) for each, kind in zip(told, kinds, strict=True))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return values


def _value(told: Any, kind: type) -> Any:
    """One value as the database takes it.

    Raises:
        ValueError: it is none of this kind.
    """
    if kind is datetime and isinstance(told, str) and (moment := datetime.fromisoformat(told)).tzinfo:
        return moment.astimezone(UTC)
    if kind is str and isinstance(told, str):
        return text.line(told)
    if kind is int and type(told) is int and abs(told) <= _BIGGEST:
        return told
    if kind is float and type(told) in {int, float} and abs(told) < 1e12:
        return float(told)
    raise ValueError("not of this kind")
