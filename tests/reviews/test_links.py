"""An invitation answered from its mail: by the button, once, without signing in, and nothing else with it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail, signing
from django.test import Client

from ledger.models import Event
from people.models import Message, Role, User
from reviews import links
from reviews.models import Assignment, Conflict
from tests.factories import administrator, assign, board_member, editor, make_content, make_version, reread
from tests.post import kind
from tests.reviews.desks import at_desk, whole

pytestmark = pytest.mark.django_db
type Run = Callable[[], int]
CANARY = "zanzibar"


@pytest.fixture(scope="module")
def kept_asked(kept_db: None) -> Assignment:
    spied = make_content(canary=CANARY).presentation
    content = make_content("Hiccups at night").model_copy(update={"presentation": spied})
    version = make_version("submitted", content=content, editor=editor(name="Ed Asking"))
    reader = board_member(name="Rea Reader")
    assignment, _ = assign(version, [reader, board_member()], by=version.article.turn.holder)
    return assignment


@pytest.fixture
def asked(db: None, kept_asked: Assignment, run_tasks: Run) -> Assignment:
    """Somebody asked, the mail sent."""
    run_tasks()
    return Assignment.objects.with_people().get(pk=kept_asked.pk)


def link(answer: str, to: User) -> str:
    """The address in the mail, as the person got it."""
    (message,) = [each for each in mail.outbox if each.to == [to.email] and kind(each.message()) == "invited"]
    return str(re.findall(rf"http://testserver(/desk/reviews/answer/\S+/{answer}/)", str(message.body))[0])


def state(assignment: Assignment) -> tuple[Any, ...]:
    fresh = Assignment.objects.get(pk=assignment.pk)
    return fresh.state, fresh.reason, fresh.suggested, Event.objects.count()


def test_looking_changes_nothing_and_shows_nothing_of_the_text(asked: Assignment, client: Client) -> None:
    before = state(asked)
    for answer in ("accept", "decline"):
        for method in (client.get, client.head):
            response = method(link(answer, asked.reviewer))
            assert response.status_code == 200
        text = client.get(link(answer, asked.reviewer)).content.decode()
        assert ("Rea Reader" in text, "Hiccups at night" in text, CANARY in text) == (True, True, False)
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in client.get(link(answer, asked.reviewer)).headers["Cache-Control"]
    assert state(asked) == before
    assert "_auth_user_id" not in client.session


def test_accepted_once_and_told_so_afterwards(asked: Assignment, client: Client) -> None:
    address = link("accept", asked.reviewer)
    done = client.post(address, follow=True)
    assert "You have accepted" in done.content.decode()
    after = state(asked)
    assert after[0] == "accepted"
    assert Event.objects.order_by("-seq").values_list("kind", "actor")[0] == ("invitation_accepted", asked.reviewer_id)
    for again in (address, link("decline", asked.reviewer)):
        text = client.post(again, {"reason": "No time."}, follow=True).content.decode()
        assert "You have accepted" in text
        assert "Hiccups" not in text
    assert state(asked) == after
    assert client.get(asked.get_absolute_url()).status_code == 302  # to sign in


def test_declined_with_a_reason_a_suggestion_and_a_conflict(asked: Assignment, client: Client, run_tasks: Run) -> None:
    address = link("decline", asked.reviewer)
    assert client.post(address, {"reason": "  "}).status_code == 422
    assert state(asked)[0] == "invited"
    words = {"reason": "I wrote a paper with the author.", "suggested": "Dr Eve Example <b>", "conflict": "on"}
    done = client.post(address, words, follow=True)
    assert "You have declined" in done.content.decode()
    assert state(asked)[:3] == ("declined", words["reason"], words["suggested"])
    assert Conflict.objects.get().user == asked.reviewer
    assert "You have declined" in client.post(address, words, follow=True).content.decode()
    by = asked.invited_by
    assert "Dr Eve Example &lt;b&gt;" in whole(by, reread(asked.version))
    run_tasks()
    (told,) = [each for each in mail.outbox if kind(each.message()) == "declined"]
    assert "They suggest to ask: Dr Eve Example <b>" in str(told.body)


def test_same_words_on_the_signed_in_form(asked: Assignment) -> None:
    words = {"reason": "No time.", "suggested": "Dr Eve Example"}
    assert at_desk(asked.reviewer).post(f"{asked.get_absolute_url()}decline/", words).status_code == 302
    assert state(asked)[:3] == ("declined", "No time.", "Dr Eve Example")


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ("taken off", 200, "Not needed any more"),
        ("withdrawn", 200, "Not needed any more"),
        ("asked again", 404, "This link does not work"),
        ("no reviewer", 404, "This link does not work"),
        ("account closed", 404, "This link does not work"),
        ("too old", 404, "This link does not work"),
    ],
)
def test_too_late_is_said(  # noqa: PLR0917 - fixtures
    asked: Assignment, client: Client, monkeypatch: pytest.MonkeyPatch, change: str, status: int, words: str
) -> None:
    version, by = reread(asked.version), asked.invited_by
    match change:
        case "taken off":
            asked.cancel(by=by, reason="Found somebody.")
        case "withdrawn":
            version.move("withdraw", by=version.article.owner, reason="Wrong text.")
        case "asked again":
            asked.cancel(by=by, reason="Found somebody.")
            assign(version, [asked.reviewer], by=by)
        case "no reviewer":
            asked.reviewer.end_role(Role.REVIEWER, by=None)
        case "account closed":
            asked.reviewer.deactivate(by=administrator())
        case "too old":
            monkeypatch.setattr(links, "GOOD_FOR", timedelta(seconds=-1))
    before = state(asked)
    for answer in ("accept", "decline"):
        for response in (
            client.get(link(answer, asked.reviewer)),
            client.post(link(answer, asked.reviewer), {"reason": "No."}, follow=True),
        ):
            text = response.content.decode()
            assert (response.status_code, words in text, "Hiccups" in text) == (status, True, False)
    assert state(asked) == before


@pytest.mark.parametrize("token", ["x", "a:b:c", "W10:1uX:AAAA", "x" * 5000, "%00", "..%2f"], ids=range(6))
def test_forged_links_lead_nowhere(client: Client, token: str) -> None:
    assert client.get(f"/desk/reviews/answer/{token}/accept/").status_code == 404


def test_link_of_one_person_is_not_good_for_another(asked: Assignment, client: Client) -> None:
    other = asked.version.assignments.exclude(pk=asked.pk).get()
    mixed = signing.dumps([asked.pk, other.reviewer_id, asked.invited_at.isoformat()], salt=links.SALT)
    elsewhere = signing.dumps([asked.pk, asked.reviewer_id, asked.invited_at.isoformat()], salt="other")
    for token in (mixed, elsewhere):
        assert client.post(f"/desk/reviews/answer/{token}/accept/").status_code == 404
    assert state(asked)[0] == "invited"


def test_answer_needs_the_token_of_the_form(asked: Assignment) -> None:
    assert Client(enforce_csrf_checks=True).post(link("accept", asked.reviewer)).status_code == 403


def test_links_are_kept_nowhere(asked: Assignment) -> None:
    kept = Message.objects.get(kind="reviews/invited", person=asked.reviewer)
    assert "/desk/reviews/answer/" not in kept.text + kept.html
    assert kept.text.count("[a personal link, not kept here]") == 2
    assert "Hiccups at night" in kept.text
