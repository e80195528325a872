"""Where a list goes on: an opaque, signed mark that fits only the question which it was given for."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from django.core import signing
from django.db.models import Model, Q, QuerySet

MAX_CURSOR = 1_000
_SIGNER = signing.Signer(salt="ddx_portal.api.cursor")


class WrongCursor(ValueError):
    """The mark is not one of ours, or was given for another question."""


class Key(NamedTuple):
    """What rows are sorted by, and what tells equal ones apart; both fall when `falling`."""

    field: str
    tie: str = "pk"
    falling: bool = False

    def sort[M: Model](self, rows: QuerySet[M]) -> QuerySet[M]:
        sign = "-" if self.falling else ""
        return rows.order_by(f"{sign}{self.field}", f"{sign}{self.tie}")

    def after[M: Model](self, rows: QuerySet[M], place: Sequence[Any]) -> QuerySet[M]:
        """The rows behind that place. The first condition is the index's, the second tells equal rows apart."""
        value, tie = place
        beyond, at = ("lt", "lte") if self.falling else ("gt", "gte")
        behind = Q(**{f"{self.field}__{beyond}": value}) | Q(**{f"{self.tie}__{beyond}": tie})
        return rows.filter(Q(**{f"{self.field}__{at}": value}), behind)

    def place(self, row: Model) -> tuple[Any, Any]:
        return getattr(row, self.field), getattr(row, self.tie)


class Slice[M](NamedTuple):
    """Some rows of a list, and the mark of where it goes on; "" at its end."""

    rows: list[M]
    next: str


def cut[M: Model](rows: QuerySet[M], key: Key, *, limit: int, cursor: str, question: Mapping[str, Any]) -> Slice[M]:
    """The next rows of a list.

    Raises:
        WrongCursor: the mark is not one that this question was answered with.
    """
    if cursor:
        rows = key.after(rows, read(cursor, question))
    found = list(key.sort(rows)[: limit + 1])
    more = len(found) > limit
    return Slice(found[:limit], write(key.place(found[limit - 1]), question) if more else "")


def write(place: Sequence[Any], question: Mapping[str, Any]) -> str:
    """The mark of a place in the answer to a question."""
    return _SIGNER.sign_object([_named(question), *map(_plain, place)])


def read(cursor: str, question: Mapping[str, Any]) -> list[Any]:
    """The place that the mark stands for."""
    try:
        named, *place = cast("list[Any]", _SIGNER.unsign_object(cursor))
    except (signing.BadSignature, ValueError) as error:
        raise WrongCursor("not a cursor of this API") from error
    if named != _named(question):
        raise WrongCursor("given for another question")
    return place


def _named(question: Mapping[str, Any]) -> str:
    told = json.dumps(question, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str) else value.isoformat()
