"""Chores: done by one process at a time, whatever one of them comes to."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ddx_portal import database
from people.models import Message, MessageState
from reviews import chores
from reviews.chores import LOCK, Chore, tend
from tests.factories import editor, make_version
from tests.harness import WorkerDatabase

pytestmark = pytest.mark.django_db


def test_two_processes_do_them_once(worker_database: WorkerDatabase) -> None:
    with worker_database.connect(database.STAFF) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert tend() is None
        said = StringIO()
        call_command("tend", stdout=said)
        assert said.getvalue() == "Another process is at it.\n"
        other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    assert tend() is not None
    assert tend() is not None


def fails() -> int:
    raise ZeroDivisionError


def test_chore_that_fails_keeps_no_other_from_being_done(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chores, "CHORES", (Chore("first", fails), Chore("second", lambda: 7)))
    assert tend() == ({"second": 7}, ["first"])
    said = StringIO()
    with pytest.raises(CommandError, match="failed: first"):
        call_command("tend", stdout=said)
    assert said.getvalue() == "second: 7\n"
    assert "The chore “first” failed" in caplog.text


def test_every_chore_is_done_and_done_again() -> None:
    make_version("submitted", editor=editor())
    for _ in range(2):
        tended = tend()
        assert tended is not None
        assert tended.failed == []
        assert list(tended.done) == [chore.name for chore in chores.CHORES]


def test_messages_are_forgotten_long_after_they_were_dealt_with() -> None:
    make_version("submitted", editor=editor())
    old, newer = Message.objects.order_by("pk")
    long_ago = timezone.now() - timedelta(days=chores.KEEP_DAYS + 1)
    Message.objects.settle(MessageState.SENT)
    Message.objects.filter(pk=old.pk).update(created_at=long_ago, settled_at=long_ago)
    assert chores.forget_messages() == 1
    assert list(Message.objects.all()) == [newer]
