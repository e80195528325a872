"""The key of the press: who has it, what is made of a wrong one, how it is changed, and what is signed with it."""

import base64
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from ddx_portal.database import WORKER
from ledger.verifier import verify
from publications.provenance.countersigning import VARIABLE, ProvenanceKey, SigningKey
from publications.ready.answers import Page
from publications.ready.proof import pages_hold
from reviews.notices import post
from tests import factories
from tests.conftest import Connection
from tests.harness import WorkerDatabase
from tests.publications.pressing import as_login, press_all
from verify_provenance import check

PROOF, KEYS = "/articles/hiccups-at-night/provenance.json", "/provenance-keys.json"
STORED = "/articles/hiccups-at-night/v/1/provenance.json"


@pytest.fixture
def key_file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a new key is made."""
    settings.SIGNING_KEY_FILE = tmp_path / "folder" / "signing-key"
    monkeypatch.delenv(VARIABLE, raising=False)
    made: Path = settings.SIGNING_KEY_FILE
    return made


def use_key(monkeypatch: pytest.MonkeyPatch, seed: bytes) -> SigningKey:
    monkeypatch.setenv(VARIABLE, base64.b64encode(seed).decode())
    return SigningKey.own()


def test_key_is_made_once_and_nobody_else_may_read_it(key_file: Path) -> None:
    made = SigningKey.own().public_key
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert len(base64.b64decode(key_file.read_text())) == 32
    assert SigningKey.own().public_key == made
    assert [path.name for path in key_file.parent.iterdir()] == ["signing-key"]


BAD = ("x", "AAAA", "A" * 43, base64.b64encode(b"\1" * 64).decode(), "é" * 44, "-----BEGIN PRIVATE KEY-----", "\n" * 44)


def test_malformed_key_stops_the_start_and_is_not_told(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in BAD:
        monkeypatch.setenv(VARIABLE, text)
        with pytest.raises(ImproperlyConfigured, match="DDX_SIGNING_KEY must be 32 random bytes in base64") as said:
            call_command("worker", batch=True)
        assert not text.strip() or text not in str(said.value) or text == "x"
    monkeypatch.delenv(VARIABLE)
    key_file.parent.mkdir()
    key_file.write_text("half a k")
    with pytest.raises(ImproperlyConfigured, match="signing-key must be"):
        SigningKey.own()
    assert key_file.read_text() == "half a k"


def test_proof_is_countersigned_by_the_press_alone(
    worker_database: WorkerDatabase, committed_db: None, key_file: Path, as_superuser: Connection
) -> None:
    version = factories.make_version("approved")
    unsigned = Client().get(PROOF)
    assert unsigned.json()["countersignature"] is None
    assert not key_file.exists()

    press_all(worker_database)
    made = Client().get(PROOF)
    proof, keys = made.json(), Client().get(KEYS).json()
    assert made["ETag"] != unsigned["ETag"]
    assert proof | {"countersignature": None} == unsigned.json()
    assert check(proof, keys) == ([], [], True)
    assert Client().get("/articles/hiccups-at-night/v/1/provenance.json").json() == proof
    assert verify()[0] == []

    post(version, by=factories.editor(), kind="correction", words="Read 5 mg.", reason="It was checked.")
    assert Client().get(PROOF).json()["countersignature"] is None  # the old one says nothing of the notice
    press_all(worker_database)
    noticed = Client().get(PROOF).json()
    assert check(noticed, keys).problems == []
    assert noticed["notices"][0]["words"] == "Read 5 mg."

    text, signature = Client().get(PROOF).content.decode(), noticed["countersignature"]["signature"]
    for forged in (
        text.replace('"change_note": ""', '"change_note": "x"', 1),
        text.replace("{", '{ "content": "Two of a name: who reads it chooses.",', 1),
        text.replace(signature, f"{signature[:8]} {signature[8:]}"),
        json.dumps(noticed | {"countersignature": None}),
        text.replace(noticed["countersignature"]["key"], "\\u0000"),
        "[]",
        "no JSON",
    ):
        as_superuser.execute(
            "UPDATE pub.page SET body = %s, is_gzip = false WHERE path LIKE '%%.json'", [forged.encode()]
        )
        assert forged != text
        assert [problem.subject for problem in pages_hold()] == [f"page {STORED}"], forged[:60]
    assert [problem.subject for problem in verify()[0]] == [f"page {STORED}"]


def test_rotation_keeps_the_old_key_and_revocation_signs_anew(
    worker_database: WorkerDatabase, committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_version("approved")
    old = use_key(monkeypatch, b"\1" * 32)
    press_all(worker_database)
    first = Client().get(PROOF)
    new = use_key(monkeypatch, b"\2" * 32)
    with as_login(worker_database, WORKER):
        ProvenanceKey.objects.announce(new.public_key)
    keys = Client().get(KEYS).json()
    assert [key["public_key"] for key in keys["keys"]] == [new.public_key, old.public_key]
    assert (keys["keys"][0]["until"], keys["keys"][1]["until"]) == (None, keys["keys"][0]["since"])
    assert check(Client().get(PROOF).json(), keys).problems == []  # signed while the old one was in use

    with as_login(worker_database, WORKER):
        with pytest.raises(IntegrityError, match="was retired"), transaction.atomic():
            ProvenanceKey.objects.announce(old.public_key)
        call_command("revoke_provenance_key", keys["keys"][1]["id"], because="A copy was lost.")
    assert "was revoked: A copy was lost." in str(check(first.json(), Client().get(KEYS).json()).problems)
    assert list(Page.objects.values_list("path", flat=True)) == ["/articles/hiccups-at-night/"]
    assert Client().get(PROOF).json()["countersignature"] is None
    press_all(worker_database)
    again = Client().get(PROOF)
    assert again["ETag"] != first["ETag"]
    assert check(again.json(), Client().get(KEYS).json()).problems == []
    assert verify()[0] == []


def test_nobody_but_the_worker_names_or_revokes_a_key(committed_db: None, as_worker: psycopg.Connection[Any]) -> None:
    for call in (lambda: ProvenanceKey.objects.announce("x"), lambda: ProvenanceKey.objects.revoke("x", because="x")):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            call()
    for sql in ("DELETE FROM pub.provenance_key", "UPDATE pub.provenance_key SET until = NULL"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_worker.execute(sql)
    with pytest.raises(psycopg.errors.CheckViolation):
        as_worker.execute("SELECT announce_key('AAAA')")
