"""What our migrations do by hand is undone by hand: a release that was taken back leaves nothing behind.

The rest Django undoes by itself, once each of these is undone to what it found.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NamedTuple

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from articles.batches import IntakeBatch
from articles.models import Article
from ddx_portal import database
from ledger.verifier import verify
from people.rules import today
from tests.conftest import Blocker
from tests.ddx_portal.schema import told
from tests.factories import author, editor, make_version
from tests.harness import ROOMS, ROOT, WORKER_PREFIX, WorkerDatabase

type Connection = psycopg.Connection[Any]


@contextmanager
def empty_database(worker_database: WorkerDatabase) -> Iterator[None]:
    """Let Django's connection lead to a database without a table, as its owner."""
    server, secrets, name = (
        worker_database.cluster.url(),
        worker_database.secrets,
        f"{WORKER_PREFIX}empty_{os.getpid()}",
    )
    database.prepare(server, secrets, name)
    address = database.login_url(server, database.OWNER, secrets[database.OWNER], name)
    before = dict(settings.DATABASES["default"])
    connection.close()
    settings.DATABASES["default"].update(database.django_database(address, pool_size=0))
    try:
        yield
    finally:
        connection.close()
        settings.DATABASES["default"].update(before)
        database.drop_database(server, name)


def schema() -> frozenset[str]:
    with connection.cursor() as cursor:
        return told(cursor)


class Walk(NamedTuple):
    """What all migrations did, one after another, to a database in which somebody worked between them.

    Attributes:
        left_behind: what is other than before when a step by hand was done and undone.
        handed_in: who handed in the texts from before, and who sent their files.
        accepted: when each reviewer said yes so far, as the number of the event that told it.
    """

    left_behind: dict[str, list[str]]
    handed_in: tuple[list[str | None], list[str]]
    accepted: list[int | None]


@pytest.fixture(scope="module")
def walk(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Walk:
    left_behind: dict[str, list[str]] = {}
    with django_db_blocker.unblock(), empty_database(worker_database), pytest.MonkeyPatch.context() as patch:
        for kind in (RunSQL, RunPython):
            patch.setattr(kind, "database_forwards", done_and_undone(kind.database_forwards, left_behind))
        handed_in = texts_from_before()
        accepted = answers_from_before()
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    return Walk(left_behind, handed_in, accepted)


#: What waits for the end of the transaction is done, as a step is undone in another.
COMMITTED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


def done_and_undone(done: Any, found: dict[str, list[str]]) -> Any:
    def database_forwards(step: Any, room: str, editor: Any, before: Any, after: Any) -> None:
        if room in ROOMS:
            found_here = schema()
            done(step, room, editor, before, after)
            editor.execute(COMMITTED)
            step.database_backwards(room, editor, after, before)
            editor.execute(COMMITTED)
            found[f"{room} {len(found)}"] = sorted(found_here ^ schema())
        done(step, room, editor, before, after)

    return database_forwards


def test_each_step_by_hand_is_undone_to_what_it_found(walk: Walk) -> None:
    assert len(walk.left_behind) >= 16
    assert {step: left for step, left in walk.left_behind.items() if left} == {}


def test_each_migration_can_be_undone() -> None:
    loader = MigrationExecutor(None).loader
    ours = [migration for (room, _), migration in loader.disk_migrations.items() if room in ROOMS]

    steps = [(str(migration), step) for migration in ours for step in migration.operations]

    assert [name for name, step in steps if not step.reversible] == []


def texts_from_before() -> tuple[list[str | None], list[str]]:
    """Hand texts in before the portal kept who did; return whom it took them from."""
    then = migrated_to("articles", "0004_writing")
    create = then.get_model("people", "User").objects.create
    house, chief, other = (create(email=f"{name}@example.org", name=name, password="") for name in NAMES)
    for slug in ("brought", "own", "by another"):
        article = then.get_model("articles", "Article").objects.create(slug=slug, owner_id=house.pk)
        article.versions.create(number=1, author_id=house.pk, content='{"title":"Hiccups"}')
    then = migrated_to("articles", "0006_twins")
    assert then.get_model("articles", "Fingerprint").objects.filter(due="text", bands=[]).count() == 3
    batch = then.get_model("articles", "IntakeBatch").objects.create(begun_by_id=chief.pk, author_id=house.pk)
    file = {"size": 1, "sha256": "0" * 64, "done_at": timezone.now()}
    for state, article in zip(("imported", "already_imported", "submitted"), articles_of(then), strict=True):
        batch.files.create(name="a.md", state=state, article_id=article.pk, **file)
    for adder, files in ((chief, 2), (other, 1)):
        payload = json.dumps({"batch": batch.pk, "files": files})
        then.get_model("ledger", "Event").objects.create(kind="intake_begun", actor_id=adder.pk, payload=payload)

    now = migrated_to("articles", "0007_handed_in")

    senders = now.get_model("articles", "IntakeFile").objects.order_by("pk").values_list("sent_by__name", flat=True)
    return list(articles_of(now).values_list("handed_in_by__name", flat=True)), list(senders)


def test_texts_from_before_have_fingerprints_to_be_drawn_and_say_who_handed_them_in(walk: Walk) -> None:
    assert walk.handed_in == (["chief", None, "other"], ["chief", "chief", "other"])


def answers_from_before() -> list[int | None]:
    """Let reviewers answer before the portal kept when they said yes; return which event it took that from."""
    then = migrated_to("reviews", "0014_stays_so_far")
    create = {
        name: then.get_model(*name.split(".")).objects.create
        for name in ("people.User", "ledger.Event", "reviews.Assignment")
    }
    version = then.get_model("articles", "Version").objects.earliest("pk")
    asked = []
    for name in ("yes", "yes then no", "asked anew", "silent", "other"):
        reviewer = create["people.User"](email=f"{len(name)}@example.org", name=name, password="")
        due = {"answer_due_on": today(), "review_due_on": today()}
        by = {"reviewer_id": reviewer.pk, "invited_by_id": version.author_id}
        asked.append(create["reviews.Assignment"](version_id=version.pk, **by, **due))
    for kind, assignment in (("accepted", 0), ("accepted", 1), ("declined", 1), ("accepted", 2), ("declined", 4)):
        payload = json.dumps({"assignment": asked[assignment].pk})
        create["ledger.Event"](kind=f"invitation_{kind}", payload=payload)
    asked[2].invited_at = timezone.now()
    asked[2].save(update_fields=["invited_at"])

    now = migrated_to("reviews", "0016_accepted_so_far")

    events = now.get_model("ledger", "Event").objects.filter(kind="invitation_accepted").order_by("seq")
    numbers = {at: number for number, at in enumerate(events.values_list("at", flat=True))}
    found = now.get_model("reviews", "Assignment").objects.order_by("pk").values_list("accepted_at", flat=True)
    return [at and numbers[at] for at in found]


def test_when_reviewers_said_yes_so_far_is_taken_from_the_ledger(walk: Walk) -> None:
    assert walk.accepted == [0, 1, None, None, None]


NAMES = ("house", "chief", "other")


def articles_of(apps: Any) -> Any:
    return apps.get_model("articles", "Article").objects.order_by("pk")


def test_a_past_signature_counts_although_its_person_had_handed_the_text_in(as_superuser: Connection) -> None:
    signed, unsigned = (make_version(state) for state in ("approved", "under_review"))
    chief = signed.decisions.all()[0].reviewer
    batch = IntakeBatch.objects.create(begun_by=chief, author=author())
    for version in (signed, unsigned):
        batch.files.create(name="a.md", size=1, state="imported", article=version.article, sent_by=editor())

    for step in ("undo.sql", "sql"):
        as_superuser.execute((ROOT / f"articles/migrations/0007_handed_in.{step}").read_bytes())

    assert list(Article.objects.order_by("pk").values_list("handed_in_by", flat=True)) == [None, chief.pk]
    assert verify()[0] == []


def test_what_was_public_before_is_derived_from_once(as_superuser: Connection) -> None:
    for state in ("superseded", "approved"):
        make_version(state)
    so_far = import_module("publications.migrations.0014_so_far")
    found = derived(as_superuser)
    (last,) = as_superuser.execute("SELECT max(id) FROM pub.publication").fetchone()  # type: ignore[misc]
    as_superuser.execute("SELECT unlist(array_agg(id)) FROM pub.publication")
    as_superuser.execute("TRUNCATE pub.passage, pub.meaning, pub.pressed")
    assert not any(derived(as_superuser).values())

    for _ in range(2):
        for statement in so_far.DERIVED:
            as_superuser.execute(statement, {"first": 0, "last": last})
        assert derived(as_superuser) == found

    as_superuser.execute("TRUNCATE pub.listed")
    as_superuser.execute("SELECT unlist(array_agg(id)) FROM pub.publication")  # who is not in it is not taken out
    assert derived(as_superuser) == found | {"listed": []}


def derived(as_superuser: Connection) -> dict[str, list[Any]]:
    """All rows of what follows from publications, but for when they came."""
    tables = "listed", "shelf", "word", "diagnosis", "diagnosis_name", "suggestion", "passage", "pressed"
    told = SQL("SELECT to_jsonb(t)::jsonb - 'since' FROM pub.{} t ORDER BY 1")
    return {table: as_superuser.execute(told.format(Identifier(table))).fetchall() for table in tables}


def migrated_to(room: str, name: str) -> Any:
    """The tables as they were with this migration; the models of that time."""
    executor = MigrationExecutor(connection)
    return executor.migrate([(room, name)]).apps
