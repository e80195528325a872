"""The closest look-alike of each version: on both sides, brought up to date, and gone with the other."""

from typing import Any

import pytest

from articles.fingerprints import Due, Fingerprint
from articles.models import Version
from articles.twins import compare, compare_due
from content.schema import Content
from tests.content.test_similarity import long
from tests.factories import approve, assign, editor, make_content, make_version, revise

pytestmark = pytest.mark.django_db


def text(number: int, same: float = 0.0, title: str = "") -> Content:
    """So much of it as in text 0."""
    return long(number, same).model_copy(update={"title": title or f"Zebra{number}"})


def of(version: Version) -> tuple[int | None, int | None, bool, str]:
    """Whom it looks most like, how much, whether on the same subject, whether that is to be looked for again."""
    one = Fingerprint.objects.get(version=version)
    return one.closest_id, one.percent, one.is_same_subject, one.due


def made(content: Content, state: str = "draft", **facts: Any) -> Version:
    version = make_version(state, content=content, **facts)
    compare(version.pk)
    return version


def test_both_sides_keep_what_is_closest() -> None:
    first = made(text(0, title="Coughing"))
    assert of(first) == (None, None, False, "")
    half, other = made(text(1, 0.8)), made(text(5))
    assert of(half) == (first.pk, 67, False, "")
    assert of(first) == (half.pk, 67, False, "")
    copy = made(text(0, title="Why do I cough?"))
    assert of(copy) == (first.pk, 100, True, "")
    assert of(first) == (copy.pk, 100, True, "")
    assert of(half) == (first.pk, 67, False, "")
    assert of(other) == (None, None, False, "")
    compare(copy.pk)  # is not due: nothing to do
    assert of(copy)[0] == first.pk


def test_same_subject_is_enough_and_more_of_the_text_is_more() -> None:
    one = made(text(1, title="Coughing"))
    two = made(text(2, title="Why do I cough?"))
    assert (of(one), of(two)) == ((two.pk, 0, True, ""), (one.pk, 0, True, ""))
    three = made(text(1, title="Something else"))
    assert of(one) == (three.pk, 100, False, "")


def test_new_text_of_one_side_makes_the_other_look_again() -> None:
    near, second, first = made(text(1, 0.8)), made(text(2, 0.6)), made(text(0))
    assert (of(near)[:2], of(first)[:2]) == ((first.pk, 67), (near.pk, 67))
    saved = first.save_draft(text(9), by=first.author, based_on=first.revision)
    assert of(first) == (near.pk, 67, False, Due.TEXT)  # as it was: typing costs nothing
    compare(saved.pk)
    assert of(first) == (None, None, False, "")
    assert of(near)[3] == Due.TWIN
    compare_due()
    assert (of(near), of(second)) == ((second.pk, 43, False, ""), (near.pk, 43, False, ""))
    assert compare_due() == 0


def test_what_says_the_same_with_another_source_is_not_looked_for_again() -> None:
    version = made(text(0))
    compare(version.pk)
    cited = Content.model_validate(text(0).model_dump(mode="json") | {"references": [{"key": "r", "citation": "One"}]})
    assert of(version.save_draft(cited, by=version.author, based_on=version.revision))[3] == ""


def test_typed_draft_is_left_alone_for_a_while() -> None:
    typed, handed_in = make_version(content=text(0)), make_version("submitted")
    assert compare_due() == 1
    assert (of(typed)[3], of(handed_in)[3]) == (Due.TEXT, "")
    Version.objects.filter(pk=typed.pk).update(updated_at="2020-01-01T00:00Z")
    assert compare_due() == 1
    assert of(typed)[3] == ""


@pytest.mark.parametrize("how", ["discarded", "retracted", "superseded"])
def test_other_side_that_is_gone_is_forgotten_and_the_next_is_found(how: str) -> None:
    gone = made(make_content(), "draft" if how == "discarded" else "approved")
    mine = made(make_content())
    assert of(mine) == (gone.pk, 100, True, "")
    if how == "discarded":
        gone.discard(by=gone.author)
    elif how == "retracted":
        gone.move("retract", by=editor(), reason="It was wrong.")
    else:
        newer = revise(gone, make_content("Vertigo"))
        newer.move("submit", by=newer.author, change_note="All of it.", origin="human", ai_tool="")
        assign(newer)
        approve(newer)
    assert of(mine) == (None, None, False, Due.TWIN)
    third = make_version(content=make_content())
    compare(mine.pk)
    assert of(mine) == (third.pk, 100, True, "")


def test_own_versions_are_no_twins() -> None:
    first = made(make_content(), "approved")
    second = revise(first)
    compare(second.pk)
    assert of(second)[0] is None


def test_most_alike_is_found_among_many_that_are_alike() -> None:
    for number in range(12):
        make_version(content=text(20 + number, 0.7))
    copied = make_version(content=text(40, 0.7))
    mine = made(text(40, 0.7, title="Another"))
    assert of(mine) == (copied.pk, 100, False, "")


def test_text_that_is_older_than_fingerprints_is_drawn_when_it_is_compared() -> None:
    old, newer = made(text(0)), made(text(0))
    was = Fingerprint.objects.get(pk=old.pk)
    Fingerprint.objects.filter(pk=old.pk).update(subject="", bands=[], sources=[], due=Due.TEXT)
    compare(old.pk)
    now = Fingerprint.objects.get(pk=old.pk)
    assert (now.sketch, now.sources, now.due) == (was.sketch, was.sources, "")
    assert now.closest_id == newer.pk


def test_past_text_that_is_older_than_fingerprints_is_drawn_for_its_sources_and_is_like_none() -> None:
    base = make_content().model_dump(mode="json")
    base["diagnoses"] = [each | {"references": ["r"]} for each in base["diagnoses"]]
    cited = Content.model_validate(base | {"references": [{"key": "r", "citation": "One", "pmid": "7"}]})
    past, alike = made(cited, "retracted"), made(make_content())
    was = Fingerprint.objects.get(pk=past.pk)
    Fingerprint.objects.filter(pk=past.pk).update(subject="", bands=[], sources=[], due=Due.TEXT)
    assert compare_due() == 1
    now = Fingerprint.objects.get(pk=past.pk)
    assert (now.sketch, now.sources, len(now.sources)) == (was.sketch, was.sources, 1)
    assert of(past) == of(alike) == (None, None, False, "")
    assert compare_due() == 0
