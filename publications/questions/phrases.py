"""Phrases that clinicians can read, and what they find.

chest .. {pain}      chest, at most five words, then a word of the class `pain`
neck ~ stiff*        both, at most six words apart, in either order; `*` stands for any ending
fever & stiff*       both, anywhere in the question
not|no breath*       one word or the other; `?` after a word: it may be missing
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from publications.questions.normal import without_accents

_HERE = Path(__file__).parent
_GAP = r"(?: \S+){0,5}?"
_FAR = r"(?: \S+){0,6}?"
_CLASS = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"(?<!\*)\b[a-z]{3,}\b\*?")

type Classes = Mapping[str, str]


class Phrase(NamedTuple):
    """Every pattern must be found."""

    patterns: tuple[re.Pattern[str], ...]

    def stands_in(self, words: str) -> bool:
        """Whether plain words say this."""
        return all(pattern.search(f" {words} ") for pattern in self.patterns)

    def found_in(self, words: str) -> set[str]:
        """The different pieces of plain words that one of the patterns finds."""
        return {found[0] for pattern in self.patterns for found in pattern.finditer(f" {words} ")}


def load(name: str) -> dict[str, Any]:
    """The rules in one of the files beside this one."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def classes() -> Classes:
    """The word classes that all rules share, each as alternatives."""
    return {name: "|".join(words.split()) for name, words in load("words")["classes"].items()}


def phrases(written: Iterable[str], own: Classes | None = None) -> tuple[Phrase, ...]:
    """Read phrases, which may name the shared classes and those of ``own``."""
    known = {**classes(), **(own or {})}
    return tuple(phrase(each, known) for each in written)


def phrase(written: str, known: Classes) -> Phrase:
    """Read one phrase.

    Raises:
        KeyError: it names a class that does not exist.

    """
    whole = _CLASS.sub(lambda found: known[found[1]], without_accents(written))
    return Phrase(tuple(re.compile(_both_orders(part)) for part in whole.split(" & ")))


def words_of(written: Iterable[str]) -> tuple[set[str], set[str]]:
    """The words that phrases are made of: whole ones, and beginnings of words."""
    found: set[str] = set()
    for each in written:
        found.update(_WORD.findall(_CLASS.sub(lambda named: classes()[named[1]], each)))
    stems = {word.removesuffix("*") for word in found if word.endswith("*")}
    return {word for word in found if not word.endswith("*")}, stems


def _both_orders(part: str) -> str:
    pieces = [_pattern(piece) for piece in part.split(" ~ ")]
    if len(pieces) == 1:
        return f"{pieces[0]}(?= )"
    one, two = pieces
    return f"{one}{_FAR}{two}(?= )|{two}{_FAR}{one}(?= )"


def _pattern(piece: str) -> str:
    return "".join(_GAP if step == ".." else _step(step) for step in piece.split())


def _step(step: str) -> str:
    may_be_missing = step.endswith("?")
    words = (re.escape(word).replace(r"\*", r"\S*") for word in step.removesuffix("?").split("|"))
    pattern = f" (?:{'|'.join(words)})"
    return f"(?:{pattern})?" if may_be_missing else pattern
