"""The verifier against forgeries that only a superuser can make: triggers and foreign keys switched off."""

import json
from collections.abc import Iterator
from io import StringIO
from itertools import product
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from content import canonical
from ledger import evidence, verifier
from ledger.evidence import Problem
from ledger.models import Event, chain_hash
from ledger.verifier import verify
from publications.derived.rebuild import rebuild
from publications.finding.synonyms import Group
from publications.finding.synonyms import keep as keep_synonyms
from publications.policies import Policy
from reviews.notices import post
from tests.conftest import Blocker, Connection
from tests.factories import editor, make_content, make_version, rereview, sign
from tests.harness import WorkerDatabase
from tests.ledger.combined import combined
from tests.ledger.forged_derived import DERIVED
from tests.ledger.forged_public import PUBLIC
from tests.ledger.forged_record import RECORD
from tests.ledger.meanwhile import while_others_work


def make_versions() -> None:
    """An approved one that was confirmed, a retracted and a reviewed one."""
    for asked in rereview(make_version("approved", content=make_content("Approved"))):
        sign(asked)
    noticed, by = make_version("approved", content=make_content("Retracted")), editor()
    post(noticed, by=by, kind="correction", words="Read 5 mg where it says 50 mg.", reason="A reader wrote to us.")
    noticed.move("retract", by=by, reason="A red flag was wrong.")
    make_version("changes_requested", content=make_content("Sent back"))
    changed: dict[str, Any] = {"title": "Privacy", "body": "Nothing is kept.", "change_note": "Shorter.", "based_on": 1}
    assert Policy.objects.publish("privacy", **changed, by_id=by.pk) == 2
    assert keep_synonyms(("fit", "seizure"), instead_of=Group(0, ()), by_id=by.pk)
    assert verify()[0] == []


@pytest.fixture(scope="module")
def kept_versions(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[None]:
    """Those versions, whatever each test does to them."""
    with django_db_blocker.unblock(), worker_database.kept(make_versions):
        yield


@pytest.fixture
def forger(kept_versions: None, as_superuser: Connection) -> Connection:
    """A superuser's session without triggers."""
    as_superuser.execute("SET session_replication_role = replica")
    return as_superuser


FORGERIES = RECORD | PUBLIC | DERIVED


@pytest.mark.parametrize("forgery", FORGERIES)
def test_verify_finds(forger: Connection, forgery: str) -> None:
    sql, expected = FORGERIES[forgery]
    for statement in sql.split(";"):
        assert forger.execute(statement).rowcount != 0
    messages = [problem.message for problem in verify()[0]]
    for words in expected:
        assert any(words in message for message in messages), messages


def test_verify_finds_a_public_row_that_nobody_approved(forger: Connection) -> None:
    columns = forger.execute(
        "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = 'pub.publication'::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    ).fetchone()
    assert columns
    forger.execute(
        f"INSERT INTO pub.publication ({columns[0]}) SELECT {columns[0]} FROM (SELECT (jsonb_populate_record(p,"
        ' \'{"id": 999, "article_id": 999, "slug": "x"}\')).* FROM pub.publication p WHERE state = \'current\') q'
    )
    assert Problem("publication 999", "is public and was never approved") in verify()[0]


@pytest.mark.parametrize("about", [*product(("For clinicians.", ""), ("For patients.\n\n\nTwice.", ""))])
def test_python_and_the_database_make_the_same_of_every_text(forger: Connection, about: tuple[str, str]) -> None:
    written = combined(about)
    forger.execute("SET session_replication_role = origin")
    forger.execute(
        "UPDATE pub.publication SET content = %s, content_sha256 = %s WHERE state = 'current'",
        [written, canonical.sha256(written)],
    )
    told = {problem.message for problem in verify()[0]}
    assert told == {
        "its text is not the text that was signed",
        "its page is not the page that was published",
        "its history tells otherwise of version 1",
        "a signature on it names another hash",
        *(f"its column {each} does not follow from its text" for each in ("names", "prose", "has_patient_text")),
    }


REBUILT = (
    "a passage reworded",
    "passages, diagnoses and suggestions of a retracted text",
    "a diagnosis under another name",
    "a word that is not found",
    "members described otherwise",
)


def test_what_is_made_of_public_rows_can_be_made_anew(forger: Connection, as_owner: Connection) -> None:
    for statement in (each for forgery in REBUILT for each in DERIVED[forgery][0].split(";")):
        forger.execute(statement)
    assert len(verify()[0]) > len(REBUILT)
    with as_owner.transaction(), as_owner.cursor() as cursor:
        assert rebuild(cursor) == 1
    assert verify()[0] == []


def test_verify_finds_a_chain_written_anew_by_its_known_head(forger: Connection) -> None:
    head = verify()[1]
    forger.execute("DELETE FROM ledger_event WHERE kind = 'reviewer_invited'")
    rechain(forger)
    assert verify()[0] == []  # a chain alone does not stop whoever can rewrite all of it
    assert [problem.subject for problem in verify(head)[0]] == ["ledger"]


def rechain(forger: Connection) -> None:
    """What a superuser would do: number and hash every event again."""
    previous = "0" * 64
    for seq, event in enumerate(Event.objects.values(), start=1):
        old, event["seq"], event["prev_hash"] = event["seq"], seq, previous
        previous = chain_hash(dict(event))
        forger.execute(
            "UPDATE ledger_event SET seq = %s, prev_hash = %s, hash = %s WHERE seq = %s",
            [seq, event["prev_hash"], previous, old],
        )
        forger.execute("UPDATE ledger_head SET seq = %s, hash = %s", [seq, previous])
        forger.execute(
            "UPDATE pub.publication SET notices = replace(notices::text, %s, %s)::jsonb WHERE notices <> '[]'",
            [f'"event": {old},', f'"event": {seq},'],
        )


def test_command_fails_and_names_what_does_not_hold(forger: Connection) -> None:
    forger.execute("DELETE FROM ledger_event WHERE seq = 4")
    out = StringIO()
    with pytest.raises(CommandError, match="do not hold") as failed:
        call_command("verify_ledger", "--format=json", stdout=out)
    assert failed.value.returncode == 1
    report = json.loads(out.getvalue())
    assert report["holds"] is False
    assert {"subject": "event 5", "message": "the event before it is 3: 1 missing"} in report["problems"]


def test_on_a_replica_a_complaint_must_be_seen_twice(forger: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "is_replica", lambda: True)
    monkeypatch.setattr(evidence, "seconds_behind", lambda _: 0)
    forger.execute("UPDATE pub.publication SET ai_tool = 'X' WHERE state = 'current'")
    while_others_work(monkeypatch, "_decisions")
    assert [problem.message for problem in verify()[0]] == ["its ai tool is not what the desk has"]


def test_replica_that_does_not_catch_up_is_named_before_what_it_lacks(
    forger: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "is_replica", lambda: True)
    monkeypatch.setattr(evidence, "seconds_behind", lambda _: 40)
    monkeypatch.setattr(verifier, "PATIENCE", 0)
    assert verify()[0] == []
    forger.execute("DELETE FROM pub.publication WHERE state = 'current'")
    behind, lacking = verify()[0][:2]
    assert behind == ("replica", "is 40 s behind: what follows may be no more than that")
    assert "missing from the public schema" in lacking.message
