"""The page while it is being read: what was found so far, still as lines."""

from dataclasses import dataclass, field
from typing import NamedTuple

from articles.intake.escapes import hide, plain, unprotect
from articles.intake.heads import Head
from articles.intake.labels import Label, Part, is_structure
from articles.intake.marks import BULLET, Mark
from articles.intake.references import Source
from articles.intake.result import LeftOut, NotAnArticle
from content.schema import MAX_DIAGNOSES, MAX_QUESTIONS, MAX_REFERENCES, MAX_TERMS, Audience, Tier

LONGEST_ENTRY = 1_000
LISTS = frozenset({Part.RED_FLAGS, Part.SIGNS, Part.PLAIN_RED_FLAGS, Part.PLAIN_SIGNS})
_PROSE_AFTER = {Part.PLAIN_RED_FLAGS: Part.PLAIN_RATIONALE, Part.PLAIN_SIGNS: Part.PLAIN_RATIONALE}


class Row(NamedTuple):
    """A line with something in it. `text` is without the space around it, `indent` counts what stood before."""

    number: int
    indent: int
    text: str
    after_blank: bool
    mark: Mark | None

    def prose(self, offset: int = 0) -> str:
        """The line as Markdown, `offset` columns of its indentation taken away."""
        return " " * (self.indent - offset) + unprotect(self.text, is_structure)

    @property
    def bullet(self) -> int:
        """How wide the bullet is that the line begins with; 0 without one."""
        match = BULLET.match(self.text)
        return match.end() if match else 0


@dataclass(slots=True)
class Item:
    """A diagnosis being read. `offset` is the column its own lines begin at; `cites` is None unless it says which."""

    tier: Tier
    line: int
    offset: int
    head: Head
    part: Part = Part.RATIONALE
    cites: list[str] | None = None
    key: str = ""
    lines: dict[Part, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.head.rest:
            self.lines[Part.RATIONALE] = [unprotect(self.head.rest, is_structure)]

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the name was read so far."""
        return not self.lines

    def open(self, label: Label) -> None:
        """Begin the part that a label names."""
        if label.part is Part.REFERENCES:
            self.cites = self.cites or []
            self.cites.append(label.rest)
        elif label.part is Part.CODES:
            self.head.codes += [word.strip("[](),;.").upper() for word in label.rest.split()]
        else:
            self.part = label.part
            if label.part in LISTS:
                self._lines().extend(one_line(text.strip(" .")) for text in label.rest.split(";") if text.strip(" ."))
            elif label.rest:
                self._add_prose(unprotect(label.rest, is_structure), after_blank=True)

    def add(self, row: Row) -> None:
        """Take one more line."""
        if self.part in LISTS and not self._add_entry(row):
            self.part = _PROSE_AFTER.get(self.part, Part.RATIONALE)
            self._add_prose(row.prose(min(row.indent, self.offset)), after_blank=True)
        elif self.part not in LISTS:
            self._add_prose(row.prose(min(row.indent, self.offset)), after_blank=row.after_blank)

    def _add_entry(self, row: Row) -> bool:
        """Take the line into the open list, unless it is a paragraph behind that list."""
        entries, bullet = self._lines(), row.bullet
        if bullet or not entries:
            entries.append(one_line(row.text[bullet:]))
            return True
        if row.after_blank:
            return False
        if len(entries[-1]) > LONGEST_ENTRY:
            raise NotAnArticle(f"an entry of a list has more than {LONGEST_ENTRY:,} characters", row.number)
        entries[-1] += " " + one_line(row.text)
        return True

    def text(self, part: Part) -> str:
        return "\n".join(self.lines.get(part, ()))

    def _lines(self) -> list[str]:
        return self.lines.setdefault(self.part, [])

    def _add_prose(self, text: str, *, after_blank: bool) -> None:
        lines = self._lines()
        if lines and after_blank:
            lines.append("")
        lines.append(text)


@dataclass(slots=True)
class Entry:
    """A term or a reader's question being read. `offset` is the column that the lines of an answer begin at."""

    line: int
    name: str
    key: str
    offset: int = 0
    lines: list[str] = field(default_factory=list)

    def add_prose(self, row: Row) -> None:
        """Take one more line of an answer."""
        if self.lines and row.after_blank:
            self.lines.append("")
        self.lines.append(row.prose(min(row.indent, self.offset)))


class Worry(NamedTuple):
    """A doubt that does not know yet what key its diagnosis will have."""

    line: int
    place: str
    message: str
    item: Item | None = None


@dataclass(slots=True)
class Page:
    """Everything found on a page."""

    title: str = ""
    presentation: dict[Audience, list[str]] = field(default_factory=lambda: {audience: [] for audience in Audience})
    items: list[Item] = field(default_factory=list)
    tiers: dict[Tier, int] = field(default_factory=dict)  # the line of each tier's first heading, in the page's order
    reasons: list[str] = field(default_factory=list)
    questions: list[Entry] = field(default_factory=list)
    terms: list[Entry] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    worries: list[Worry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def worry(self, line: int, place: str, message: str, item: Item | None = None) -> None:
        self.worries.append(Worry(line, place, message, item))

    def leave_out(self, row: Row) -> None:
        self.left_out.append(LeftOut(row.number, row.text))

    def add_item(self, item: Item) -> Item:
        if len(self.items) == MAX_DIAGNOSES:
            raise NotAnArticle(f"there are more than {MAX_DIAGNOSES} diagnoses; is this one article?", item.line)
        self.items.append(item)
        return item

    def add_question(self, entry: Entry) -> Entry:
        if len(self.questions) == MAX_QUESTIONS:
            raise NotAnArticle(
                f"there are more than {MAX_QUESTIONS} readers’ questions; keep those that help", entry.line
            )
        self.questions.append(entry)
        return entry

    def add_term(self, entry: Entry) -> Entry:
        if len(self.terms) == MAX_TERMS:
            raise NotAnArticle(f"there are more than {MAX_TERMS} terms in it", entry.line)
        self.terms.append(entry)
        return entry

    def add_source(self, source: Source) -> None:
        if len(self.sources) == MAX_REFERENCES:
            raise NotAnArticle(f"there are more than {MAX_REFERENCES} references; is this one article?", source.line)
        self.sources.append(source)


def one_line(text: str) -> str:
    """The plain text of a one-line field as it was written."""
    return plain(hide(unprotect(text, is_structure)))
