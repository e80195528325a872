"""What editors do: who may, in which state, what is refused and how, and that nothing typed is lost."""

import pytest
from django.test import Client
from django.utils.html import escape

from articles.states import VersionState
from ledger.models import Event
from people.models import Role
from tests.factories import (
    administrator,
    assign,
    author,
    board_member,
    editor,
    make_content,
    reread,
    rereview,
    submit,
)
from tests.reviews.desks import InState, at, at_desk, due

pytestmark = pytest.mark.django_db
STEPS = ("assign", "decline", "send-back", "retract", "notice")
#: Where each step begins.
BEGINS = {
    "assign": {"submitted", "under_review"},
    "decline": {"submitted", "under_review"},
    "send-back": {"under_review"},
    "retract": {"approved"},
    "notice": {"approved", "superseded"},
}
REASON = "The second paragraph contradicts its source."


# Role × address × state


@pytest.mark.parametrize("state", VersionState.values)
def test_steps_are_for_editors_in_the_right_state(in_state: InState, state: str) -> None:
    version = in_state(state)
    statuses = {
        "editor": {step: 200 if state in BEGINS[step] else 409 for step in STEPS},
        "owner": dict.fromkeys(STEPS, 403),
        "stranger": dict.fromkeys(STEPS, 404),
        "administrator": dict.fromkeys(STEPS, 404),
    }
    people = {
        "editor": editor(),
        "owner": version.article.owner,
        "stranger": author(),
        "administrator": administrator(),
    }
    for who, expected in statuses.items():
        client = at_desk(people[who])
        assert {step: client.get(at(version, step)).status_code for step in STEPS} == expected, who
        for step in STEPS:
            if expected[step] != 200:
                sent = {"reason": REASON, "confirmed": "on", **due()}
                assert client.post(at(version, step), sent).status_code == expected[step], (who, step)
    assert reread(version).state == state


@pytest.mark.parametrize("step", ["decline", "send-back", "retract"])
def test_promise_7_reason_is_kept_in_the_tab_for_its_writer_and_this_step(in_state: InState, step: str) -> None:
    version = in_state("approved" if step == "retract" else "under_review")
    one = editor()
    page = at_desk(one).get(at(version, step)).content.decode()
    form = page.partition(f'<keep-typing name="step-{one.pk}-{at(version, step)}">')[2].partition("</keep-typing>")[0]
    assert form.count("<textarea") == 1
    assert "js/review-typing" in page


def test_what_was_typed_for_one_step_is_not_kept_for_the_next_of_its_kind(in_state: InState) -> None:
    chief = editor()
    client = at_desk(chief)

    def kept_as(url: str) -> str:
        return client.get(url).content.decode().partition('<keep-typing name="')[2].partition('"')[0]

    waiting = in_state("submitted")
    names = [kept_as(at(waiting, "assign"))]
    (asked,) = assign(waiting, [board_member()], by=chief)
    off = f"/desk/reviews/{asked.pk}/cancel/"
    names += [kept_as(at(waiting, "assign")), kept_as(off)]
    client.post(off, {"reason": REASON})
    assert kept_as(at(waiting, "assign")) != names[0]
    assign(waiting, [asked.reviewer], by=chief)
    names.append(kept_as(off))
    public = in_state("approved")
    confirm, stop = at(public, "confirm"), at(public, "confirm/stop")
    names.append(kept_as(confirm))
    rereview(public)
    names += [kept_as(confirm), kept_as(stop)]
    client.post(stop, {"reason": REASON})
    names.append(kept_as(confirm))
    rereview(public)
    names += [kept_as(confirm), kept_as(stop)]
    assert all(name.startswith(f"step-{chief.pk}-/desk/") for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("step", STEPS)
def test_strangers_are_asked_to_sign_in(in_state: InState, client: Client, step: str) -> None:
    assert client.post(at(in_state("submitted"), step)).status_code == 302


@pytest.mark.parametrize("step", STEPS)
def test_editor_never_handles_an_own_article(in_state: InState, step: str) -> None:
    version = in_state("approved" if step == "retract" else "under_review")
    version.article.owner.grant(Role.EDITOR, by=None)
    client = at_desk(version.article.owner)
    assert client.get(at(version, step)).status_code == 403
    assert client.post(at(version, step), {"reason": REASON, "confirmed": "on", **due()}).status_code == 403


def test_editor_who_mended_the_draft_does_not_handle_it(in_state: InState) -> None:
    mender, draft = editor(), in_state("draft")
    version = submit(draft.save_draft(make_content("Mended"), by=mender, based_on=draft.revision))
    assert at_desk(mender).get(at(version, "decline")).status_code == 403
    assert at_desk(editor()).get(at(version, "decline")).status_code == 200


@pytest.mark.parametrize("step", STEPS)
def test_reviewer_who_may_read_may_not_handle(in_state: InState, step: str) -> None:
    version = in_state("under_review")
    assert at_desk(version.assignments.all()[0].reviewer).get(at(version, step)).status_code == 403


@pytest.mark.parametrize("step", ["assign", "decline", "send-back"])
def test_editor_who_reviews_it_does_not_handle_it(in_state: InState, step: str) -> None:
    version = in_state("under_review")
    both = version.assignments.with_people()[0].reviewer
    both.grant(Role.EDITOR, by=None)
    client = at_desk(both)
    assert client.get(at(version, step)).status_code == 403
    assert client.post(at(version, step), {"reason": REASON, "confirmed": "on", **due()}).status_code == 403


# Decline, send back, retract


@pytest.mark.parametrize(
    ("state", "step", "after", "kind"),
    [
        ("submitted", "decline", "declined", "declined"),
        ("under_review", "decline", "declined", "declined"),
        ("under_review", "send-back", "changes_requested", "changes_requested"),
    ],
)
def test_step_is_taken_with_its_reason(in_state: InState, state: str, step: str, after: str, kind: str) -> None:
    version, eve = in_state(state), editor(name="Eve Editor")
    response = at_desk(eve).post(at(version, step), {"reason": "One.\r\nTwo."}, follow=True)
    version = reread(version)
    assert (version.state, version.state_reason) == (after, "One.\nTwo.")
    assert (event := Event.objects.about_version(version.pk).get(kind=kind)).actor == eve
    assert event.details["reason"] == "One.\nTwo."
    assert response.redirect_chain == [(version.get_absolute_url(), 302)]


@pytest.mark.parametrize("reason", ["", "   ", "\r\n\t", "x" * 5_001, "\0\u200b"])
@pytest.mark.parametrize("step", ["decline", "send-back"])
def test_reason_must_be_given_and_is_kept(in_state: InState, step: str, reason: str) -> None:
    version = in_state("under_review")
    response = at_desk(editor()).post(at(version, step), {"reason": reason})
    text = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in text
    assert len(reason) < 5_000 or reason in text
    assert reread(version).state == "under_review"


def test_post_without_anything_is_refused_in_words(in_state: InState) -> None:
    version, client = in_state("under_review"), at_desk(editor())
    for step in ("assign", "decline", "send-back"):
        assert client.post(at(version, step)).status_code in {200, 422}
    assert reread(version).state == "under_review"


def test_hostile_reason_comes_back_as_words(in_state: InState) -> None:
    bad = "</textarea><script>alert(1)</script>"
    version = in_state("approved")
    client = at_desk(editor())
    for text in (
        client.post(at(version, "retract"), {"reason": bad}).content.decode(),
        client.post(at(version, "decline"), {"reason": bad}).content.decode(),
    ):
        assert "<script>alert" not in text
        assert escape(bad) in text


def test_retraction_shows_the_notice_before_it_is_made(in_state: InState) -> None:
    version, eve = in_state("approved"), editor(name="Eve Editor")
    client = at_desk(eve)
    shown = client.post(at(version, "retract"), {"reason": REASON})
    text = shown.content.decode()
    assert (shown.status_code, reread(version).state) == (200, "approved")
    assert f"RETRACTED: {version.title}" in text
    assert text.count(REASON) == 2  # the notice, and the field that goes along
    assert "Eve Editor" in text
    response = client.post(at(version, "retract"), {"reason": REASON, "confirmed": "on"})
    assert (response.status_code, reread(version).state) == (302, "retracted")


def test_reason_of_a_retraction_can_be_changed_before_it_is_made(in_state: InState) -> None:
    version, client = in_state("approved"), at_desk(editor())
    sent = {"reason": REASON, "confirmed": "on", "change": "on"}
    text = client.post(at(version, "retract"), sent).content.decode()
    assert REASON in text
    assert "See the notice" in text
    assert reread(version).state == "approved"


def test_retraction_needs_a_reason_even_when_confirmed(in_state: InState) -> None:
    version = in_state("approved")
    assert at_desk(editor()).post(at(version, "retract"), {"reason": " ", "confirmed": "on"}).status_code == 422
    assert reread(version).state == "approved"


# Somebody was quicker


@pytest.mark.parametrize(
    ("state", "step"), [("submitted", "decline"), ("under_review", "send-back"), ("approved", "retract")]
)
def test_second_click_says_what_happened(in_state: InState, state: str, step: str) -> None:
    version, client = in_state(state), at_desk(editor(name="Eve Editor"))
    sent = {"reason": REASON, "confirmed": "on"}
    assert client.post(at(version, step), sent).status_code == 302
    response = client.post(at(version, step), sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Nothing was changed" in text
    assert "What you had written" in text
    assert REASON in text
    assert "Eve Editor" in text


def test_withdrawn_meanwhile_keeps_what_the_editor_wrote(in_state: InState) -> None:
    version, client = in_state("submitted"), at_desk(editor())
    version.move("withdraw", by=version.article.owner, reason="Too early.")
    response = client.post(at(version, "decline"), {"reason": "Long thoughts of the editor."})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Version 1 is withdrawn: nothing was changed." in text
    assert "Long thoughts of the editor." in text
    assert "withdrew it" in text
