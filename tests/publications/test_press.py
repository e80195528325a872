"""The press: what it keeps is what the row says, whoever changes the row meanwhile."""

import base64
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles.models import Version
from ddx_portal import worker
from ddx_portal.database import OWNER, WORKER
from ledger.verifier import verify
from people.rules import today
from publications.models import Publication
from publications.pages import Leaf, frame, packed
from publications.provenance.countersigning import VARIABLE, ProvenanceKey, SigningKey
from publications.ready import leaves, press
from publications.ready.answers import Page
from publications.ready.leaves import Maker
from publications.ready.proof import pages_hold
from tests import factories
from tests.conftest import Blocker, Connection
from tests.harness import WorkerDatabase
from tests.publications.pressing import as_login, press_all
from tests.racing import naive_twin

ONE, OTHER = "/articles/hiccups-at-night/", "/articles/cold-feet/"
STORE = """
    SELECT public.store_pages(%s, %s, false, 'f', '9999-12-31', ARRAY[%s], ARRAY['e'], ARRAY['{}'::jsonb],
        ARRAY[false], ARRAY['x'::bytea], 0)
"""
STORE_SLOW = STORE.replace("false, 'f'", "true, 'f'")
REVOKE = """
    SELECT public.revoke_key(key, 'A copy was lost.') FROM public.announce_key(encode(sha256('a'), 'base64'))
"""
PRESSED = "SELECT DISTINCT slug FROM pub.page JOIN pub.publication p ON p.id = publication_id"
REVISION = "SELECT id, revision FROM pub.publication WHERE slug = 'hiccups-at-night'"


def make_articles() -> None:
    factories.make_version("approved")
    factories.make_version("approved", content=factories.make_content("Cold feet"))


@pytest.fixture(scope="module")
def kept_articles(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[None]:
    """Two public texts, unpressed."""
    with django_db_blocker.unblock(), worker_database.kept(make_articles):
        yield


pytestmark = pytest.mark.usefixtures("kept_articles", "committed_db")


def paths() -> list[str]:
    """The articles' own pages that are ready; there are others beside them."""
    return sorted(Page.objects.good().filter(path__endswith="/").values_list("path", flat=True))


def is_as_django_says(path: str) -> bool:
    page, answer = Page.objects.good().get(path=path), Client().get(path)
    return (page.plain, page.etag) == (answer.content, answer["ETag"])


# What is pressed


def test_every_article_is_pressed_once_and_is_as_django_says(worker_database: WorkerDatabase) -> None:
    press_all(worker_database)
    assert paths() == [OTHER, ONE]
    assert [is_as_django_says(path) for path in paths()] == [True, True]
    assert press_all(worker_database) == 0


def test_change_throws_away_its_own_pages_in_its_transaction(
    worker_database: WorkerDatabase, as_superuser: Connection
) -> None:
    press_all(worker_database)
    with as_superuser.transaction(force_rollback=True):
        as_superuser.execute("UPDATE pub.publication SET change_note = 'x' WHERE slug = 'cold-feet'")
        assert as_superuser.execute(PRESSED).fetchall() == [("hiccups-at-night",)]
    assert paths() == [OTHER, ONE]
    as_superuser.execute("UPDATE pub.publication SET change_note = 'x' WHERE slug = 'cold-feet'")
    assert paths() == [ONE]
    press_all(worker_database)
    assert is_as_django_says(OTHER)


def test_retraction_and_new_version_are_pressed_anew(worker_database: WorkerDatabase) -> None:
    press_all(worker_database)
    first = Publication.objects.page("hiccups-at-night").get()
    Version.objects.get(pk=first.pk).move("retract", by=factories.editor(), reason="It was wrong.")
    assert paths() == [OTHER]
    press_all(worker_database)
    assert b"It was wrong." in Page.objects.get(path=ONE).plain
    assert is_as_django_says(ONE)


def test_newest_changes_come_first(worker_database: WorkerDatabase, as_superuser: Connection) -> None:
    with as_login(worker_database, WORKER):
        for slug, path in (("cold-feet", OTHER), ("hiccups-at-night", ONE), ("cold-feet", OTHER)):
            as_superuser.execute("UPDATE pub.publication SET change_note = change_note || 'x' WHERE slug = %s", [slug])
            assert press.go_on(seconds=0) == 1
            assert path in paths()


def test_all_is_made_again_with_another_frame_and_when_it_has_run_out(
    worker_database: WorkerDatabase, as_superuser: Connection
) -> None:
    press_all(worker_database)
    for older in ("0", "z"):
        for table in ("page", "pressed"):
            as_superuser.execute(f"UPDATE pub.{table} SET frame = '{older}'")
        assert paths() == []
        press_all(worker_database)
        assert paths() == [OTHER, ONE]
    yesterday = today() - timedelta(1)
    as_superuser.execute("UPDATE pub.publication SET next_review_on = %s WHERE slug = 'cold-feet'", [today()])
    press_all(worker_database)
    assert [Page.objects.get(path=path).good_until for path in (OTHER,)] == [today()]
    as_superuser.execute("UPDATE pub.page SET good_until = %s WHERE path = %s", [yesterday, OTHER])
    as_superuser.execute("UPDATE pub.pressed SET good_until = %s WHERE good_until = %s", [yesterday, today()])
    assert paths() == [ONE]
    assert press_all(worker_database) == 2
    assert paths() == [OTHER, ONE]


def all_but_cold_feet(publication: Publication) -> Iterator[Leaf]:
    if publication.slug == "cold-feet":
        raise ValueError("cannot be made")
    yield leaves.article(publication)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MAKERS", (Maker(all_but_cold_feet),))
    monkeypatch.setattr(press, "_failed", {})


@pytest.mark.usefixtures("faulty")
def test_text_that_cannot_be_made_keeps_no_other_from_being_made(
    worker_database: WorkerDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    press_all(worker_database)
    assert paths() == [ONE]
    assert [record.getMessage() for record in caplog.records] == [f"The pages of {OTHER} cannot be made"]


@pytest.mark.usefixtures("faulty")
def test_command_says_what_could_not_be_made(worker_database: WorkerDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "AT_A_TIME", 1)
    with as_login(worker_database, WORKER):
        for _ in range(2):
            with pytest.raises(CommandError, match=r"^1 still to be made"):
                call_command("press", stdout=StringIO())
    assert paths() == [ONE]  # although a whole turn failed before


def test_refused_key_is_told_once_and_keeps_no_page_from_being_made(
    worker_database: WorkerDatabase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(press, "_failed", {})
    monkeypatch.setenv(VARIABLE, base64.b64encode(b"\1" * 32).decode())
    with as_login(worker_database, WORKER):
        key, _ = ProvenanceKey.objects.announce(SigningKey.own().public_key)
        ProvenanceKey.objects.revoke(key, because="A copy was lost.")
    press_all(worker_database)
    press_all(worker_database)
    assert paths() == [OTHER, ONE]
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["No proof can be countersigned"]
    with as_login(worker_database, WORKER), pytest.raises(CommandError, match=r"^2 still to be made"):
        call_command("press", stdout=StringIO())
    monkeypatch.setattr(press, "_failed", {})
    monkeypatch.setenv(VARIABLE, base64.b64encode(b"\2" * 32).decode())
    assert press_all(worker_database) == 2


def test_revocation_takes_the_proofs_away_and_nothing_else(
    worker_database: WorkerDatabase, as_superuser: Connection
) -> None:
    press_all(worker_database)
    made = set(Page.objects.values_list("path", flat=True))
    rows = as_superuser.execute("SELECT id, revision, xmin, ctid FROM pub.publication").fetchall()
    (key,) = as_superuser.execute("SELECT id FROM pub.provenance_key WHERE until IS NULL").fetchone() or ("",)
    with as_login(worker_database, WORKER):
        ProvenanceKey.objects.revoke(key, because="A copy was lost.")
    assert made - set(Page.objects.values_list("path", flat=True)) == {
        f"{path}v/1/provenance.json" for path in (ONE, OTHER)
    }
    assert as_superuser.execute("SELECT id, revision, xmin, ctid FROM pub.publication").fetchall() == rows
    assert as_superuser.execute("SELECT count(*) FROM pub.pressed WHERE frame = ''").fetchone() == (2,)


def test_page_that_is_not_slow_any_more_is_kept_by_the_slow_ones(
    as_worker: Connection, as_superuser: Connection
) -> None:
    pk, revision = as_superuser.execute(REVISION).fetchone() or (0, 0)
    for statement, path in ((STORE_SLOW, f"{ONE}a"), (STORE, f"{ONE}a"), (STORE_SLOW, f"{ONE}b")):
        assert as_worker.execute(statement, [pk, revision, path]).fetchone() == (True,)
    found = as_superuser.execute("SELECT path, is_slow FROM pub.page WHERE publication_id = %s ORDER BY 1", [pk])
    assert found.fetchall() == [(f"{ONE}a", False), (f"{ONE}b", True)]


# Who may, and where


def test_pages_stand_under_their_own_article_only(as_worker: Connection, as_superuser: Connection) -> None:
    pk, revision = as_superuser.execute(REVISION).fetchone() or (0, 0)
    for path in ("/", OTHER, "/articles/hiccups-at-nightmares/", "/articles/", f"x{ONE}"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            as_worker.execute(STORE, [pk, revision, path])
    assert as_worker.execute(STORE, [pk, revision, f"{ONE}more"]).fetchone() == (True,)
    assert as_worker.execute(STORE, [pk, revision - 1, ONE]).fetchone() == (False,)
    assert as_worker.execute(STORE, [0, 1, ONE]).fetchone() == (False,)


def test_nobody_but_the_worker_stores_pages(as_staff: Connection, as_public: Connection) -> None:
    for login in (as_staff, as_public):
        for statement in ("SELECT public.next_to_press(false, '', now()::date, '{}', 1)", STORE):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(statement.replace("ARRAY[%s]", "'{}'").replace("%s", "1"))


# Twice at once


CHANGE = "UPDATE pub.publication SET change_note = 'x' WHERE slug = 'hiccups-at-night'"


def changed_meanwhile(
    worker_database: WorkerDatabase, store: Callable[[Connection], None], change: str = CHANGE
) -> list[tuple[Any, ...]]:
    """Store a page of a row of which a change is under way; what is there when both are done."""
    with worker_database.connect(OWNER) as changing, worker_database.connect(WORKER) as storing:
        with changing.transaction():
            changing.execute(change)
            thread = threading.Thread(target=store, args=[storing])
            thread.start()
            wait_until_blocked_or_done(changing, storing, thread)
        thread.join(20)
        return changing.execute("SELECT path FROM pub.page WHERE path = %s", [ONE]).fetchall()


def wait_until_blocked_or_done(watching: Connection, storing: Connection, thread: threading.Thread) -> None:
    until = time.monotonic() + 20
    waits = "SELECT FROM pg_locks WHERE pid = %s AND NOT granted"
    while thread.is_alive() and not watching.execute(waits, [storing.info.backend_pid]).rowcount:
        assert time.monotonic() < until
        time.sleep(0.005)


def test_page_of_an_older_row_is_never_stored_over_a_newer_one(
    worker_database: WorkerDatabase, as_superuser: Connection
) -> None:
    pk, revision = as_superuser.execute(REVISION).fetchone() or (0, 0)

    def store(storing: Connection, by: str = STORE) -> None:
        storing.execute(by, [pk, revision, ONE])

    assert changed_meanwhile(worker_database, store) == []
    revision += 1
    with naive_twin(as_superuser, "public.store_pages", " FOR SHARE") as twin:  # keeps it: the test bites
        assert changed_meanwhile(worker_database, partial(store, by=STORE.replace(*twin))) == [(ONE,)]


def test_proof_begun_before_a_revocation_is_never_stored(
    worker_database: WorkerDatabase, as_superuser: Connection
) -> None:
    pk, revision = as_superuser.execute(REVISION).fetchone() or (0, 0)

    def store(storing: Connection, by: str = STORE_SLOW) -> None:
        storing.execute(by, [pk, revision, ONE])

    assert changed_meanwhile(worker_database, store, REVOKE) == []
    as_superuser.execute("DELETE FROM pub.provenance_key")
    lock = "LOCK TABLE pub.provenance_key IN SHARE MODE;"
    with naive_twin(as_superuser, "public.store_pages", lock) as twin:  # keeps it: the test bites
        again = partial(store, by=STORE_SLOW.replace(*twin))
        assert changed_meanwhile(worker_database, again, REVOKE) == [(ONE,)]


def test_two_presses_do_not_work_at_once(worker_database: WorkerDatabase, as_worker: Connection) -> None:
    as_worker.execute("SELECT pg_advisory_lock(%s)", [press.LOCK])
    with as_login(worker_database, WORKER):
        assert press.go_on(seconds=9) is None
        with pytest.raises(CommandError, match="Another process is at it"):
            call_command("press")
        as_worker.execute("SELECT pg_advisory_unlock(%s)", [press.LOCK])
        said = StringIO()
        call_command("press", stdout=said)
    assert said.getvalue().splitlines()[-1] == "Everything is ready."
    assert paths() == [OTHER, ONE]


# In the worker


def test_worker_presses_between_its_mails_and_a_press_that_cannot_keeps_none_waiting(
    worker_database: WorkerDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    with as_login(worker_database, WORKER):
        while worker.press_some():
            pass
    assert paths() == [OTHER, ONE]
    assert worker.press_some() == 0  # as the web's login, which may not
    assert "The press stands still: permission denied" in caplog.text


# The proof


def test_verifier_compares_what_is_ready_with_its_row(
    worker_database: WorkerDatabase, as_superuser: Connection
) -> None:
    press_all(worker_database)
    assert verify()[0] == []
    for forgery in FORGERIES:
        with as_superuser.transaction():
            as_superuser.execute("SET LOCAL session_replication_role = replica")
            as_superuser.execute(forgery)
        assert [problem.subject for problem in pages_hold()] == [f"page {ONE}"], forgery
        as_superuser.execute("UPDATE pub.publication SET change_note = change_note")
        press_all(worker_database)
    as_superuser.execute("UPDATE pub.page SET etag = 'x' WHERE path = %s", [ONE])
    assert [problem.subject for problem in verify()[0]] == [f"page {ONE}"]
    as_superuser.execute("UPDATE pub.page SET frame = 'of an older release', body = 'x' WHERE path = %s", [ONE])
    assert list(pages_hold()) == []  # nothing gives it out
    assert Page.objects.get(path=OTHER).frame == frame()


FORGERIES = (
    f"UPDATE pub.page SET body = '\\x00' WHERE path = '{ONE}'",
    f"UPDATE pub.page SET body = (SELECT body FROM pub.page WHERE path = '{OTHER}') WHERE path = '{ONE}'",
    f"UPDATE pub.page SET headers = headers || '{{\"X-More\": \"1\"}}' WHERE path = '{ONE}'",
    f"UPDATE pub.page SET good_until = '9999-12-31' WHERE path = '{ONE}'",
    f"UPDATE pub.page SET revision = revision - 1 WHERE path = '{ONE}'",
    f"UPDATE pub.page SET body = body || '\\x{packed(b'').hex()}' WHERE path = '{ONE}'",  # not read by every browser
)
