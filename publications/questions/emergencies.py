"""Words of somebody who may be in danger. They are looked for before anything else, in all that was typed."""

from enum import StrEnum
from functools import cache
from typing import NamedTuple

from publications.questions.phrases import Phrase, classes, load, phrase, phrases, words_of
from publications.questions.spelling import SHORTEST, Speller

OF_A_PERSON, OF_ANYBODY = 2, 3  # weight that raises the card: a grave word counts two, a sign one
FEW = 5  # words of a question in which a bare sign counts


class Card(StrEnum):
    """Which emergency card is shown. Those with numbers of their own come before the general one."""

    CRISIS = "crisis"
    POISON = "poison"
    DANGER = "danger"
    GENERAL = "general"


class Rule(NamedTuple):
    key: str
    card: Card
    signs: tuple[Phrase, ...]
    short: tuple[Phrase, ...]

    def applies_to(self, words: str) -> bool:
        few = self.short if words.count(" ") < FEW else ()
        return any(sign.stands_in(words) for sign in (*self.signs, *few))


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of emergencies.toml."""
    written = load("emergencies")["rule"]
    return tuple(
        Rule(rule["key"], Card(rule["card"]), phrases(rule["signs"]), phrases(rule.get("short", ())))
        for rule in written
    )


@cache
def speller() -> Speller:
    """Puts mistyped words right towards the words of these rules."""
    ours = [rule for rule in load("emergencies")["rule"] if rule["key"] != "elsewhere"]
    words, stems = words_of(sign for rule in ours for sign in (*rule["signs"], *rule.get("short", ())))
    said = load("words")["spelling"]
    targets = {*said["targets"].split(), *(word for word in words if len(word) > SHORTEST)}
    return Speller(targets, stems, {*words, *said["right"].split()})


@cache
def backstop() -> tuple[Phrase, Phrase, Phrase]:
    """A person, something that is hardly ever harmless, a sign that is so together with another."""
    said = load("emergencies")["backstop"]
    grave, sign = (phrase("|".join(said[each].split()), {}) for each in ("grave", "sign"))
    return phrase("{own}", classes()), grave, sign


def stops(words: str) -> bool:
    """Whether enough grave words and signs stand together; of a person, one grave word or two signs are enough."""
    _, grave, sign = backstop()
    weight = 2 * len(grave.found_in(words)) + len(sign.found_in(words))
    return weight >= (OF_A_PERSON if is_of_a_person(words) else OF_ANYBODY)


def is_of_a_person(words: str) -> bool:
    """Whether plain words tell of somebody, rather than ask in general."""
    return backstop()[0].stands_in(words)


def raised(words: str) -> list[Rule]:
    """The rules that plain words set off, as typed or with their spelling put right."""
    mended = speller().mended(words)
    return [rule for rule in rules() if rule.applies_to(words) or (mended != words and rule.applies_to(mended))]


def card(words: str) -> Card | None:
    """The card to show, or None."""
    found = {rule.card for rule in raised(words)}
    named = next((each for each in Card if each in found), None)
    return named or (Card.GENERAL if stops(words) or stops(speller().mended(words)) else None)
