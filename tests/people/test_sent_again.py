"""A message that somebody sends again: the worker, and no other login, writes what it says by then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone

from ddx_portal import database
from people.digest import send_digests
from people.models import Message, Pace, User
from tests.factories import editor, make_version
from tests.harness import WorkerDatabase
from tests.post import only

type Run = Callable[[], int]


@pytest.fixture(autouse=True)
def at_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hour of the daily mail has come today."""
    monkeypatch.setattr(settings, "DIGEST_HOUR", 0)


@pytest.fixture
def work(committed_db: None, worker_database: WorkerDatabase, run_tasks: Run) -> Run:
    """Do all waiting work under the worker's own login."""

    def run() -> int:
        with logged_in_as(worker_database.url(database.WORKER)):
            return run_tasks()

    return run


@contextmanager
def logged_in_as(url: str) -> Iterator[None]:
    before = dict(settings.DATABASES["default"])
    connection.close()
    settings.DATABASES["default"].update(database.django_database(url, pool_size=0))
    try:
        yield
    finally:
        connection.close()
        settings.DATABASES["default"].update(before)


def daily_editor() -> User:
    return editor(mail_pace=Pace.DAILY)


def daily_mail(work: Run) -> Message:
    """The one of today, of what has waited since yesterday; it has been sent."""
    Message.objects.update(created_at=timezone.now() - timedelta(1))
    send_digests()
    work()
    return Message.objects.get(kind="people/digest")


def test_daily_mail_sent_again_leaves_out_what_is_not_true_any_more(work: Run) -> None:
    ed = daily_editor()
    version, gone = (make_version("submitted", editor=ed) for _ in range(2))
    gone.move("withdraw", by=gone.article.owner, reason="Wrong text.")
    carrier = daily_mail(work)
    version.move("decline", by=ed, reason="It stands elsewhere.")
    carrier.send_again(by=ed, sendings=1)
    mail.outbox.clear()
    work()
    again = only("digest")
    assert ("New submission" in again.body, "Withdrawn" in again.body) == (False, True)
    assert set(carrier.carried.values_list("state", flat=True)) == {"sent"}
    carrier.refresh_from_db()
    assert "New submission" not in carrier.text


def test_daily_mail_sent_again_leaves_what_is_held_where_it_is(work: Run) -> None:
    ed = daily_editor()
    version, held = (make_version("submitted", editor=ed) for _ in range(2))
    carrier = daily_mail(work)
    told = Message.objects.filter(person=ed, kind="articles/new_submission")
    kept_back = told.get(version_id=held.pk)
    kept_back.send_again(by=ed, sendings=1)
    kept_back.hold(by=ed)
    carrier.send_again(by=ed, sendings=1)
    work()
    assert set(told.values_list("version_id", "state")) == {(version.pk, "sent"), (held.pk, "held")}
