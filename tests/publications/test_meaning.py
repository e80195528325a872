"""Ranking by meaning: what is stored for it and by whom; where its packages are, that it finds what words do not."""

import threading
import time
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from content.schema import Audience
from ddx_portal.database import OWNER, WORKER
from ddx_portal.worker import press_some
from publications.meaning import indexing, model
from publications.meaning.model import MODEL, check_packages, missing
from publications.meaning.nearest import check_pgvector, nearest
from publications.models import Publication
from publications.passages import Answer
from publications.questions.ranking import Candidate, rank
from publications.questions.reading import read
from tests import factories
from tests.conftest import Connection
from tests.harness import WorkerDatabase
from tests.publications.pressing import as_login
from tests.publications.questions import corpus
from tests.racing import naive_twin

PGVECTOR = "CREATE EXTENSION vector SCHEMA pub"
STORE = "SELECT public.store_meaning(%s, %s, %s, %s, %s::real[])"
NEXT = "SELECT * FROM public.next_meanings(%s, 1000)"
MEANINGS = "SELECT count(*) FROM pub.meaning"
CHANGE = "UPDATE pub.publication SET title = title || ' again'"
pytestmark = pytest.mark.usefixtures("committed_db")
needs_packages = pytest.mark.skipif(bool(missing()), reason="the packages of requirements-hybrid.txt are not installed")


def direction(*first: float) -> list[float]:
    return [*map(float, first), *[0.0] * (384 - len(first))]


def passages(worker: Connection) -> list[tuple[Any, ...]]:
    return worker.execute(NEXT, [MODEL]).fetchall()


def count(connection: Connection) -> int:
    (number,) = connection.execute(MEANINGS).fetchone() or (-1,)
    return int(number)


def near_twin(number: int, *, is_here: bool = True) -> Candidate:
    return Candidate(number, is_here, (number, ""), "signs", frozenset(), frozenset(), frozenset({"clot", str(number)}))


def test_what_both_rankings_have_comes_first_and_what_only_one_has_is_kept() -> None:
    every = [near_twin(number) for number in range(4)]
    words = [(frozenset({"clot"}),)]
    assert rank(every[:2], words, ()) == [0, 1]
    assert rank(every[:2], words, (), near=[every[3], every[1]]) == [1, 0, 3]
    assert rank([], words, (), near=[near_twin(8, is_here=False), every[2]]) == [2, 8]


def test_worker_alone_stores_what_a_passage_means_and_it_goes_with_the_passage(
    as_worker: Connection, as_staff: Connection, as_public: Connection, as_superuser: Connection
) -> None:
    factories.make_version("approved")
    left = passages(as_worker)
    pk, place, said = left[0]
    assert as_worker.execute(STORE, [pk, place, said, MODEL, direction(1)]).fetchone() == (True,)
    assert as_worker.execute(STORE, [pk, place, said, MODEL, direction(0, 1)]).fetchone() == (True,)
    assert passages(as_worker) == left[1:]
    assert len(as_worker.execute(NEXT, ["another"]).fetchall()) == len(left)
    for other in (said + "x", ""):
        assert as_worker.execute(STORE, [pk, place, other, MODEL, direction(1)]).fetchone() == (False,)
    with pytest.raises(psycopg.errors.CheckViolation):
        as_worker.execute(STORE, [pk, place, said, MODEL, [1.0]])
    for login in (as_staff, as_public):
        for statement in (f"SELECT public.store_meaning({pk}, {place}, '', '', '{{}}')", "SELECT * FROM pub.meaning"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(statement)
    assert count(as_superuser) == 1
    as_superuser.execute(CHANGE)
    assert count(as_superuser) == 0


def test_meaning_of_words_that_change_meanwhile_is_not_stored(
    worker_database: WorkerDatabase, as_superuser: Connection, as_worker: Connection
) -> None:
    factories.make_version("approved")
    assert stored_meanwhile(worker_database, passages(as_worker)[0], STORE) == (False,)
    with naive_twin(as_superuser, "public.store_meaning", " FOR KEY SHARE") as twin:  # fails: the test bites
        assert stored_meanwhile(worker_database, passages(as_worker)[0], STORE.replace(*twin)) is None
    assert count(as_superuser) == 0


def stored_meanwhile(worker_database: WorkerDatabase, spot: tuple[Any, ...], statement: str) -> Any:
    """Store a meaning while the passage is being made anew; the answer, None where the foreign key was broken."""
    said = []

    def store(storing: Connection) -> None:
        with suppress(psycopg.errors.ForeignKeyViolation):
            said.append(storing.execute(statement, [*spot, MODEL, direction(1)]).fetchone())

    with worker_database.connect(OWNER) as changing, worker_database.connect(WORKER) as storing:
        with changing.transaction():
            changing.execute(CHANGE)
            thread = threading.Thread(target=store, args=[storing])
            thread.start()
            until = time.monotonic() + 20
            waits = "SELECT FROM pg_locks WHERE pid = %s AND NOT granted"
            while thread.is_alive() and not changing.execute(waits, [storing.info.backend_pid]).rowcount:
                assert time.monotonic() < until
                time.sleep(0.005)
        thread.join(20)
    return said[0] if said else None


def test_nearest_passages_are_those_of_the_reader_the_nearest_first(
    as_superuser: Connection, as_worker: Connection
) -> None:
    factories.make_version("approved")
    left = passages(as_worker)
    for number, (pk, place, said) in enumerate(left):
        as_worker.execute(STORE, [pk, place, said, MODEL, direction(number % 2, 1 - number % 2)])
    asked = "SELECT place, nearness FROM pub.nearest_passages(%s::real[], %s, %s, %s, 12)"
    with as_superuser.transaction(force_rollback=True):
        as_superuser.execute(PGVECTOR)
        as_superuser.execute("SET LOCAL ROLE ddx_public")
        values = [direction(0.6, 0.8), left[0][0], "patient", MODEL]
        found = as_superuser.execute(asked, values).fetchall()
        of_others = as_superuser.execute(asked, [*values[:3], "another model"]).fetchall()
    assert [round(nearness, 3) for _, nearness in found] == sorted((0.6, 0.8)[n % 2] for n, _ in enumerate(found))[::-1]
    theirs = as_superuser.execute("SELECT place FROM pub.passage WHERE audience = 'clinician'").fetchall()
    assert theirs
    assert {(place,) for place, _ in found}.isdisjoint(theirs)
    assert len(found) == len(left) - len(theirs)
    assert of_others == []


def test_ranking_that_cannot_be_had_is_told_at_the_start(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "PACKAGES", ("numpy_of_nobody",))
    check_packages()
    assert check_pgvector(databases=["public"]) == []
    assert nearest(1, "pain", Audience.PATIENT) == []
    assert indexing.go_on(1) == 0
    with pytest.raises(CommandError, match="QUESTION_RANKING is not hybrid"):
        call_command("index_passages")
    settings.QUESTION_RANKING = "hybrid"
    with pytest.raises(ImproperlyConfigured, match="missing: numpy_of_nobody"):
        check_packages()
    (error,) = check_pgvector(databases=["public"])
    assert "CREATE EXTENSION vector SCHEMA pub" in error.msg
    with pytest.raises(CommandError, match="CREATE EXTENSION vector SCHEMA pub"):
        call_command("index_passages")


class Broken:
    """In the place of the model: it cannot read what has this word in it."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked = 0

    def meaning(self, words: str) -> list[float]:
        if self.word in words:
            self.asked += 1
            raise ValueError(words)
        return direction(1)


def test_passage_that_cannot_be_read_keeps_nothing_else_waiting(
    worker_database: WorkerDatabase,
    as_worker: Connection,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    factories.make_version("approved")
    settings.QUESTION_RANKING = "hybrid"
    monkeypatch.setattr(indexing, "_failed", {})
    every = passages(as_worker)
    for word, left in (("timing", [each for each in every if "timing" in each[2]]), ("no such word", [])):
        broken = Broken(word)
        monkeypatch.setattr(model, "_model", lambda broken=broken: broken)
        with as_login(worker_database, WORKER):
            for _ in range(2):
                indexing._looked.clear()
                press_some()
        assert passages(as_worker) == left
        assert broken.asked == indexing.failed() == len(left)
        indexing._failed.clear()
    assert 0 < caplog.text.count("cannot be read: ValueError") < len(every)
    assert "timing" not in caplog.text


# With the packages


@pytest.fixture
def every_article(committed_db: None, worker_database: WorkerDatabase, settings: Any) -> None:
    settings.QUESTION_RANKING = "hybrid"
    with worker_database.connect("postgres") as superuser:
        corpus.publish_all(superuser)


@needs_packages
def test_question_in_other_words_finds_what_means_the_same(
    every_article: None,
    worker_database: WorkerDatabase,
    as_superuser: Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    here = Publication.objects.page("twitching-around-the-belly-button").get()
    asked = read("can stress and tiredness make a muscle jump")
    before = Answer.find(here, asked, Audience.PATIENT)
    assert "Ranked by words alone" in caplog.text  # there is no pgvector
    as_superuser.execute(PGVECTOR)
    indexing._looked.clear()
    with as_login(worker_database, WORKER):
        call_command("index_passages", verbosity=0)
    found = {(each.publication.slug, each.diagnosis) for each in Answer.find(here, asked, Audience.PATIENT).passages}
    wanted = {(here.slug, "benign-fasciculation"), (here.slug, "stimulant-effect")}
    assert found & wanted
    assert not wanted & {(each.publication.slug, each.diagnosis) for each in before.passages}
    assert Answer.find(here, read("what is appendicitis like"), Audience.PATIENT).passages == []
