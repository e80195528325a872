"""The demonstration with hostile words in every column that holds words, seen and attacked by everybody.

Desks show the words and run none; looking changes nothing; a stranger changes nothing of anybody else's.
"""

import pytest
from django.http import HttpResponse

from ddx_portal.embedded import SUPERUSER
from tests.attacks.asking import routes
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


def test_looking_changes_nothing() -> None:
    for route, response, tables in changed("stranger@example.org", "get"):
        assert response.status_code < 500, route
        assert tables == set(), route


def test_the_bodies_are_good() -> None:
    """Sent by somebody whom they concern, the very same do much."""
    did = {route for route, _, tables in changed("editor@demo.example", "post") if tables}
    assert len(did) >= 20, did


def test_every_address_is_tried() -> None:
    assert {route for route, *_ in sent()} == set(routes())
    assert len(set(routes())) > 100
