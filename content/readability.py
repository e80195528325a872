"""How hard the patients' text is to read, and what makes it so.

The grade is Flesch-Kincaid's: years of school in the United States. The names of the diagnoses are left out before
counting, because a text about phrenic nerves has to name them. Everything carries its place: the id of the editor's
field, and the words to look for there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from content.plain_words import FAMILIAR, PLAINER
from content.schema import Audience, Content
from content.syllables import syllables

AIM, WARN = 6, 8
FEWEST_WORDS = 20  # below that a grade says nothing
LONG_SENTENCE = 20  # words
SHOWN = 3
SHOWN_WORDS = 8

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LINK = re.compile(r"\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_MARKS = re.compile(r"[*_`\\]|^\s{0,8}(?:[-+>•]|\d{1,3}[.)])\s+", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-+*>•]|\d{1,3}[.)])\s)")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+(?=[\"“‘(\[]?[A-Z0-9])|(?<=[.!?…])[\"”’)\]]+\s+|:\s*\n")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|approx|dr|mr|mrs|ms|prof|no|fig|cf|ca)\.$", re.IGNORECASE)
_FORMS = ("es", "ed", "ing")  # endings that make a word longer, but no harder


class Level(StrEnum):
    """Where a grade stands against what patients can read."""

    UNKNOWN = "unknown"
    GOOD = "good"
    FAIR = "fair"
    HARD = "hard"


class Passage(NamedTuple):
    """A text of the patients' side; `place` is the id of its field in the editor."""

    place: str
    text: str


class Sentence(NamedTuple):
    """One sentence as it stands there, and its words without the names."""

    place: str
    text: str
    words: tuple[str, ...]

    @property
    def length(self) -> int:
        return len(self.words)


class HardWord(NamedTuple):
    """A word of many syllables, or one that has a plainer fellow; `place` is where it stands first."""

    word: str
    times: int
    plainer: str
    place: str


@dataclass(frozen=True, slots=True)
class Readability:
    """The grade (None: too little to say), and what makes the text hard, the hardest first."""

    grade: float | None
    words: int
    sentences: int
    longest: tuple[Sentence, ...] = ()
    hard_words: tuple[HardWord, ...] = ()

    @property
    def level(self) -> Level:
        if self.grade is None:
            return Level.UNKNOWN
        return Level.GOOD if self.grade < AIM + 1 else Level.FAIR if self.grade <= WARN else Level.HARD


def assess(content: Content) -> Readability:
    """Read what patients are to read."""
    names = _names(content)
    sentences = [s for passage in passages(content) for s in _sentences(passage, names) if s.words]
    words = [word for sentence in sentences for word in sentence.words]
    long = sorted((s for s in sentences if s.length > LONG_SENTENCE), key=lambda s: -s.length)
    hard = tuple(_hard_words(sentences))
    return Readability(_grade(words, len(sentences)), len(words), len(sentences), tuple(long[:SHOWN]), hard)


def passages(content: Content) -> Iterator[Passage]:
    """The patients' text in the order of the page. Each line of a list is a passage of its own.

    What everybody reads, answers and the meanings of terms, counts where there is a text for patients.
    """
    yield Passage("presentation_patient", content.presentation.patient)
    for diagnosis in content.diagnoses:
        text, place = diagnosis.text(Audience.PATIENT), f"diagnosis-{diagnosis.key}_patient_"
        yield Passage(f"{place}rationale", text.rationale)
        yield from (Passage(f"{place}red_flags", line) for line in text.red_flags)
        yield from (Passage(f"{place}distinguishing_signs", line) for line in text.distinguishing_signs)
    if content.has_patient_text:
        yield from (Passage(f"question-{each.key}_answer", each.answer) for each in content.questions)
        yield from (Passage(f"term-{each.key}_meaning", each.meaning) for each in content.terms)


def _grade(words: list[str], sentences: int) -> float | None:
    if len(words) < FEWEST_WORDS:
        return None
    grade = 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return max(0.0, round(grade, 1))


def _names(content: Content) -> re.Pattern[str] | None:
    """What finds the names of the diagnoses, the longest first, with or without an article and an “s”."""
    given = chain.from_iterable((diagnosis.name, diagnosis.plain_name) for diagnosis in content.diagnoses)
    bare = {re.sub(r"^(?:an?|the)\s+", "", name.strip().lower()) for name in given}
    found = [re.escape(name) for name in sorted(bare, key=len, reverse=True) if len(name) > 1]
    return re.compile(rf"(?<!\w)(?:(?:an?|the)\s+)?(?:{'|'.join(found)})s?(?!\w)", re.IGNORECASE) if found else None


def _sentences(passage: Passage, names: re.Pattern[str] | None) -> Iterator[Sentence]:
    text = _ADDRESS.sub(" ", _LINK.sub(r"\1", passage.text))
    for paragraph in _PARAGRAPH.split(text):
        for sentence in _joined(_SENTENCE.split(_MARKS.sub("", paragraph))):
            counted = names.sub(" ", sentence) if names else sentence
            yield Sentence(passage.place, sentence, tuple(_WORD.findall(counted)))


def _joined(pieces: list[str]) -> Iterator[str]:
    """Sentences, those put together again that were parted after an abbreviation."""
    held = ""
    for piece in pieces:
        held = f"{held} {' '.join(piece.split())}".strip()
        if not _ABBREVIATION.search(held):
            yield held
            held = ""
    if held:
        yield held


def _hard_words(sentences: list[Sentence]) -> list[HardWord]:
    places: dict[str, str] = {}
    counts: dict[str, int] = {}
    for sentence in sentences:
        for word in map(str.lower, sentence.words):
            counts[word] = counts.get(word, 0) + 1
            places.setdefault(word, sentence.place)
    hard = [HardWord(w, n, PLAINER.get(w, ""), places[w]) for w, n in counts.items() if _is_hard(w)]
    return sorted(hard, key=lambda word: (-_weight(word), word.word))[:SHOWN_WORDS]


def _is_hard(word: str) -> bool:
    if word in PLAINER:
        return True
    count = syllables(word)
    return word not in FAMILIAR and (count > 3 or (count == 3 and not word.endswith(_FORMS)))


def _weight(word: HardWord) -> int:
    return word.times * (syllables(word.word) - 1 + 2 * bool(word.plainer))
