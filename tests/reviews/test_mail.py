"""Who is told what of a review, and who must not know. See `tests/articles/test_mail.py` for the version's own way."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pytest
from django.core import mail
from django_tasks_db.backend import DatabaseBackend

from articles.models import Version
from people.models import Role, User
from reviews.models import Assignment
from tests.factories import administrator, assign, author, board_member, editor, make_version, reread, sign, submit
from tests.post import be_killed_after_sending, each, forget, kind, only, outbox, parts, waiting

type Run = Callable[[], int]
REASON = "On leave until May."


class Cast(NamedTuple):
    """A version that is submitted, and everybody there is."""

    version: Version
    owner: User
    editor: User
    other_editor: User
    reader: User
    second: User
    editor_who_reviews: User


@pytest.fixture(scope="module")
def kept_cast(kept_db: None) -> Cast:
    owner, asking = author(name="Ada Owner"), editor(name="Ed Asking")
    both = board_member(name="Bo Both")
    both.grant(Role.EDITOR, by=None)
    everybody = Cast(
        version=submit(make_version(author=owner, editor=asking)),
        owner=owner,
        editor=asking,
        other_editor=editor(name="Olga Other"),
        reader=board_member(name="Rea Reader"),
        second=board_member(name="Sec Second"),
        editor_who_reviews=both,
    )
    for stranger in (author, administrator, board_member):
        stranger()
    forget()
    return everybody


@pytest.fixture
def cast(db: None, kept_cast: Cast) -> Cast:
    version, *people = kept_cast
    users = User.objects.in_bulk([user.pk for user in people])
    return Cast(reread(version), *(users[user.pk] for user in people))


def ask(cast: Cast, *reviewers: User) -> Assignment:
    """Ask the reader and these others; returns the reader's assignment, nothing queued."""
    asked = assign(cast.version, [cast.reader, *reviewers], by=cast.editor)
    forget()
    return asked[0]


# Message by recipient


def test_who_is_asked_gets_an_invitation(cast: Cast, run_tasks: Run) -> None:
    assign(cast.version, [cast.reader, cast.second], by=cast.editor)
    run_tasks()
    assert outbox() == each(("invited", cast.reader), ("invited", cast.second))


def test_invitation_says_by_when_and_links_to_the_review(cast: Cast, run_tasks: Run) -> None:
    assignment = assign(cast.version, [cast.reader], by=cast.editor)[0]
    run_tasks()
    message = only("invited")
    assert message.subject == "Please review: Hiccups at night"
    for part in parts(message):
        assert "Ed Asking asks you to review version 1 of “Hiccups at night” by Ada Owner" in part
        assert f"Accept or decline by {assignment.answer_due_on:%-d %b %Y}" in part
        assert f"due by {assignment.review_due_on:%-d %b %Y}" in part
        assert f"http://testserver/desk/reviews/{assignment.pk}/" in part


def test_invitation_brings_the_authors_note(cast: Cast, run_tasks: Run) -> None:
    ask(cast)
    sent_back = reread(cast.version).move("request_changes", by=cast.editor, reason=REASON)
    second = submit(sent_back.article.start_draft(by=cast.owner), change_note="New red flags,\nand a dose.")
    forget()
    assign(second, [cast.reader], by=cast.editor)
    run_tasks()
    text, html = parts(only("invited"))
    assert "New red flags,\nand a dose." in text
    assert "New red flags,<br>and a dose." in html


def test_answer_goes_to_the_editor_who_asked(cast: Cast, run_tasks: Run) -> None:
    assignment = ask(cast, cast.second)
    assignment.accept(by=cast.reader)
    assignment.accept(by=cast.reader)
    other = cast.version.assignments.get(reviewer=cast.second)
    other.decline(by=cast.second, reason=REASON)
    run_tasks()
    declined = next(message for message in mail.outbox if kind(message.message()) == "declined")
    assert REASON in declined.body
    assert "assign more reviewers" in declined.body
    assert outbox() == each(("accepted", cast.editor), ("declined", cast.editor))


def test_answer_goes_to_all_editors_when_who_asked_has_left(cast: Cast, run_tasks: Run) -> None:
    assignment = ask(cast)
    cast.editor.end_role(Role.EDITOR, by=None)
    assignment.decline(by=cast.reader, reason=REASON)
    run_tasks()
    assert outbox() == each(("declined", cast.other_editor), ("declined", cast.editor_who_reviews))


def test_cancelled_reviewer_is_told_why(cast: Cast, run_tasks: Run) -> None:
    ask(cast, cast.second).cancel(by=cast.editor, reason="Found somebody nearer.")
    run_tasks()
    text, _ = parts(only("cancelled"))
    assert "Found somebody nearer." in text
    assert "http://testserver/desk/\n" in text
    assert outbox() == each(("cancelled", cast.reader))


@pytest.mark.parametrize(("verdict", "words"), [("approve", "approves"), ("request_changes", "asks for changes")])
def test_decision_goes_to_editors_alone(cast: Cast, run_tasks: Run, verdict: str, words: str) -> None:
    sign(ask(cast, cast.second), verdict, note="My secret note.")
    run_tasks()
    assert {message.subject for message in mail.outbox} == {f"Rea Reader {words}: Hiccups at night"}
    assert not [message for message in mail.outbox if "secret" in message.body]
    assert outbox() == each(*[("decided", user) for user in (cast.editor, cast.other_editor, cast.editor_who_reviews)])


def test_editor_who_has_yet_to_sign_does_not_learn_a_verdict(cast: Cast, run_tasks: Run) -> None:
    assignment = ask(cast, cast.editor_who_reviews, cast.second)
    sign(assignment)
    run_tasks()
    assert outbox() == each(("decided", cast.editor), ("decided", cast.other_editor))


def test_editor_who_signed_is_not_told_of_that_but_of_the_next(cast: Cast, run_tasks: Run) -> None:
    assignment = ask(cast, cast.editor_who_reviews, cast.second)
    sign(cast.version.assignments.get(reviewer=cast.editor_who_reviews))
    run_tasks()
    assert outbox() == each(("decided", cast.editor), ("decided", cast.other_editor))
    sign(assignment, "request_changes")
    run_tasks()
    assert outbox() == each(*[("decided", user) for user in (cast.editor, cast.other_editor, cast.editor_who_reviews)])


def test_editor_who_is_asked_before_it_is_sent_does_not_learn_a_verdict(cast: Cast, run_tasks: Run) -> None:
    sign(ask(cast, cast.second))
    assign(cast.version, [cast.editor_who_reviews], by=cast.editor)
    run_tasks()
    assert outbox() == each(
        ("decided", cast.editor), ("decided", cast.other_editor), ("invited", cast.editor_who_reviews)
    )


def test_hostile_names_and_notes_are_text(cast: Cast, run_tasks: Run) -> None:
    payload = "<script>alert(1)</script>"
    assignment = ask(cast, cast.second)
    User.objects.update(name=f"Eve\r\nBcc: victim@example.org {payload}")
    assignment.decline(by=cast.reader, reason=payload)
    sign(cast.version.assignments.get(reviewer=cast.second))
    assign(cast.version, [cast.editor_who_reviews], by=cast.editor)
    run_tasks()
    assert {kind(message.message()) for message in mail.outbox} == {"declined", "decided", "invited"}
    for message in mail.outbox:
        assert payload in message.body
        assert "<script" not in parts(message)[1]
        assert "\n" not in message.subject
        assert message.message()["Bcc"] is None
        assert message.recipients() == message.to


# If and only if it was committed


def calls(cast: Cast) -> dict[str, Callable[[], Any]]:
    """Each call of the domain that tells somebody, ready to be made."""
    assignment = ask(cast, cast.second)
    return {
        "invite": partial(assign, cast.version, [cast.editor_who_reviews], by=cast.editor),
        "accept": partial(assignment.accept, by=cast.reader),
        "decline": partial(assignment.decline, by=cast.reader, reason=REASON),
        "cancel": partial(assignment.cancel, by=cast.editor, reason=REASON),
        "sign": partial(sign, assignment),
    }


@pytest.mark.parametrize(
    ("call", "messages"), [("invite", 1), ("accept", 1), ("decline", 1), ("cancel", 1), ("sign", 3)]
)
def test_call_that_fails_after_queuing_tells_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, call: str, messages: int
) -> None:
    make = calls(cast)[call]
    with monkeypatch.context() as patch:
        queued = fail_after_queuing(patch)
        with pytest.raises(ZeroDivisionError):
            make()
    assert (len(queued), waiting()) == (1, 0)
    make()
    assert waiting() == messages


def fail_after_queuing(patch: pytest.MonkeyPatch) -> list[Any]:
    queued: list[Any] = []
    enqueue = DatabaseBackend.enqueue

    def queue_and_fail(*arguments: Any) -> None:
        queued.append(enqueue(*arguments))
        raise ZeroDivisionError

    patch.setattr(DatabaseBackend, "enqueue", queue_and_fail)
    return queued


# Authorised again when sent


def no_role(cast: Cast, user: User) -> None:
    for role in user.roles:
        user.end_role(role, by=None)


def closed(cast: Cast, user: User) -> None:
    user.deactivate(by=administrator())


def withdrawn(cast: Cast, user: User) -> None:
    reread(cast.version).move("withdraw", by=cast.owner, reason=REASON)


def taken_off(cast: Cast, user: User) -> None:
    cast.version.assignments.get(reviewer=user).cancel(by=cast.editor, reason=REASON)


def has_accepted(cast: Cast, user: User) -> None:
    cast.version.assignments.get(reviewer=user).accept(by=user)


@pytest.mark.parametrize("change", [no_role, closed, withdrawn, taken_off, has_accepted])
def test_invitation_that_does_not_hold_any_more_is_not_sent(
    cast: Cast, run_tasks: Run, change: Callable[[Cast, User], None]
) -> None:
    assign(cast.version, [cast.reader, cast.second], by=cast.editor)
    change(cast, User.objects.get(pk=cast.reader.pk))
    run_tasks()
    sent = outbox()
    assert ("invited", cast.reader.email) not in sent
    assert (("invited", cast.second.email) in sent) is (change is not withdrawn)


@pytest.mark.parametrize("change", [no_role, closed])
@pytest.mark.parametrize("message", ["accepted", "declined", "decided"])
def test_editor_who_left_is_told_nothing(
    cast: Cast, run_tasks: Run, message: str, change: Callable[[Cast, User], None]
) -> None:
    assignment = ask(cast, cast.second)
    make: dict[str, Callable[[], Any]] = {
        "accepted": partial(assignment.accept, by=cast.reader),
        "declined": partial(assignment.decline, by=cast.reader, reason=REASON),
        "decided": partial(sign, assignment),
    }
    make[message]()
    change(cast, cast.editor)
    run_tasks()
    assert cast.editor.email not in {address for _, address in outbox()}


@pytest.mark.parametrize("change", [no_role, closed])
def test_reviewer_who_left_is_not_told_of_a_cancellation(
    cast: Cast, run_tasks: Run, change: Callable[[Cast, User], None]
) -> None:
    ask(cast).cancel(by=cast.editor, reason=REASON)
    change(cast, cast.reader)
    run_tasks()
    assert outbox() == []


def test_acceptance_is_not_told_after_the_signature(cast: Cast, run_tasks: Run) -> None:
    assignment = ask(cast, cast.second)
    assignment.accept(by=cast.reader)
    sign(assignment)
    run_tasks()
    assert {message for message, _ in outbox()} == {"decided"}


def test_repeated_invitation_is_another_message(cast: Cast, run_tasks: Run) -> None:
    assignment = assign(cast.version, [cast.reader], by=cast.editor)[0]
    run_tasks()
    assignment.cancel(by=cast.editor, reason=REASON)
    assign(cast.version, [cast.reader], by=cast.editor)
    run_tasks()
    invitations = [message.message()["Message-ID"] for message in mail.outbox if kind(message.message()) == "invited"]
    assert len(set(invitations)) == 2


def test_repeated_invitation_takes_the_place_of_one_not_yet_sent(cast: Cast, run_tasks: Run) -> None:
    assignment = assign(cast.version, [cast.reader], by=cast.editor)[0]
    assignment.cancel(by=cast.editor, reason=REASON)
    assign(cast.version, [cast.reader], by=cast.editor)
    run_tasks()
    assert outbox() == each(("invited", cast.reader))


def test_same_message_sent_twice_has_one_id(cast: Cast, run_tasks: Run) -> None:
    sign(ask(cast, cast.second))
    run_tasks()
    be_killed_after_sending()
    run_tasks()
    sent = [str(message.message()["Message-ID"]) for message in mail.outbox]
    assert sorted(sent) == sorted([*set(sent), *set(sent)])
