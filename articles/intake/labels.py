"""Labels inside a diagnosis: “Red flags:”, “In plain words:”, “References: 1, 3” and their variants."""

import re
from enum import Enum, auto
from typing import NamedTuple

from articles.intake.marks import mark_of


class Part(Enum):
    """Where the lines after a label go."""

    RATIONALE = auto()
    RED_FLAGS = auto()
    SIGNS = auto()
    PLAIN_RATIONALE = auto()
    PLAIN_RED_FLAGS = auto()
    PLAIN_SIGNS = auto()
    REFERENCES = auto()
    CODES = auto()


class Label(NamedTuple):
    """`rest` is what stands on the label's own line; `level` as in a heading's mark, -1 for plain text."""

    part: Part
    rest: str
    level: int


_FOR_PATIENTS = r"in plain (?:words|language|english)|for patients?|\(patients?\)"
_WORDING = (
    (Part.PLAIN_RED_FLAGS, rf"(?:red[ -]?flags?|warning signs) (?:{_FOR_PATIENTS})"),
    (Part.PLAIN_SIGNS, rf"(?:distinguishing |telltale )?(?:signs|features) (?:{_FOR_PATIENTS})"),
    (Part.RED_FLAGS, r"red[ -]?flags?|warning signs|alarm (?:signs|features|symptoms)"),
    (Part.SIGNS, r"(?:distinguishing|differentiating|distinctive|key) (?:signs?|features?)|signs"),
    (
        Part.PLAIN_RATIONALE,
        r"in (?:plain|simple) (?:words|language|english|terms)|for patients?|plain (?:words|language)",
    ),
    (Part.RATIONALE, r"rationale|reasoning|why(?: (?:it is |this is )?(?:considered|likely))?|for clinicians?"),
    (Part.REFERENCES, r"references?|sources?|citations?"),
    (Part.CODES, r"(?:ICD-?10(?:-?CM)?(?: codes?)?|ICD codes?)"),
)
_LABEL = re.compile(
    r"(?:[-*+•◦‣·–]\s+)?(?:(?P<hashes>\#{1,6})\s+)?(?P<bold>\*\*|__)?(?:"
    + "|".join(f"(?P<{part.name}>{words})" for part, words in _WORDING)
    + r")(?P<colon>\s*[:：])?(?(bold)(?:\*\*|__)(?P<late>\s*[:：])?)\s*(?P<rest>.*)",
    re.IGNORECASE,
)


def label_of(text: str) -> Label | None:
    """The label that a line begins with. Without a colon it must be a heading or bold, and alone."""
    match = _LABEL.fullmatch(text)
    if match is None:
        return None
    level = len(match["hashes"]) if match["hashes"] else 7 if match["bold"] else -1
    if not (match["colon"] or match["late"]) and (level < 0 or match["rest"]):
        return None
    return Label(_part(match), match["rest"], level)


def _part(match: re.Match[str]) -> Part:
    return next(part for part, _ in _WORDING if match[part.name] is not None)


def is_structure(text: str) -> bool:
    """Whether a line (without the space around it) may be read as more than text, inside a list or not."""
    return mark_of(text) is not None or label_of(text) is not None


def is_fragment(text: str) -> bool:
    """Whether a line is too short and bare to be prose: one to three words that end no sentence."""
    return len(text) <= 60 and text[0].isalnum() and text[-1] not in ".!?:;,)”\"'" and len(text.split()) <= 3
