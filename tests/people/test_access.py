"""Who sees which page of this room: roles × pages × methods, as a table."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from people.models import Conflict, Invitation, Role, User
from tests.people.factories import administrator, board_member, make_person

NOBODY, NO_ROLE = "nobody", "no role"
EVERYBODY = [NOBODY, NO_ROLE, *Role.values]
OPEN, REDIRECT, FORBIDDEN, MISSING = 200, 302, 403, 404

# page: (method, who gets further; the rest of those signed in get 403)
SEES_PEOPLE = {Role.EDITOR, Role.ADMINISTRATOR}
MANAGES = {Role.ADMINISTRATOR}
IN_THE_DESK = set(Role)
HERE = "/desk/people/me/conflicts/1/withdraw/"
PAGES = [
    ("list", "get", SEES_PEOPLE),
    ("detail", "get", SEES_PEOPLE),
    ("invite", "get", MANAGES),
    ("invite", "post", MANAGES),
    ("edit_profile", "get", MANAGES),
    ("edit_profile", "post", MANAGES),
    ("grant_role", "post", MANAGES),
    ("end_role", "post", MANAGES),
    ("add_term", "post", MANAGES),
    ("end_term", "get", MANAGES),
    ("end_term", "post", MANAGES),
    ("deactivate", "post", MANAGES),
    ("activate", "post", MANAGES),
    ("cancel_invitation", "post", MANAGES),
    ("resend_invitation", "post", MANAGES),
    ("me", "get", IN_THE_DESK),
    ("me", "post", IN_THE_DESK),
    ("disclosure", "get", IN_THE_DESK),
    ("disclosure", "post", IN_THE_DESK),
    ("conflicts", "get", IN_THE_DESK),
    ("conflicts", "post", IN_THE_DESK),
    ("availability", "get", IN_THE_DESK),
]
VERBS = ["grant_role", "end_role", "add_term", "deactivate", "activate", "cancel_invitation", "resend_invitation"]


def address(page: str) -> str:
    """The page, about somebody else."""
    other = board_member()
    term = other.board_profile.terms.get()
    arguments: dict[str, list[object]] = {
        "detail": [other.pk],
        "edit_profile": [other.pk],
        "grant_role": [other.pk, "author"],
        "end_role": [other.pk, "reviewer"],
        "add_term": [other.pk],
        "end_term": [other.pk, term.pk],
        "deactivate": [other.pk],
        "activate": [other.pk],
    }
    if page.endswith("_invitation"):
        arguments[page] = [Invitation.objects.invite("new@example.org", ["author"], by=administrator()).pk]
    return reverse(f"people:{page}", args=arguments.get(page, []))


def sign_in(client: Client, who: str) -> User | None:
    if who == NOBODY:
        return None
    person = make_person(roles=[] if who == NO_ROLE else [who])
    client.force_login(person)
    return person


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize(("page", "method", "allowed"), PAGES, ids=[f"{page}-{method}" for page, method, _ in PAGES])
def test_page_opens_to(db: None, client: Client, *, page: str, method: str, allowed: set[Role], who: str) -> None:
    url = address(page)
    sign_in(client, who)
    before = snapshot()
    response = getattr(client, method)(url)
    if who == NOBODY:
        sent = "" if method == "get" else "sent=1&"
        assert (response.status_code, response["Location"]) == (REDIRECT, f"/accounts/login/?{sent}next={url}")
    elif who in allowed:
        assert response.status_code in {OPEN, REDIRECT}
        assert not response.get("Location", "").startswith("/accounts/")
    else:
        assert response.status_code == FORBIDDEN
    if who not in allowed:
        assert snapshot() == before


def snapshot() -> list[object]:
    """What the verbs change."""
    people = User.objects.order_by("pk").values_list("is_active", "name", "role_grants__role", "role_grants__ended_at")
    terms = User.objects.order_by("pk").values_list("board_profile__terms__ended_early_on", "disclosures", "conflicts")
    return [*people.values_list(), *terms, *Invitation.objects.values_list("cancelled_at", "sendings")]


@pytest.mark.parametrize("page", VERBS)
def test_verbs_do_nothing_by_get(db: None, client: Client, page: str) -> None:
    url = address(page)
    sign_in(client, Role.ADMINISTRATOR)
    response = client.get(url)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assertContains(response, "Back to your queue", status_code=405)


@pytest.mark.parametrize(
    ("came_from", "onward"),
    [
        ("https://testserver/desk/people/me/conflicts/?a=1", "/desk/people/me/conflicts/%3Fa%3D1"),
        ("https://testserver/policies/privacy/", HERE),
        ("https://elsewhere.example/desk/people/", HERE),
        ("https://elsewhere.example/testserver/desk/people/", HERE),
        ("http://testserver/desk/people/", HERE),
        ("nonsense", HERE),
    ],
)
def test_form_sent_after_the_session_leads_back_to_its_page(
    db: None, client: Client, came_from: str, onward: str
) -> None:
    response = client.post(HERE, {"reason": "Over"}, headers={"Referer": came_from}, secure=True)
    assert (response.status_code, response["Location"]) == (REDIRECT, f"/accounts/login/?sent=1&next={onward}")
    assertContains(client.get(response["Location"], secure=True), "so what you sent was not done.")
    assert not response.cookies
    assertNotContains(client.get("/accounts/login/", secure=True), "was not done")


@pytest.mark.parametrize("page", [page for page, method, _ in PAGES if method == "post"])
def test_posts_need_the_token_of_the_form(db: None, page: str) -> None:
    client = Client(enforce_csrf_checks=True)
    url = address(page)
    sign_in(client, Role.ADMINISTRATOR)
    assert client.post(url).status_code == FORBIDDEN


def test_conflict_of_somebody_else_is_missing_like_none(db: None, client: Client) -> None:
    one, other = make_person(roles=[Role.AUTHOR]), make_person(roles=[Role.REVIEWER])
    conflict = Conflict.objects.declare(other, "Grant", by=one)
    for person in (other, make_person(roles=list(Role))):
        client.force_login(person)
        for pk in (conflict.pk, conflict.pk + 1000):
            url = reverse("people:withdraw_conflict", args=[pk])
            assert client.get(url).status_code == MISSING
            assert client.post(url, {"reason": "No"}).status_code == MISSING
    assert Conflict.objects.standing().count() == 1


def test_role_ended_in_mid_session_counts_at_once(db: None, client: Client) -> None:
    person = make_person(roles=[Role.EDITOR])
    client.force_login(person)
    assert client.get(reverse("people:list")).status_code == OPEN
    person.end_role(Role.EDITOR, by=administrator())
    assert client.get(reverse("people:list")).status_code == FORBIDDEN


def test_closed_account_is_signed_out(db: None, client: Client) -> None:
    person = make_person(roles=[Role.EDITOR])
    client.force_login(person)
    person.deactivate(by=administrator())
    assert client.get(reverse("people:list")).status_code == REDIRECT
