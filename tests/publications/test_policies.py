"""The policies: written at the desk, versioned, readable for good, and never by anybody else."""

import pytest
from django.test import Client
from psycopg.errors import (
    InsufficientPrivilege,
    IntegrityConstraintViolation,
    ReadOnlySqlTransaction,
    UndefinedFunction,
)

from ledger.models import Event
from people.models import Role
from publications.policies import LASTING, Policy, to_html
from tests.conftest import Connection
from tests.factories import author, board_member, editor, make_person
from tests.publications.reading import one, soup, words
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.usefixtures("committed_db")

NEW = {"title": "Peer review", "name": "peer-review", "body": "## How\n\nTwo read it.", "based_on": "0"}


def change(client: Client, name: str = "corrections", based_on: int = 1, **typed: str) -> int:
    """Send the editing form; the answer's status."""
    form = {"title": "Corrections", "body": "Now shorter.", "change_note": "Said twice.", "based_on": str(based_on)}
    return client.post(f"/desk/site/policies/{name}/", form | typed).status_code


def test_portal_begins_with_the_policies_that_its_pages_link_to(client: Client) -> None:
    listed = soup(client, "/policies/").select(".listing h2 a")
    assert [str(each["href"]) for each in listed] == [
        f"/policies/{name}/" for name in ("editorial", "corrections", "conflicts", "ai-use", "privacy")
    ]
    assert {str(each["href"]).split("/")[2] for each in listed} == LASTING
    assert all(100 < len(policy.body.split()) <= 700 for policy in Policy.objects.all())
    page = soup(client, "/policies/privacy/")
    assert words(one(page, "h1")) == "Privacy"
    assert words(one(page, "nav a[aria-current=page]")) == "Privacy"
    assert [words(each) for each in page.select(".prose h2")][:1] == ["Readers"]
    assert client.get("/policies/secret/").status_code == 404


def test_change_is_in_force_at_once_and_the_version_before_stays(client: Client) -> None:
    writer = editor(name="Eda Editor")
    assert change(at_desk(writer), body="Now *shorter*, see [the board](/board/).") == 302
    page = soup(client, "/policies/corrections/")
    linked = '<p>Now <em>shorter</em>, see <a href="/board/" rel="noopener">the board</a>.</p>'
    assert str(one(page, ".prose p")) == linked
    before = soup(client, "/policies/corrections/v/1/")
    assert "no longer in force" in words(one(before, "main"))
    assert words(one(before, "h1")) == "Corrections and retractions"
    history = soup(client, "/policies/corrections/history/")
    assert [words(each) for each in history.select("h2 a")] == ["Version 2", "Version 1"]
    assert "shorter" in words(one(history, ".as-typed ins"))
    assert "Eda Editor" in words(one(history, "main"))
    for missing in ("corrections/v/3", "x/history", "x/v/1"):
        assert client.get(f"/policies/{missing}/").status_code == 404
    event = Event.objects.get(kind="policy_published")
    assert (event.actor, event.details["policy"], event.details["number"]) == (writer, "corrections", 2)


def test_who_was_slower_sees_both_texts_and_publishes_nothing(client: Client) -> None:
    first, second = at_desk(editor(name="Ann First")), at_desk(editor())
    assert change(first, body="Hers.") == 302
    sent = {"title": "T", "body": "Mine.", "change_note": "C", "based_on": "1"}
    answer = second.post("/desk/site/policies/corrections/", sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Mine." in text
    assert "Ann First published it" in text
    assert 'name="based_on" value="2"' in text
    assert Policy.objects.versions("corrections").count() == 2
    assert change(second, based_on=2) == 302


def test_new_policy_and_its_end(client: Client) -> None:
    desk = at_desk(make_person(roles=[Role.ADMINISTRATOR]))
    assert desk.post("/desk/site/policies/new/", NEW | {"preview": "1"}).status_code == 200
    assert client.get("/policies/peer-review/").status_code == 404
    assert desk.post("/desk/site/policies/new/", NEW).status_code == 302
    assert "Peer review" in words(one(soup(client, "/policies/"), ".listing"))
    assert desk.post("/desk/site/policies/new/", NEW).status_code == 422
    assert change(at_desk(editor(name="Ann First")), "peer-review", body="Hers.") == 302
    end = {"change_note": "It stands elsewhere.", "based_on": "1"}
    late = desk.post("/desk/site/policies/peer-review/take-back/", end)
    text = late.content.decode()
    assert (late.status_code, "Ann First published" in text, end["change_note"] in text) == (409, True, True)
    end["based_on"] = late.context["form"]["based_on"].value()
    assert desk.post("/desk/site/policies/peer-review/take-back/", end).status_code == 302
    assert "taken back" in words(one(soup(client, "/policies/peer-review/"), ".prose"))
    assert "Peer review" not in words(one(soup(client, "/policies/"), "main"))
    assert "Two read it." in words(one(soup(client, "/policies/peer-review/v/1/"), ".prose"))
    assert desk.post("/desk/site/policies/privacy/take-back/", end).status_code == 403
    assert desk.get("/desk/site/policies/nothing/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"name": "Peer Review"},
        {"name": "../x"},
        {"body": ""},
        {"body": "# A second title"},
        {"body": "x" * 60_001},
        {"based_on": "-1"},
        {"based_on": "x"},
    ],
)
def test_bad_input_is_named_and_kept(wrong: dict[str, str]) -> None:
    desk = at_desk(editor())
    answer = desk.post("/desk/site/policies/new/", NEW | wrong)
    assert answer.status_code == 422
    assert "Two read it." in answer.content.decode() or "body" in wrong
    assert not Policy.objects.versions("peer-review").exists()


def test_others_neither_see_nor_write() -> None:
    for person in (author(), board_member()):
        desk = at_desk(person)
        assert (desk.get("/desk/site/").status_code, change(desk)) == (403, 403)
        assert "/desk/site/" not in desk.get("/desk/").content.decode()
    assert Policy.objects.versions("corrections").count() == 1


def test_web_login_can_write_by_the_function_alone(as_staff: Connection, as_public: Connection) -> None:
    call = "SELECT publish_policy(%s, 'privacy', 1, 'Privacy', 'Nothing is kept.', '')"
    add = (
        "INSERT INTO pub.policy (name, number, title, body, change_note, published_by) VALUES ('a', 1, 'A', '', '', '')"
    )
    writer = editor()
    for connection, statement, given in (
        (as_staff, "UPDATE pub.policy SET body = ''", []),
        (as_staff, add, []),
        (as_public, call, [writer.pk]),
        (as_public, add, []),
    ):
        with pytest.raises((InsufficientPrivilege, UndefinedFunction, ReadOnlySqlTransaction)):
            connection.execute(statement, given)
    with pytest.raises(IntegrityConstraintViolation, match="does not write policies"):
        as_staff.execute(call, [author().pk])
    assert as_staff.execute(call, [writer.pk]).fetchone() == (2,)
    assert as_staff.execute(call, [writer.pk]).fetchone() == (None,)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](//evil.example/)", '<p><a rel="noopener">x</a></p>\n'),
        ("[x](/\\evil.example/)", '<p><a href="/%5Cevil.example/" rel="noopener">x</a></p>\n'),
        ("![x](https://evil.example/x.png)", '<p>!<a href="https://evil.example/x.png" rel="noopener">x</a></p>\n'),
        ("## A\n\n### B", "<h2>A</h2>\n<h3>B</h3>\n"),
    ],
)
def test_markdown_of_a_policy_is_safe(markdown: str, html: str) -> None:
    assert to_html(markdown) == html
