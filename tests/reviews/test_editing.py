"""What editors do: who may, in which state, what is refused and how, and that nothing typed is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape

from articles.models import Version
from articles.states import VersionState
from ledger.models import Event
from people.models import Conflict as PersonalConflict
from people.models import Role, User
from people.rules import today
from publications.models import Publication
from reviews.candidates import candidates_for
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
from tests.racing import at_once
from tests.reviews.desks import at_desk

db = pytest.mark.django_db
STEPS = ("assign", "decline", "send-back", "retract")
#: Where each step begins.
BEGINS = {
    "assign": {"submitted", "under_review"},
    "decline": {"submitted", "under_review"},
    "send-back": {"under_review"},
    "retract": {"approved"},
}
REASON = "The second paragraph contradicts its source."


def at(version: Version, step: str) -> str:
    return f"{version.get_absolute_url()}{step}/"


def due(answer: int = 7, review: int = 21) -> dict[str, str]:
    return {
        "answer_due_on": (today() + timedelta(answer)).isoformat(),
        "review_due_on": (today() + timedelta(review)).isoformat(),
    }


# Role × address × state


@db
@pytest.mark.parametrize("state", VersionState.values)
def test_steps_are_for_editors_in_the_right_state(state: str) -> None:
    version = make_version(state)
    statuses = {
        "editor": {step: 200 if state in BEGINS[step] else 409 for step in STEPS},
        "owner": dict.fromkeys(STEPS, 403),
        "stranger": dict.fromkeys(STEPS, 404),
        "administrator": dict.fromkeys(STEPS, 404),
    }
    people = {
        "editor": editor(),
        "owner": version.article.owner,
        "stranger": author(),
        "administrator": administrator(),
    }
    for who, expected in statuses.items():
        client = at_desk(people[who])
        assert {step: client.get(at(version, step)).status_code for step in STEPS} == expected, who
        for step in STEPS:
            if expected[step] != 200:
                sent = {"reason": REASON, "confirmed": "on", **due()}
                assert client.post(at(version, step), sent).status_code == expected[step], (who, step)
    assert reread(version).state == state


@db
@pytest.mark.parametrize("step", STEPS)
def test_strangers_are_asked_to_sign_in(client: Client, step: str) -> None:
    assert client.post(at(make_version("submitted"), step)).status_code == 302


@db
@pytest.mark.parametrize("step", STEPS)
def test_editor_never_handles_an_own_article(step: str) -> None:
    both = make_person(roles=[Role.AUTHOR, Role.EDITOR])
    disclose_nothing(both)
    version = make_version("approved" if step == "retract" else "under_review", author=both)
    client = at_desk(both)
    assert client.get(at(version, step)).status_code == 403
    assert client.post(at(version, step), {"reason": REASON, "confirmed": "on", **due()}).status_code == 403


@db
def test_editor_who_mended_the_draft_does_not_handle_it() -> None:
    from tests.factories import make_content, submit

    mender, draft = editor(), make_version("draft")
    version = submit(draft.save_draft(make_content("Mended"), by=mender, based_on=draft.revision))
    assert at_desk(mender).get(at(version, "decline")).status_code == 403
    assert at_desk(editor()).get(at(version, "decline")).status_code == 200


@db
@pytest.mark.parametrize("step", STEPS)
def test_reviewer_who_may_read_may_not_handle(step: str) -> None:
    version = make_version("under_review")
    assert at_desk(version.assignments.all()[0].reviewer).get(at(version, step)).status_code == 403


@db
@pytest.mark.parametrize("step", ["assign", "decline", "send-back"])
def test_editor_who_reviews_it_does_not_handle_it(step: str) -> None:
    both = board_member()
    both.grant(Role.EDITOR, by=None)
    version = make_version("under_review", reviewers=[both, board_member()])
    client = at_desk(both)
    assert client.get(at(version, step)).status_code == 403
    assert client.post(at(version, step), {"reason": REASON, "confirmed": "on", **due()}).status_code == 403


# Decline, send back, retract


@db
@pytest.mark.parametrize(
    ("state", "step", "after", "kind"),
    [
        ("submitted", "decline", "declined", "declined"),
        ("under_review", "decline", "declined", "declined"),
        ("under_review", "send-back", "changes_requested", "changes_requested"),
    ],
)
def test_step_is_taken_with_its_reason(state: str, step: str, after: str, kind: str) -> None:
    version, eve = make_version(state), editor(name="Eve Editor")
    response = at_desk(eve).post(at(version, step), {"reason": "One.\r\nTwo."}, follow=True)
    version = reread(version)
    assert (version.state, version.state_reason) == (after, "One.\nTwo.")
    assert (event := Event.objects.filter(kind=kind).get()).actor == eve
    assert event.details["reason"] == "One.\nTwo."
    assert response.redirect_chain == [(version.get_absolute_url(), 302)]


@db
@pytest.mark.parametrize("reason", ["", "   ", "\r\n\t", "x" * 5_001, "a\0b"])
@pytest.mark.parametrize("step", ["decline", "send-back"])
def test_reason_must_be_given_and_is_kept(step: str, reason: str) -> None:
    version = make_version("under_review")
    response = at_desk(editor()).post(at(version, step), {"reason": reason})
    text = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in text
    assert len(reason) < 5_000 or reason in text
    assert reread(version).state == "under_review"


@db
def test_post_without_anything_is_refused_in_words() -> None:
    version, client = make_version("under_review"), at_desk(editor())
    for step in ("assign", "decline", "send-back"):
        assert client.post(at(version, step)).status_code in {200, 422}
    assert reread(version).state == "under_review"


@db
def test_hostile_reason_comes_back_as_words() -> None:
    bad = "</textarea><script>alert(1)</script>"
    version = make_version("approved")
    client = at_desk(editor())
    for text in (
        client.post(at(version, "retract"), {"reason": bad}).content.decode(),
        client.post(at(version, "decline"), {"reason": bad}).content.decode(),
    ):
        assert "<script>alert" not in text
        assert escape(bad) in text


@db
def test_retraction_shows_the_notice_before_it_is_made() -> None:
    version, eve = make_version("approved"), editor(name="Eve Editor")
    client = at_desk(eve)
    shown = client.post(at(version, "retract"), {"reason": REASON})
    text = shown.content.decode()
    assert (shown.status_code, reread(version).state) == (200, "approved")
    assert f"RETRACTED: {version.title}" in text
    assert text.count(REASON) == 2  # the notice, and the field that goes along
    assert "Eve Editor" in text
    response = client.post(at(version, "retract"), {"reason": REASON, "confirmed": "on"})
    assert (response.status_code, reread(version).state) == (302, "retracted")


@db
def test_reason_of_a_retraction_can_be_changed_before_it_is_made() -> None:
    version, client = make_version("approved"), at_desk(editor())
    sent = {"reason": REASON, "confirmed": "on", "change": "on"}
    text = client.post(at(version, "retract"), sent).content.decode()
    assert REASON in text
    assert "See the notice" in text
    assert reread(version).state == "approved"


@db
def test_retraction_needs_a_reason_even_when_confirmed() -> None:
    version = make_version("approved")
    assert at_desk(editor()).post(at(version, "retract"), {"reason": " ", "confirmed": "on"}).status_code == 422
    assert reread(version).state == "approved"


def test_notice_is_what_was_shown(committed_db: None) -> None:
    version, eve = make_version("approved"), editor(name="Eve Editor")
    at_desk(eve).post(at(version, "retract"), {"reason": REASON, "confirmed": "on"})
    notice = Publication.objects.page(version.article.slug).get().notice
    assert notice is not None
    assert (notice["reason"], notice["by"], notice["on"]) == (REASON, "Eve Editor", today().isoformat())


# Somebody was quicker


@db
@pytest.mark.parametrize(
    ("state", "step"), [("submitted", "decline"), ("under_review", "send-back"), ("approved", "retract")]
)
def test_second_click_says_what_happened(state: str, step: str) -> None:
    version, client = make_version(state), at_desk(editor(name="Eve Editor"))
    sent = {"reason": REASON, "confirmed": "on"}
    assert client.post(at(version, step), sent).status_code == 302
    response = client.post(at(version, step), sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Nothing was changed" in text
    assert "What you had written" in text
    assert REASON in text
    assert "Eve Editor" in text


@db
def test_withdrawn_meanwhile_keeps_what_the_editor_wrote() -> None:
    version, client = make_version("submitted"), at_desk(editor())
    version.move("withdraw", by=version.article.owner, reason="Too early.")
    response = client.post(at(version, "decline"), {"reason": "Long thoughts of the editor."})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Version 1 is withdrawn: nothing was changed." in text
    assert "Long thoughts of the editor." in text
    assert "withdrew it" in text


def test_two_editors_at_once_take_one_step(committed_db: None) -> None:
    version = make_version("under_review")
    clients = [at_desk(editor()) for _ in range(2)]
    outcomes = at_once(
        lambda: clients[0].post(at(version, "decline"), {"reason": "a"}).status_code,
        lambda: clients[1].post(at(version, "send-back"), {"reason": "b"}).status_code,
    )
    assert sorted(outcomes) == [302, 409]
    assert Event.objects.filter(kind__in=("declined", "changes_requested")).count() == 1


def test_two_editors_at_once_ask_a_reviewer_once(committed_db: None) -> None:
    version, reviewer = make_version("submitted"), board_member()
    clients = [at_desk(editor()) for _ in range(2)]
    sent = {"reviewers": [reviewer.pk], **due()}
    outcomes = at_once(*(lambda c=client: c.post(at(version, "assign"), sent).status_code for client in clients))
    assert sorted(outcomes) == [302, 422]
    assert Assignment.objects.count() == 1
    assert Event.objects.filter(kind="reviewer_invited").count() == 1


# Assign


@db
def test_assigning_starts_the_review() -> None:
    version, reviewers = make_version("submitted"), [board_member(), board_member()]
    eve = editor()
    response = at_desk(eve).post(at(version, "assign"), {"reviewers": [r.pk for r in reviewers], **due(3, 9)})
    version = reread(version)
    assert (response.status_code, version.state, version.due_on) == (302, "under_review", today() + timedelta(3))
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


@db
def test_candidates_are_ranked_with_reasons() -> None:
    version = make_version("submitted")
    busy, free = board_member(name="Ada"), board_member(name="Ben")
    other = board_member(name="Chi", specialties=["Dermatology"])
    assign(make_version("submitted"), [busy], due_in=3)
    former = board_member(name="Dan")
    former.board_profile.terms.update(ends_on=today() - timedelta(1), starts_on=today() - timedelta(400))
    found = candidates_for(version)
    assert [each.user for each in found] == [free, busy, other, former]
    assert [each.specialty for each in found] == ["Neurology", "Neurology", "", "Neurology"]
    assert [each.reasons for each in found] == [
        ["No open review"],
        ["1 open review"],
        ["No open review"],
        ["No open review"],
    ]
    assert [each.why_not for each in found] == ["", "", "", "No board term is running"]


@db
def test_same_institution_is_a_warning_and_no_more() -> None:
    owner = author()
    from people.models import BoardProfile

    profile = BoardProfile.objects.draft_for(owner)
    profile.institution = "Example  University hospital"
    profile.save()
    version, reviewer = make_version("submitted", author=owner), board_member()
    reviewer.board_profile.institution = "EXAMPLE University Hospital"
    reviewer.board_profile.save()
    client = at_desk(editor())
    assert "Same institution as the author" in client.get(at(version, "assign")).content.decode()
    assert client.post(at(version, "assign"), {"reviewers": [reviewer.pk], **due()}).status_code == 302


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
