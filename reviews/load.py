"""What each member of the board has in hand, can take on, and when they are away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, IntegerField, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from people.models import Absence, User
from people.rules import today
from reviews.models import Assignment
from reviews.states import GONE


class Window(NamedTuple):
    """The days that a review would take, from today on; all included."""

    answer_due_on: date
    review_due_on: date

    @classmethod
    def usual(cls) -> Window:
        """By the settings."""
        answer = today() + timedelta(settings.ANSWER_DAYS)
        return cls(answer, max(answer, today() + timedelta(settings.REVIEW_DAYS)))


class Load(NamedTuple):
    """What somebody has in hand.

    `open` reviews are owed now; `asked` is how many they were asked for this month and did not turn down; `taken`
    counts both, each review once, and is what the `limit` is held against.
    """

    open: int
    asked: int
    taken: int
    limit: int
    last_asked_on: date | None

    @property
    def room(self) -> int:
        """How many more they can take on this month."""
        return max(self.limit - self.taken, 0)

    @property
    def is_full(self) -> bool:
        return self.room == 0


def month_start(day: date) -> date:
    """Months are those of the calendar, in UTC."""
    return day.replace(day=1)


def with_load(people: QuerySet[User], window: Window) -> QuerySet[User, Any]:
    """The same people with what `load_of` and `away` need: one query, and one for the absences in the window."""
    owed = Assignment.objects.outstanding()
    this_month = Assignment.objects.filter(invited_at__date__gte=month_start(today())).exclude(state__in=GONE)
    in_hand = Assignment.objects.filter(Q(pk__in=owed.values("pk")) | Q(pk__in=this_month.values("pk")))
    last = Assignment.objects.filter(reviewer=OuterRef("pk")).order_by().values("reviewer")
    absences = Absence.objects.between(today(), window.review_due_on)
    return people.annotate(
        load_open=_count(owed),
        load_asked=_count(this_month),
        load_taken=_count(in_hand),
        last_asked_at=Subquery(last.annotate(at=Max("invited_at")).values("at")),
    ).prefetch_related(Prefetch("absences", absences, to_attr="absences_in_window"))


def _count(found: QuerySet[Assignment]) -> Coalesce:
    mine = found.filter(reviewer=OuterRef("pk")).order_by().values("reviewer")
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def load_of(person: Any) -> Load:
    """The load of somebody from `with_load`."""
    limit = limit_of(getattr(person, "board_profile", None))
    last = person.last_asked_at.date() if person.last_asked_at else None
    return Load(person.load_open, person.load_asked, person.load_taken, limit, last)


def limit_of(profile: Any) -> int:
    """How many reviews somebody takes on in a month, by their own word or the board's usual number."""
    own = profile.monthly_limit if profile is not None else None
    return settings.MONTHLY_REVIEWS if own is None else int(own)


class Away(NamedTuple):
    """Somebody's absences in the days of a review. `is_long` when too little is left to answer, or to read."""

    text: str
    is_long: bool


def away(absences: Iterable[Absence], window: Window) -> Away | None:
    """What absences leave of the window: too little when all days to answer, or more than half of all, are gone."""
    found = list(absences)
    if not found:
        return None
    first, days = today(), (window.review_due_on - today()).days + 1
    gone = {n for n in range(days) if any(a.covers(first + timedelta(n)) for a in found)}
    if not gone:
        return None
    answer_days = range((window.answer_due_on - first).days + 1)
    is_long = 2 * len(gone) > days or all(n in gone for n in answer_days)
    return Away(" and ".join(_in_words(each, first) for each in found), is_long)


def _in_words(absence: Absence, day: date) -> str:
    last = f"{absence.last_on.day} {absence.last_on:%b}"
    if absence.first_on <= day:
        return f"away until {last}"
    return f"away {absence.first_on.day} {absence.first_on:%b} to {last}"
