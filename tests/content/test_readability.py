"""The grade of the patients' text, and what makes it hard."""

import time
from typing import Any

import pytest

from content.readability import Level, assess
from content.schema import Content
from content.syllables import syllables

SYLLABLES = {
    "a": 1, "area": 3, "belly": 2, "breathing": 2, "called": 1, "diarrhoea": 4, "diet": 2, "disease": 2, "doctor": 2,
    "every": 2, "fever": 2, "headaches": 2, "heart": 1, "hour": 2, "idea": 3, "intermittently": 5, "little": 2,
    "medicine": 3, "MRI": 3, "movement": 2, "muscles": 2, "nausea": 3, "oesophagus": 4, "people": 2, "pneumonia": 3,
    "sometimes": 2, "stomach": 2, "stroke": 1, "tissue": 2, "usually": 4, "very": 2, "wanted": 2, "you're": 1,
}  # fmt: skip


def article(introduction: str, **diagnosis: Any) -> Content:
    one = {"key": "phrenic", "tier": "rare", "name": "Phrenic nerve irritation", "plain_name": "An irritated nerve"}
    return Content.model_validate({"presentation": {"patient": introduction}, "diagnoses": [one | diagnosis]})


def test_syllables() -> None:
    wrong = {word: syllables(word) for word, count in SYLLABLES.items() if syllables(word) != count}
    assert wrong == {}


EASY = "You feel a jump in your chest. It can wake you up. It goes away in a day or two. See a doctor if it does not."
HARD = (
    "Intermittent involuntary contractions of the diaphragm, frequently precipitated by gastric distension, "
    "characteristically deteriorate following consumption of carbonated beverages and require evaluation."
)


@pytest.mark.parametrize(
    ("text", "level"), [("", Level.UNKNOWN), ("Too short.", Level.UNKNOWN), (EASY, Level.GOOD), (HARD, Level.HARD)]
)
def test_level(text: str, level: Level) -> None:
    assert assess(article(text)).level is level


def test_grade_is_flesch_kincaid() -> None:
    """27 words in 4 sentences, 29 syllables, by hand."""
    seen = assess(article(EASY))
    assert (seen.words, seen.sentences) == (27, 4)
    assert seen.grade == max(0.0, round(0.39 * 27 / 4 + 11.8 * 29 / 27 - 15.59, 1))


def test_names_of_diagnoses_do_not_count() -> None:
    named = f"{EASY} The phrenic nerve irritation, or an irritated nerve, can do this."
    assert assess(article(named)).words == 27 + 4
    assert "irritation" not in [word.word for word in assess(article(named)).hard_words]
    assert assess(article(named, name="", plain_name="")).words == 27 + 11


def test_what_is_hard_has_its_place() -> None:
    text = {"rationale": f"{EASY} {HARD}", "red_flags": ["You cannot swallow", "Your voice is hoarse"]}
    seen = assess(
        article("Dr. Ada says, e.g. at night, that it is well. See [the page](https://example.org).", patient=text)
    )
    assert [(s.place, s.text, s.length) for s in seen.longest] == [("diagnosis-phrenic_patient_rationale", HARD, 21)]
    assert seen.hard_words[0].place == "diagnosis-phrenic_patient_rationale"
    plainer = {word.word: word.plainer for word in seen.hard_words}
    assert (plainer["deteriorate"], plainer["frequently"]) == ("get worse", "often")
    assert seen.sentences == 2 + 4 + 1 + 2


def test_lists_and_marks_are_parted_and_left_out() -> None:
    seen = assess(article("**Call** for help if\n\n- you *fall* down\n- you cannot speak\n1. your face drops"))
    assert (seen.sentences, seen.words) == (4, 4 + 3 + 3 + 3)


def test_hostile_text_takes_no_time() -> None:
    began = time.process_time()
    for text in ("[" * 19_000, "a.'" * 6_000, "- " * 9_000, "pneumono" * 2_400, ".) " * 6_000, "e.g. " * 4_000):
        assess(article(text, name="(" * 400, plain_name="a" * 400))
    assert time.process_time() - began < 2
