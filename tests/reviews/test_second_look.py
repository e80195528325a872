"""A second look: what is new since the version that the reviewer read, and what was said about that."""

import pytest
from bs4 import BeautifulSoup

from content.schema import Content
from reviews.models import Assignment
from reviews.reading import Reading
from tests.factories import assign, board_member, editor, find, make_content, reread, revise, sign, submit
from tests.reviews.desks import Asked, address, at_desk

pytestmark = pytest.mark.django_db


def on_second_look(assignments: Asked, content: Content | None = None) -> Assignment:
    """The first reviewer's assignment to version 2, after both asked for changes to version 1."""
    for assignment in assignments:
        sign(assignment, "request_changes")
    version = submit(revise(reread(assignments[0].version), content))
    first, _ = assign(version, [a.reviewer for a in assignments])
    return Assignment.objects.with_people().get(pk=first.pk)


def test_second_look_shows_what_is_new_and_what_was_said(two: Asked) -> None:
    before = make_content().model_dump(mode="json")
    before["diagnoses"][1]["clinician"]["rationale"] = "Quite another reason."
    before["diagnoses"][2]["key"] = "haemorrhage"
    assignment = on_second_look(two, Content.model_validate(before))
    look = Reading(assignment, assignment.reviewer).look
    assert look is not None
    assert (look.since.number, look.changed, look.added) == (1, ["reflux"], ["haemorrhage"])
    assert look.unchanged == {"full-stomach", "phrenic"}
    text = at_desk(assignment.reviewer).get(address(assignment)).content.decode()
    folded = BeautifulSoup(text, "lxml").select("details.review-folded > summary > .review-folded-name")
    assert [name.get_text() for name in folded] == ["Gastric distension", "Phrenic nerve irritation"]
    assert "Only what changed since version 1, which you signed on" in text
    shown = at_desk(assignment.reviewer).get(f"{address(assignment)}?show=all").content.decode()
    assert "review-folded" not in shown
    assert "What changed since version 1" in text
    assert "The rationale lacks a source." in text


def test_second_look_notices_another_source(two: Asked) -> None:
    content = make_content(references=[{"key": "ninds", "citation": "Another book."}])
    assignment = on_second_look(two, content)
    look = Reading(assignment, assignment.reviewer).look
    assert look is not None
    assert look.unchanged == frozenset()


def test_unchanged_are_marked_read_at_once(two: Asked) -> None:
    assignment = on_second_look(two)
    reading = Reading(assignment, assignment.reviewer)
    assert len(reading.unread_unchanged) == 4
    client = at_desk(assignment.reviewer)
    answer = client.post(address(assignment, "read/"), {"key": reading.unread_unchanged, "read": "1"})
    assert answer.status_code == 302
    assert "4 of 4 read" in client.get(address(assignment)).content.decode()


def test_who_joins_later_is_not_told_that_they_have_read_it(two: Asked) -> None:
    assignment = on_second_look(two)
    newcomer = assign(assignment.version, [board_member()])[0]
    text = at_desk(newcomer.reviewer).get(address(newcomer)).content.decode()
    assert "This follows version 1." in text
    assert "Unchanged since" not in text


def test_earlier_round_is_read_with_its_answers_and_closed_by_its_maker(two: Asked) -> None:
    first, second = two
    finding = find(first, "Name the dose.", "must_fix")
    for assignment in (first, second):
        sign(assignment, "request_changes")
    finding.respond("rebutted", "The dose is in the leaflet.", by=first.version.article.owner)
    version = submit(revise(reread(first.version)))
    again, other = assign(version, [first.reviewer, second.reviewer])
    for assignment, may_close in ((again, True), (other, False)):
        text = at_desk(assignment.reviewer).get(address(assignment)).content.decode()
        assert "The dose is in the leaflet." in text
        assert (f"/desk/findings/{finding.pk}/close/" in text) is may_close


@pytest.mark.parametrize(
    ("ticked", "sentence", "folded"),
    [
        ([], "You opened version 1.", []),
        (["stroke", "reflux"], "You read version 1.", ["stroke"]),
    ],
)
def test_who_only_read_is_shown_what_they_have_not_read(
    two: Asked, ticked: list[str], sentence: str, folded: list[str]
) -> None:
    reader, other = two
    client = at_desk(reader.reviewer)
    client.get(address(reader))
    client.post(address(reader, "read/"), {"key": ticked, "read": "1"})
    sign(other, "request_changes")
    reread(reader.version).move("request_changes", by=editor(), reason="The red flags are incomplete.")
    content = make_content().model_dump(mode="json")
    content["diagnoses"][1]["clinician"]["red_flags"].append("Weight loss")
    version = submit(revise(reread(reader.version), Content.model_validate(content)))
    again = Assignment.objects.with_people().get(pk=assign(version, [reader.reviewer, board_member()])[0].pk)
    reading = Reading(again, again.reviewer)
    assert reading.look is not None
    assert reading.look.sentence.startswith(sentence)
    assert [key for key, place in reading.places.items() if place.is_folded] == folded
    text = client.get(address(again)).content.decode()
    assert "Red flags for clinicians: added Weight loss" in text
    assert "What changed since version 1" in text


def test_own_findings_on_what_was_approved_stand_beside_and_nobody_elses(two: Asked) -> None:
    first, second = two
    mine, theirs = find(first, "Mine from then."), find(second, "Theirs from then.")
    for assignment in (first, second):
        sign(assignment)
    content = make_content().model_dump(mode="json")
    content["diagnoses"][0]["name"] = "Gastric fullness"
    version = submit(revise(reread(first.version), Content.model_validate(content)))
    again, _ = assign(version, [first.reviewer, second.reviewer])
    text = at_desk(first.reviewer).get(address(again)).content.decode()
    assert (mine.body in text, theirs.body in text) == (True, False)
    assert "which you signed on" in text
    assert "<ins>fullness</ins>" in text
