"""Phrases that clinicians can read, and where they stand in plain words.

chest .. {pain}      chest, at most five words, then a word of the class `pain`
neck ~ stiff*        both, at most six words apart, in either order; `*` stands for any ending
fever & stiff*       both, anywhere in the question
not|no breath*       one word or the other; `?` after a word: it may be missing; `no_use` stands for two words

A class may have words that follow each other (`rock hard`) and other classes. No regular expression is made of any of
this: each step is looked up by its words, so that the time grows with the length of a question and with nothing else.
"""

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from publications.questions.normal import without_accents

_HERE = Path(__file__).parent
GAP, FAR = 5, 6  # words that `..` and `~` allow between
LONGEST_STEM = 20

type Classes = Mapping[str, str]
type Span = tuple[int, int]  # the first word, and the one after the last


class Step:
    """Alternatives, each one word or several that follow each other."""

    def __init__(self, alternatives: Iterable[str]) -> None:
        self.alternatives = tuple(tuple(each.split()) for each in alternatives)


#: What follows a first word, and the steps that have these words as an alternative.
type Followed = dict[tuple[str, ...], list[Step]]


class Lexicon:
    """Which steps a word begins, so that a text is looked up word by word and not rule by rule."""

    def __init__(self) -> None:
        self.whole: dict[str, Followed] = {}
        self.stems: dict[str, Followed] = {}
        self.inside: dict[str, Followed] = {}
        self.size = 0

    def add(self, step: Step) -> None:
        self.size += 1
        for first, *others in step.alternatives:
            kept, key = self._kept(first)
            kept.setdefault(key, {}).setdefault(tuple(others), []).append(step)

    def _kept(self, first: str) -> tuple[dict[str, Followed], str]:
        if first.startswith("*"):
            return self.inside, first.strip("*")
        return (self.stems, first[:-1]) if first.endswith("*") else (self.whole, first)

    def begun_by(self, word: str) -> Iterator[Followed]:
        """The alternatives that begin with this word."""
        kept = [
            self.whole.get(word),
            *(self.stems.get(word[:end]) for end in range(1, min(len(word), LONGEST_STEM) + 1)),
        ]
        yield from filter(None, kept)
        if not word.isascii():
            yield from (followed for part, followed in self.inside.items() if part in word)


LEXICON = Lexicon()


class Told:
    """Plain words, and where each step of the rules stands in them."""

    def __init__(self, words: str) -> None:
        self.words = words.split()
        self._found: dict[Step, set[Span]] = {}
        self._begun: dict[Step, list[set[Span]]] = {}
        self._known = 0

    def has(self, steps: frozenset[Step]) -> bool:
        """Whether each of the steps stands somewhere."""
        if self._known != LEXICON.size:
            self._look_up()
        return steps <= self._begun.keys()

    def spans(self, step: Step) -> set[Span]:
        """Where one of the alternatives of a step stands."""
        if step not in self._found:
            begun = self._begun.get(step, [])
            self._found[step] = begun[0] if len(begun) == 1 else set[Span]().union(*begun)
        return self._found[step]

    def _look_up(self) -> None:
        """Find every step there is; again when rules were read since."""
        self._known, self._found, self._begun = LEXICON.size, {}, {}
        places: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            places.setdefault(word, []).append(at)
        for word, starts in places.items():
            for followed in LEXICON.begun_by(word):
                told = {others: steps for others, steps in followed.items() if _may_follow(others, places)}
                self._begin(starts, told)

    def _begin(self, starts: list[int], followed: Followed) -> None:
        for others, steps in followed.items():
            spans = {(at, at + 1 + len(others)) for at in starts if not others or self._follow(at, others)}
            if spans:
                for step in steps:
                    self._begun.setdefault(step, []).append(spans)

    def _follow(self, at: int, others: tuple[str, ...]) -> bool:
        """Whether these words follow the one at a place."""
        end = at + len(others)
        return end < len(self.words) and all(_is(self.words[at + n], other) for n, other in enumerate(others, start=1))


def _may_follow(others: tuple[str, ...], told: Container[str]) -> bool:
    """Whether the next word is told at all; most alternatives need no closer look."""
    return not others or others[0].endswith("*") or others[0] in told


def _is(word: str, written: str) -> bool:
    return word.startswith(written[:-1]) if written.endswith("*") else word == written


class Joint(NamedTuple):
    """A step, how many words may stand before it, and whether it may be missing."""

    step: Step
    gap: int
    may_be_missing: bool


class Phrase(NamedTuple):
    """Every part must be found; the pieces of a part stand near each other, the steps of a piece in their order."""

    parts: tuple[tuple[tuple[Joint, ...], ...], ...]
    needed: frozenset[Step]

    def stands_in(self, told: Told) -> bool:
        """Whether plain words say this."""
        return told.has(self.needed) and all(_near(told, pieces) for pieces in self.parts)


def load(name: str) -> dict[str, Any]:
    """The rules in one of the files beside this one."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def classes() -> Classes:
    """The word classes that all rules share, each as alternatives."""
    return {name: "|".join(listed(words)) for name, words in load("words")["classes"].items()}


def listed(words: str) -> list[str]:
    """What commas part."""
    return [each for part in words.split(",") if (each := " ".join(part.split()))]


def phrases(written: Iterable[str], own: Classes | None = None) -> tuple[Phrase, ...]:
    """Read phrases, which may name the shared classes and those of ``own``."""
    known = {**classes(), **(own or {})}
    return tuple(phrase(each, known) for each in written)


def phrase(written: str, known: Classes) -> Phrase:
    """Read one phrase.

    Raises:
        KeyError: it names a class that does not exist.

    """
    split = without_accents(written).split(" & ")
    parts = tuple(tuple(_piece(piece, known) for piece in part.split(" ~ ")) for part in split)
    joints = (joint for pieces in parts for piece in pieces for joint in piece)
    return Phrase(parts, frozenset(joint.step for joint in joints if not joint.may_be_missing))


def words_of(written: Iterable[str]) -> tuple[set[str], set[str]]:
    """The words that phrases are made of: whole ones, and beginnings of words."""
    steps = {each for told in written for each in told.replace("&", " ").replace("~", " ").split()}
    alternatives = {one for step in steps for one in _alternatives(step.removesuffix("?"), classes())}
    found = {word for each in alternatives for word in each.split() if len(word.strip("*")) > 2}
    stems = {word.removesuffix("*") for word in found if word.endswith("*") and not word.startswith("*")}
    return {word for word in found if "*" not in word}, stems


def _piece(written: str, known: Classes) -> tuple[Joint, ...]:
    joints, gap = [], 0
    for each in written.split():
        if each == "..":
            gap = GAP
            continue
        joints.append(Joint(_step(tuple(_alternatives(each.removesuffix("?"), known))), gap, each.endswith("?")))
        gap = 0
    return tuple(joints)


@cache
def _step(alternatives: tuple[str, ...]) -> Step:
    step = Step(alternatives)
    LEXICON.add(step)
    return step


def _alternatives(written: str, known: Classes) -> list[str]:
    """The words of one step; a class may name others."""
    found: list[str] = []
    for each in written.split("|"):
        found += _alternatives(known[each[1:-1]], known) if each.startswith("{") else [each.replace("_", " ")]
    return list(dict.fromkeys(found))


def _near(told: Told, pieces: tuple[tuple[Joint, ...], ...]) -> set[Span]:
    first, *others = pieces
    found = _in_order(told, first)
    for piece in others:
        found = _together(found, _in_order(told, piece)) if found else found
    return found


def _in_order(told: Told, joints: tuple[Joint, ...]) -> set[Span]:
    found = told.spans(joints[0].step)
    for step, gap, may_be_missing in joints[1:]:
        begun = {end: start for start, end in found}
        nearest = ((_nearest(begun, start, -1, gap), end) for start, end in told.spans(step))
        longer = {(begun[at], end) for at, end in nearest if at is not None}
        found = found | longer if may_be_missing else longer
    return found


def _together(some: set[Span], others: set[Span]) -> set[Span]:
    """Each of the others with the nearest of ``some`` before it and the nearest after it, as one span."""
    ends = {end: start for start, end in some}
    starts = dict(some)
    before = {(ends[at], end) for start, end in others if (at := _nearest(ends, start, -1, FAR)) is not None}
    return before | {(start, starts[at]) for start, end in others if (at := _nearest(starts, end, 1, FAR)) is not None}


def _nearest(places: Mapping[int, int], at: int, way: int, gap: int) -> int | None:
    """The nearest of the places in one direction, the gap at most away."""
    return next((place for place in range(at, at + way * (gap + 1), way) if place in places), None)
