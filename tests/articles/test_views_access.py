"""Who may open which of the author's addresses: role × address × method, as a table."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from articles import urls
from articles.models import Article, Version
from people.models import User
from tests.articles.browsing import address, desk
from tests.factories import (
    administrator,
    assign,
    author,
    board_member,
    editor,
    make_content,
    make_person,
    reread,
)

type InState = Callable[[str], Version]

pytestmark = pytest.mark.django_db

CANARY = "zyzzyva"
PEOPLE = ("owner", "contributor", "editor", "asked", "reviewer", "administrator", "other author", "no role", "nobody")

#: What each answers to GET and to POST of a version under review, in the order of PEOPLE. Nobody is sent to sign in.
TABLE: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    #                own  con  edi  ask  rev  adm  oth  nor  nob     own  con  edi  ask  rev  adm  oth  nor  nob
    "edit":         ((302, 403, 302, 403, 404, 404, 404, 404, 302), (409, 403, 409, 403, 404, 404, 404, 404, 302)),
    "autosave":     ((405, 405, 405, 405, 405, 405, 405, 405, 302), (409, 403, 409, 403, 404, 404, 404, 404, 302)),
    "pulse":        ((405, 405, 405, 405, 405, 405, 405, 405, 302), (200, 403, 200, 403, 404, 404, 404, 404, 302)),
    "forget":       ((405, 405, 405, 405, 405, 405, 405, 405, 302), (302, 403, 302, 403, 404, 404, 404, 404, 302)),
    "restore":      ((405, 405, 405, 405, 405, 405, 405, 405, 302), (200, 403, 200, 403, 404, 404, 404, 404, 302)),
    "take_theirs":  ((405, 405, 405, 405, 405, 405, 405, 405, 302), (200, 403, 200, 403, 404, 404, 404, 404, 302)),
    "preview_pane": ((405, 405, 405, 405, 405, 405, 405, 405, 302), (200, 403, 200, 403, 404, 404, 404, 404, 302)),
    "preview":      ((200, 200, 200, 200, 404, 404, 404, 404, 302), (405, 405, 405, 405, 405, 405, 405, 405, 302)),
    "source":       ((200, 200, 200, 200, 404, 404, 404, 404, 302), (405, 405, 405, 405, 405, 405, 405, 405, 302)),
    "text":         ((200, 200, 200, 200, 404, 404, 404, 404, 302), (405, 405, 405, 405, 405, 405, 405, 405, 302)),
    "submit":       ((302, 403, 403, 403, 404, 404, 404, 404, 302), (302, 403, 403, 403, 404, 404, 404, 404, 302)),
    "withdraw":     ((200, 403, 403, 403, 404, 404, 404, 404, 302), (422, 403, 403, 403, 404, 404, 404, 404, 302)),
    "discard":      ((409, 403, 409, 403, 404, 404, 404, 404, 302), (409, 403, 409, 403, 404, 404, 404, 404, 302)),
}  # fmt: skip


@pytest.fixture(scope="module")
def kept_version(kept_db: None) -> Version:
    content = make_content(canary=CANARY)
    notes = [{"id": 0, "kind": "left_out", "line": 1, "text": CANARY}]
    draft = Article.objects.create_with_draft(content, by=author(), source=CANARY, doubts=notes)
    draft.contributors.add(author(email="contributor@example.org"))
    draft = draft.move("submit", by=draft.author, change_note="", origin="human")
    assign(draft, [board_member(email="asked@example.org")])
    return draft


@pytest.fixture
def version(db: None, kept_version: Version) -> Version:
    """Under review; every text of it, its source included, holds the canary."""
    return reread(kept_version)


def person_of(version: Version, who: str) -> User | None:
    """One person of a kind towards this version."""
    match who:
        case "owner":
            return version.article.owner
        case "contributor" | "asked":
            return User.objects.get(email=f"{who}@example.org")
        case "nobody":
            return None
    return MADE[who]()


MADE: dict[str, Callable[[], User]] = {
    "editor": editor,
    "reviewer": board_member,
    "administrator": administrator,
    "other author": author,
    "no role": make_person,
}


def test_table_of_access(version: Version) -> None:
    for person in PEOPLE:
        client = desk(person_of(version, person))
        column = PEOPLE.index(person)
        for name, (get, post) in TABLE.items():
            for method, expected in ((client.get, get[column]), (client.post, post[column])):
                response = method(address(name, version))
                told = (person, name, method.__name__, response.status_code)
                assert told == (person, name, method.__name__, expected)
                if expected not in {200, 409, 422}:
                    assert CANARY not in response.content.decode(), told


def test_table_names_every_address_of_a_version() -> None:
    assert {pattern.name for pattern in urls.version} == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_version_that_is_not_there_looks_like_one_that_may_not_be_seen(name: str, version: Version) -> None:
    client = desk(author())
    missing = reverse(f"articles:{name}", args=(version.article_id, 99))
    for method in (client.get, client.post):
        hidden, nothing = method(address(name, version)), method(missing)
        assert hidden.status_code == nothing.status_code
        assert hidden.content.replace(b"/v/1/", b"/v/99/") == nothing.content.replace(b"/v/1/", b"/v/99/")


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**40])
def test_numbers_out_of_range_are_not_found(number: int, version: Version) -> None:
    client = desk(version.article.owner)
    assert client.get(reverse("articles:preview", args=(number, 1))).status_code == 404
    assert client.get(reverse("articles:preview", args=(version.article_id, number))).status_code == 404


@pytest.mark.parametrize(
    ("person", "revise", "codes"),
    [
        ("owner", 409, 200),
        ("contributor", 403, 200),
        ("editor", 409, 200),
        ("asked", 403, 403),
        ("reviewer", 404, 403),
        ("administrator", 404, 403),
        ("other author", 404, 200),
        ("no role", 404, 403),
        ("nobody", 302, 302),
    ],
)
def test_other_addresses(person: str, revise: int, codes: int, version: Version) -> None:
    client = desk(person_of(version, person))
    assert client.post(reverse("articles:revise", args=(version.article_id,))).status_code == revise
    assert client.get(reverse("articles:codes"), {"q": "R25"}).status_code == codes
    assert client.post(f"{reverse('articles:markdown')}?field=a", {"a": "x"}).status_code == codes


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("draft", 200),
        ("submitted", 200),
        ("changes_requested", 200),
        ("declined", 200),
        ("withdrawn", 200),
        ("approved", 302),
        ("superseded", 302),
        ("retracted", 302),
    ],
)
def test_preview_is_of_what_was_never_public(in_state: InState, state: str, status: int) -> None:
    version = in_state(state)
    response = desk(version.article.owner).get(address("preview", version))
    assert response.status_code == status
    if status == 200:
        assert "Not yet reviewed: do not rely on this." in response.content.decode()


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "withdrawn"])
@pytest.mark.parametrize("person", [author, board_member, administrator], ids=["author", "reviewer", "administrator"])
def test_strangers_find_nothing_in_any_state(in_state: InState, state: str, person: Callable[[], Any]) -> None:
    version = in_state(state)
    client = desk(person())
    for name in TABLE:
        assert {client.get(address(name, version)).status_code, 405} <= {404, 405}
