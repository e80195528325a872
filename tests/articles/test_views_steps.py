"""Submit, withdraw, discard, revise: what each asks, refuses and does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from articles.codes import Icd10Code
from articles.models import Article, Version
from articles.states import Origin, VersionState
from content.schema import Content
from ledger.models import Event
from people.models import Role
from tests.articles.browsing import address, desk
from tests.factories import (
    approve,
    assign,
    author,
    editor,
    make_content,
    make_person,
    make_version,
    reread,
    revise,
    submit,
)

type InState = Callable[[str], Version]

pytestmark = pytest.mark.django_db

HUMAN = {"origin": "human", "change_note": "", "ai_tool": ""}


def send(version: Version, **typed: str) -> Any:
    """Submit as the owner, by the form."""
    data = {**HUMAN, "based_on": str(version.revision), **typed}
    return desk(version.article.owner).post(address("submit", version), data)


def test_submitted_version_is_frozen_and_the_author_told(in_state: InState) -> None:
    version = in_state("draft")
    client = desk(version.author)
    response = client.post(address("submit", version), {**HUMAN, "based_on": "1"}, follow=False)
    assert (response.status_code, response["Location"]) == (302, version.get_absolute_url())
    now = reread(version)
    assert (now.state, now.origin, now.change_note) == (VersionState.SUBMITTED, Origin.HUMAN, "")
    assert "Submitted. The editors answer within 3 days." in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"origin": ""}, "Say how the text was made."),
        ({"origin": "magic"}, "Select a valid choice."),
        ({"origin": "ai_drafted"}, "Name the AI tool that was used."),
        ({"origin": "ai_assisted", "ai_tool": "   "}, "Name the AI tool that was used."),
        ({"origin": "human", "ai_tool": "Example Model"}, "Clear this, or choose another answer above."),
        ({"origin": "ai_drafted", "ai_tool": "x" * 201}, "at most 200 characters"),
        ({"change_note": "n" * 5_001}, "at most 5000 characters"),
        ({"based_on": ""}, "This field is required."),
        ({"based_on": "7"}, "The draft has been changed since you opened this page."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_kept(
    in_state: InState, typed: dict[str, str], sentence: str
) -> None:
    version = in_state("draft")
    response = send(version, **{"change_note": "My note", **typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert response.context["form"]["change_note"].value() == typed.get("change_note", "My note")
    assert reread(version).is_draft


def test_ai_tool_is_stored(in_state: InState) -> None:
    version = in_state("draft")
    assert send(version, origin="ai_drafted", ai_tool="Example Model 4").status_code == 302
    assert reread(version).ai_tool == "Example Model 4"


def test_second_version_needs_a_note(in_state: InState) -> None:
    version = revise(in_state("withdrawn"))
    response = send(version)
    assert response.status_code == 422
    assert "Say what changed since the last version." in response.content.decode()
    assert send(version, change_note="Clearer.").status_code == 302


def test_gaps_are_listed_what_blocks_first_with_links() -> None:
    content = Content.model_validate({
        "title": "Bare",
        "diagnoses": [{"key": "a", "tier": "most_likely", "name": "A", "codes": ["Z99.9"]}],
    })  # fmt: skip
    version = make_version(content=content)
    response = desk(version.author).get(address("submit", version))
    html = response.content.decode()
    edit = address("edit", version)
    places = [gap.place for gap in response.context["blocking"]]
    assert places == ["no_do_not_miss_reason", "diagnosis-a", "diagnosis-a_codes"]
    assert all(f'href="{edit}#{place}"' in html for place in places)
    assert [gap.place for gap in response.context["advice"]] == ["diagnoses", "references", "presentation_patient"]
    refused = send(version)
    assert refused.status_code == 422
    assert "Say to clinicians why A is considered." in refused.content.decode()
    assert "Z99.9 is not in the stored release of ICD-10-CM." in refused.content.decode()


def test_answer_to_a_review_is_written_with_its_findings_at_hand(in_state: InState) -> None:
    version = in_state("draft")
    for page in ("edit", "submit"):
        assert "?tab=findings" not in desk(version.author).get(address(page, version)).content.decode()
    draft = revise(in_state("changes_requested"))
    for page in ("edit", "submit"):
        html = desk(draft.author).get(address(page, draft)).content.decode()
        assert f'href="{draft.get_absolute_url()}?tab=findings"' in html
        assert "Version 1 came back with a request for changes." in html


def test_next_version_with_the_same_text_is_pointed_out(in_state: InState) -> None:
    draft = revise(in_state("changes_requested"))
    same = "The text is the same as that of version 1, word for word."
    assert same in desk(draft.author).get(address("submit", draft)).content.decode()
    changed = draft.document.model_copy(update={"title": "Another Title"})
    draft = draft.save_draft(changed, by=draft.author, based_on=draft.revision)
    assert same not in desk(draft.author).get(address("submit", draft)).content.decode()


def test_note_on_a_first_version_says_that_readers_see_it(in_state: InState) -> None:
    version = in_state("draft")
    assert (
        "Readers and reviewers see this note" in desk(version.author).get(address("submit", version)).content.decode()
    )


def test_known_codes_do_not_block() -> None:
    Icd10Code.objects.create(code="R06.6", title="Hiccough", is_billable=True, release="2026")
    content = make_content()
    first = content.diagnoses[0].model_copy(update={"codes": ("R06.6",)})
    version = make_version(content=content.model_copy(update={"diagnoses": (first, *content.diagnoses[1:])}))
    assert send(version).status_code == 302


def test_missing_disclosure_is_shown_with_the_way_out() -> None:
    version = make_version()
    assert "Declared, valid until" in desk(version.author).get(address("submit", version)).content.decode()
    version = make_version(author=make_person(roles=[Role.AUTHOR]))
    html = desk(version.author).get(address("submit", version)).content.decode()
    assert "Your disclosure is missing or older than 12 months." in html
    assert f'href="{reverse("people:disclosure")}"' in html
    refused = send(version)
    assert refused.status_code == 422
    assert "Your disclosure of interests is missing" in refused.content.decode()
    assert reread(version).is_draft


def test_submit_pressed_twice_submits_once() -> None:
    version = make_version()
    assert send(version).status_code == 302
    again = send(version)
    assert again.status_code == 409
    assert "This version is submitted now: nothing was changed." in again.content.decode()
    assert Event.objects.about_version(version.pk).filter(kind="submitted").count() == 1


def test_submit_page_of_a_submitted_version_leads_to_it(in_state: InState) -> None:
    version = in_state("submitted")
    assert desk(version.author).get(address("submit", version))["Location"] == version.get_absolute_url()


def test_withdrawing_needs_a_reason_and_ends_the_review(in_state: InState) -> None:
    version = in_state("under_review")
    client = desk(version.author)
    page = client.get(address("withdraw", version))
    assert page.status_code == 200
    for reason in ("", "  \n ", "x" * 5_001):
        response = client.post(address("withdraw", version), {"reason": reason})
        assert response.status_code == 422
        assert response.context["form"]["reason"].value() == reason
    response = client.post(address("withdraw", version), {"reason": "A better source came out."})
    assert response["Location"] == version.get_absolute_url()
    assert (reread(version).state, reread(version).state_reason) == ("withdrawn", "A better source came out.")
    assert client.post(address("withdraw", version), {"reason": "Again."}).status_code == 409


def test_draft_is_discarded_after_a_question(in_state: InState) -> None:
    version = in_state("draft")
    client = desk(version.author)
    page = client.get(address("discard", version))
    assert "cannot be undone" in page.content.decode()
    assert Version.objects.filter(pk=version.pk).exists()
    assert client.post(address("discard", version))["Location"] == "/desk/"
    assert not Article.objects.filter(pk=version.article_id).exists()
    assert client.post(address("discard", version)).status_code == 404


def test_second_draft_is_discarded_alone(in_state: InState) -> None:
    first = in_state("withdrawn")
    second = revise(first)
    assert desk(first.author).post(address("discard", second)).status_code == 302
    assert [version.pk for version in first.article.versions.all()] == [first.pk]


def test_submitted_version_is_not_discarded(in_state: InState) -> None:
    version = in_state("submitted")
    client = desk(version.author)
    assert client.get(address("discard", version)).status_code == 409
    assert client.post(address("discard", version)).status_code == 409
    assert Version.objects.filter(pk=version.pk).exists()


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("draft", 409),
        ("submitted", 409),
        ("under_review", 409),
        ("changes_requested", 302),
        ("approved", 302),
        ("superseded", 302),
        ("declined", 302),
        ("withdrawn", 302),
        ("retracted", 302),
    ],
)
def test_next_version_begins_when_none_is_open(in_state: InState, state: str, status: int) -> None:
    article = in_state(state).article
    url = reverse("articles:revise", args=(article.pk,))
    client = desk(article.owner)
    assert client.get(url).status_code == 405
    before = article.versions.count()
    response = client.post(url)
    assert response.status_code == status
    assert article.versions.count() == before + (status == 302)
    if status == 302:
        newest = article.versions.get(number=before + 1)
        assert response["Location"] == address("edit", newest)
        assert client.post(url).status_code == 409


def test_editors_revision_makes_the_editor_a_contributor(in_state: InState) -> None:
    version = in_state("approved")
    somebody = editor()
    desk(somebody).post(reverse("articles:revise", args=(version.article_id,)))
    draft = version.article.versions.get(number=2)
    assert draft.is_written_by(somebody)
    assert desk(somebody).get(address("submit", draft)).status_code == 403
    page = desk(draft.article.owner).get(address("submit", draft)).content.decode()
    assert f"{somebody.name}: <strong>has declared nothing yet</strong>" in page


def test_pages_of_the_second_version_speak_of_it(in_state: InState) -> None:
    first = in_state("submitted")
    assign(first)
    approve(first)
    second = revise(reread(first))
    assert "Submit version 2" in desk(first.author).get(address("submit", second)).content.decode()
    submit(second)
    assert "Withdraw version 2" in desk(first.author).get(address("withdraw", second)).content.decode()


@pytest.mark.parametrize("name", ["submit", "withdraw", "discard", "edit", "restore", "take_theirs", "preview_pane"])
def test_forged_request_is_refused(in_state: InState, name: str) -> None:
    from django.test import Client

    version = in_state("draft")
    client = Client(enforce_csrf_checks=True)
    client.force_login(version.author, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(address(name, version), {"title": "Forged", "based_on": "1"}).status_code == 403
    assert reread(version).revision == 1


def test_author_without_the_role_any_more_is_turned_away() -> None:
    user = author()
    version = make_version(author=user)
    client = desk(user)
    user.end_role("author", by=None)
    assert client.get(address("edit", version)).status_code == 404
    assert client.post(address("submit", version), {**HUMAN, "based_on": "1"}).status_code == 404
