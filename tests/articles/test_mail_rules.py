"""Mail to nobody who may not know when it is sent, and none about what was not done: promises 9 and 10.

See also `test_mail_on_commit.py`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django_tasks_db.backend import DatabaseBackend

from people.models import User
from tests.articles.told import REASON, STEPS, Cast, approved, prepare, under_review
from tests.factories import administrator, assign, make_content, sign, submit
from tests.post import be_killed_after_sending, each, outbox, waiting

type Run = Callable[[], int]


# If it was done


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


# Authorised again when sent


def end_role(user: User) -> None:
    for role in user.roles:
        user.end_role(role, by=None)


def close(user: User) -> None:
    user.deactivate(by=administrator())


type Leave = Callable[[User], None]

LEAVES: tuple[Leave, ...] = (end_role, close)
TOLD_OF_A_SUBMISSION = (("submission_received", "owner"), ("new_submission", "other_editor"))


@contextmanager
def leaving(cast: Cast, run_tasks: Run, leave: Leave, name: str) -> Iterator[User]:
    """Let this person leave before everything is sent; both are taken back after the block."""
    user = User.objects.get(pk=getattr(cast, name).pk)
    with transaction.atomic():
        leave(user)
        run_tasks()
        yield user
        transaction.set_rollback(True)
    mail.outbox.clear()


def test_who_left_is_not_told_of_a_submission(cast: Cast, run_tasks: Run) -> None:
    submit(cast.version)
    everybody = {
        ("submission_received", cast.owner),
        ("new_submission", cast.editor),
        ("new_submission", cast.other_editor),
    }
    wrong = {}
    for leave, message, name in [(leave, *told) for leave in LEAVES for told in TOLD_OF_A_SUBMISSION]:
        with leaving(cast, run_tasks, leave, name) as user:
            if (sent := outbox()) != each(*everybody - {(message, user)}):
                wrong[leave.__name__, name] = sent
    assert wrong == {}


@pytest.mark.parametrize(
    ("step", "who"),
    [
        ("request_changes", ("owner", "third")),
        ("decline", ("owner", "third")),
        ("withdraw", ("editor", "signer")),
    ],
)
def test_who_left_is_told_nothing(cast: Cast, run_tasks: Run, step: str, who: tuple[str, str]) -> None:
    version = under_review(cast, signed=1)
    version.move(step, by=cast.owner if step == "withdraw" else cast.editor, reason=REASON)
    before = waiting()
    wrong = {}
    for leave, name in product(LEAVES, who):
        with leaving(cast, run_tasks, leave, name) as user:
            told = [message.to[0] for message in mail.outbox]
        if len(told) != before - 1 or user.email in told:
            wrong[leave.__name__, name] = told
    assert wrong == {}


@pytest.mark.parametrize(
    ("step", "who"), [("approve", ("owner", "signer", "other_editor")), ("retract", ("owner", "signer"))]
)
def test_who_left_is_not_told_of_what_is_public(cast: Cast, run_tasks: Run, step: str, who: tuple[str, ...]) -> None:
    if step == "retract":
        approved(cast).move("retract", by=cast.editor, reason=REASON)
    else:
        sign(under_review(cast, signed=1).assignments.get(reviewer=cast.second))
    wrong = {}
    for leave, name in product(LEAVES, who):
        with leaving(cast, run_tasks, leave, name) as user:
            told = {message.to[0] for message in mail.outbox}
        if user.email in told or cast.second.email not in told:
            wrong[leave.__name__, name] = told
    assert wrong == {}


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
