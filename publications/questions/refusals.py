"""What is refused: doses and the choice of medicines, judging one person, other subjects, tricks, other languages."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from publications.questions.phrases import Phrase, Told, load, phrases

FOREIGN_SHARE = 0.5  # of the letters in a script other than ours
# Frequent small words; those that English has as well are left out.
_LANGUAGES = {
    "Spanish": "que qué la el los las una por para con mi es causa causas pierna noche cuando cual cuales tengo son se",
    "German": "was ist sind die der das ein eine fur warum ich mein meine nachts wie wenn bei und nicht kann ursachen",
    "French": "quelles quel quelle sont les la des une pourquoi ma mon je est le mes quand avec dans sur vision cause",
    "Italian": "quali sono le cause della perche mi gira la il che quando non gamba alzo una mia del",
    "Portuguese": "por que a perna fica noite minha meu quando uma com nao os as da do quais sao",
    "Dutch": "waarom is mijn been zo en het een de wat hoe wanneer ik niet van zijn bij",
    "Polish": "dlaczego co jest moja mam na noga przy jak czy nie sie w nocy",
    "Turkish": "neden nedir bacagim gece icin bir ne nasil ve mi",
    "Swedish": "varfor mitt ben ar och det som nar jag inte en vad",
}
_ENGLISH = """
    the of and to in is it for on with what why how when which can does do my are be a an i you that this cause causes
    from at or as if not after before should could would will have has had was were there their who where me so make
    makes mean means sign signs leg night sweats pain one both feel feels during up blood about
"""
_AMBIGUOUS = frozenset("a i is me do la as so on at de in an no die was".split())  # noqa: SIM905


class Reason(StrEnum):
    """Why a question, or a part of it, is not answered."""

    INSTRUCTIONS = "instructions"
    DOSING = "dosing"
    PERSONAL = "personal"
    OFF_TOPIC = "off_topic"
    LANGUAGE = "language"


class Rule(NamedTuple):
    reason: Reason
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]

    def applies_to(self, told: Told) -> bool:
        found = any(phrase.stands_in(told) for phrase in self.phrases)
        return found and not any(phrase.stands_in(told) for phrase in self.unless)


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of refusals.toml, in its order."""
    written = load("refusals")
    own: Mapping[str, str] = {name: "|".join(words.split()) for name, words in written["classes"].items()}
    return tuple(
        Rule(Reason(each["reason"]), phrases(each["phrases"], own), phrases(each.get("unless", ()), own))
        for each in written["rule"]
    )


def refused(words: str) -> Reason | None:
    """Why one question in plain words is not answered; None when it may be."""
    if is_foreign(words):
        return Reason.LANGUAGE
    told = Told(words)
    return next((rule.reason for rule in rules() if rule.applies_to(told)), None)


def is_foreign(words: str) -> bool:
    """Whether this is in another language than English, by its script or its small words."""
    letters = re.findall(r"[^\W\d_]", words)
    if sum(letter > "ɏ" for letter in letters) > FOREIGN_SHARE * len(letters):
        return True
    told = words.split()
    english = sum(word in _english() for word in told)
    most = max(sum(word in _small_words(name) for word in told) for name in _LANGUAGES)
    return most >= 2 and most > english


@cache
def _english() -> frozenset[str]:
    return frozenset(_ENGLISH.split())


@cache
def _small_words(language: str) -> frozenset[str]:
    return frozenset(_LANGUAGES[language].split()) - _AMBIGUOUS
