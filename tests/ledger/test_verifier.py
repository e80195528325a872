"""The verifier while nobody cheats; `test_forgeries` has who does."""

from io import StringIO

import pytest
from django.core.management import call_command

from ledger import evidence
from ledger.evidence import rows
from ledger.models import Event, chain_hash
from ledger.verifier import Head, verify
from tests.factories import make_version
from tests.ledger.meanwhile import while_others_work


def test_command_says_that_everything_holds_and_prints_the_head(committed_db: None) -> None:
    make_version("approved")
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    last = Event.objects.last()
    assert last is not None
    assert out.getvalue() == f"Everything holds. Events: {last.seq}. Head: {last.seq}:{last.hash}\n"
    call_command("verify_ledger", f"--head={last.seq}:{last.hash}", stdout=out)


STEPS = ("_ends", "_frozen_versions", "_states", "_decisions", "public_rows", "confirmations", "notices", "lent")


def test_what_others_do_meanwhile_is_no_complaint(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    make_version("approved")
    told = {}
    for step in STEPS:
        events = Event.objects.count()
        while_others_work(monkeypatch, step)
        problems, head = verify()
        told[step] = (problems, head.seq - events, Event.objects.count() > events)
    assert told == dict.fromkeys(STEPS, ([], 0, True))
    assert verify()[0] == []


def test_replica_is_asked_again_once_it_has_caught_up(monkeypatch: pytest.MonkeyPatch, committed_db: None) -> None:
    ages = iter((40, 20, 0))
    waited: list[float] = []
    monkeypatch.setattr(evidence, "seconds_behind", lambda _: next(ages))
    monkeypatch.setattr("time.sleep", waited.append)
    assert evidence.wait_for_replica(60) == 0
    assert waited == [1, 1]


def test_public_login_of_the_primary_is_no_replica(committed_db: None) -> None:
    assert not evidence.is_replica()


def test_who_replays_nothing_stays_behind(committed_db: None) -> None:
    assert evidence.wait_for_replica(0) == 1


def test_verify_of_an_empty_portal(committed_db: None) -> None:
    assert verify() == ([], Head(0, "0" * 64))


def test_sql_and_python_agree_on_every_event_hash(committed_db: None) -> None:
    make_version("approved")
    assert all(chain_hash(dict(event)) == event["hash"] for event in Event.objects.values())


def test_what_is_proved_is_read_row_by_row(db: None) -> None:
    every_row_at_once = "SELECT generate_series(1, 1000000000000) AS n"  # would take days, and all memory
    assert next(rows(every_row_at_once)) == {"n": 1}
