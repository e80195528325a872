import pytest
from django.test import Client
from django.urls import reverse

from people import icmje
from people.models import BoardProfile, Conflict, Disclosure, Role, User
from tests.people.factories import disclose_nothing, make_person

ALL_NONE = dict.fromkeys(icmje.KEYS, "none")
PROFILE = {
    "name": "Ada Example",
    "credentials": "MD, PhD",
    "job_title": "Consultant",
    "institution": "Example Hospital",
    "specialties": ["Neurologic", "PrimaryCare"],
    "orcid": "https://orcid.org/0000-0002-1694-233x",
    "bio": "Trained somewhere.",
}


@pytest.fixture
def me(db: None, client: Client) -> User:
    person = make_person(name="Me Myself", roles=[Role.REVIEWER])
    client.force_login(person)
    return person


def test_profile_is_saved(me: User, client: Client) -> None:
    assert client.post(reverse("people:me"), PROFILE).status_code == 302
    me.refresh_from_db()
    profile = me.board_profile
    assert me.name == "Ada Example"
    assert (profile.orcid, profile.specialties) == ("0000-0002-1694-233X", ["Neurologic", "PrimaryCare"])
    assert client.get(reverse("people:me")).status_code == 200


def test_profile_has_nothing_invisible_or_deceiving(me: User, client: Client) -> None:
    hidden = dict.fromkeys(("credentials", "job_title", "institution"), "MD\x0b\u202e  PhD\u200b")
    client.post(reverse("people:me"), PROFILE | hidden | {"bio": "One.\r\n\u202eTwo.\x08"})
    profile = BoardProfile.objects.get(user=me)
    assert {profile.credentials, profile.job_title, profile.institution} == {"MD PhD"}
    assert profile.bio == "One.\nTwo."


def test_profile_of_a_reviewer_says_whether_a_term_runs(me: User, client: Client) -> None:
    assert "only while a term runs" in client.get(reverse("people:me")).content.decode()


def test_specialties_stand_in_the_order_of_the_alphabet(me: User, client: Client) -> None:
    labels = [label for _, label in client.get(reverse("people:me")).context["form"].fields["specialties"].choices]
    assert labels == sorted(labels)
    assert "Ear, nose and throat" in labels


def test_profile_is_saved_twice_under_one_slug(me: User, client: Client) -> None:
    client.post(reverse("people:me"), PROFILE)
    client.post(reverse("people:me"), PROFILE | {"name": "Another Name"})
    assert BoardProfile.objects.get(user=me).slug == "me-myself"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \u2028 "),
        ("name", "x" * 121),
        ("name", "a\x00b"),
        ("credentials", "x" * 81),
        ("institution", "x" * 100_000),
        ("specialties", ["Astrology"]),
        ("orcid", "0000-0002-1694-2330"),
        ("orcid", "x" * 100),
        ("bio", "x" * 2001),
    ],
)
def test_profile_refuses(me: User, client: Client, field: str, value: object) -> None:
    response = client.post(reverse("people:me"), PROFILE | {field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not BoardProfile.objects.filter(user=me).exists()


def test_profile_refuses_the_orcid_of_another(me: User, client: Client) -> None:
    profile = BoardProfile.objects.draft_for(make_person())
    profile.orcid = "0000-0002-1694-233X"
    profile.save()
    assert "orcid" in client.post(reverse("people:me"), PROFILE).context["form"].errors


def test_profile_ignores_fields_that_are_not_asked_for(me: User, client: Client) -> None:
    client.post(reverse("people:me"), PROFILE | {"slug": "chosen", "user": "1", "email": "x@y.org", "is_active": ""})
    me.refresh_from_db()
    assert (me.is_active, me.board_profile.slug) == (True, "me-myself")
    assert me.email != "x@y.org"


def test_profile_keeps_what_was_typed_when_something_is_wrong(me: User, client: Client) -> None:
    response = client.post(reverse("people:me"), PROFILE | {"orcid": "wrong"})
    assert "Trained somewhere." in response.content.decode()


def test_disclosure_of_nothing(me: User, client: Client) -> None:
    assert client.post(reverse("people:disclosure"), ALL_NONE).status_code == 302
    assert Disclosure.objects.get(user=me).statement == "None declared"


def test_disclosure_has_nothing_invisible_or_deceiving(me: User, client: Client) -> None:
    rows = {"grants": "some", "grants-entity-0": "Bad\x0b\u202e Pharma", "grants-what-0": "fees\u200b"}
    client.post(reverse("people:disclosure"), ALL_NONE | rows)
    assert Disclosure.objects.get(user=me).statement == "Bad Pharma: fees"


def test_disclosure_with_rows_renewed_from_the_last(me: User, client: Client) -> None:
    rows = {
        "grants": "some",
        "grants-entity-0": "A",
        "grants-what-0": "B",
        "grants-entity-2": "C",
        "grants-what-2": "D",
    }
    client.post(reverse("people:disclosure"), ALL_NONE | rows)
    first = Disclosure.objects.get(user=me)
    assert first.items["grants"] == [{"entity": "A", "what": "B"}, {"entity": "C", "what": "D"}]
    page = client.get(reverse("people:disclosure"))
    form = page.context["form"]
    assert form.initial["grants-entity-1"] == "C"
    assert client.post(reverse("people:disclosure"), form.initial).status_code == 302
    assert Disclosure.objects.filter(user=me).count() == 2
    assert me.current_disclosure() != first


@pytest.mark.parametrize(
    "changes",
    [
        {"grants": ""},
        {"grants": "perhaps"},
        {"grants": "some"},
        {"grants": "some", "grants-entity-0": "A"},
        {"grants": "some", "grants-what-0": "A"},
        {"grants": "none", "grants-entity-0": "A", "grants-what-0": "B"},
        {"grants": "some", "grants-entity-0": "A" * 301, "grants-what-0": "B"},
        {"grants": "some", "grants-entity-0": "\x00", "grants-what-0": "B"},
    ],
)
def test_disclosure_wants_explicit_answers(me: User, client: Client, changes: dict[str, str]) -> None:
    response = client.post(reverse("people:disclosure"), ALL_NONE | changes)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Disclosure.objects.exists()


def test_disclosure_wants_all_thirteen(me: User, client: Client) -> None:
    response = client.post(reverse("people:disclosure"), {})
    assert len(response.context["form"].errors) == 13


def test_disclosure_asks_for_another_line_without_declaring(me: User, client: Client) -> None:
    typed = {
        "grants": "some",
        "grants-entity-0": "Typed already",
        "grants-what-0": "",
        "grants-entity-1": "",
        "grants-what-1": "",
    }
    response = client.post(reverse("people:disclosure"), typed | {"more": "grants"})
    text = response.content.decode()
    assert "Typed already" in text
    assert 'name="grants-entity-2"' in text
    assert "There is a problem" not in text
    assert not Disclosure.objects.exists()


def test_disclosure_has_twenty_lines_at_most(me: User, client: Client) -> None:
    many = {f"grants-{part}-{n}": "x" for part in ("entity", "what") for n in range(500)}
    client.post(reverse("people:disclosure"), ALL_NONE | many | {"grants": "some"})
    assert len(Disclosure.objects.get(user=me).items["grants"]) == icmje.MOST_ROWS


def test_conflict_is_declared_and_withdrawn(me: User, client: Client) -> None:
    other = make_person(name="Other Person", roles=[Role.AUTHOR])
    assert client.post(reverse("people:conflicts"), {"person": other.pk, "reason": "Grant"}).status_code == 302
    conflict = Conflict.objects.get(user=me, person=other)
    url = reverse("people:withdraw_conflict", args=[conflict.pk])
    assert "Other Person" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "Ended"}).status_code == 302
    assert client.post(url, {"reason": "Ended"}).status_code == 404
    assert "Ended" in client.get(reverse("people:conflicts")).content.decode()


@pytest.mark.parametrize("person", ["", "0", "me", "no role", "1 OR 1=1", "9" * 40])
def test_conflict_is_with_a_person_of_the_desk(me: User, client: Client, person: str) -> None:
    chosen = {"me": str(me.pk), "no role": str(make_person().pk)}.get(person, person)
    response = client.post(reverse("people:conflicts"), {"person": chosen, "reason": "Grant"})
    assert "person" in response.context["form"].errors
    assert not Conflict.objects.exists()


def test_conflict_twice_is_told(me: User, client: Client) -> None:
    data = {"person": make_person(roles=[Role.AUTHOR]).pk, "reason": "Grant"}
    client.post(reverse("people:conflicts"), data)
    assert "already declared" in client.post(reverse("people:conflicts"), data).content.decode()


def test_nobody_declares_for_another(me: User, client: Client) -> None:
    other = make_person(roles=[Role.AUTHOR])
    client.post(reverse("people:disclosure"), ALL_NONE | {"user": str(other.pk)})
    assert not other.disclosures.exists()
    assert me.disclosures.count() == 1


def test_pages_take_few_queries(me: User, client: Client, django_assert_max_num_queries: object) -> None:
    disclose_nothing(me)
    for page in ("me", "disclosure", "conflicts"):
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            client.get(reverse(f"people:{page}"))
