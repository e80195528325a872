"""Words of somebody who may be in danger. They are looked for before anything else, in all that was typed."""

from enum import StrEnum
from functools import cache
from typing import NamedTuple

from publications.questions.phrases import Phrase, load, phrases, words_of
from publications.questions.spelling import SHORTEST, Speller

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
        return any(phrase.stands_in(words) for phrase in (*self.signs, *few))


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
    words, stems = words_of(phrase for rule in ours for phrase in (*rule["signs"], *rule.get("short", ())))
    said = load("words")["spelling"]
    targets = {*said["targets"].split(), *(word for word in words if len(word) > SHORTEST)}
    return Speller(targets, stems, {*words, *said["right"].split()})


def raised(words: str) -> list[Rule]:
    """The rules that plain words set off, as typed or with their spelling put right."""
    mended = speller().mended(words)
    return [rule for rule in rules() if rule.applies_to(words) or (mended != words and rule.applies_to(mended))]


def card(words: str) -> Card | None:
    """The card to show, or None."""
    found = {rule.card for rule in raised(words)}
    return next((each for each in Card if each in found), None)
