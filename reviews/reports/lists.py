"""The list behind a figure, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from ledger import subjects
from people.models import User
from reviews.reports import board, overdue, remarks, rereviews, throughput, waiting
from reviews.reports.table import duration
from reviews.reports.tally import Fact
from reviews.states import Queue, RereviewOutcome

#: What the columns count, as a heading says it.
COLUMNS = {
    waiting.KEY: {"ended": "Over in this time", "now": "Waiting now"},
    throughput.KEY: throughput.KINDS,
    overdue.KEY: {"all": "Overdue"} | {key: f"Overdue: {label} days" for key, label in overdue.LATE.items()},
    board.KEY: board.COUNTS | {"answered": "Answered", "open": "Open now"},
    remarks.KEY: {"all": "Findings"} | remarks.SEVERITIES | remarks.ANSWERS,
    rereviews.KEY: {"due": "Review date", "ended": "Re-reviews"},
}


class Listed(NamedTuple):
    """Which figure of which report a list stands behind."""

    report: str
    by: str
    row: str
    col: str

    @property
    def title(self) -> str:
        """The row and the column in words."""
        column = COLUMNS[self.report].get(self.col, "List")
        row = "" if self.row in ("", "all") else self._row()
        return f"{row}: {column[:1].lower()}{column[1:]}" if row else str(column)

    def _row(self) -> str:
        match self.by:
            case "queue" if self.row in Queue.values:
                return str(Queue(self.row).label)
            case "side":
                return waiting.SIDES.get(self.row, "")
            case "holder" | "reviewer" if self.row.isdecimal() and len(self.row) < 19:
                person = User.objects.filter(pk=int(self.row)).first()
                return person.display_name if person else ""
            case "severity":
                return remarks.SEVERITIES.get(self.row, "")
            case "specialty":
                return remarks.specialty(self.row)
            case "outcome" if self.row in RereviewOutcome.values:
                return str(RereviewOutcome(self.row).label)
        return self._period()

    def _period(self) -> str:
        try:
            if self.report == rereviews.KEY:
                return rereviews.in_words(self.row)
            day = date.fromisoformat(self.row)
        except ValueError:
            return ""
        return throughput.in_words(self.by, day) if self.report == throughput.KEY else ""


class Entry(NamedTuple):
    """One line of a list; without an address for who may not read the article."""

    name: str
    url: str
    at: datetime
    days: str
    person: str


def named(facts: Sequence[Fact], user: User) -> list[Entry]:
    """The facts with names, as far as this person may know them."""
    names = subjects.named(user, (fact.version_id for fact in facts if fact.version_id))
    people = User.objects.in_bulk([fact.person for fact in facts if fact.person])
    lines = []
    for fact in facts:
        subject = names.get(fact.version_id or 0)
        name = subject.name if subject and subject.url else f"Article {fact.article_id}"
        person = people[fact.person].display_name if fact.person else ""
        days = "" if fact.days is None else duration(fact.days)
        lines.append(Entry(name, subject.url if subject else "", fact.at, days, person))
    return lines
