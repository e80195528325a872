"""Articles that are like one another, found by what is stored of them."""

import random

import pytest

from content.schema import Content
from content.similarity import BINS, ROWS, likeness, sketch, subject
from tests.factories import make_content

SAME_SUBJECT = [
    ("Night sweats", "Causes of night sweats"),
    ("Fainting on standing", "Why do I faint when I stand?"),
    ("Twitching around the belly button", "The belly button’s twitches"),
    ("Diarrhée", "diarrhee"),
    ("Headaches", "Headache: differential diagnosis"),
]
OTHER_SUBJECT = [
    ("Night sweats", "Night cramps"),
    ("Pain in one ear", "Pain in one eye"),
    ("Hiccups", "Hiccups after surgery"),
]


@pytest.mark.parametrize(("one", "other"), SAME_SUBJECT)
def test_same_subject(one: str, other: str) -> None:
    assert subject(one) == subject(other) != ""


@pytest.mark.parametrize(("one", "other"), OTHER_SUBJECT)
def test_other_subject(one: str, other: str) -> None:
    assert subject(one) != subject(other)


def test_title_that_says_nothing_is_no_subject() -> None:
    assert subject("") == subject("The") == subject("Causes of symptoms") == ""
    assert len(subject("word " * 90 + " ".join(map(str, range(300))))) <= 200


WORDS = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in "nrst"]


def long(seed: int, share: float = 0.0, seed_of_rest: int = 0) -> Content:
    """An article of 900 words, that share of them as another seed has them."""
    mine, other = (random.Random(each).choices(WORDS, k=900) for each in (seed, seed_of_rest))
    same = round(900 * share)
    return make_content(presentation={"clinician": " ".join(other[:same] + mine[same:])}, diagnoses=[])


def shared(one: Content, other: Content) -> int:
    return len(set(sketch(one).bands) & set(sketch(other).bands))


def test_near_same_text_shares_a_band_and_others_none() -> None:
    for seed in range(1, 16):
        assert shared(long(0), long(seed, 0.75)) > 0
        assert shared(long(seed), long(seed + 100)) == 0


def test_likeness_is_the_share_of_what_is_the_same() -> None:
    assert likeness(long(1), long(1)) == 1
    assert likeness(long(1), long(2)) < 0.01
    assert 0.55 < likeness(long(0), long(1, 0.75)) < 0.65
    assert likeness(Content(), Content()) == 0


def test_short_text_has_no_bands() -> None:
    assert sketch(Content()) == ("", ())
    assert sketch(Content.model_validate({"title": "Cough", "presentation": {"clinician": "Dry."}})).bands == ()
    assert len(sketch(long(1)).bands) == BINS // ROWS
    assert all(0 <= band < 2**31 for band in sketch(long(1)).bands)
