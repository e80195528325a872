"""One thing done to many articles of the queue, each by the rule of the single action; and saved views."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from articles.models import Version
from people.models import Role, User
from reviews.models import SavedView
from reviews.models.saved_views import MOST
from tests.factories import author, board_member, editor, make_person, make_version, reread
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.django_db


def act(client: Client, do: str, versions: list[Version], **fields: Any) -> list[str]:
    """What is said after doing it."""
    form = {"do": do, "version": [version.pk for version in versions], "back": "view=unassigned&who=mine"} | fields
    response = client.post("/desk/bulk/", form, follow=True)
    assert response.redirect_chain == [("/desk/?view=unassigned&who=mine", 302)]
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def both() -> User:
    """An editor who writes, too."""
    return make_person(roles=[Role.AUTHOR, Role.EDITOR], name="Max Both")


@pytest.fixture
def three(both: User) -> list[Version]:
    """Two submitted articles of others, and one draft of the editor's own."""
    return [make_version("submitted", editor=both), make_version("submitted", editor=both), make_version(author=both)]


def test_labels_and_priority_of_many(both: User, three: list[Version]) -> None:
    client = at_desk(both)
    own = "Not “Hiccups at night”: You wrote it or are reviewing it: another editor handles it."
    assert act(client, "label", three, labels="heart, urgent look") == ["2 articles labelled.", own]
    assert [sorted(map(str, v.article.labels.all())) for v in three] == [["heart", "urgent look"]] * 2 + [[]]
    assert act(client, "unlabel", three[:1], labels="heart") == ["1 article no longer labelled so."]
    assert act(client, "prioritise", three[:2], priority=1) == ["2 articles given that priority."]
    assert [reread(version).article.priority for version in three] == [1, 1, 3]


def test_handing_over_and_declining_many(both: User, three: list[Version]) -> None:
    client, other = at_desk(both), editor(name="Eva Other")
    assert act(client, "hand_over", three[:1], editor=other.pk) == ["1 article handed over."]
    assert reread(three[0]).article.editor == other
    chosen: dict[str, Any] = {"do": "decline", "version": [three[0].pk, three[1].pk], "back": "view=unassigned"}
    asked = client.get(client.post("/desk/bulk/", chosen)["Location"])
    assert "Decline 2 articles" in asked.content.decode()
    assert "Give a reason" not in asked.content.decode()
    too_long = client.post("/desk/bulk/", chosen | {"reason": "No. " * 1_300})
    assert (too_long.status_code, "No. No." in too_long.content.decode()) == (422, True)
    for nothing in ("", "?do=label&version=1", f"?do=decline&version={three[0].pk}&reason=Said."):
        assert client.get(f"/desk/bulk/decline/{nothing}")["Location"].startswith("/desk/?")
    assert act(client, "decline", three, reason="They stand in another article.")[0] == "2 articles declined."
    assert [reread(version).state for version in three] == ["declined", "declined", "draft"]
    assert len(act(client, "decline", three[:2], reason="Again.")) == 2


def test_reminding_many_says_whom_not(both: User, three: list[Version]) -> None:
    read = make_version("under_review", editor=both)
    said = act(at_desk(both), "remind", [read, three[0]])
    assert said[0] == "1 article chased: those whose turn it is get a mail."
    assert said[1].startswith("Not “Hiccups at night”: ")


def test_nothing_is_told_of_what_is_not_there(both: User) -> None:
    missing = [Version(pk=999_999), Version(pk=1_000_000)]
    assert act(at_desk(both), "label", missing, labels="x") == ["2 articles could not be found."]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"do": "label", "version": []}, "Choose at least one article."),
        ({"do": "label", "labels": ""}, "Name a label."),
        ({"do": "prioritise", "priority": "9"}, "9 is not one of the available choices."),
        ({"do": "hand_over"}, "Choose an editor."),
        ({"do": "publish"}, "publish is not one of the available choices."),
        ({"do": "label", "labels": "x", "version": list(range(1, 202))}, "Choose at most 200 articles."),
    ],
)
def test_what_lacks_is_said(both: User, three: list[Version], fields: dict[str, Any], says: str) -> None:
    form = {"version": [three[0].pk]} | fields
    response = at_desk(both).post("/desk/bulk/", form)
    assert says in " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.mark.parametrize("make", [author, board_member])
def test_only_editors_act_on_many(make: Any) -> None:
    version = make_version("submitted")
    assert at_desk(make()).post("/desk/bulk/", {"do": "label", "labels": "x", "version": version.pk}).status_code == 403
    assert not version.article.labels.exists()


# Saved views


def test_view_is_saved_counted_renamed_and_removed(both: User, three: list[Version]) -> None:
    client = at_desk(both)
    query = "view=all&specialty=Neurologic&q=hicc&after=1_1&evil=1"
    answer = client.post("/desk/views/", {"name": " My\nhiccups ", "query": query})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("My hiccups", "view=all&q=hicc&specialty=Neurologic")
    assert answer["Location"] == f"/desk/?{view.query}"
    rail = client.get(answer["Location"]).content.decode().split('class="queue-rail"')[1]
    assert 'aria-current="page"' in rail.split("My hiccups")[0].rsplit("<li>", 1)[-1]
    assert '<span class="count">3</span>' in rail.split("My hiccups")[1][:80]
    assert client.post(f"/desk/views/{view.pk}/rename/", {"name": "Hiccups"}).status_code == 302
    assert client.post("/desk/views/", {"name": "Hiccups", "query": query}).status_code == 422
    assert client.post(f"/desk/views/{view.pk}/rename/", {"name": " "}).status_code == 422
    for step in ("rename", "remove"):
        assert at_desk(editor()).post(f"/desk/views/{view.pk}/{step}/", {"name": "x"}).status_code == 404
    assert "Hiccups" in client.get("/desk/views/").content.decode()
    assert client.post(f"/desk/views/{view.pk}/remove/").status_code == 302
    assert not SavedView.objects.exists()


def test_saved_views_are_not_without_number(both: User) -> None:
    SavedView.objects.bulk_create(SavedView(user=both, name=str(n), query="view=all") for n in range(MOST))
    answer = at_desk(both).post("/desk/views/", {"name": "One more", "query": "view=all"})
    assert answer.status_code == 422
    assert "Remove one first." in answer.content.decode()
    assert at_desk(both).get("/desk/").status_code == 200


# At a glance


def test_glance_is_a_part_or_a_page_for_who_may_read(both: User, three: list[Version]) -> None:
    here = f"{three[0].get_absolute_url()}peek/"
    part = at_desk(both).get(here, headers={"HX-Request": "true"}).content.decode()
    page = at_desk(both).get(here).content.decode()
    assert "Lateral medullary stroke" in part
    assert ("<html" in part, "<html" in page) == (False, True)
    assert at_desk(author()).get(here).status_code == 404
