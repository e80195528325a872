"""What somebody wants to see of the queue: a view, filters, an order, a place in it; and the address that says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from people.models import Role, User
from reviews.desk_sql import ASKED, EDITORS_FILTERS, FILTERS, ORDERS, OWNS, RUNS, WROTE, Part, Piece, Source, all_of
from reviews.desk_views import ALL, TO_SIGN, VIEWS, DeskView

MAX_WORDS = 8
WORD = re.compile(r"\w+")
PLACE = ("after", "before")


@dataclass(frozen=True)
class Wanted:
    """The address of a queue, understood; `mine` narrows it to what the editor handles. "" and 0 ask for nothing."""

    view: str = ""
    who: str = ""
    q: str = ""
    specialty: str = ""
    label: int = 0
    priority: int = 0
    risk: int = 0
    editor: int = 0
    side: str = ""
    overdue: bool = False
    sort: str = ""
    after: str = ""
    before: str = ""

    @property
    def desk_view(self) -> DeskView:
        return next((view for view in VIEWS if view.key == self.view), ALL)

    @property
    def order(self) -> str:
        return self.sort or self.desk_view.order

    @property
    def is_filtered(self) -> bool:
        """Whether less than the view is asked for."""
        return any((self.q, self.specialty, self.label, self.priority, self.risk, self.editor, self.side, self.overdue))

    def but(self, **changes: Any) -> Wanted:
        """The same with other values, from its beginning."""
        return replace(self, **({"after": "", "before": ""} | changes))

    @property
    def is_sieve(self) -> bool:
        """Whether what is asked for may be few of what the order's index has."""
        return self.is_filtered or (self.who == "mine" and self.order != "due")

    def without_filters(self) -> Wanted:
        return Wanted(view=self.view, who=self.who)

    @property
    def query(self) -> str:
        """The address' part after the question mark."""
        said = {name: int(value) if value is True else value for name, value in vars(self).items() if value}
        return urlencode(said)

    @property
    def lasting_query(self) -> str:
        """What a saved view keeps: everything but the place in the list."""
        return self.but().query

    @property
    def url(self) -> str:
        return f"{_queue()}?{self.query}"

    @property
    def hidden(self) -> list[tuple[str, Any]]:
        """What the form of the filters carries along."""
        return [(name, getattr(self, name)) for name in ("view", "who") if getattr(self, name)]

    # In SQL

    def parts(self, user: User) -> list[Part]:
        """The rows asked for, by source. What this person's roles do not come with is empty."""
        view = self.desk_view
        if not view.is_for(user):
            return []
        found = []
        for source, holds in _sources(view, user):
            conditions = self._conditions(source, user)
            if holds is not None and conditions is not None:
                every = [Piece(holds), *conditions] if holds else conditions
                found.append(Part(source, user.pk, all_of(every), all_of(self._scattered(source))))
        return found

    def _conditions(self, source: Source, user: User) -> list[Piece] | None:
        """The filters on the rows of a source; None when they leave nothing of it. See also `_scattered`."""
        editors = self._editors_filters(user)
        if (editors or self.label) and source is not RUNS:
            return None
        asked = editors
        if self.specialty:
            asked.append(Piece(FILTERS["specialty"].format(**source.columns), (self.specialty,)))
        if self.overdue:
            asked.append(Piece(FILTERS["overdue"].format(**source.columns)))
        return asked

    def _editors_filters(self, user: User) -> list[Piece]:
        wanted = {"priority": self.priority, "risk": self.risk, "side": self.side}
        found = [Piece(EDITORS_FILTERS[name], (value,)) for name, value in wanted.items() if value]
        if self.who == "mine" and self.desk_view.runs is not None:
            found.append(Piece(EDITORS_FILTERS["handler"], (user.pk,)))
        if self.editor:
            found.append(Piece(EDITORS_FILTERS["handler"], (self.editor,)))
        return found

    def _scattered(self, source: Source) -> list[Piece]:
        """The filters whose index knows no order; labels stand in what editors run alone."""
        labels = [Piece(EDITORS_FILTERS["label"], (self.label,))] if self.label else []
        if not self.q:
            return labels
        return [*labels, Piece(FILTERS["words"].format(**source.columns), (prefixes(self.q),))]

    @property
    def past(self) -> tuple[Any, ...] | None:
        """The key of the row beyond which to go on; None at the beginning."""
        return key_of(self.before or self.after, self.order)


@cache
def _queue() -> str:
    return reverse("reviews:queue")


def _sources(view: DeskView, user: User) -> list[tuple[Source, str | None]]:
    asked = view.asked if user.is_reviewer else None
    if view is ALL and user.is_editor and asked is not None:
        asked = TO_SIGN  # the rest is theirs as an editor
    wrote = view.wrote if view.role is None or view.is_for(user) else None
    if not (user.has_role(Role.AUTHOR) or user.is_editor):
        wrote = None
    return [(RUNS, view.runs if user.is_editor else None), (OWNS, wrote), (WROTE, wrote), (ASKED, asked)]


def prefixes(words: str) -> str:
    """A query for titles that have each of the words, or longer ones that begin so; one that finds nothing for none."""
    found = [word.strip("_") for word in WORD.findall(words.casefold())]
    return " & ".join(f"{word}:*" for word in [each for each in found if each][:MAX_WORDS])


def key_for(row: dict[str, Any], order: str) -> str:
    """Where a row stands in this order, for an address."""
    return "_".join(str(v.toordinal() if isinstance(v, date) else v) for v in (row[name] for name in ORDERS[order]))


def key_of(text: str, order: str) -> tuple[Any, ...] | None:
    """The same, back; None for what is no key."""
    values = text.split("_")
    if len(values) != len(ORDERS[order]) or not all(re.fullmatch(r"-?[0-9]{1,18}", value) for value in values):
        return None
    try:
        return tuple(_read(name)(int(value)) for name, value in zip(ORDERS[order], values, strict=True))
    except (ValueError, OverflowError):
        return None


def _read(name: str) -> Callable[[int], Any]:
    return date.fromordinal if name == "due" else int


NAMES = tuple(field.name for field in fields(Wanted))
