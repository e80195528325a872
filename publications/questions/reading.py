"""One question read: an emergency, a refusal, or words to look up. What is read is kept nowhere."""

import re
from functools import cache
from typing import NamedTuple

from publications.questions import emergencies, normal, refusals
from publications.questions.emergencies import Card
from publications.questions.phrases import Phrase, Told, load, phrases
from publications.questions.refusals import Reason

MOST_TERMS = 10

#: What has the same meaning, as it was typed first: one of these is enough.
type Term = tuple[str, ...]


class Question(NamedTuple):
    """What was understood, and the words of it to look for. With a `card` nothing else counts."""

    card: Card | None = None
    refused: tuple[Reason, ...] = ()
    terms: tuple[Term, ...] = ()
    wanted: tuple[str, ...] = ()
    gave_details: bool = False
    is_of_a_person: bool = False
    is_too_long: bool = False
    plain: str = ""

    @property
    def is_answerable(self) -> bool:
        return self.card is None and bool(self.terms)


def read(asked: str) -> Question:
    """Read what somebody typed: emergencies first, in all of it; then each of its questions by itself."""
    for stretch in normal.stretches(asked):
        if card := emergencies.card(normal.parts(stretch)):
            return Question(card=card)
    if len(asked) > normal.LONGEST:
        return Question(is_too_long=True)
    told = normal.parts(asked)
    reasons = [refusals.refused(part) for part in told]
    answered = " ".join(part for part, reason in zip(told, reasons, strict=True) if reason is None)
    plain = _without_details(answered)
    words_told, terms = Told(plain), _terms(plain)[:MOST_TERMS]
    return Question(
        refused=tuple(dict.fromkeys(reason for reason in reasons if reason)),
        terms=terms,
        wanted=tuple(kind for kind, signs in _wants().items() if any(sign.stands_in(words_told) for sign in signs)),
        gave_details=plain != answered,
        is_of_a_person=emergencies.is_of_a_person(" ".join(told)),
        plain=plain if terms else "",
    )


def _without_details(words: str) -> str:
    """The words without age, sex and measured values."""
    for pattern in _details():
        words = pattern.sub(" ", words)
    return " ".join(words.split())


def _terms(words: str) -> tuple[Term, ...]:
    """What to look for, the longest known phrases first, each with its synonyms."""
    found: list[Term] = []
    left = f" {words} "
    for phrase, same in _synonyms():
        if f" {phrase} " in left:
            left = left.replace(f" {phrase} ", "  ")
            found.append((phrase, *(other for other in same if other != phrase)))
    found += [(word,) for word in left.split() if len(word) > 1 and not word.isdigit() and word not in _said()]
    return tuple({frozenset(term): term for term in reversed(found)}.values())[::-1]


@cache
def _synonyms() -> tuple[tuple[str, Term], ...]:
    """Every phrase with all that means the same, the longest first."""
    same = [tuple(each.split(", ")) for each in load("search")["synonyms"]["same"]]
    known = {phrase: group for group in reversed(same) for phrase in group}
    return tuple(sorted(known.items(), key=lambda pair: (-pair[0].count(" "), -len(pair[0]), pair[0])))


@cache
def _said() -> frozenset[str]:
    return frozenset(load("search")["words"]["said"].split())


@cache
def _details() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each) for each in load("search")["details"]["patterns"])


@cache
def _wants() -> dict[str, tuple[Phrase, ...]]:
    return {kind: phrases(signs) for kind, signs in load("search")["wants"].items()}
