"""Findings: the author answers, the reviewer closes, an editor closes with a reason."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoAssertNumQueries

from ledger.models import Event
from people import permissions
from people.models import User
from reviews.models import Assignment, Finding
from reviews.sight import sight
from reviews.talk import Viewer, talk
from tests import factories
from tests.factories import assign, board_member, find, make_version, reread, revise, sign, submit
from tests.reviews.desks import HTMX, address, at_desk, two_asked

pytestmark = pytest.mark.django_db


type SentBack = tuple[Finding, Assignment, Assignment]


@pytest.fixture(scope="module")
def kept_sent_back(kept_db: None) -> SentBack:
    first, second = two_asked()
    finding = find(first, "Name the dose.", "must_fix")
    for assignment in (first, second):
        sign(assignment, "request_changes")
    return finding, first, second


@pytest.fixture
def sent_back(db: None, kept_sent_back: SentBack) -> SentBack:
    """A must-fix finding on a version that both reviewers sent back."""
    finding, *both = kept_sent_back
    first, second = (Assignment.objects.with_people().get(pk=assignment.pk) for assignment in both)
    return Finding.objects.select_related("version", "reviewer").get(pk=finding.pk), first, second


def author_of(finding: Finding) -> User:
    return User.objects.get(pk=finding.version.article.owner_id)


@pytest.mark.parametrize(
    ("form", "stored"),
    [
        ({"response": "fixed", "note": ""}, ("fixed", "")),
        ({"response": "rebutted", "note": "It is there."}, ("rebutted", "It is there.")),
        ({"response": "deferred", "note": "Next year.\r\nPerhaps."}, ("deferred", "Next year.\nPerhaps.")),
    ],
)
def test_author_answers(sent_back: SentBack, form: dict[str, str], stored: tuple[str, str]) -> None:
    finding, *_ = sent_back
    author = author_of(finding)
    answer = at_desk(author).post(f"/desk/findings/{finding.pk}/answer/", form)
    assert answer.headers["Location"] == f"{finding.version.get_absolute_url()}?tab=findings#finding_box_{finding.pk}"
    finding.refresh_from_db()
    assert (finding.response, finding.response_note) == stored
    assert finding.responded_by == author
    assert Event.objects.filter(kind="finding_answered").count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    "form",
    [
        {"response": "rebutted", "note": " "},
        {"response": "", "note": "Kept words"},
        {"response": "closed", "note": "Kept words"},
        {"response": "fixed", "note": "Kept words" + "x" * 10_000},
    ],
)
def test_answer_that_is_wrong_comes_back(sent_back: SentBack, form: dict[str, str], headers: dict[str, str]) -> None:
    finding, *_ = sent_back
    answer = at_desk(author_of(finding)).post(f"/desk/findings/{finding.pk}/answer/", form, headers=headers)
    assert answer.status_code == 422
    assert form["note"].strip() in answer.content.decode()
    finding.refresh_from_db()
    assert finding.response == ""


def test_answer_goes_with_the_next_version(sent_back: SentBack) -> None:
    finding, *_ = sent_back
    draft = revise(reread(finding.version))
    author = author_of(finding)
    answer = at_desk(author).post(f"/desk/findings/{finding.pk}/answer/", {"response": "fixed", "note": ""})
    assert answer.headers["Location"] == f"{draft.get_absolute_url()}?tab=findings#finding_box_{finding.pk}"
    shown = talk(author, draft).findings
    assert [(each.pk, each.response, each.number) for each in shown] == [(finding.pk, "fixed", "1.1")]


def test_only_the_author_answers(sent_back: SentBack) -> None:
    finding, first, second = sent_back
    form = {"response": "fixed", "note": ""}
    for user, status in ((first.reviewer, 403), (second.reviewer, 403), (factories.editor(), 403)):
        assert at_desk(user).post(f"/desk/findings/{finding.pk}/answer/", form).status_code == status
    for user in (factories.author(), board_member(), factories.administrator()):
        assert at_desk(user).post(f"/desk/findings/{finding.pk}/answer/", form).status_code == 404
        assert at_desk(user).post(f"/desk/findings/{finding.pk}/close/", form).status_code == 404
        assert at_desk(user).get(f"/desk/findings/{finding.pk}/answer/").status_code == 404


def test_author_does_not_find_what_is_not_signed() -> None:
    version = make_version("under_review", reviewers=[board_member(), board_member()])
    first, second = version.assignments.with_people()
    hidden, shown = find(first, "hidden", "must_fix"), find(second, "shown", "must_fix")
    sign(second, "request_changes")
    author = version.article.owner
    assert [each.pk for each in talk(author, reread(version)).findings] == [shown.pk]
    for status, finding in ((404, hidden), (302, shown)):
        form = {"response": "fixed", "note": ""}
        assert at_desk(author).post(f"/desk/findings/{finding.pk}/answer/", form).status_code == status


def test_editor_who_wrote_it_sees_it_as_an_author() -> None:
    author = factories.author()
    author.grant("editor", by=None)
    author = User.objects.get(pk=author.pk)
    version = make_version("under_review", author=author, reviewers=[board_member(), board_member()])
    first, _ = version.assignments.with_people()
    find(first, "hidden")
    assert sight(author, version).value == "author"
    assert talk(author, version).findings == []


def test_maker_closes(sent_back: SentBack) -> None:
    finding, first, _ = sent_back
    answer = at_desk(first.reviewer).post(f"/desk/findings/{finding.pk}/close/")
    assert answer.headers["Location"] == f"{address(first)}#finding_box_{finding.pk}"
    finding.refresh_from_db()
    assert (finding.is_open, finding.closed_by, finding.closed_reason) == (False, first.reviewer, "")


def test_closing_answers_htmx_with_the_finding(sent_back: SentBack) -> None:
    finding, first, _ = sent_back
    answer = at_desk(first.reviewer).post(f"/desk/findings/{finding.pk}/close/", headers=HTMX)
    text = answer.content.decode()
    assert "<html" not in text
    assert "Closed" in text
    assert "/close/" not in text


def test_editor_closes_with_a_reason(sent_back: SentBack) -> None:
    finding, *_ = sent_back
    client, place = at_desk(factories.editor(name="Ed Itor")), f"/desk/findings/{finding.pk}/close/"
    answer = client.post(place, {"reason": " "})
    assert answer.status_code == 422
    assert "Say why you close" in answer.content.decode()
    assert client.post(place, {"reason": "She has left the board."}).status_code == 302
    finding.refresh_from_db()
    assert finding.closed_reason == "She has left the board."
    assert "Closed by Ed Itor: She has left the board." in client.get(place).content.decode()


def test_others_cannot_close(sent_back: SentBack) -> None:
    finding, _, second = sent_back
    for user in (second.reviewer, author_of(finding)):
        assert at_desk(user).post(f"/desk/findings/{finding.pk}/close/", {"reason": "x"}).status_code == 403
    finding.refresh_from_db()
    assert finding.is_open


def test_closed_twice_keeps_who_closed_it_first(sent_back: SentBack) -> None:
    finding, first, _ = sent_back
    finding.close(by=first.reviewer)
    Finding.objects.get(pk=finding.pk).close(by=factories.editor(), reason="Me too.")
    finding.refresh_from_db()
    assert (finding.closed_by, finding.closed_reason) == (first.reviewer, "")
    assert Event.objects.filter(kind="finding_closed").count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_answer_after_closing_is_refused_and_given_back(sent_back: SentBack, headers: dict[str, str]) -> None:
    finding, first, _ = sent_back
    client = at_desk(author_of(finding))
    finding.close(by=first.reviewer)
    form = {"response": "rebutted", "note": "Kept words"}
    answer = client.post(f"/desk/findings/{finding.pk}/answer/", form, headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "closed in the meantime" in text
    assert "Kept words" in text
    finding.refresh_from_db()
    assert finding.response == ""


def test_maker_without_the_role_cannot_close(sent_back: SentBack) -> None:
    finding, first, _ = sent_back
    first.reviewer.end_role("reviewer", by=None)
    user = User.objects.get(pk=first.reviewer_id)
    assert at_desk(user).post(f"/desk/findings/{finding.pk}/close/").status_code == 403
    with pytest.raises(PermissionDenied):
        finding.close(by=user)


def test_who_no_longer_reviews_does_not_find_what_others_found(sent_back: SentBack) -> None:
    finding, _, second = sent_back
    assert at_desk(second.reviewer).get(f"/desk/findings/{finding.pk}/answer/").status_code == 200
    second.reviewer.end_role("reviewer", by=None)
    second.reviewer.grant("author", by=None)
    user = User.objects.get(pk=second.reviewer_id)
    assert at_desk(user).get(finding.version.get_absolute_url()).status_code == 404
    for page in ("answer", "close"):
        assert at_desk(user).get(f"/desk/findings/{finding.pk}/{page}/").status_code == 404


def test_closing_the_last_must_fix_ends_the_round(sent_back: SentBack) -> None:
    finding, first, _ = sent_back
    version = submit(revise(reread(finding.version)))
    others = assign(version, [board_member(), board_member()])
    for assignment in others:
        sign(assignment)
    assert reread(version).state == "under_review"
    assert at_desk(first.reviewer).post(f"/desk/findings/{finding.pk}/close/").status_code == 302
    assert reread(version).state == "approved"


def test_findings_are_refused_on_what_is_signed(sent_back: SentBack) -> None:
    _, first, _ = sent_back
    with pytest.raises(ValidationError):
        find(first, "One more thing")


def test_shown_forms_agree_with_the_permissions(sent_back: SentBack) -> None:
    finding, first, second = sent_back
    people = [first.reviewer, second.reviewer, author_of(finding), factories.editor()]
    for user in people:
        shown = Viewer(user, finding.version, finding.version.document).shows(finding)
        assert (shown.close_form is not None) == permissions.may_close_finding(user, finding)
        assert (shown.answer_form is not None) == permissions.may_answer_findings(user, finding.version)


def test_what_is_gone_is_still_shown(sent_back: SentBack) -> None:
    finding, first, second = sent_back
    content = finding.version.document
    without = factories.make_content(
        diagnoses=[d.model_dump(mode="json") | {"key": f"other-{n}"} for n, d in enumerate(content.diagnoses)]
    )
    version = submit(revise(reread(finding.version), without))
    again, _ = assign(version, [first.reviewer, second.reviewer])
    text = at_desk(again.reviewer).get(address(again)).content.decode()
    assert "Name the dose." in text
    assert "A diagnosis that is no longer in the text" in text


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_grow(many: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    version = make_version("under_review", reviewers=[board_member(), board_member()])
    first, second = version.assignments.with_people()
    for number in range(many):
        find(first, f"No. {number}")
    for assignment in (first, second):
        sign(assignment, "request_changes")
    version = reread(version)
    author = User.objects.get(pk=version.article.owner_id)
    with django_assert_num_queries(5):
        assert len(talk(author, version).findings) == many


def test_hostile_answers_are_only_words(sent_back: SentBack) -> None:
    finding, first, second = sent_back
    form = {
        "response": "rebutted",
        "note": """<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7|add:7 }}""",
    }
    at_desk(author_of(finding)).post(f"/desk/findings/{finding.pk}/answer/", form)
    version = submit(revise(reread(finding.version)))
    again, _ = assign(version, [first.reviewer, second.reviewer])
    text = at_desk(again.reviewer).get(address(again)).content.decode()
    assert "alert(1)" in text
    for tag in ("<script>alert", "<img src=x"):
        assert tag not in text
