"""The worker: no message lost by a mail server, a kill or a database that go away, and nothing else written."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from ddx_portal import database, worker
from ddx_portal.environment import mailer
from ddx_portal.settings import BASE_DIR
from people.models import Message
from tests.factories import editor, make_version, submit
from tests.harness import WorkerDatabase
from tests.post import be_killed_after_sending, erase, free_port, post_office

type Start = Callable[..., subprocess.Popen[bytes]]

END_SESSIONS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE usename = 'ddx_worker' AND datname = current_database()
"""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(committed_db: None, worker_database: WorkerDatabase, port: int) -> Iterator[Start]:
    """Start `manage.py worker` under the worker's own login, sending to the port; none outlives the test."""
    running: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ddx_portal.settings",
        "DATABASE_URL": worker_database.url(database.WORKER),
        "PUBLIC_DATABASE_URL": worker_database.url(database.PUBLIC),
        "DDX_MAIL_URL": f"smtp://127.0.0.1:{port}",
    }

    def run(*options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "worker", "--interval", "0.1", *options]
        running.append(subprocess.Popen(command, cwd=BASE_DIR, env=environment, stderr=subprocess.PIPE))
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def mails_to(monkeypatch: pytest.MonkeyPatch, settings: Any, port: int) -> int:
    """Let this process send to the port, and keep Ctrl-C and the database session to the tests."""
    settings.MAILERS = {"default": mailer(f"smtp://127.0.0.1:{port}")}
    monkeypatch.setattr(worker.Worker, "configure_signals", lambda _: None)
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    return port


def work() -> None:
    """What is ready now, in this process."""
    worker.serve(interval=0, batch=True)


def queue_one() -> Message:
    """One message, to the author of a submission."""
    version = submit(make_version(editor=editor()))
    message = Message.objects.get(kind="articles/submission_received", version_id=version.pk)
    erase(Message.objects.exclude(pk=message.pk))
    DBTaskResult.objects.exclude(args_kwargs__args=[message.pk]).delete()
    return message


def only_message() -> Message:
    return Message.objects.get()


def only_task() -> DBTaskResult[..., Any]:
    return DBTaskResult.objects.get()


def make_due() -> None:
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


def said(process: subprocess.Popen[bytes], words: bytes, seconds: float = 60) -> bool:
    """Wait until the process has written these words; whether it did before it ended."""
    assert process.stderr is not None
    deadline, heard = time.monotonic() + seconds, b""
    while words not in heard:
        ready, _, _ = select.select([process.stderr], [], [], max(0, deadline - time.monotonic()))
        more = os.read(process.stderr.fileno(), 65536) if ready else b""
        if not more:
            return False
        heard += more
    return True


def is_made_to_stop(process: subprocess.Popen[bytes]) -> bool:
    """Ask once more; a worker that was still saying that it had heard the first time takes this for the first."""
    process.send_signal(signal.SIGTERM)
    return said(process, b"terminating current task", seconds=2)


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


# The whole way


def test_message_goes_the_whole_way_again_without_its_sessions_and_is_finished_when_asked_to_stop(
    start: Start, port: int, as_superuser: psycopg.Connection[Any]
) -> None:
    queued = queue_one()
    author = queued.person
    assert author is not None
    with post_office(port) as office:
        process = start()
        until(lambda: only_task().status == "SUCCESSFUL")
        as_superuser.execute(END_SESSIONS)
        office.arrived.clear()
        office.open.clear()
        be_killed_after_sending()
        assert office.arrived.wait(60)
        assert worker.put_back() == 0
        process.send_signal(signal.SIGTERM)
        assert said(process, b"shutting down gracefully")
        assert process.poll() is None
        office.open.set()
        assert process.wait(60) == 0
    message, again = office.received
    assert only_task().status == "SUCCESSFUL"
    assert office.envelopes == [("portal@testserver", [author.email])] * 2
    assert again["Message-ID"] == message["Message-ID"]
    assert message["Subject"] == "Received: Hiccups at night"
    assert (message["From"], message["To"]) == ("DDx Portal <portal@testserver>", author.email)
    assert message["Message-ID"] == f"<submission_received.{queued.version_id}.{author.pk}@testserver>"
    assert (message["Auto-Submitted"], message["MIME-Version"]) == ("auto-generated", "1.0")
    assert message["Date"].datetime - timezone.now() < timedelta(minutes=1)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    for part in message.iter_parts():
        assert "http://testserver/desk/articles/" in part.get_content()
    kept = only_message()
    assert (kept.state, kept.address, kept.subject) == ("sent", author.email, message["Subject"])
    assert kept.text.split() == next(message.iter_parts()).get_content().split()


# A mail server that is away


def test_refused_connection_is_tried_again_with_the_same_id(db: None, mails_to: int) -> None:
    message = queue_one()
    work()
    waits = only_task()
    assert (only_message().state, only_message().why.partition(":")[0]) == ("waiting", "ConnectionRefusedError")
    assert (waits.status, waits.exception_class_path) == ("READY", "builtins.ConnectionRefusedError")
    assert timedelta(seconds=50) < waits.run_after - timezone.now() <= timedelta(minutes=1)
    with post_office(mails_to) as office:
        work()
        assert office.received == []
        make_due()
        work()
    assert [str(sent["Message-ID"]) for sent in office.received] == [f"<{message.key}@testserver>"]
    done = only_task()
    assert (only_message().state, only_message().why) == ("sent", "")
    assert (done.status, done.exception_class_path, len(done.worker_ids)) == ("SUCCESSFUL", "", 2)


def test_attempts_go_on_for_two_days_then_it_has_failed(
    db: None, mails_to: int, caplog: pytest.LogCaptureFixture
) -> None:
    queue_one()
    waits = []
    while True:
        work()
        if only_task().status != "READY":
            break
        waits.append(round((only_task().run_after - timezone.now()).total_seconds() / 60))
        make_due()
    assert waits == [1, 5, 15, 60, 180, 360, 720, 1440]
    assert sum(waits) / 60 / 24 == pytest.approx(2, abs=0.1)
    assert only_task().status == "FAILED"
    assert "ConnectionRefusedError" in only_task().traceback
    last = caplog.records[-1]
    assert (last.levelname, "given up at attempt 9" in last.getMessage()) == ("ERROR", True)


def test_what_failed_is_listed_and_can_be_tried_again(db: None, mails_to: int) -> None:
    message = queue_one()
    with post_office(mails_to) as office:
        office.answer = "550 no such person"
        work()
        assert (only_task().status, only_message().state) == ("FAILED", "failed")
        assert "no such person" in only_message().why
        listed = StringIO()
        call_command("failed_tasks", stdout=listed)
        assert f"message {message.pk}: articles/submission_received to {message.person}" in listed.getvalue()
        assert "smtplib.SMTPRecipientsRefused" in listed.getvalue()
        call_command("failed_tasks", "--again", stdout=listed)
        assert "1 put back." in listed.getvalue()
        office.answer = "250 OK"
        work()
    assert [str(sent["Message-ID"]) for sent in office.received] == [f"<{message.key}@testserver>"]
    assert (only_task().status, only_message().state) == ("SUCCESSFUL", "sent")


def test_greylisted_recipient_is_tried_again(db: None, mails_to: int) -> None:
    queue_one()
    with post_office(mails_to) as office:
        office.answer = "451 come back later"
        work()
        assert (only_task().status, office.received) == ("READY", [])
        office.answer = "250 OK"
        make_due()
        work()
    assert len(office.received) == 1


def test_one_bad_task_holds_nobody_up(db: None, mails_to: int) -> None:
    queue_one()
    bad = {"task_path": "people.mail.no_such_task", "args_kwargs": {"args": [], "kwargs": {}}}
    DBTaskResult.objects.create(**bad, backend_name="default", run_after=timezone.now() - timedelta(1))
    with post_office(mails_to) as office:
        work()
    assert len(office.received) == 1
    assert DBTaskResult.objects.get(task_path=bad["task_path"]).status == "READY"


# A worker that is killed


def test_killed_worker_loses_nothing(start: Start, mails_to: int) -> None:
    queue_one()
    with post_office(mails_to) as office:
        office.open.clear()
        killed = start()
        assert office.arrived.wait(60)
        killed.send_signal(signal.SIGKILL)
        assert killed.wait(60) == -signal.SIGKILL
        assert (only_task().status, only_message().state) == ("RUNNING", "waiting")
        office.open.set()
        until(lambda: not_connected("ddx_worker"))
        work()
    ids = [str(message["Message-ID"]) for message in office.received]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    done = only_task()
    assert (done.status, worker.attempts(done), only_message().state) == ("SUCCESSFUL", 1, "sent")


def not_connected(login: str) -> bool:
    """Whether the server has noticed that a killed process is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [login])
        return bool(cursor.fetchone() == (0,))


def test_second_stop_in_the_middle_of_a_message_puts_it_off(start: Start, mails_to: int) -> None:
    queue_one()
    with post_office(mails_to) as office:
        office.open.clear()
        slow = start()
        assert office.arrived.wait(60)
        slow.send_signal(signal.SIGTERM)
        assert said(slow, b"shutting down gracefully")
        until(lambda: is_made_to_stop(slow))
        office.open.set()
        slow.wait(60)
        assert (only_task().status, only_task().exception_class_path) == ("READY", "builtins.SystemExit")
        make_due()
        work()
    assert len({str(message["Message-ID"]) for message in office.received}) == 1
    assert only_message().state == "sent"


def test_task_that_kills_its_workers_is_left_alone_in_the_end(committed_db: None) -> None:
    queue_one()
    for death in range(1, worker.MAX_DEATHS + 1):
        only_task().claim(f"worker {death}")
        assert worker.put_back() == 1
        assert only_task().status == ("READY" if death < worker.MAX_DEATHS else "FAILED")
    assert only_task().exception_class_path == "ddx_portal.worker.WorkerDied"
    assert (only_message().state, only_message().why.partition(":")[0]) == ("failed", "WorkerDied")
    assert worker.put_back() == 0


# A lease that is lost


def test_lost_lease_is_noticed_before_a_task_is_done(db: None) -> None:
    with worker.lease() as held:
        held.check()
        held._session.close()
        with pytest.raises(worker.LeaseLost):
            held.check()


# What it keeps


def test_done_tasks_are_forgotten(db: None, mails_to: int) -> None:
    now = timezone.now()
    for status, days in [("SUCCESSFUL", 13), ("SUCCESSFUL", 15), ("FAILED", 89), ("FAILED", 91), ("READY", 200)]:
        task: DBTaskResult[..., Any] = DBTaskResult(
            task_path="nothing", args_kwargs={}, backend_name="default", run_after=now + timedelta(1)
        )
        task.status, task.finished_at = status, now - timedelta(days)
        task.save()
    work()
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY", "SUCCESSFUL"]


# What the worker's login may do


def test_worker_writes_its_tasks_and_nothing_else(as_worker: psycopg.Connection[Any]) -> None:
    rights = as_worker.execute(
        """
        SELECT n.nspname || '.' || c.relname, p.name
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
            unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p(name)
        WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND n.nspname !~ '^pg_' AND has_table_privilege(c.oid, p.name)
        """
    ).fetchall()
    assert set(rights) == {
        ("public.django_tasks_database_dbtaskresult", "UPDATE"),
        ("public.django_tasks_database_dbtaskresult", "DELETE"),
    }
    columns = as_worker.execute(
        """
        SELECT attname FROM pg_attribute
        WHERE attrelid = 'people_message'::regclass AND attnum > 0 AND NOT attisdropped
        AND has_column_privilege(attrelid, attnum, 'UPDATE')
        """
    ).fetchall()
    assert {name for (name,) in columns} == {
        *("state", "why", "settled_at", "carried_by_id", "address", "subject", "text", "html")
    }


REFUSED = (
    "UPDATE articles_version SET state = 'approved'",
    "INSERT INTO reviews_decision DEFAULT VALUES",
    "UPDATE people_user SET email = 'me@example.org'",
    "UPDATE people_message SET person_id = 1",
    "INSERT INTO people_message (kind) VALUES ('people/account')",
    "INSERT INTO people_rolegrant DEFAULT VALUES",
    "INSERT INTO ledger_event (kind) VALUES ('approved')",
    "SELECT nextval('people_user_id_seq')",
    "SELECT publish_version(1, '')",
    "SELECT retract_publication(1)",
    "SELECT confirm_version(1, 12)",
    "SELECT * FROM pub.publication",
    "SELECT * FROM pub.page",
    "DELETE FROM pub.page",
    "UPDATE pub.pressed SET frame = ''",
)


def test_worker_is_refused_everything_else(as_worker: psycopg.Connection[Any]) -> None:
    for statement in REFUSED:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_worker.execute(statement)
