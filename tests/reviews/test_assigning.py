"""Whom editors may ask to review, and how a reviewer is taken off again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import escape

from articles.models import Version
from ledger.models import Event
from people.models import BoardProfile, Role, User
from people.models import Conflict as PersonalConflict
from people.rules import today
from reviews.alternates import line_of
from reviews.models import Assignment, Conflict
from reviews.states import AssignmentState
from tests.factories import (
    administrator,
    assign,
    author,
    board_member,
    editor,
    make_person,
    make_version,
    reread,
    sign,
)
from tests.people.factories import disclose_nothing
from tests.reviews.desks import at, at_desk, due

db = pytest.mark.django_db
REASON = "The second paragraph contradicts its source."


@db
def test_assigning_starts_the_review() -> None:
    version, reviewers = make_version("submitted"), [board_member(), board_member()]
    eve = editor()
    response = at_desk(eve).post(at(version, "assign"), {"reviewers": [r.pk for r in reviewers], **due(3, 9)})
    version = reread(version)
    assert (response.status_code, version.state) == (302, "under_review")
    assert version.turn.due_on == today() + timedelta(3)
    asked = version.assignments.order_by("reviewer")
    assert [(a.reviewer, a.invited_by, a.state) for a in asked] == [(r, eve, "invited") for r in reviewers]
    assert {(a.answer_due_on, a.review_due_on) for a in asked} == {(today() + timedelta(3), today() + timedelta(9))}


@db
def test_due_dates_are_filled_in_from_the_settings() -> None:
    text = at_desk(editor()).get(at(make_version("submitted"), "assign")).content.decode()
    assert f'value="{(today() + timedelta(settings.ANSWER_DAYS)).isoformat()}"' in text
    assert f'value="{(today() + timedelta(settings.REVIEW_DAYS)).isoformat()}"' in text


def _author_of(version: Version) -> User:
    owner = version.article.owner
    owner.grant(Role.REVIEWER, by=None)
    return owner


def _conflicted(version: Version) -> User:
    reviewer = board_member()
    Conflict.objects.declare(version, by=reviewer, reason="Wrote the paper it cites.")
    return reviewer


def _conflicted_with_the_author(version: Version) -> User:
    reviewer = board_member()
    PersonalConflict.objects.create(user=reviewer, person=version.article.owner, reason="Married.")
    return reviewer


def _without_term(version: Version) -> User:
    reviewer = make_person(roles=[Role.REVIEWER])
    disclose_nothing(reviewer)
    return reviewer


INELIGIBLE: dict[str, Callable[[Version], User]] = {
    "wrote or owns this article": _author_of,
    "conflict of interest with this article": _conflicted,
    "conflict of interest with an author": _conflicted_with_the_author,
    "no board term is running": _without_term,
}


@db
@pytest.mark.parametrize("why", INELIGIBLE)
def test_promise_3_who_is_ineligible_is_shown_with_the_reason_and_refused(why: str) -> None:
    version = make_version("submitted")
    person = INELIGIBLE[why](version)
    client, able = at_desk(editor()), board_member()
    text = client.get(at(version, "assign")).content.decode()
    assert why in text.lower()
    assert f'name="reviewers" value="{person.pk}"' not in text
    assert f'name="reviewers" value="{able.pk}"' in text
    response = client.post(at(version, "assign"), {"reviewers": [able.pk, person.pk], **due()})
    text = response.content.decode()
    assert response.status_code == 422
    assert f"{escape(person.display_name)} cannot review this: {why}." in text
    assert f'value="{able.pk}" checked' in text
    assert not Assignment.objects.exists()
    assert reread(version).state == "submitted"


@db
def test_who_was_asked_cannot_be_asked_again_until_taken_off() -> None:
    version = make_version("under_review")
    assignment = version.assignments.select_related("reviewer")[0]
    client = at_desk(editor())
    sent = {"reviewers": [assignment.reviewer_id], **due()}
    response = client.post(at(version, "assign"), sent)
    assert response.status_code == 422
    assert "has been asked already" in response.content.decode()
    assignment.cancel(by=editor(), reason="On leave.")
    assert client.post(at(version, "assign"), sent).status_code == 302
    assert Assignment.objects.get(pk=assignment.pk).state == AssignmentState.INVITED


@db
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"reviewers": ["0"]},
        {"reviewers": ["-1", "x", "\0", "9" * 40]},
        {"reviewers": ["1"] * 300},
    ],
)
def test_nonsense_is_no_reviewer(sent: dict[str, Any]) -> None:
    version = make_version("submitted")
    assert at_desk(editor()).post(at(version, "assign"), {**sent, **due()}).status_code == 422
    assert not Assignment.objects.exists()


@db
@pytest.mark.parametrize(
    ("dates", "problem"),
    [
        (due(-1, 5), "Choose a day from today on"),
        (due(5, 400), "Choose a day from today on"),
        (due(9, 3), "The review cannot be due before the answer."),
        ({"answer_due_on": "soon", "review_due_on": "0000-00-00"}, "Enter a valid date."),
        ({"answer_due_on": "", "review_due_on": ""}, "This field is required."),
    ],
)
def test_dates_must_make_sense(dates: dict[str, str], problem: str) -> None:
    version, reviewer = make_version("submitted"), board_member()
    response = at_desk(editor()).post(at(version, "assign"), {"reviewers": [reviewer.pk], **dates})
    assert response.status_code == 422
    assert problem in response.content.decode()
    assert f'value="{reviewer.pk}" checked' in response.content.decode()
    assert not Assignment.objects.exists()


def _colleague_of(version: Version) -> User:
    """A reviewer who works where the author does."""
    reviewer = board_member(name="Dr Coll Eague")
    BoardProfile.objects.filter(user=reviewer).update(institution="EXAMPLE  University Hospital")
    return reviewer


@db
def test_somebody_from_the_authors_institution_is_asked_with_a_reason_only() -> None:
    owner = author()
    BoardProfile.objects.draft_for(owner)
    BoardProfile.objects.filter(user=owner).update(institution="Example University hospital")
    version = make_version("submitted", author=User.objects.get(pk=owner.pk))
    reviewer, client = _colleague_of(version), at_desk(editor())
    page = at(version, "assign")
    shown = client.get(page).content.decode()
    assert "Same institution as the author" in shown
    assert "js/review-typing" in shown  # keeps the reason over a session that ended: promise 7
    for sent in ({"reviewers": [reviewer.pk]}, {"reviewers": [board_member().pk], f"line_{reviewer.pk}": "1"}):
        refused = client.post(page, {**sent, "despite": "  ", **due()})
        assert refused.status_code == 422
        assert "Say why you choose Dr Coll Eague" in refused.content.decode()
    with pytest.raises(ValidationError, match="author’s institution"):
        assign(version, [reviewer])
    assert not Assignment.objects.exists()
    sent = {"reviewers": [reviewer.pk], "despite": "Nobody else knows the field."}
    assert client.post(page, {**sent, **due()}).status_code == 302
    assert [f'/assign/-{n}"><form' in client.get(page).content.decode() for n in (0, 1)] == [False, True]
    told = Event.objects.get(kind="asked_despite")
    assert told.details == {"reviewer": "Dr Coll Eague", "reason": "Nobody else knows the field."}


@db
def test_a_line_of_alternates_is_chosen_changed_and_emptied() -> None:
    version, client = make_version("submitted"), at_desk(editor())
    first, ada, ben = board_member(), board_member(name="Ada"), board_member(name="Ben")
    page = at(version, "assign")
    sent = {"reviewers": [first.pk], f"line_{ada.pk}": "2", f"line_{ben.pk}": "1", f"line_{first.pk}": "3"}
    assert client.post(page, {f"line_{ada.pk}": "1", **due()}).status_code == 422
    response = client.post(page, {**sent, **due()}, follow=True)
    assert "Next in line: Ben, Ada." in response.content.decode()
    assert [each.reviewer for each in line_of(version)] == [ben, ada]
    text = client.get(page).content.decode()
    assert f'name="line_{ben.pk}"><option value="">–</option><option value="1" selected>' in text
    assert client.post(page, {f"line_{ada.pk}": "1", f"line_{ben.pk}": "nonsense", **due()}).status_code == 302
    assert [each.reviewer for each in line_of(version)] == [ada]
    response = client.post(page, due(), follow=True)
    assert "Nobody is in line any more." in response.content.decode()
    assert line_of(version) == []
    assert client.post(page, due()).status_code == 422
    assert [each.reviewer for each in version.assignments.select_related("reviewer")] == [first]


@db
def test_nobody_to_ask_is_said() -> None:
    text = at_desk(editor()).get(at(make_version("submitted"), "assign")).content.decode()
    assert "Nobody else on the board can review this version now." in text


@db
def test_assign_page_costs_the_same_for_many_candidates() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    version, client = make_version("submitted"), at_desk(editor())

    def cost(more: int) -> int:
        for _ in range(more):
            board_member()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(version, "assign")).status_code == 200
        return len(asked)

    assert cost(3) == cost(27)


# Take a reviewer off


def off(assignment: Assignment) -> str:
    return f"/desk/reviews/{assignment.pk}/cancel/"


@db
def test_reviewer_is_taken_off_with_a_reason() -> None:
    assignment = make_version("under_review").assignments.all()[0]
    client = at_desk(editor())
    assert client.get(off(assignment)).status_code == 200
    assert client.post(off(assignment), {"reason": ""}).status_code == 422
    assert client.post(off(assignment), {"reason": "On leave."}).status_code == 302
    assignment.refresh_from_db()
    assert (assignment.state, assignment.reason) == ("cancelled", "On leave.")
    assert Event.objects.get(kind="assignment_cancelled").details["reason"] == "On leave."
    assert client.post(off(assignment), {"reason": "On leave."}).status_code == 409


@db
def test_taking_off_is_for_editors_of_the_article() -> None:
    both = make_person(roles=[Role.AUTHOR, Role.EDITOR])
    disclose_nothing(both)
    version = make_version("under_review", author=both)
    first, second = version.assignments.select_related("reviewer")
    statuses = {
        "own article": at_desk(both).post(off(first), {"reason": REASON}).status_code,
        "the reviewer": at_desk(first.reviewer).post(off(first), {"reason": REASON}).status_code,
        "the other reviewer": at_desk(second.reviewer).post(off(first), {"reason": REASON}).status_code,
        "stranger": at_desk(author()).post(off(first), {"reason": REASON}).status_code,
        "administrator": at_desk(administrator()).post(off(first), {"reason": REASON}).status_code,
    }
    assert statuses == {
        "own article": 403,
        "the reviewer": 403,
        "the other reviewer": 404,
        "stranger": 404,
        "administrator": 404,
    }
    assert set(version.assignments.values_list("state", flat=True)) == {"invited"}


@db
def test_who_has_signed_cannot_be_taken_off() -> None:
    version = make_version("submitted")
    first, _ = assign(version)
    sign(first)
    response = at_desk(editor()).post(off(first), {"reason": "Typed before the signature."})
    assert response.status_code == 409
    assert "Typed before the signature." in response.content.decode()


@db
def test_taking_off_the_last_one_may_end_the_round() -> None:
    version = make_version("submitted")
    first, second = assign(version)
    sign(first, "request_changes")
    response = at_desk(editor()).post(off(second), {"reason": "Away."}, follow=True)
    assert response.status_code == 200
    assert reread(version).state == "changes_requested"
