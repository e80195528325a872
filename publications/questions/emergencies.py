"""Words of somebody who may be in danger. They are looked for before anything else, in all that was typed."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from publications.questions.phrases import Phrase, Told, classes, load, phrase, phrases, words_of
from publications.questions.spelling import SHORTEST, Speller

GRAVE, ENOUGH_NOW, ENOUGH, ENOUGH_ASKED = 2, 2, 3, 4  # points, as emergencies.toml counts them
FEW = 6  # words of a question in which a bare sign counts
SIGNS, KINDS = Path(__file__).parent / "signs", ("always", "told", "short")
_NOT = re.compile(r"\b(do|does|did|is|was|are|were|has|have|had|would|should|could|must|need) not\b")


class Card(StrEnum):
    """Which emergency card is shown. Those with numbers of their own come before the general one."""

    CRISIS = "crisis"
    POISON = "poison"
    DANGER = "danger"
    GENERAL = "general"


class Rule(NamedTuple):
    card: Card
    always: tuple[Phrase, ...]
    told: tuple[Phrase, ...]
    short: tuple[Phrase, ...]

    def applies_to(self, told: Told, *, of_somebody: bool) -> bool:
        signs = (*self.always, *(self.told if of_somebody else ()), *(self.short if len(told.words) < FEW else ()))
        return any(sign.stands_in(told) for sign in signs)


class Points(NamedTuple):
    """What is counted where no rule applies."""

    grave: tuple[Phrase, ...]
    signs: tuple[Phrase, ...]

    def weight(self, told: Told) -> int:
        grave = sum(each.stands_in(told) for each in self.grave)
        return GRAVE * grave + sum(each.stands_in(told) for each in self.signs)


@cache
def written() -> Mapping[str, Mapping[str, Any]]:
    """What each file of signs/ says."""
    return {path.stem: load(f"signs/{path.stem}") for path in sorted(SIGNS.glob("*.toml"))}


@cache
def rules() -> tuple[Rule, ...]:
    """The rule of each kind of emergency."""
    return tuple(
        Rule(Card(rule["card"]), *(phrases(rule.get(kind, ())) for kind in KINDS)) for rule in written().values()
    )


@cache
def speller() -> Speller:
    """Puts mistyped words right towards the words of these rules."""
    ours = (rule for key, rule in written().items() if key != "elsewhere")
    words, stems = words_of(sign for rule in ours for kind in KINDS for sign in rule.get(kind, ()))
    said = load("words")["spelling"]
    targets = {*said["targets"].split(), *(word for word in words if len(word) > SHORTEST)}
    return Speller(targets, stems, {*words, *said["right"].split()})


@cache
def points() -> Points:
    said = load("emergencies")["points"]
    return Points(phrases(said["grave"]), phrases(said["sign"]))


@cache
def _class(name: str) -> Phrase:
    return phrase(f"{{{name}}}", classes())


@cache
def _spoken() -> Mapping[str, str]:
    return dict(load("words")["spoken"])


def heard(words: str) -> str:
    """Plain words as they would be spoken: "gonna" and "does not" as the rules have them."""
    return _NOT.sub(r"\1nt", " ".join(_spoken().get(word, word) for word in words.split())).replace("will not", "wont")


def is_of_a_person(words: str) -> bool:
    """Whether plain words tell of somebody, rather than ask in general."""
    return _class("person").stands_in(Told(words))


def card(sentences: Sequence[str]) -> Card | None:
    """The card to show for what was typed, sentence by sentence in plain words; or None."""
    asked = [_asks(Told(heard(each))) for each in sentences if " " in each or len(sentences) == 1]
    whole = readings(" ".join(sentences))
    found = {rule.card for told in whole for rule in raised(told, only_asks=all(asked))}
    named = next((each for each in Card if each in found), None)
    return named or (Card.GENERAL if any(stops(told, asks=any(asked)) for told in whole) else None)


def readings(words: str) -> list[Told]:
    """The words as typed and, where that is something else, with their spelling put right."""
    return [Told(each) for each in dict.fromkeys((heard(words), heard(speller().mended(words))))]


def raised(told: Told, *, only_asks: bool) -> list[Rule]:
    """The rules that a text sets off. ``only_asks``: each of its sentences asks for something."""
    of_somebody = _is_told(told, asks=only_asks)
    return [rule for rule in rules() if rule.applies_to(told, of_somebody=of_somebody)]


def stops(told: Told, *, asks: bool) -> bool:
    """Whether enough points come together, or somebody tells of a person’s body and asks nothing."""
    weight = points().weight(told)
    if not _is_told(told, asks=asks):
        return weight >= ENOUGH_ASKED
    is_long, is_new = (_class(name).stands_in(told) for name in ("chronic", "acute"))
    if not (asks or is_long) and _is_a_report(told):
        return True
    if is_new:
        return weight + (not is_long) >= ENOUGH_NOW
    is_calm = is_long or asks or not _class("own").stands_in(told)
    return weight >= (ENOUGH if is_calm else ENOUGH_NOW)


def _is_a_report(told: Told) -> bool:
    """A person, a body, and nothing of what people live with: who tells this and asks nothing wants help."""
    is_of_a_body = _class("body").stands_in(told) or _class("health").stands_in(told)
    return is_of_a_body and _class("own").stands_in(told) and not _class("mild").stands_in(told)


def _is_told(told: Told, *, asks: bool) -> bool:
    """Whether somebody tells of a person or of now, asks what to do, or asks nothing."""
    return not asks or any(_class(name).stands_in(told) for name in ("own", "moment", "to_do"))


def _asks(told: Told) -> bool:
    """Whether a sentence wants to know something."""
    return _class("asks").stands_in(told) or (bool(told.words) and told.words[0] in _question_words())


@cache
def _question_words() -> frozenset[str]:
    return frozenset(classes()["asks_first"].split("|"))
