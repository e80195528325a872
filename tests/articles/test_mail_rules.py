"""Mail if and only if it was committed, and to nobody who may not know when it is sent: promises 10 and 9."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django_tasks_db.backend import DatabaseBackend

from articles.models import Version
from people.models import User
from tests.articles.told import REASON, STEPS, Cast, approved, make_cast, prepare, under_review
from tests.factories import administrator, assign, editor, make_content, make_version, sign, submit
from tests.post import be_killed_after_sending, each, outbox, waiting

type Run = Callable[[], int]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


# If and only if it was committed


@pytest.mark.parametrize("step", STEPS)
def test_step_that_fails_after_queuing_tells_nobody(db: None, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    queued: list[Any] = []
    enqueue = DatabaseBackend.enqueue

    def queue_and_fail(*arguments: Any) -> None:
        queued.append(enqueue(*arguments))
        raise ZeroDivisionError

    take = prepare(make_content(), step)
    monkeypatch.setattr(DatabaseBackend, "enqueue", queue_and_fail)
    with pytest.raises(ZeroDivisionError):
        take()
    assert (len(queued), waiting()) == (1, 0)


class Changed(Exception):
    """Something went wrong after the step, in the transaction around it."""


def test_message_goes_with_the_transaction_around_the_step(committed_db: None, run_tasks: Run) -> None:
    version = make_version(editor=editor())
    with pytest.raises(Changed):
        submit_and_fail(version)
    assert (waiting(), run_tasks(), outbox()) == (0, 0, [])
    submit(version)
    assert run_tasks() == 2
    assert len(outbox()) == 2
    assert (run_tasks(), outbox()) == (0, [])


@transaction.atomic
def submit_and_fail(version: Version) -> None:
    submit(version)
    assert waiting() == 2
    raise Changed


# Authorised again when sent


def end_role(user: User) -> None:
    for role in user.roles:
        user.end_role(role, by=None)


def close(user: User) -> None:
    user.deactivate(by=administrator())


type Leave = Callable[[User], None]


@pytest.mark.parametrize("leave", [end_role, close])
@pytest.mark.parametrize(
    ("message", "who"),
    [
        ("submission_received", "owner"),
        ("new_submission", "other_editor"),
    ],
)
def test_who_left_is_not_told_of_a_submission(cast: Cast, run_tasks: Run, leave: Leave, message: str, who: str) -> None:
    submit(cast.version)
    leave(getattr(cast, who))
    run_tasks()
    everybody = {
        ("submission_received", cast.owner),
        ("new_submission", cast.editor),
        ("new_submission", cast.other_editor),
    }
    assert outbox() == each(*everybody - {(message, getattr(cast, who))})


@pytest.mark.parametrize("leave", [end_role, close])
@pytest.mark.parametrize(
    ("step", "who"),
    [
        ("request_changes", "owner"),
        ("request_changes", "third"),
        ("decline", "owner"),
        ("decline", "third"),
        ("withdraw", "editor"),
        ("withdraw", "signer"),
    ],
)
def test_who_left_is_told_nothing(cast: Cast, run_tasks: Run, leave: Leave, step: str, who: str) -> None:
    version = under_review(cast, signed=1)
    version.move(step, by=cast.owner if step == "withdraw" else cast.editor, reason=REASON)
    before = waiting()
    leave(getattr(cast, who))
    run_tasks()
    assert len(mail.outbox) == before - 1
    assert getattr(cast, who).email not in {each.to[0] for each in mail.outbox}


@pytest.mark.parametrize("leave", [end_role, close])
@pytest.mark.parametrize(
    ("step", "who"),
    [
        ("approve", "owner"),
        ("approve", "signer"),
        ("approve", "other_editor"),
        ("retract", "owner"),
        ("retract", "signer"),
    ],
)
def test_who_left_is_not_told_of_what_is_public(cast: Cast, run_tasks: Run, leave: Leave, step: str, who: str) -> None:
    if step == "retract":
        approved(cast).move("retract", by=cast.editor, reason=REASON)
    else:
        sign(under_review(cast, signed=1).assignments.get(reviewer=cast.second))
    leave(getattr(cast, who))
    run_tasks()
    told = {message.to[0] for message in mail.outbox}
    assert getattr(cast, who).email not in told
    assert cast.second.email in told


def test_editor_who_has_written_since_is_not_told(cast: Cast, run_tasks: Run) -> None:
    submit(cast.version)
    cast.version.article.owner = cast.other_editor
    cast.version.article.save(update_fields=["owner"])
    run_tasks()
    assert outbox() == each(("new_submission", cast.editor))


@pytest.mark.parametrize(
    ("step", "told"),
    [("withdraw", {"withdrawn"}), ("decline", {"declined"})],
)
def test_what_the_version_has_left_behind_is_not_told(cast: Cast, run_tasks: Run, step: str, told: set[str]) -> None:
    version = submit(cast.version)
    version.move(step, by=cast.owner if step == "withdraw" else cast.editor, reason=REASON)
    run_tasks()
    assert {message for message, _ in outbox()} == told


def test_receipt_still_comes_when_the_review_has_begun(cast: Cast, run_tasks: Run) -> None:
    assign(submit(cast.version), cast.board, by=cast.editor)
    run_tasks()
    assert ("submission_received", cast.owner.email) in (sent := outbox())
    assert "new_submission" not in {message for message, _ in sent}


def test_same_message_sent_twice_has_one_id(cast: Cast, run_tasks: Run) -> None:
    submit(cast.version)
    run_tasks()
    be_killed_after_sending()
    run_tasks()
    sent = [each.message()["Message-ID"] for each in mail.outbox if each.to == [cast.owner.email]]
    assert len(sent) == 2
    assert len(set(sent)) == 1
