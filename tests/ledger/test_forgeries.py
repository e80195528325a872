"""The verifier against forgeries that only a superuser can make: triggers and foreign keys switched off."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ledger import evidence, verifier
from ledger.evidence import Problem
from ledger.models import Event, chain_hash
from ledger.verifier import verify
from publications.policies import Policy
from reviews.notices import post
from tests.conftest import Blocker, Connection
from tests.factories import editor, make_content, make_version, rereview, sign
from tests.harness import WorkerDatabase
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


FORGERIES: dict[str, tuple[str, list[str]]] = {
    "a changed word in frozen content": (
        "UPDATE articles_version SET content = replace(content, 'timing', 'tuning') WHERE state = 'approved'",
        ["its text is not the text of its hash", "its text is not the text that was signed"],
    ),
    "a changed word and its hash": (
        """
        UPDATE articles_version SET content = replace(content, 'timing', 'tuning'), content_sha256 =
        encode(sha256(convert_to(replace(content, 'timing', 'tuning'), 'UTF8')), 'hex') WHERE state =
        'approved'
        """,
        ["was submitted under another hash", "names a hash that its version does not have"],
    ),
    "a state that nobody moved": (
        "UPDATE articles_version SET state = 'declined' WHERE state = 'changes_requested'",
        ["is declined; by the ledger it is changes_requested"],
    ),
    "another word in a policy": (
        "UPDATE pub.policy SET body = 'All is kept.' WHERE number = 2",
        ["is not what was published"],
    ),
    "a policy set back in time": (
        "UPDATE pub.policy SET published_at = published_at - interval '1 year' WHERE number = 2",
        ["is not what was published"],
    ),
    "a policy that nobody published": (
        "UPDATE pub.policy SET number = 3, published_by = 'Nobody' WHERE number = 2",
        ["no event tells of it", "was published and is missing"],
    ),
    "a removed version": (
        "DELETE FROM articles_version WHERE state = 'changes_requested'",
        ["was submitted and is missing"],
    ),
    "a removed event": (
        "DELETE FROM ledger_event WHERE seq = 4",
        ["the event before it is 3: 1 missing"],
    ),
    "a removed last event": (
        "DELETE FROM ledger_event WHERE seq = (SELECT max(seq) FROM ledger_event)",
        ["does not name the last event: events were removed at the end, or it was changed"],
    ),
    "a changed event": (
        "UPDATE ledger_event SET payload = '{}' WHERE seq = 2",
        ["its hash is not that of what it says"],
    ),
    "another actor": (
        "UPDATE ledger_event SET actor_id = NULL WHERE seq = 2",
        ["its hash is not that of what it says"],
    ),
    "a decision moved to another hash": (
        """
        UPDATE reviews_decision SET content_sha256 = repeat('0', 64) WHERE id = (SELECT min(id) FROM
        reviews_decision)
        """,
        ["names a hash that its version does not have", "was published with 1 of 2 approvals"],
    ),
    "a decision moved to another version": (
        """
        UPDATE reviews_decision d SET version_id = v.id, article_id = v.article_id, content_sha256 =
        v.content_sha256 FROM articles_version v WHERE v.state = 'retracted' AND d.id = (SELECT min(id) FROM
        reviews_decision)
        """,
        [
            "is not what its event tells: version, hash, reviewer or verdict differ",
            "was published with 1 of 2 approvals",
        ],
    ),
    "a verdict turned": (
        "UPDATE reviews_decision SET verdict = 'request_changes' WHERE id = (SELECT min(id) FROM reviews_decision)",
        ["is not what its event tells: version, hash, reviewer or verdict differ"],
    ),
    "a removed decision": (
        "DELETE FROM reviews_decision WHERE id = (SELECT min(id) FROM reviews_decision)",
        ["was signed and is missing", "was published with 1 of 2 approvals"],
    ),
    "an invented decision": (
        """
        INSERT INTO reviews_decision (version_id, article_id, content_sha256, assignment_id, reviewer_id, verdict, note,
            confidential_note, checklist, statement, signed_at, key)
        SELECT version_id, article_id, content_sha256, assignment_id + 1000, reviewer_id + 1000, verdict, note,
            confidential_note, checklist, statement, signed_at, gen_random_uuid() FROM reviews_decision LIMIT 1
        """,
        ["no event tells of it"],
    ),
    "an approval by the author": (
        """
        UPDATE articles_article a SET owner_id = d.reviewer_id FROM reviews_decision d WHERE d.article_id =
        a.id AND d.id = (SELECT min(id) FROM reviews_decision)
        """,
        ["was published with 1 of 2 approvals"],
    ),
    "an approval by who handed it in": (
        """
        UPDATE articles_article SET handed_in_by_id = (SELECT min(reviewer_id) FROM reviews_decision)
        """,
        ["was published with 1 of 2 approvals", "was confirmed by 1 of 2", "shows a confirmation that nobody signed"],
    ),
    "a public row altered": (
        """
        ALTER TABLE pub.publication DROP CONSTRAINT content_fits_hash;
        UPDATE pub.publication SET content = replace(content, 'timing', 'tuning') WHERE state = 'current'
        """,
        ["its text is not the text that was signed", "its text is not the text of its hash"],
    ),
    "a public page altered": (
        """
        ALTER TABLE pub.publication DROP CONSTRAINT body_fits_hash;
        UPDATE pub.publication SET body_html = body_html || ' ' WHERE state = 'current'
        """,
        ["its page is not the page that was published"],
    ),
    "a public title altered": (
        "UPDATE pub.publication SET title = 'X' WHERE state = 'current'",
        ["bears another title"],
    ),
    "a public row removed": (
        "DELETE FROM pub.publication WHERE state = 'current'",
        ["was approved and is missing from the public schema"],
    ),
    "a retraction undone": (
        "UPDATE pub.publication SET state = 'current', notices = '[]', noticed_at = NULL WHERE state = 'retracted'",
        ["is current in public and retracted at the desk"],
    ),
    "a confirmation removed": (
        """
        DELETE FROM reviews_decision WHERE id = (SELECT max(id) FROM reviews_decision WHERE rereview_id IS NOT NULL)
        """,
        ["was signed and is missing", "was confirmed by 1 of 2", "shows a confirmation that nobody signed"],
    ),
    "an invented confirmation": (
        """
        INSERT INTO reviews_rereview (id, version_id, started_by_id, started_at, ended_at, outcome, reason,
            next_review_on)
        SELECT id + 1000, version_id, started_by_id, now(), now(), outcome, reason, '2099-01-01' FROM reviews_rereview
        """,
        ["no event tells of its confirmation", "was confirmed by 0 of 2", "was not last reviewed when it says"],
    ),
    "a removed re-review": (
        "DELETE FROM reviews_rereview",
        ["was confirmed and is missing", "shows a confirmation that nobody signed"],
    ),
    "a public review date moved": (
        "UPDATE pub.publication SET next_review_on = next_review_on + 365 WHERE state = 'current'",
        ["names another date for its next review than the ledger"],
    ),
    "a confirmation invented in public": (
        """
        UPDATE pub.publication SET confirmations = confirmations || jsonb_build_array(signers -> 0 || '{"name": "X"}')
        WHERE state = 'current'
        """,
        ["shows a confirmation that nobody signed"],
    ),
    "a notice reworded": (
        """
        UPDATE pub.publication SET notices = jsonb_set(notices, '{0,words}', '"All is well."')
        WHERE notices @> '[{"kind": "correction"}]'
        """,
        ["its notice 1 is not what its event says"],
    ),
    "a notice signed by another editor": (
        """
        UPDATE pub.publication SET notices = jsonb_set(notices, '{0,by}', '"X"')
        WHERE notices @> '[{"kind": "correction"}]'
        """,
        ["its notice 1 is not what its event says"],
    ),
    "a notice taken away": (
        """
        UPDATE pub.publication SET notices = notices - 0 WHERE notices @> '[{"kind": "correction"}]'
        """,
        ["a notice that was posted on it is missing"],
    ),
    "a notice moved in time": (
        "UPDATE pub.publication SET noticed_at = now() WHERE state = 'retracted'",
        ["its notices are not of the time when they were posted"],
    ),
    "an invented notice": (
        """
        UPDATE pub.publication SET noticed_at = now(), notices = '[{"number": 1, "kind": "expression_of_concern"}]'
        WHERE state = 'current' AND notices = '[]'
        """,
        ["bears a notice that no event tells of"],
    ),
    "a notice left out of the history": (
        """
        UPDATE pub.publication SET history = jsonb_set(history, '{0,notices}', '[]') WHERE state = 'retracted'
        """,
        ["its history tells of other notices on version 1"],
    ),
    "the reason of a retraction reworded": (
        """
        UPDATE pub.publication SET notices = jsonb_set(notices, '{1,reason}', '"Nothing much."')
        WHERE state = 'retracted'
        """,
        ["its notice 2 is not what its event says"],
    ),
    "a signature on another hash shown": (
        """
        UPDATE pub.publication SET signers = jsonb_set(signers, '{0,content_sha256}', '"0"') WHERE state =
        'current'
        """,
        ["a signature on it names another hash"],
    ),
}


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
    assert verify()[0] == [Problem("publication 999", "is public and was never approved")]


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
    forger.execute("UPDATE pub.publication SET title = 'X' WHERE state = 'current'")
    while_others_work(monkeypatch, "_decisions")
    assert [problem.message for problem in verify()[0]] == ["bears another title than was signed"]


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
