"""Months as weeks of days, for a calendar that shows absences."""

import calendar
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from people.models import Absence

_WEEKS = calendar.Calendar(calendar.MONDAY)


class Day(NamedTuple):
    """A day of a calendar; None stands for the days of other months."""

    day: date
    is_away: bool
    is_today: bool


class Month(NamedTuple):
    """A month as `people/availability.html` shows it."""

    first: date
    weeks: list[list[Day | None]]


def months(absences: Iterable[Absence], today: date, count: int = 3) -> list[Month]:
    """The month of today and the next ones, with the days on which somebody is away."""
    found, away = [], list(absences)
    for number in range(count):
        year, month = divmod(today.year * 12 + today.month - 1 + number, 12)
        first = date(year, month + 1, 1)
        weeks = [[_day(day, first, away, today) for day in week] for week in _WEEKS.monthdatescalendar(year, month + 1)]
        found.append(Month(first, weeks))
    return found


def _day(day: date, first: date, away: list[Absence], today: date) -> Day | None:
    if day.month != first.month:
        return None
    return Day(day, any(absence.covers(day) for absence in away), day == today)
