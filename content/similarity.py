"""How alike two articles are: in their subject, and in their words.

A text becomes the set of its shingles (runs of three words); two texts are as alike as their sets overlap (Jaccard).
A one-permutation min-hash keeps 120 numbers of a set; bands of three of them find near-same texts by an index, without
looking at the others: two texts that are half the same share a band in 99 of 100 cases, texts of another subject with
the usual turns of phrase (a twentieth the same) in 1 of 100. What was found is then compared word for word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from typing import NamedTuple

from content.schema import Audience, Content

SHINGLE = 3  # words
BINS, ROWS = 120, 3
FEWEST_SHINGLES = 30  # below that, two texts that are the same say nothing
NEAR = 0.3  # the share from which on two texts are worth a look

_WORD = re.compile(r"\w+")
_EMPTY = (
    "a about an and are around as at be by can do does for from has have how i if in into is it its my of on or s so "
    "that the their then there this to up was what when which while who why will with without you your "
    "differential diagnosis diagnoses ddx causes cause symptom symptoms guide article overview"
)
_NOT_THE_SUBJECT = frozenset(_EMPTY.split())


class Sketch(NamedTuple):
    """What is stored of an article so that those like it are found.

    `subject` is what its title is about, in one spelling; "" says nothing. `bands` are 31-bit numbers, none for a
    short text.
    """

    subject: str
    bands: tuple[int, ...]


class Likeness(NamedTuple):
    """How much of two texts is the same, in per cent, and whether their titles say the same subject."""

    percent: int
    is_same_subject: bool

    @property
    def is_worth_a_look(self) -> bool:
        return self.is_same_subject or self.percent >= 100 * NEAR


def sketch(content: Content) -> Sketch:
    """The sketch of an article."""
    return Sketch(subject(content.title), tuple(_bands(shingles(content))))


def subject(title: str) -> str:
    """The words that a title is about: without accents, endings, order and what every title has."""
    words = {_stem(word) for word in _words(title) if word not in _NOT_THE_SUBJECT}
    return " ".join(sorted(words))[:200]


def likeness(one: Content, other: Content) -> float:
    """How much of two texts is the same: 0 for nothing, 1 for all."""
    return _share(runs(one), runs(other))


def overlap(one: AbstractSet[bytes], other: AbstractSet[bytes]) -> int:
    """The same of their shingles, in per cent."""
    return round(100 * _share(one, other))


def _share(one: AbstractSet[bytes], other: AbstractSet[bytes]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def shingles(content: Content) -> set[bytes]:
    """The runs of words of an article, each as 8 bytes."""
    return {blake2b(run, digest_size=8).digest() for run in runs(content)}


def runs(content: Content) -> set[bytes]:
    """The same in full, as quickly as two texts that are both at hand are compared."""
    found: set[bytes] = set()
    for text in _texts(content):
        words = [word.encode() for word in _words(text)]
        found.update(map(b" ".join, zip(*(words[at:] for at in range(SHINGLE)), strict=False)))
    return found


def _texts(content: Content) -> Iterator[str]:
    yield content.presentation.clinician
    yield content.presentation.patient
    for diagnosis in content.diagnoses:
        for audience in Audience:
            text = diagnosis.text(audience)
            yield f"{diagnosis.name} {text.rationale}"
            yield from text.red_flags
            yield from text.distinguishing_signs
    for question in content.questions:
        yield f"{question.question} {question.answer}"
    for term in content.terms:
        yield f"{term.term} {term.meaning}"


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    for mark in filter(unicodedata.combining, set(plain)):
        plain = plain.replace(mark, "")
    return _WORD.findall(plain.replace("’", "'").replace("'s", ""))


def _stem(word: str) -> str:
    """Without the endings that say one or many, doing or done: “fainting” and “faints” are one."""
    for ending in ("ings", "ing", "ies", "es", "ed", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= SHINGLE:
            stem = word[: -len(ending)]
            return stem[:-1] if len(stem) > SHINGLE and stem[-1] == stem[-2] else stem
    return word


def _bands(found: Iterable[bytes]) -> Iterator[int]:
    """The min-hash of a set, as numbers that equal parts of equal sets share."""
    hashes = [int.from_bytes(each) for each in found]
    if len(hashes) < FEWEST_SHINGLES:
        return
    smallest = _filled(_smallest(hashes))
    for at in range(0, BINS, ROWS):
        rows = (at, *smallest[at : at + ROWS])
        yield int.from_bytes(blake2b(repr(rows).encode(), digest_size=4).digest()) >> 1


def _smallest(hashes: list[int]) -> list[int | None]:
    bins: list[int | None] = [None] * BINS
    for each in hashes:
        rest, at = divmod(each, BINS)
        known = bins[at]
        if known is None or rest < known:
            bins[at] = rest
    return bins


def _filled(bins: list[int | None]) -> list[int]:
    """An empty bin borrows from the next one that is not, as far away as its number says (Shrivastava and Li, 2014)."""
    filled: list[int] = []
    for at in range(BINS):
        away = next(away for away in range(BINS) if bins[(at + away) % BINS] is not None)
        filled.append((bins[(at + away) % BINS] or 0) + away * 0x9E37_79B9)
    return filled
