"""The sections of a page, each taking its rows, until the reader turns to the next."""

import re
from typing import Protocol

from articles.intake.escapes import unprotect
from articles.intake.labels import is_fragment, is_structure
from articles.intake.marks import Kind
from articles.intake.page import Page, Row
from articles.intake.references import Source, is_identifier_only
from articles.intake.result import NotAnArticle
from content.schema import Audience

LONGEST_SOURCE = 5_000  # above what the schema can hold, printed
_NUMBER = re.compile(r"[\[(]?([0-9]{1,3})[\].)]{1,2}\s+")


class Section(Protocol):
    """Takes one row after the other. What `take` returns goes on: itself, or the section that the row began."""

    def take(self, row: Row) -> "Section": ...


class Presentation:
    """What stands between the title and the first tier."""

    def __init__(self, page: Page, audience: Audience) -> None:
        self.page = page
        self.lines = page.presentation[audience]
        self.place = f"presentation_{audience.value}"

    def take(self, row: Row) -> Section:
        if row.mark and row.mark.kind is Kind.HEADING:
            self._add(row, f"**{row.mark.text}**")
            self.page.worry(row.number, self.place, f"The heading “{row.mark.text}” was kept as a bold line.")
        elif is_fragment(row.text):
            self.page.leave_out(row)
            self.page.worry(row.number, self.place, f"“{row.text}” looks like a button, not a sentence; left out.")
        else:
            self._add(row, " " * row.indent + unprotect(row.text, is_no_prose))
        return self

    def _add(self, row: Row, text: str) -> None:
        if self.lines and row.after_blank:
            self.lines.append("")
        self.lines.append(text)


class Dropped:
    """A part of the page that is no article: furniture, or a section that the format does not have."""

    def __init__(self, page: Page, row: Row, reason: str = "") -> None:
        self.page = page
        page.leave_out(row)
        if reason:
            page.worry(row.number, "diagnoses", reason)

    def take(self, row: Row) -> Section:
        self.page.leave_out(row)
        return self


class Rest(Dropped):
    """A part that goes on to the end of the page, whatever headings it has."""


class References:
    """The list of sources: numbered, with bullets, or a line each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.marked = False
        self.last: Source | None = None

    def take(self, row: Row) -> Section:
        number = _NUMBER.match(row.text)
        bullet = number.end() if number else row.bullet
        if self.last and not bullet and self._goes_on(row):
            self.last.text += " " + row.text[:LONGEST_SOURCE]
        elif bullet or not self.marked:
            self._begin(row, bullet, int(number[1]) if number else len(self.page.sources) + 1)
        else:
            return Dropped(self.page, row, f"“{row.text[:60]}” stands behind the references; it was left out.")
        if self.last and len(self.last.text) > LONGEST_SOURCE:
            message = f"this reference has more than {LONGEST_SOURCE:,} characters; put each on a line of its own"
            raise NotAnArticle(message, self.last.line)
        return self

    def _goes_on(self, row: Row) -> bool:
        if row.indent > 1 or (self.marked and not row.after_blank):
            return True
        return len(row.text) < 500 and is_identifier_only(row.text)

    def _begin(self, row: Row, bullet: int, number: int) -> None:
        self.marked = self.marked or bool(bullet)
        self.last = Source(row.number, number, row.text[bullet:])
        self.page.add_source(self.last)


def is_no_prose(text: str) -> bool:
    """Whether a line of a presentation needs a backslash to be kept as it is."""
    return is_structure(text) or is_fragment(text)
