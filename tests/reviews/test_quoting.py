"""Findings on words of the text: quoted, marked, gone; suggested wording accepted with one click; answers kept."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied

from content.schema import Content
from ledger.models import Event
from people.models import User
from reviews.models import Assignment, Finding
from reviews.talk import talk
from tests import factories
from tests.factories import assign, make_content, make_version, reread, revise, sign, submit
from tests.publications.test_hostile import PAYLOADS, problems
from tests.reviews.desks import HTMX, Asked, address, at_desk, two_asked

pytestmark = pytest.mark.django_db
QUOTE = "Lateral medullary stroke explains the timing."
RATIONALE = {"severity": "should", "body": "Too sure.", "diagnosis_key": "stroke", "quote": QUOTE}


def quoting(two: Asked, **more: str) -> tuple[Finding, Assignment, Assignment]:
    """A finding on words of the third diagnosis, made through the page."""
    first, second = two
    at_desk(first.reviewer).post(address(first, "findings/"), RATIONALE | more)
    return Finding.objects.get(), first, second


def sent_back(two: Asked, **more: str) -> Finding:
    finding, *both = quoting(two, **more)
    for assignment in both:
        sign(assignment, "request_changes")
    return Finding.objects.get(pk=finding.pk)


def author_of(finding: Finding) -> User:
    return User.objects.get(pk=finding.version.article.owner_id)


def reworded(rationale: str) -> Content:
    data = make_content().model_dump(mode="json")
    data["diagnoses"][2]["clinician"]["rationale"] = rationale
    return Content.model_validate(data)


@pytest.mark.parametrize(
    ("form", "stored"),
    [
        ({}, ("stroke", "clinician.rationale", QUOTE)),
        ({"quote": " the   TIMING "}, ("stroke", "clinician.rationale", "the TIMING")),
        ({"quote": "A stroke", "audience": "patient"}, ("stroke", "patient.rationale", "A stroke")),
        ({"quote": "can cause this", "audience": "patient"}, ("stroke", "patient.rationale", "can cause this")),
        ({"diagnosis_key": "", "quote": "Example Institute"}, ("", "references", "Example Institute")),
        ({"diagnosis_key": "", "quote": QUOTE}, ("stroke", "clinician.rationale", QUOTE)),
        ({"quote": ""}, ("stroke", "", "")),
    ],
)
def test_words_are_quoted_and_their_place_is_found(
    two: Asked, form: dict[str, str], stored: tuple[str, str, str]
) -> None:
    finding, first, _ = quoting(two, **form)
    assert (finding.diagnosis_key, finding.place, finding.quote) == stored
    page = BeautifulSoup(at_desk(first.reviewer).get(address(first)).content, "lxml")
    marks = page.select(f'mark[data-finding="{finding.pk}"]')
    assert bool(marks) is bool(finding.quote)
    assert all(mark.get_text().casefold() in finding.quote.casefold() for mark in marks)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"quote": "words that are not there"}, "These words are not in the text here."),
        ({"quote": "x" * 1_001}, "Quote at most 1,000 characters"),
        ({"quote": "x" * 5_000}, "at most 4000 characters"),
        ({"quote": "", "replacement": "other words"}, "Quote the words that yours are to replace."),
        ({"replacement": QUOTE}, "Your wording is the same"),
        ({"replacement": "x", "deletes": "on"}, "not both"),
        ({"replacement": "x" * 10_001}, "at most 10000 characters"),
        ({"audience": "everybody"}, "Select a valid choice"),
        ({"replaces": "99999999"}, "is not yours"),
        ({"replaces": "x"}, "Enter a whole number"),
    ],
)
def test_quote_or_suggestion_that_is_wrong_comes_back(two: Asked, form: dict[str, str], words: str) -> None:
    first, _ = two
    answer = at_desk(first.reviewer).post(address(first, "findings/"), RATIONALE | form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Too sure." in answer.content.decode()
    assert Finding.objects.count() == 0


def test_htmx_gets_the_marked_text_or_is_sent_to_the_place(two: Asked) -> None:
    first, _ = two
    client = at_desk(first.reviewer)
    part = client.post(address(first, "findings/"), RATIONALE, headers=HTMX).content.decode()
    assert 'id="text_stroke" hx-swap-oob' in part
    assert "<mark data-finding" in part
    elsewhere = client.post(
        address(first, "findings/"), RATIONALE | {"body": "Again.", "diagnosis_key": ""}, headers=HTMX
    )
    made = Finding.objects.get(body="Again.")
    assert elsewhere.headers["HX-Redirect"] == f"{address(first)}#finding_box_{made.pk}"


def test_hostile_words_quoted_and_suggested_are_only_words() -> None:
    first, second = two_asked(make_content(canary=" ".join(PAYLOADS)))
    client = at_desk(first.reviewer)
    for number, words in enumerate(PAYLOADS, 1):
        form = RATIONALE | {"quote": words, "replacement": f"{words} again", "body": words, "before": words}
        client.post(address(first, "findings/"), form)
        client.post(address(first, "findings/"), RATIONALE | {"body": words})
        assert Finding.objects.count() == 2 * number, words
    pages = [client.get(address(first))]
    for assignment in (first, second):
        sign(assignment, "request_changes", note=" ".join(PAYLOADS))
    author = at_desk(first.version.article.owner)
    pages += [author.get(f"{first.version.get_absolute_url()}?tab=findings")]
    draft = revise(reread(first.version))
    pages += [author.get(f"{draft.get_absolute_url()}findings/", headers=HTMX)]
    for page in pages:
        assert page.status_code == 200
        assert [each for each in problems(page.content) if "script src" not in each] == []


def test_finding_is_written_anew_in_two_clicks_and_the_old_one_shown_no_more(two: Asked) -> None:
    finding, first, second = quoting(two)
    client = at_desk(first.reviewer)
    page = client.get(address(first)).content.decode()
    assert f'name="replaces" value="{finding.pk}"' in page
    client.post(address(first, "findings/"), RATIONALE | {"body": "Say how often.", "replaces": str(finding.pk)})
    text = client.get(address(first)).content.decode()
    assert ("Say how often." in text, "Too sure." in text, "1 finding" in text) == (True, False, True)
    finding.refresh_from_db()
    assert finding.closed_by == first.reviewer
    answer = at_desk(second.reviewer).post(address(second, "findings/"), RATIONALE | {"replaces": str(finding.pk)})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("later", "is_gone"),
    [(QUOTE, False), ("Lateral  *medullary stroke* explains the timing.", False), ("Quite other words.", True)],
)
def test_words_that_are_gone_are_shown_as_such(two: Asked, later: str, is_gone: bool) -> None:
    finding = sent_back(two)
    version = submit(revise(reread(finding.version), reworded(later)))
    again, _ = assign(version, [finding.reviewer, factories.board_member()])
    for client, page in (
        (at_desk(finding.reviewer), address(again)),
        (at_desk(factories.editor()), f"{version.get_absolute_url()}?tab=findings"),
    ):
        text = client.get(page).content.decode()
        assert "Too sure." in text
        assert ("These words are no longer in the text" in text) is is_gone


# Suggested wording


def test_author_accepts_the_wording_with_one_click(two: Asked) -> None:
    finding = sent_back(two, replacement="A stroke of the medulla may explain it.")
    client = at_desk(author_of(finding))
    assert "Accept the wording" in client.get(f"{finding.version.get_absolute_url()}?tab=findings").content.decode()
    for _ in range(2):
        answer = client.post(f"/desk/findings/{finding.pk}/accept/")
        draft = finding.version.article.versions.get(number=2)
        assert answer.headers["Location"] == f"{draft.get_absolute_url()}?tab=findings#finding_box_{finding.pk}"
    assert draft.document == reworded("A stroke of the medulla may explain it.")
    finding.refresh_from_db()
    assert (finding.response, finding.responded_in, finding.responded_by) == ("fixed", draft, author_of(finding))
    shown = talk(author_of(finding), draft).findings[0]
    assert shown.change_url == f"{draft.get_absolute_url()}compare/?with=1#change_stroke"
    assert 'id="change_stroke"' in client.get(shown.change_url).content.decode()
    assert Event.objects.filter(kind="finding_answered").count() == 1


def test_deleting_is_a_suggestion_too(two: Asked) -> None:
    finding = sent_back(two, deletes="on", quote=" explains the timing")
    at_desk(author_of(finding)).post(f"/desk/findings/{finding.pk}/accept/")
    assert finding.version.article.latest.document == reworded("Lateral medullary stroke.")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_wording_for_words_that_are_gone_is_refused_clearly(two: Asked, headers: dict[str, str]) -> None:
    finding = sent_back(two, replacement="Other words.")
    draft = revise(reread(finding.version), reworded("Quite another text."))
    answer = at_desk(author_of(finding)).post(f"/desk/findings/{finding.pk}/accept/", headers=headers)
    assert answer.status_code == 422
    assert "no longer in the text, so nothing was replaced" in answer.content.decode()
    assert reread(draft).document == reworded("Quite another text.")
    finding.refresh_from_db()
    assert finding.response == ""


def test_wording_is_accepted_by_the_author_alone_and_in_time(two: Asked) -> None:
    finding = sent_back(two, replacement="Other words.")
    address_of = f"/desk/findings/{finding.pk}/accept/"
    for user, status in ((finding.reviewer, 403), (factories.editor(), 403), (factories.author(), 404)):
        assert at_desk(user).post(address_of).status_code == status
    with pytest.raises(PermissionDenied):
        finding.accept_wording(by=finding.reviewer)
    submit(revise(reread(finding.version), reworded("Quite another text.")))
    answer = at_desk(author_of(finding)).post(address_of)
    assert (answer.status_code, "is still open" in answer.content.decode()) == (409, True)
    plain = sent_back_plain()
    assert at_desk(author_of(plain)).post(f"/desk/findings/{plain.pk}/accept/").status_code == 422


def sent_back_plain() -> Finding:
    first, second = two_asked()
    finding = factories.find(first)
    for assignment in (first, second):
        sign(assignment, "request_changes")
    return Finding.objects.get(pk=finding.pk)


# Answers while they are written


def test_draft_of_an_answer_is_kept_and_nobody_else_sees_it(two: Asked) -> None:
    finding = sent_back(two)
    author, place = at_desk(author_of(finding)), f"/desk/findings/{finding.pk}/draft/"
    form = {"response": "rebutted", "note": "Half an answer"}
    assert author.post(place, form, headers=HTMX).content == b"Draft saved."
    assert author.post(place, form | {"note": "x" * 10_001}, headers=HTMX).status_code == 422
    assert author.post(place, form | {"response": "no"}, headers=HTMX).status_code == 422
    here = f"{finding.version.get_absolute_url()}?tab=findings"
    assert "Half an answer" in author.get(here).content.decode()
    for user in (finding.reviewer, factories.editor()):
        assert "Half an answer" not in at_desk(user).get(here).content.decode()
        assert at_desk(user).post(place, form).status_code == 403
    finding.refresh_from_db()
    assert (finding.response, finding.draft_note) == ("", "Half an answer")
    author.post(f"/desk/findings/{finding.pk}/answer/", {"response": "deferred", "note": "Later."})
    finding.refresh_from_db()
    assert (finding.response, finding.draft_response, finding.draft_note) == ("deferred", "", "")
    finding.close(by=finding.reviewer)
    assert author.post(place, form, headers=HTMX).status_code == 409


def test_progress_is_told_beside_the_editor_and_before_submission(two: Asked) -> None:
    finding = sent_back(two)
    draft = revise(reread(finding.version))
    author = at_desk(author_of(finding))
    panel = author.get(f"{draft.get_absolute_url()}findings/", headers=HTMX).content.decode()
    assert "<html" not in panel
    assert "0 of 1 answered" in panel
    plain = author.get(f"{draft.get_absolute_url()}findings/")
    assert plain.headers["Location"] == f"{draft.get_absolute_url()}?tab=findings"
    assert at_desk(finding.reviewer).get(f"{draft.get_absolute_url()}findings/", headers=HTMX).status_code == 404
    words = "1 of 1 findings has no answer yet"
    assert words in author.get(f"{draft.get_absolute_url()}submit/").content.decode()
    finding.respond("fixed", "", by=author_of(finding))
    assert words not in author.get(f"{draft.get_absolute_url()}submit/").content.decode()


def test_next_submission_shows_finding_answer_and_resolution_and_its_maker_closes(two: Asked) -> None:
    finding = sent_back(two)
    finding.respond("rebutted", "It is so in the source.", by=author_of(finding))
    version = submit(revise(reread(finding.version)))
    again, other = assign(version, [finding.reviewer, factories.board_member()])
    for user, page in (
        (finding.reviewer, address(again)),
        (other.reviewer, address(other)),
        (factories.editor(), f"{version.get_absolute_url()}?tab=findings"),
    ):
        row = BeautifulSoup(at_desk(user).get(page).content, "lxml").select_one(f"#ledger_row_{finding.pk}")
        assert row is not None
        words = row.get_text(" ", strip=True)
        assert all(word in words for word in ("Too sure.", QUOTE, "It is so in the source.", "Open"))
        assert (row.select_one("form") is not None) is (user == finding.reviewer)
    closed = at_desk(finding.reviewer).post(f"/desk/findings/{finding.pk}/close/", {"as": "row"}, headers=HTMX)
    row = BeautifulSoup(closed.content, "lxml").select_one(f"#ledger_row_{finding.pk}")
    assert row is None or "Closed" in row.get_text()
    assert "Closed" in closed.content.decode()
    finding.refresh_from_db()
    assert not finding.is_open


def test_each_answer_makes_the_progress_be_asked_for_again(two: Asked) -> None:
    finding = sent_back(two)
    draft = revise(reread(finding.version))
    author = at_desk(author_of(finding))
    form = {"response": "fixed", "note": ""}
    answer = author.post(f"/desk/findings/{finding.pk}/answer/", form, headers=HTMX)
    assert answer.headers["HX-Trigger"] == "answered"
    part = author.get(f"{draft.get_absolute_url()}findings/?part=progress", headers=HTMX).content.decode()
    assert "1 of 1 answered" in part
    assert "Too sure." not in part


@pytest.mark.django_db
def test_writing_the_last_must_fix_anew_does_not_publish_in_between() -> None:
    version = make_version("submitted")
    one, two, three = assign(version, [factories.board_member() for _ in range(3)])
    old = factories.find(three, severity="must_fix")
    sign(one), sign(two)
    new = Finding.make(
        three, by=three.reviewer, severity="must_fix", body="Name the dose and its source.", replaces=old
    )
    assert (reread(version).state, new.is_open) == ("under_review", True)
    old.refresh_from_db()
    assert not old.is_open
