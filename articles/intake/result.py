"""What an intake hands back."""

from dataclasses import dataclass
from typing import NamedTuple

from content.schema import Content


class NotAnArticle(ValueError):
    """The text is no article in the published format. Says why, where, and what to do."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(f"line {line}: {reason}")
        self.reason = reason
        self.line = line


class Doubt(NamedTuple):
    """Something a person should look at.

    `line` counts from 1 in the text as it was read; for a .docx in its text form. `place` is the id of the editor's
    field, as in `content.completeness`: "title", "diagnosis-<key>", "references", …
    """

    line: int
    place: str
    message: str


class LeftOut(NamedTuple):
    """A line that is no part of the article: page furniture, or a section the format does not have."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Intake:
    """An article as understood, what is doubtful about it, and what was not taken."""

    content: Content
    doubts: tuple[Doubt, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
