import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import BoardProfile, Conflict, Role, User
from people.rules import today
from tests.people.factories import administrator, board_member, editor, make_person

HOSTILE = [
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "%' ESCAPE '",
    "%%%___",
    "\\",
    "{{ 7*7 }}",
    pytest.param("a " * 5_000, id="many words"),
    pytest.param("x" * 100_000, id="long word"),
    "\x00",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "((((",
]

FIELDS = ("name", "credentials", "job_title", "institution", "bio")


@pytest.fixture
def admin(db: None, client: Client) -> User:
    person = administrator(name="Ada Admin")
    client.force_login(person)
    return person


def queries_of_list(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(reverse("people:list")).status_code == 200
    return len(captured)


def test_list_takes_as_many_queries_at_3_rows_as_at_30(admin: User, client: Client) -> None:
    board_member()
    make_person(roles=list(Role))
    at_three = queries_of_list(client)
    for _ in range(13):
        board_member()
        make_person(roles=[Role.AUTHOR])
    make_person().deactivate(by=admin)
    assert queries_of_list(client) == at_three == 10


def test_list_shows_roles_terms_and_disclosures(admin: User, client: Client) -> None:
    board_member(name="Bo Member")
    make_person(name="Ru Reviewer", roles=[Role.REVIEWER])
    text = client.get(reverse("people:list")).content.decode()
    for words in ("Bo Member, MD", "Ru Reviewer", "none running", "missing", "Ada Admin", "Invite somebody"):
        assert words in text


def test_list_is_read_only_for_editors(db: None, client: Client) -> None:
    client.force_login(editor())
    person = board_member()
    for url in (reverse("people:list"), reverse("people:detail", args=[person.pk])):
        text = client.get(url).content.decode()
        for verb in ("Invite somebody", "grant/", "end/", "terms/add/", "deactivate/"):
            assert verb not in text


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ingrid", 1),
        ("HALVORSEN ingrid", 1),
        ("ingrid nobody", 0),
        ("@example.org", 3),
        ("Hospital", 1),
        ("", 3),
        ("MD", 1),
    ],
)
def test_search_finds(admin: User, client: Client, q: str, found: int) -> None:
    board_member(name="Ingrid Halvorsen")
    make_person(name="Somebody")
    response = client.get(reverse("people:list"), {"q": q})
    assert response.context["page"].paginator.count == found


def test_search_by_role_counts_people_once(admin: User, client: Client) -> None:
    person = make_person(roles=[Role.AUTHOR])
    person.end_role(Role.AUTHOR, by=admin)
    person.grant(Role.AUTHOR, by=admin)
    response = client.get(reverse("people:list"), {"role": "author"})
    assert [found.pk for found in response.context["page"]] == [person.pk]


@pytest.mark.parametrize("q", HOSTILE)
def test_search_survives_hostile_words(admin: User, client: Client, q: str) -> None:
    response = client.get(reverse("people:list"), {"q": q, "role": q[:50], "page": q[:50]})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_hostile_profile_is_shown_as_text(admin: User, client: Client) -> None:
    person = board_member()
    hostile = {field: f'"><script>alert("{field}")</script>' for field in FIELDS}
    User.objects.filter(pk=person.pk).update(name=hostile.pop("name"))
    BoardProfile.objects.filter(user=person).update(**hostile)
    for url in (
        reverse("people:list"),
        reverse("people:detail", args=[person.pk]),
        reverse("people:edit_profile", args=[person.pk]),
    ):
        run = re.findall(r"<script>alert[^<]*", client.get(url).content.decode())
        assert run == [], url


def test_grant_and_end_role(admin: User, client: Client) -> None:
    person = make_person()
    assert client.post(reverse("people:grant_role", args=[person.pk, "editor"])).status_code == 302
    grant = person.role_grants.get()
    assert (grant.role, grant.granted_by) == ("editor", admin)
    client.post(reverse("people:end_role", args=[person.pk, "editor"]))
    grant.refresh_from_db()
    assert grant.ended_by == admin


@pytest.mark.parametrize("role", ["owner", "", "author;", "AUTHOR", "x" * 200])
def test_grant_unknown_role_is_missing(admin: User, client: Client, role: str) -> None:
    url = f"/desk/people/{admin.pk}/roles/{role}/grant/"
    assert client.post(url).status_code == 404


def test_last_administrator_is_told_so(admin: User, client: Client) -> None:
    url = reverse("people:end_role", args=[admin.pk, "administrator"])
    assert "last administrator" in client.post(url, follow=True).content.decode()
    assert User.objects.get(pk=admin.pk).is_administrator
    url = reverse("people:deactivate", args=[admin.pk])
    assert "last administrator" in client.post(url, follow=True).content.decode()
    assert User.objects.get(pk=admin.pk).is_active


def test_close_and_open_account(admin: User, client: Client) -> None:
    person = make_person(roles=[Role.AUTHOR])
    client.post(reverse("people:deactivate", args=[person.pk]))
    assert not User.objects.get(pk=person.pk).is_active
    page = client.get(reverse("people:detail", args=[person.pk])).content.decode()
    assert "This account is closed" in page
    client.post(reverse("people:activate", args=[person.pk]))
    assert User.objects.get(pk=person.pk).is_active


def test_add_term_and_end_it(admin: User, client: Client) -> None:
    person = make_person(roles=[Role.REVIEWER])
    start = today() - timedelta(days=10)
    dates = {"starts_on": start, "ends_on": start + timedelta(days=700)}
    assert client.post(reverse("people:add_term", args=[person.pk]), dates).status_code == 302
    term = person.board_profile.terms.get()
    assert term.added_by == admin
    url = reverse("people:end_term", args=[person.pk, term.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"on": today()}).status_code == 302
    term.refresh_from_db()
    assert (term.ended_early_on, term.ended_by) == (today(), admin)
    assert client.post(url, {"on": today()}).status_code == 404


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        ("", ""),
        ("2026-01-01", "2025-01-01"),
        ("2026-01-01", "2029-01-02"),
        ("x", "9999-99-99"),
        ("9998-01-01", "9999-12-31"),
    ],
)
def test_add_term_shows_what_is_wrong(admin: User, client: Client, starts_on: str, ends_on: str) -> None:
    person = make_person(roles=[Role.REVIEWER])
    response = client.post(reverse("people:add_term", args=[person.pk]), {"starts_on": starts_on, "ends_on": ends_on})
    assert "There is a problem" in response.content.decode()
    assert not BoardProfile.objects.filter(terms__isnull=False).exists()


def test_term_of_another_person_is_missing(admin: User, client: Client) -> None:
    term = board_member().board_profile.terms.get()
    assert client.get(reverse("people:end_term", args=[make_person().pk, term.pk])).status_code == 404


def test_detail_hides_a_conflict_from_whom_it_is_about(admin: User, client: Client) -> None:
    person = make_person(roles=[Role.REVIEWER])
    Conflict.objects.declare(admin, "A secret quarrel", by=person)
    Conflict.objects.declare(make_person(), "A shared grant", by=person)
    text = client.get(reverse("people:detail", args=[person.pk])).content.decode()
    assert "A shared grant" in text
    assert "A secret quarrel" not in text


@pytest.mark.parametrize("pk", ["0", "99999999", "9" * 30])
def test_unknown_person_is_missing(admin: User, client: Client, pk: str) -> None:
    assert client.get(f"/desk/people/{pk}/").status_code == 404


def test_administrator_edits_a_profile(admin: User, client: Client) -> None:
    person = make_person(name="Old Name")
    data = {"name": "New Name", "credentials": "MD", "specialties": ["Neurologic"]}
    assert client.post(reverse("people:edit_profile", args=[person.pk]), data).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.board_profile.credentials, person.board_profile.slug) == ("New Name", "MD", "old-name")
