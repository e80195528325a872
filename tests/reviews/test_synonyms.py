"""Equal words: who keeps them, what is refused, and what they do to a search."""

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test import Client

from content.schema import Content
from ledger.models import Event
from ledger.verifier import verify
from publications.finding.forms import Search
from publications.finding.search import find
from publications.finding.suggestions import suggestions
from publications.finding.synonyms import Group, groups, keep
from tests import factories
from tests.publications.reading import soup, words

PAGE = "/desk/site/words/"
pytestmark = pytest.mark.usefixtures("committed_db")


def content() -> Content:
    data = factories.make_content("Rash on one side").model_dump()
    first, *others = data["diagnoses"]
    return factories.make_content(**(data | {"diagnoses": [first | {"name": "Herpes zoster"}, *others]}))


def slugs(query: str) -> list[str]:
    return [line.slug for line in find(Search.read({"q": query})).lines]


def test_equal_words_widen_search_suggestions_and_diagnosis_page(client: Client) -> None:
    factories.make_version("approved", content=content())
    assert slugs("shingles") == []
    editor = factories.editor()
    client.force_login(editor)
    assert client.post(PAGE, {"words": "Shingles\nherpes  zoster\nshingles", "based_on": ""}).status_code == 302
    [group] = groups()
    assert group.words == ("shingles", "herpes zoster")
    for query in ("shingles", "shingle rash", "zoster", "herpes zoster", "shingles herpes zoster"):
        assert slugs(query) == ["rash-on-one-side"], query
    assert slugs("rash -shingles") == slugs("herpes shingle toothache") == []
    assert [each.label for each in suggestions("shing")] == ["Herpes zoster"]
    page = soup(client, "/diagnoses/shingles/")
    assert words(page.select("h1")[0]) == "Herpes zoster"
    assert "shingles" in next(words(each) for each in page.select("p.muted") if "Also called" in words(each))
    event = Event.objects.get(kind="synonyms_kept")
    assert (event.actor, event.details["words"]) == (editor, "shingles = herpes zoster")
    assert verify()[0] == []
    assert client.post(f"{PAGE}{group.number}/remove/").status_code == 302
    assert (slugs("shingles"), groups()) == ([], [])
    assert client.get("/diagnoses/shingles/").status_code == 404


def test_words_are_checked_and_given_back(client: Client) -> None:
    client.force_login(factories.editor())
    client.post(PAGE, {"words": "shingles\nherpes zoster", "based_on": ""})
    for sent, said in (
        ("", "This field is required"),
        ("one", "2 to 8 different"),
        ("One\none", "2 to 8 different"),
        ("\n".join(f"word {n}" for n in range(9)), "2 to 8 different"),
        (f"{'x' * 61}\nother", "not between 2 and 60"),
        ("Zoster\nSHINGLES", "is in another group"),
        ("the\nof", "leaves one of these words out"),
        ("--\n??", "2 to 8 different"),
        ("a" * 100_000, "at most"),
    ):
        response = client.post(PAGE, {"words": sent, "based_on": ""})
        assert response.status_code == 422, sent
        assert said in response.content.decode(), sent
    assert len(groups()) == 1


def test_second_of_two_editors_overwrites_nothing(client: Client) -> None:
    client.force_login(factories.editor())
    client.post(PAGE, {"words": "shingles\nherpes zoster", "based_on": ""})
    [group] = groups()
    own = f"{PAGE}{group.number}/"
    based_on = "\n".join(group.words)
    assert client.post(own, {"words": "shingles\nzoster", "based_on": based_on}).status_code == 302
    mine = {"words": "shingles\nzona", "based_on": based_on}
    late = client.post(own, mine)
    assert (late.status_code, late.context["form"]["words"].value()) == (409, mine["words"])
    assert "They are now: shingles = zoster." in late.content.decode()
    assert groups() == [Group(group.number, ("shingles", "zoster"))]
    mine["based_on"] = late.context["form"]["based_on"].value()
    assert client.post(own, mine).status_code == 302
    assert client.post(f"{own}remove/").status_code == 302
    late = client.post(own, mine)
    assert (late.status_code, "The group was removed." in late.content.decode()) == (409, True)
    mine["based_on"] = late.context["form"]["based_on"].value()
    assert (client.post(own, mine).status_code, groups()[0].words) == (302, ("shingles", "zona"))
    assert client.get(f"{PAGE}999/").status_code == 404


def test_only_editors_and_administrators_keep_words(client: Client) -> None:
    for person, status in ((factories.author(), 403), (factories.board_member(), 403), (factories.editor(), 200)):
        client.force_login(person)
        assert client.get(PAGE).status_code == status
        if status == 403:
            assert client.post(PAGE, {"words": "one\ntwo", "based_on": ""}).status_code == 403
            with pytest.raises(IntegrityError, match="cannot be kept"):
                keep(["one", "two"], instead_of=Group(0, ()), by_id=person.pk)
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("INSERT INTO pub.synonym SELECT * FROM pub.synonym")
