"""The line that names a diagnosis: its name, what is in brackets behind it, and where the rationale begins."""

import re
from dataclasses import dataclass, field
from enum import Enum

from articles.intake.escapes import hide, plain, reveal
from content.schema import ICD10CM_CODE

LONGEST_NAME = 160
MOST_WORDS = 14
_CODE = ICD10CM_CODE.pattern
_CODES = rf"{_CODE}(?:\s*[,;/]\s*{_CODE})*"
_ICD = r"ICD-?\s?10(?:-?CM)?(?:\s+codes?)?\s*:?\s*"
_SUFFIX = re.compile(
    rf"""
      \((?:in\ plain\ words|plain\ name|lay\ term)\s*:\s*(?P<plain>(?:[^()]++|\([^()]*+\))*+)\)
    | (?P<also>\((?:also\ )?(?:a\ )?(?:do\ not|don['’]t|can['’]t|must\ not)[ -]miss(?:\ diagnosis)?\))
    | (?:\[\s*(?:{_ICD})?|\({_ICD})(?P<codes>{_CODES})\s*[\])]
    | \{{\#(?P<key>[a-z0-9]+(?:-[a-z0-9]+)*)\}}
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A parenthesis in a name that must be escaped when printed, or it would be read as one of the above.
LIKE_A_SUFFIX = re.compile(r"\((?=in plain|plain name|lay term|also|a\b|do not|don|can|must|ICD)", re.IGNORECASE)
_STARS = re.compile(r"\*{1,3}|_{1,3}")
_BEHIND = re.compile(r"\s*\([^()]{1,80}\)")
_SEPARATOR = re.compile(r"\s*(?:[:：]|--|[–—]|-(?=\s|$))?\s*")
_COLON = re.compile(r"[:：](?=\s|$|[^\W\d_])")
_DASH = re.compile(r"\s+(?:-{1,2}|[–—])\s+|\s*—\s*|\s+–|–\s+")
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})\.\s+|(?<=[\d)])\.\s+")
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


class Found(Enum):
    """How sure the reader is that it found the name."""

    SURE = "sure"
    WHOLE = "whole"  # nothing separates a name from a rationale; the whole short line is the name
    GUESSED = "guessed"  # a first short sentence was taken as the name
    NOT = "not"


@dataclass(slots=True)
class Head:
    """What the first line of a diagnosis says. `rest` is Markdown, everything else plain text."""

    name: str = ""
    plain_name: str = ""
    also_do_not_miss: bool = False
    codes: list[str] = field(default_factory=list)
    key: str = ""
    rest: str = ""
    found: Found = Found.SURE


def read_head(text: str, *, dashes: bool = False) -> Head:
    """Read the line that begins a diagnosis, its bullet taken away.

    `dashes` says that this page sets a dash, not a colon, between name and text: it decides where both occur.
    """
    hidden = hide(text)
    head = Head()
    start, name = _emphasised(hidden)
    position = _suffixes(hidden, start, head)
    if start or head.key:
        _take_name(name, head)
        separator = _SEPARATOR.match(hidden, position)
        head.rest = reveal(hidden[separator.end() if separator else position :])
        return head
    return _read_plain(hidden, dashes=dashes)


def separators(text: str) -> tuple[int, int]:
    """Where the first colon and the first dash end a name that may stand before them; -1 for none."""
    found = [-1, -1]
    window = text[:LONGEST_NAME]
    for which, pattern in enumerate((_COLON, _DASH)):
        for match in pattern.finditer(window):
            if _may_be_name(text[: match.start()]):
                found[which] = match.start()
                break
    return found[0], found[1]


def _emphasised(hidden: str) -> tuple[int, str]:
    """Where a bold (or italic) beginning ends, a parenthesis behind it included, and the name it gives."""
    stars = _STARS.match(hidden)
    if stars is None:
        return 0, ""
    close = hidden.find(stars[0], stars.end())
    if close <= stars.end():
        return 0, ""
    end, name = close + stars.end(), hidden[stars.end() : close].strip()
    behind = _BEHIND.match(hidden, end)
    if behind and not _SUFFIX.match(behind[0].strip()):
        return behind.end(), f"{name.rstrip(': ')} {behind[0].strip()}"
    return end, name


def _suffixes(hidden: str, position: int, head: Head) -> int:
    """Read what stands in brackets from `position` on; where it ends."""
    while match := _SUFFIX.match(hidden, position + hidden.startswith(" ", position)):
        _take_suffix(match, head)
        position = match.end()
    return position


def _take_suffix(match: re.Match[str], head: Head) -> None:
    if match["plain"] is not None:
        head.plain_name = plain(match["plain"])
    elif match["codes"]:
        head.codes += [code.upper() for code in re.findall(_CODE, match["codes"], re.IGNORECASE)]
    elif match["key"]:
        head.key = match["key"]
    else:
        head.also_do_not_miss = True


def _take_name(hidden: str, head: Head) -> None:
    """Set the name, without brackets at its end that say something else, and without trailing marks."""
    hidden = hidden.strip(" ").rstrip(":：–—- ")
    chain: list[re.Match[str]] = []
    for match in _SUFFIX.finditer(hidden):
        if chain and hidden[chain[-1].end() : match.start()].strip():
            chain = []
        chain.append(match)
    if chain and not hidden[chain[-1].end() :].strip():
        hidden = hidden[: chain[0].start()]
        for match in chain:
            _take_suffix(match, head)
    head.name = plain(hidden.rstrip(":：–—- "))


def _may_be_name(text: str) -> bool:
    """Whether a text in front of a separator can be a name: closed brackets, few words, no end of a sentence."""
    depth = sum(_BRACKETS.get(char, 0) for char in text)
    return depth == 0 and bool(text.strip()) and not _SENTENCE_END.search(text) and len(text.split()) <= MOST_WORDS


def _read_plain(hidden: str, *, dashes: bool) -> Head:
    head = Head()
    colon, dash = separators(hidden)
    at = (dash if dashes else colon) if min(colon, dash) >= 0 else max(colon, dash)
    if at >= 0:
        _take_name(hidden[:at], head)
        separator = _SEPARATOR.match(hidden, at)
        head.rest = reveal(hidden[separator.end() if separator else at :])
    elif len(hidden) <= LONGEST_NAME and _may_be_name(hidden) and hidden[-1] not in "!?;,":
        head.found = Found.WHOLE if hidden[-1] != "." else Found.GUESSED
        _take_name(hidden.removesuffix("."), head)
    elif (end := _SENTENCE_END.search(hidden, 0, LONGEST_NAME)) and len(hidden[: end.start()].split()) <= 6:
        head.found = Found.GUESSED
        _take_name(hidden[: end.start()], head)
        head.rest = reveal(hidden[end.end() :])
    else:
        head.found = Found.NOT
        head.rest = reveal(hidden)
    return head
