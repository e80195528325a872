"""Where quoted words stand in a text, and whether they still do.

Words are compared as they read (`content.folding`). Those that are not found any more are gone: nothing here guesses.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from content.folding import fold
from content.schema import Content

#: The texts of a diagnosis that can be quoted, and what each is called.
PLACES = {
    "name": "Name",
    "plain_name": "Plain name",
    "clinician.rationale": "Text for clinicians",
    "clinician.red_flags": "Red flags for clinicians",
    "clinician.distinguishing_signs": "Signs for clinicians",
    "patient.rationale": "Text for patients",
    "patient.red_flags": "Red flags for patients",
    "patient.distinguishing_signs": "Signs for patients",
}
#: The texts of the article as a whole.
WHOLE_PLACES = {
    "title": "Title",
    "presentation.clinician": "Introduction for clinicians",
    "presentation.patient": "Introduction for patients",
    "no_do_not_miss_reason": "Why no diagnosis must not be missed",
    "references": "References",
    "terms.term": "Terms",
    "terms.meaning": "Meanings of the terms",
    "questions.question": "Readers’ questions",
    "questions.answer": "Answers to readers’ questions",
}
#: Those that are made of one text of each part of a list: the list, and the text.
_OF_EACH = {
    "references": ("references", "citation"),
    "terms.term": ("terms", "term"),
    "terms.meaning": ("terms", "meaning"),
    "questions.question": ("questions", "question"),
    "questions.answer": ("questions", "answer"),
}
#: Running text in Markdown; the others are plain lines.
MARKDOWN = frozenset(
    {"clinician.rationale", "patient.rationale", "presentation.clinician", "presentation.patient", "questions.answer"}
)
MAX_QUOTE = 1_000
BEFORE = 60
#: Words shorter than this are taken for the same only after the same words before them.
TELLING = 12
_MOST = 200


class Found(NamedTuple):
    """Words in one place of an article: from `start` to before `end` in the text of the place."""

    key: str
    place: str
    start: int
    end: int
    is_exact: bool

    @property
    def label(self) -> str:
        """What the place is called."""
        return label(self.place)


class CannotReplace(ValueError):
    """The words cannot be replaced by a machine; the message says why to a person."""


def label(place: str) -> str:
    """What a place is called."""
    return PLACES.get(place) or WHOLE_PLACES.get(place, "")


def locate(content: Content, key: str, quote: str, *, before: str = "", audience: str = "") -> Found | None:
    """Where these words stand now: in the diagnosis, or anywhere when `key` is "". `before` and the audience in whose
    text they were seen tell apart what stands there twice.
    """
    if key and content.diagnosis(key) is None:
        return None
    for each in [key] if key else ["", *(d.key for d in content.diagnoses)]:
        found = [
            ((bool(audience) and audience in place, score, is_exact), match)
            for place in _places(each)
            for score, is_exact, match in _matches(content, each, place, quote, before)
        ]
        if found:
            return max(found, key=lambda each: each[0])[1]
    return None


def resolve(content: Content, key: str, place: str, quote: str, before: str) -> Found | None:
    """The words of an anchor in this or a later text: exact, else as they read, else None, for they are gone."""
    if not quote or place not in _places(key) or (key and content.diagnosis(key) is None):
        return None
    known = len(fold(before).text.strip())
    short = len(fold(quote, is_quote=True).text) < TELLING
    found = list(_matches(content, key, place, quote, before))
    if not found:
        return None
    score, _, best = max(found, key=lambda each: each[:2])
    return None if short and score < min(known, TELLING) else best


def _matches(content: Content, key: str, place: str, quote: str, before: str) -> Iterator[tuple[int, bool, Found]]:
    """Every place where these words are read, with how many letters before them are the same."""
    source = "\n".join(texts(content, key, place))
    words, context = fold(quote, is_quote=True).text, fold(before).text.rstrip()
    if not words or not source:
        return
    read = fold(source)
    position = -1
    for _ in range(_MOST):
        if (position := read.text.find(words, position + 1)) < 0:
            return
        start, end = read.at[position], read.at[position + len(words) - 1] + 1
        found = Found(key, place, start, end, source[start:end] == quote)
        yield _same_end(read.text[:position].rstrip(), context), found.is_exact, found


def _same_end(one: str, other: str) -> int:
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def before(content: Content, found: Found) -> str:
    """The words before those that were found, to know them again by."""
    source = "\n".join(texts(content, found.key, found.place))
    return source[max(0, found.start - BEFORE) : found.start]


def replace(content: Content, found: Found, replacement: str) -> Content:
    """The article with other words there. A line of a list that is left empty is taken out.

    Raises:
        CannotReplace: the words stand in several lines, or marks of Markdown begin in them and end outside.
    """
    lines = list(texts(content, found.key, found.place))
    number, offset = _line_at(lines, found.start)
    line = lines[number]
    first, last = found.start - offset, found.end - offset
    if last > len(line):
        raise CannotReplace("The words stand in several lines of a list: change them by hand.")
    if found.place in MARKDOWN:
        first, last = _with_marks(line, first, last)
    head, tail = line[:first], line[last:]
    if not replacement and not re.match(r"\w", tail):
        head = head.rstrip(" ")
    lines[number] = head + replacement + tail
    return _with_texts(content, found, lines)


def _line_at(lines: Sequence[str], position: int) -> tuple[int, int]:
    """Which line stands at a position of the joined text, and where it begins."""
    offset = 0
    for number, line in enumerate(lines):
        if position <= offset + len(line):
            return number, offset
        offset += len(line) + 1
    raise CannotReplace("The words are no longer in the text.")


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """The range with the marks of Markdown that belong to it on either side."""
    after, earlier = end, start
    while after < len(text) and text[after] in "*_`":
        after += 1
    while earlier > 0 and text[earlier - 1] in "*_`":
        earlier -= 1
    for first, last in ((start, end), (start, after), (earlier, end), (earlier, after)):
        if _is_balanced(text[first:last]):
            return first, last
    raise CannotReplace("Bold, italics or a link begins in these words and ends outside: change them by hand.")


def _is_balanced(text: str) -> bool:
    """Whether every mark that begins in it ends in it."""
    marks = re.sub(r"\\.|(?<=\w)_(?=\w)", "", text)
    runs = Counter(re.findall(r"\*+|_+|`+", marks))
    links = marks.count("[") == marks.count("]") == len(re.findall(r"\]\([^)]*\)", marks))
    return links and all(count % 2 == 0 for count in runs.values())


def _places(key: str) -> dict[str, str]:
    return PLACES if key else WHOLE_PLACES


def texts(content: Content, key: str, place: str) -> Sequence[str]:
    """The text of a place, line by line where it is a list."""
    if place in _OF_EACH and not key:
        parts, name = _OF_EACH[place]
        return [getattr(each, name) for each in getattr(content, parts)]
    part: Any = content.diagnosis(key) if key else content
    for name in place.split("."):
        part = getattr(part, name, "")
    return [part] if isinstance(part, str) else list(part)


def _with_texts(content: Content, found: Found, lines: list[str]) -> Content:
    data = content.model_dump(mode="json")
    if found.place in _OF_EACH and not found.key:
        parts, name = _OF_EACH[found.place]
        for each, line in zip(data[parts], lines, strict=True):
            each[name] = line
        return Content.model_validate(data)
    part = data if not found.key else next(d for d in data["diagnoses"] if d["key"] == found.key)
    *path, last = found.place.split(".")
    for name in path:
        part = part[name]
    if isinstance(part[last], str):
        part[last] = lines[0]
    else:
        part[last] = [line for line in lines if line.strip()]
    return Content.model_validate(data)
