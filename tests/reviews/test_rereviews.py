"""The light round on a public version: who is asked, what it comes to, what it leaves alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from articles.models import IllegalMove, Version
from articles.states import VersionState
from ledger.models import Event
from people.models import User
from people.models.messages import Message
from people.rules import today
from reviews.alternates import ask_alternates
from reviews.models import Conflict, Decision, Rereview
from reviews.rereview_mail import tell_of_stopped
from reviews.sight import Sight, sight
from tests.factories import (
    administrator,
    approve,
    assign,
    board_member,
    editor,
    find,
    make_version,
    reread,
    rereview,
    revise,
    sign,
    submit,
)
from tests.post import forget, only, parts
from tests.reviews.desks import address, at, at_desk, due, signature

pytestmark = pytest.mark.django_db
S = VersionState
CHANGES = "request_changes"


@pytest.fixture(scope="module")
def kept_version(kept_db: None) -> Version:
    made = make_version(S.APPROVED)
    soon = today() + timedelta(10)
    Version.objects.filter(pk=made.pk).update(next_review_on=soon)
    return made


@pytest.fixture
def version(db: None, kept_version: Version) -> Version:
    """An approved version whose review is due in ten days."""
    return reread(kept_version)


def the_round(version: Version) -> Rereview:
    return Rereview.objects.filter(version=version).latest("pk")


def queue_of(version: Version) -> tuple[str, Any]:
    turn = type(version.article).objects.get(pk=version.article_id).turn
    return turn.queue, turn.holder


def told(kind: str) -> set[User]:
    return {message.person for message in Message.objects.filter(kind=f"reviews/{kind}") if message.person}


def test_version_that_comes_due_waits_for_the_editors_until_it_is_confirmed(version: Version) -> None:
    assert queue_of(version)[0] == "rereview"
    first, second = rereview(version)
    assert queue_of(version) == ("confirming", first.reviewer)
    sign(first)
    assert the_round(version).is_open
    assert the_round(version).standing.why == "1 of 2 have confirmed it; waiting for reviewers."
    sign(second)
    ended, now = the_round(version), reread(version)
    assert (ended.outcome, ended.next_review_on) == ("confirmed", now.next_review_on)
    assert now.next_review_on is not None
    assert now.next_review_on > today() + timedelta(360)
    assert (now.state, now.content_sha256) == (S.APPROVED, version.content_sha256)
    assert queue_of(version)[0] == "public"
    assert Event.objects.filter(kind="confirmed").get().details == {
        "rereview": ended.pk,
        "next_review_on": f"{now.next_review_on}",
    }
    assert told("confirmed") >= {version.article.owner, first.reviewer, second.reviewer}


def test_confirmation_is_a_decision_on_the_same_hash(version: Version) -> None:
    decision = sign(rereview(version)[0])
    assert (decision.content_sha256, decision.rereview) == (version.content_sha256, the_round(version))
    assert decision.reverdict == "Confirmed unchanged"
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(note="Otherwise")


def test_first_who_wants_a_revision_ends_the_round_and_hands_it_to_the_owner(version: Version) -> None:
    first, second = rereview(version)
    finding = find(first, severity="must_fix")
    sign(first, CHANGES)
    assert the_round(version).outcome == "revision"
    assert queue_of(version) == ("changes", version.article.owner)
    assert version.article.owner in told("revision_requested")
    assert told("rereview_over") == {second.reviewer}
    with pytest.raises(IllegalMove):
        sign(second)
    assert reread(version).is_public

    draft = revise(version)
    assert queue_of(draft)[0] == "changes"
    asked = assign(submit(draft))
    for each in asked:
        sign(each)
    assert reread(draft).is_under_review  # what was found on the public version is answered by the next one
    finding.close(by=finding.reviewer)
    assert reread(draft).is_public
    assert reread(version).state == S.SUPERSEDED


def test_confirming_and_asking_for_a_revision_need_what_a_review_needs(version: Version) -> None:
    first, second = rereview(version)
    find(second, severity="must_fix")
    with pytest.raises(ValidationError, match="open must-fix"):
        sign(second)
    answer = at_desk(first.reviewer).post(address(first, "sign/"), signature(first, CHANGES))
    assert "Say what must change" in answer.content.decode()
    sign(first)
    the_round(version).ask([board_member()], by=editor(), **_days())
    third = the_round(version).assignments.with_people().latest("pk")
    sign(third)
    assert the_round(version).standing.why == "2 of 2 have confirmed it, but 1 must-fix finding must be closed first."
    version.findings.get().close(by=second.reviewer)
    assert the_round(version).outcome == "confirmed"
    assert told("rereview_over") == {second.reviewer}


def _days() -> dict[str, Any]:
    return {"answer_due_on": today() + timedelta(3), "review_due_on": today() + timedelta(9)}


@pytest.mark.parametrize("who", ["author", "conflicted", "no reviewer", "asked already"])
def test_only_eligible_reviewers_are_asked(version: Version, who: str) -> None:
    signer = version.decisions.all()[0].reviewer
    person = {"author": version.article.owner, "no reviewer": editor()}.get(who, signer)
    if who == "author":
        person.grant("reviewer", by=None)
    if who == "conflicted":
        Conflict.objects.declare(version, by=signer, reason="I hold shares.")
    if who == "asked already":
        rereview(version, [signer])
        with pytest.raises(ValidationError):
            the_round(version).ask([person], by=editor(), **_days())
        return
    with pytest.raises(ValidationError):
        rereview(version, [person])
    assert not version.rereviews.exists()


def test_who_may_begin_and_when(version: Version) -> None:
    with pytest.raises(PermissionDenied):
        rereview(version, by=board_member())
    with pytest.raises(IllegalMove, match="changes requested"):
        rereview(make_version(S.CHANGES_REQUESTED))
    asked = rereview(version)
    with pytest.raises(IllegalMove, match="already"):
        rereview(version)
    chief = editor()
    with pytest.raises(ValidationError, match="reason"):
        the_round(version).stop(by=chief, reason=" ")
    the_round(version).stop(by=chief, reason="The guideline comes next week.")
    assert told("rereview_over") == {each.reviewer for each in asked}
    assert queue_of(version)[0] == "rereview"
    revise(version)
    with pytest.raises(IllegalMove, match="Version 2 is being made"):
        rereview(version)


def test_article_is_handed_to_nobody_who_has_to_confirm_it(version: Version) -> None:
    rereview(version)
    asked = the_round(version).assignments.all()[0].reviewer
    asked.grant("editor", by=administrator())
    assert asked not in version.article.possible_editors()
    assert not version.article.may_be_handled_by(User.objects.get(pk=asked.pk))


def test_editor_asks_for_a_revision_without_a_round(version: Version) -> None:
    Rereview.objects.request_revision(version, by=editor(), reason="The guideline changed.")
    assert queue_of(version) == ("changes", version.article.owner)
    assert version.article.owner in told("revision_requested")
    assert reread(version).is_public
    assert rereview(version)  # the editor may think better of it


def _retract(version: Version) -> None:
    version.move("retract", by=editor(), reason="A red flag was wrong.")


def _begin_anew(version: Version) -> None:
    revise(version)


@pytest.mark.parametrize(
    ("end", "reason"), [(_retract, "The article was retracted."), (_begin_anew, "A new version was begun.")]
)
def test_round_stops_with_its_text(version: Version, end: Any, reason: str) -> None:
    first, second = rereview(version)
    sign(first)
    end(reread(version))
    ended = the_round(version)
    assert (ended.outcome, ended.reason) == ("stopped", reason)
    assert Event.objects.get(kind="rereview_stopped").details == {"rereview": ended.pk, "reason": reason}
    with pytest.raises(IllegalMove):
        sign(second)
    assert (tell_of_stopped(), tell_of_stopped()) == (1, 1)
    assert told("rereview_over") == {second.reviewer}
    assert Message.objects.filter(kind="reviews/rereview_over").count() == 1


def test_signer_who_left_does_not_count(version: Version) -> None:
    first, second = rereview(version)
    sign(first)
    first.reviewer.end_role("reviewer", by=None)
    sign(second)
    assert the_round(version).is_open
    assert the_round(version).standing.why == "1 of 2 have confirmed it: ask more reviewers."
    assert queue_of(version)[0] == "stuck"


def test_confirmers_who_stay_silent_are_taken_off_and_the_editor_is_told(
    version: Version, run_tasks: Callable[[], int]
) -> None:
    first, second = (decision.reviewer for decision in version.decisions.order_by("pk"))
    silent, begun = rereview(version, [first, second])
    find(begun)
    run_tasks()
    forget()
    date = silent.answer_due_on
    late = timezone.now() + timedelta(7 + settings.SILENCE_DAYS + 1)
    assert ask_alternates(late - timedelta(1)) == 0
    assert (ask_alternates(late), ask_alternates(late)) == (1, 0)
    silent.refresh_from_db()
    assert (silent.state, silent.reason) == ("cancelled", f"No answer came by {date.day} {date:%b %Y}.")
    event = Event.objects.latest("seq")
    assert (event.kind, event.actor, event.details["rereview"]) == ("invitation_lapsed", None, silent.rereview_id)
    assert the_round(version).is_open
    assert the_round(version).standing.why == "0 of 2 have confirmed it: ask more reviewers."
    assert queue_of(version) == ("confirming", begun.reviewer)
    assert told("lapsed") == {silent.invited_by}
    run_tasks()
    message = only("lapsed")
    assert message.subject == f"{silent.reviewer.display_name} no longer confirms: {version.title}"
    assert "0 of 2 have confirmed it: ask more reviewers." in parts(message)[0]


def test_everybody_judges_alone(version: Version) -> None:
    """Neither the other's name nor word reaches a confirmer before they sign, nor the author a word unsigned."""
    first, second = rereview(version, [board_member(name="Dr Ada Example"), board_member(name="Dr Ben Sample")])
    find(first, "A pearl of wisdom.")
    sign(first)
    find(second, "An unsigned thought.")
    assert sight(second.reviewer, reread(version)) is Sight.OWN_REVIEW
    for tab in ("text", "findings", "history"):
        mine = at_desk(second.reviewer).get(f"{version.get_absolute_url()}?tab={tab}").content.decode()
        assert "Ada Example" not in mine
        assert "pearl" not in mine
        theirs = at_desk(version.article.owner).get(f"{version.get_absolute_url()}?tab={tab}").content.decode()
        assert "Ben Sample" not in theirs
        assert "unsigned thought" not in theirs
    page = at_desk(second.reviewer).get(address(second)).content.decode()
    assert "pearl" not in page
    assert "Ada Example" in at_desk(version.article.owner).get(version.get_absolute_url()).content.decode()


def test_from_the_editors_page_to_the_signature(version: Version) -> None:
    chief = at_desk(editor())
    signers = [d.reviewer for d in version.decisions.all()]
    page = chief.get(at(version, "confirm")).content.decode()
    assert all(f'value="{user.pk}" checked' in page for user in signers)
    sent = {"reviewers": [user.pk for user in signers], **due()}
    assert chief.post(at(version, "confirm"), sent).headers["Location"] == version.get_absolute_url()
    here = chief.get(version.get_absolute_url()).content.decode()
    assert "0 of 2 have confirmed it; waiting for reviewers." in here
    assert at(version, "confirm/stop") in here
    for assignment in the_round(version).assignments.with_people():
        client = at_desk(assignment.reviewer)
        reading = client.get(address(assignment)).content.decode()
        assert "Confirm unchanged…" in reading
        assert "You signed exactly this text on" in reading
        known = {"verdict": "approve", "content_sha256": version.content_sha256 or ""}
        assert "Sign and confirm version 1" in client.get(address(assignment, "sign/"), known).content.decode()
        answer = client.post(address(assignment, "sign/"), signature(assignment))
        assert answer.headers["Location"] == address(assignment, "signed/")
    assert "It is confirmed; the next review is due by" in client.get(address(assignment, "signed/")).content.decode()
    assert "Confirmed unchanged" in chief.get(version.get_absolute_url()).content.decode()


@pytest.mark.parametrize("step", ["confirm", "confirm/stop", "revision"])
def test_step_that_came_too_late_changes_nothing(version: Version, step: str) -> None:
    _retract(version)
    answer = at_desk(editor()).post(at(version, step), {"reason": "Because.", "reviewers": [1], **due()})
    assert answer.status_code == 409
    assert not version.rereviews.exists()


@pytest.mark.parametrize("step", ["confirm/stop", "revision"])
def test_step_wants_a_reason(version: Version, step: str) -> None:
    if step == "confirm/stop":
        rereview(version)
    chief = at_desk(editor())
    assert chief.post(at(version, step), {"reason": ""}).status_code == 422
    assert chief.post(at(version, step), {"reason": "New data."}).headers["Location"] == version.get_absolute_url()
    assert the_round(version).reason == "New data."


FORGED = {
    "a later date": ("UPDATE articles_version SET next_review_on = '2099-01-01' WHERE id = {v}", "re-review only"),
    "no date": ("UPDATE articles_version SET next_review_on = NULL WHERE id = {v}", "re-review only"),
    "a confirmation": (
        """UPDATE reviews_rereview SET outcome = 'confirmed', ended_at = now(), next_review_on = '2027-01-01'
           WHERE id = {r}""",
        "no quorum",
    ),
    "a confirmation by the function": ("SELECT confirm_version({r}, 12)", "no quorum"),
    "a public date": ("UPDATE pub.publication SET next_review_on = '2099-01-01'", "permission denied"),
    "a revision that nobody wants": (
        "UPDATE reviews_rereview SET outcome = 'revision', ended_at = now(), reason = '' WHERE id = {r}",
        "nobody asked",
    ),
    "another version": ("UPDATE reviews_rereview SET version_id = version_id + 1 WHERE id = {r}", "stays as it was"),
    "a round removed": ("DELETE FROM reviews_rereview WHERE id = {r}", "append-only"),
    "an assignment carried over": ("UPDATE reviews_assignment SET rereview_id = NULL WHERE id = {a}", "keeps its"),
    "a late question": (
        """INSERT INTO reviews_assignment SELECT (jsonb_populate_record(x, jsonb_build_object('id', 999999,
           'rereview_id', {r}, 'version_id', {o}))).* FROM reviews_assignment x WHERE id = {a}""",
        "is not being re-reviewed",
    ),
    "a signature of the first review": (
        """INSERT INTO reviews_decision SELECT (jsonb_populate_record(d, jsonb_build_object('id', 999999, 'key',
           gen_random_uuid(), 'rereview_id', {r}))).* FROM reviews_decision d WHERE version_id = {v} LIMIT 1""",
        "was not asked",
    ),
    "a signature for the first review": (
        """INSERT INTO reviews_decision SELECT (jsonb_populate_record(d, jsonb_build_object('id', 999999, 'key',
           gen_random_uuid(), 'assignment_id', {a}, 'rereview_id', NULL))).* FROM reviews_decision d
           WHERE version_id = {v} LIMIT 1""",
        "is not under review",
    ),
}


def test_promise_2_database_refuses(version: Version) -> None:
    first, _ = rereview(version)
    names = {"v": version.pk, "r": the_round(version).pk, "a": first.pk, "o": make_version(S.SUBMITTED).pk}
    for sql, words in FORGED.values():
        with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(**names))


def test_promise_2_first_quorum_and_second_do_not_mix(version: Version) -> None:
    """One who approved and one who confirms are not two who confirm."""
    one = board_member()
    [asked] = rereview(version, [one])
    sign(asked)
    assert the_round(version).is_open
    newer = submit(revise(version))
    assign(newer, [one, board_member()])
    assert approve(newer).is_public
    assert [v.state for v in version.article.versions.order_by("number")] == [S.SUPERSEDED, S.APPROVED]


def test_editor_reminds_one_of_those_who_are_to_confirm(version: Version) -> None:
    first, second = rereview(version)
    ed, here = editor(), version.get_absolute_url()
    page = at_desk(ed).get(here).content.decode()
    assert page.count('name="reviewer"') == 2
    assert page.count(f'name="reviewer" value="{first.reviewer.pk}"') == 1
    assert 'name="reviewer"' not in at_desk(second.reviewer).get(here).content.decode()
    said = at_desk(ed).post(f"{here}remind/", {"reviewer": first.reviewer.pk}, follow=True).content.decode()
    assert f"Reminded by e-mail: {first.reviewer.display_name}." in said
    assert told("nudge") == {first.reviewer}
    sign(first)
    assert f'value="{first.reviewer.pk}"' not in at_desk(ed).get(here).content.decode()
