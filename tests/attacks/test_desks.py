"""The demonstration with hostile words in every column that holds words, seen and attacked by everybody.

Desks show the words and run none; looking changes nothing; a stranger changes nothing of anybody else's.
"""

import json
import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.urls import reverse

from articles.models import Typing
from ddx_portal.embedded import SUPERUSER
from people.models import User
from tests.attacks.asking import Row, ask, browser_of, routes, rows_changed
from tests.attacks.crawling import crawl, found_in
from tests.attacks.hostile import WORDS, fill
from tests.attacks.sending import changed, sent
from tests.harness import WorkerDatabase

pytestmark = pytest.mark.usefixtures("hostile_world")

PEOPLE = ("editor@demo.example", "author@demo.example", "reviewer-1@demo.example", "admin@demo.example")
OWN = {
    "desk/articles/new/empty/",
    "desk/people/me/",
    "desk/people/me/availability/add/",
    "desk/people/me/availability/limit/",
    "desk/people/me/mail/",
    "desk/views/",
}
#: The columns that say whose a row is.
OWNER = ("user_id", "owner_id", "author_id", "actor_id", "holder_id")
#: What a stranger changes: their own.
STRANGERS = {"": set[str](), "ended@example.org": set[str](), "stranger@example.org": OWN}


@pytest.fixture(scope="module")
def hostile_world(demonstration: WorkerDatabase) -> set[str]:
    with demonstration.connect(SUPERUSER) as superuser:
        return fill(superuser)


@pytest.mark.parametrize("email", PEOPLE)
def test_hostile_words_are_shown_and_never_run(hostile_world: set[str], email: str) -> None:
    shown = 0
    for path, response, tables in crawl(email):
        assert response.status_code < 500, path
        assert found_in(response) == [], path
        assert tables == set(), path
        shown += b"zqx" in response.getvalue()
    assert shown > 20


def test_words_stand_in_every_column_of_words(hostile_world: set[str]) -> None:
    some = {
        "User.name",
        "Finding.body",
        "Decision.confidential_note",
        "Label.name",
        "Message.subject",
        "SavedView.name",
        "Version.state_reason",
        "Conflict.withdrawn_reason",
        "Typing.typed",
        "KeptText.typed",
        "KeptText.content",
    }
    assert some <= hostile_world
    assert len(hostile_world) > 45


@pytest.mark.parametrize(
    "page", [f"<p>{WORDS}", "<p title=''><zqx>", "<a href='javascript:zqx()'>x</a>", "<p onclick=x>"]
)
def test_the_check_bites(page: str) -> None:
    assert found_in(HttpResponse(page)) != []


def test_the_check_bites_in_tables() -> None:
    assert found_in(HttpResponse("a,=1+1", content_type="text/csv")) == ["=1+1"]


@pytest.mark.parametrize("email", STRANGERS)
def test_stranger_changes_nothing_of_anybody_elses(email: str) -> None:
    own = set()
    for route, response, tables in changed(email, "post"):
        assert response.status_code < 500, route
        if tables:
            own.add(route)
        elif not email and response.status_code not in {403, 404, 405}:
            assert "/accounts/login/" in response.headers.get("Location", ""), (route, response.status_code)
    assert own == STRANGERS[email]


def strange(rows: set[Row], user: User) -> set[Row]:
    """Those that are not this person's, nor of a version that is."""
    told = {row: json.loads(row[1]) for row in rows}
    mine = {row for row, values in told.items() if user.pk in {values.get(name) for name in OWNER}}
    mine |= {row for row, values in told.items() if row[0] == "people_user" and values["id"] == user.pk}
    versions = {told[row]["id"] for row in mine if row[0] == "articles_version"}
    prints = {row for row in rows if row[0] == "articles_fingerprint" and told[row]["version_id"] in versions}
    return {row for row in rows - mine - prints if row[0] != "ledger_head"}


def rows_of(email: str, routes: set[str]) -> Iterator[tuple[str, set[Row]]]:
    with browser_of(email) as client:
        for route, path, data in sent():
            if route in routes:
                _, tables = ask(client, "post", path, data)
                yield route, rows_changed(client, path, data, tables)


def test_stranger_changes_rows_of_their_own_alone() -> None:
    for route, rows in rows_of("stranger@example.org", OWN):
        assert rows, route
        assert strange(rows, User.objects.get(email="stranger@example.org")) == set(), route


def test_rows_of_others_are_told_apart() -> None:
    for route, rows in rows_of("editor@demo.example", {"desk/triage/act/", "desk/articles/new/empty/"}):
        editor, stranger = (User.objects.get(email=email) for email in ("editor@demo.example", "stranger@example.org"))
        assert strange(rows, stranger), route
        assert bool(strange(rows, editor)) == (route == "desk/triage/act/"), rows


def test_kept_words_that_are_restored_never_run() -> None:
    with browser_of("author@demo.example") as client:
        kept = Typing.objects.select_related("version").order_by("pk")[0]
        path = reverse("articles:restore", args=(kept.version.article_id, kept.version.number))
        response, _ = ask(client, "post", path, {"kept": kept.pk})
    assert b"Typed and lost" not in response.getvalue()
    assert response.getvalue().count(b"zqx()") >= 4
    assert found_in(response) == []


def test_looking_changes_nothing() -> None:
    for route, response, tables in changed("stranger@example.org", "get"):
        assert response.status_code < 500, route
        assert tables == set(), route


def test_the_bodies_are_good() -> None:
    """Sent by somebody whom they concern, the very same do much."""
    did = {route for route, _, tables in changed("editor@demo.example", "post") if tables}
    assert len(did) >= 20, did
    kept = {route for route in routes() if re.match(r"desk/(letters/<|site/.)|.*/notice/$", route)}
    assert kept - did <= {"desk/letters/<int:pk>/"}  # a page that is only read


def test_every_address_is_tried() -> None:
    assert {route for route, *_ in sent()} == set(routes())
    assert len(set(routes())) > 100
