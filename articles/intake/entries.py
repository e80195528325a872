"""The sections behind the diagnoses: readers' questions with their answers, and terms with their meanings."""

import re
from enum import Enum, auto

from articles.intake.escapes import hide, plain, reveal, unprotect
from articles.intake.labels import is_structure
from articles.intake.marks import Kind
from articles.intake.page import Entry, Page, Row, one_line
from articles.intake.result import NotAnArticle
from articles.intake.sections import Dropped, Section

LONGEST_MEANING = 5_000  # above what the schema can hold, printed
# A bold name, or what such a section takes for a name without that; a key; a colon or dash.
_HEAD = (
    r"(?:\*\*(?P<bold>[^*]+)\*\*|(?P<bare>{bare}))?[ ]*(?:\{{#(?P<key>[a-z0-9]+(?:-[a-z0-9]+)*)\}})?"
    r"[ ]*(?:[:：]|[–—-]+(?=[ ]))?[ ]*(?P<rest>.*)"
)
_TERM = re.compile(_HEAD.format(bare=r"[^:：{]{1,150}?(?=[ ]*[:：]|[ ]*\{#|[ ][–—-]+[ ])"))
_QUESTION = re.compile(_HEAD.format(bare=r"[^?{]{1,600}\?+|[^{]{1,600}(?=[ ]*\{#|$)"))


def _read(pattern: re.Pattern[str], row: Row, text: str) -> tuple[Entry, str]:
    """The entry that a line begins, and what stands behind its name, still hidden."""
    found = pattern.fullmatch(hide(text))
    if found is None:
        return Entry(row.number, "", ""), ""
    return Entry(row.number, plain(found["bold"] or found["bare"] or ""), found["key"] or ""), found["rest"]


class Terms:
    """A list of words, each with its meaning behind a colon or dash."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.marked = False
        self.last: Entry | None = None

    def take(self, row: Row) -> Section:
        if self.last and not row.bullet and (row.indent > 1 or not row.after_blank):
            self.last.lines.append(one_line(row.text))
        elif row.bullet or not self.marked:
            self._begin(row)
        else:
            return Dropped(self.page, row, f"“{row.text[:60]}” stands behind the terms; it was left out.")
        if self.last and sum(map(len, self.last.lines)) > LONGEST_MEANING:
            raise NotAnArticle(f"this meaning has more than {LONGEST_MEANING:,} characters; shorten it", self.last.line)
        return self

    def _begin(self, row: Row) -> None:
        entry, rest = _read(_TERM, row, row.text[row.bullet :])
        if not entry.name and not entry.key:
            self.page.leave_out(row)
            message = f"“{row.text[:60]}” has no colon between a term and its meaning; it was left out."
            self.page.worry(row.number, "terms", message)
            return
        self.marked = self.marked or bool(row.bullet)
        entry.lines.append(plain(rest))
        self.last = self.page.add_term(entry)


class Style(Enum):
    """What begins a question on this page."""

    BULLETS = auto()
    HEADINGS = auto()
    LINES = auto()


class Questions:
    """Readers' questions, each a heading, the outer item of a list or a line that ends in “?”, and the answer below."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.style: Style | None = None
        self.base = 0
        self.last: Entry | None = None

    def take(self, row: Row) -> Section:
        if style := self._begins(row):
            self._begin(row, style)
        elif self.last:
            self.last.add_prose(row)
        else:
            self.page.leave_out(row)
            self.page.worry(row.number, "questions", f"“{row.text[:60]}” answers no question; it was left out.")
        return self

    def _begins(self, row: Row) -> Style | None:
        """What this row begins a question by, if it does."""
        if row.mark and row.mark.kind is Kind.HEADING:
            style = Style.HEADINGS
        elif row.bullet:
            style = Style.BULLETS
        else:
            style = Style.LINES
        if self.style not in {None, style} or (self.style and row.indent > self.base + 1):
            return None
        is_question = row.text.endswith("?") and (self.style is None or row.after_blank)
        return style if style is not Style.LINES or is_question else None

    def _begin(self, row: Row, style: Style) -> None:
        if self.style is None:
            self.style, self.base = style, row.indent
        text = row.mark.text if row.mark and style is Style.HEADINGS else row.text[row.bullet :]
        entry, rest = _read(_QUESTION, row, text)
        entry.offset = row.indent + row.bullet if style is Style.BULLETS else 0
        if rest:
            entry.lines.append(unprotect(reveal(rest), is_structure))
        self.last = self.page.add_question(entry)
