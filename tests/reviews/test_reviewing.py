"""The reading page: who sees it, what it shows, and what a reviewer does on it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from people.models import User
from reviews.eligibility import candidates
from reviews.models import Assignment, Conflict, Finding
from tests import factories
from tests.factories import board_member, make_content, reread, revise, sign, submit
from tests.reviews.desks import HTMX, Asked, address, at_desk, two_asked

pytestmark = pytest.mark.django_db
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{ 7|add:7 }}{% csrf_token %}",
    "</textarea><script>alert(1)</script>",
    "a\u202eb\u200bc",
)


def test_review_shows_the_article_as_readers_see_it(two: Asked) -> None:
    assignment, _ = two
    page = at_desk(assignment.reviewer).get(address(assignment))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Not yet reviewed: do not rely on this." in text
    for diagnosis in assignment.version.document.diagnoses:
        assert escape(diagnosis.clinician.rationale) in text
        assert escape(diagnosis.patient.rationale) in text
    assert "0 of 4 read" in text


@pytest.mark.parametrize("name", ["", "sign/", "signed/"])
def test_others_cannot_read_a_review(two: Asked, name: str) -> None:
    assignment, other = two
    author, stranger = assignment.version.article.owner, board_member()
    for user in (other.reviewer, author, stranger, factories.administrator()):
        assert at_desk(user).get(address(assignment, name)).status_code == 404


@pytest.mark.parametrize("name", ["accept/", "decline/", "read/", "findings/", "note/", "sign/", "sign/close/1/"])
def test_others_cannot_act_on_a_review(two: Asked, name: str) -> None:
    assignment, other = two
    for user in (other.reviewer, assignment.version.article.owner, factories.editor()):
        assert at_desk(user).post(address(assignment, name), {"reason": "no"}).status_code == 404
    assert Assignment.objects.get(pk=assignment.pk).state == "invited"


def test_editor_is_shown_the_page_of_the_version(two: Asked) -> None:
    assignment, _ = two
    answer = at_desk(factories.editor()).get(address(assignment))
    assert (answer.status_code, answer.headers["Location"]) == (302, assignment.version.get_absolute_url())


def test_nobody_reads_it_signed_out(two: Asked, client: object) -> None:
    assignment, _ = two
    answer = at_desk(assignment.reviewer)
    answer.logout()
    assert answer.get(address(assignment)).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("how", ["declined", "cancelled", "role ended"])
def test_review_that_ended_is_gone(two: Asked, how: str) -> None:
    assignment, _ = two
    match how:
        case "declined":
            assignment.decline(by=assignment.reviewer, reason="No time.")
        case "cancelled":
            assignment.cancel(by=factories.editor(), reason="Not needed.")
        case _:
            assignment.reviewer.end_role("reviewer", by=None)
    user = User.objects.get(pk=assignment.reviewer_id)
    assert at_desk(user).get(address(assignment)).status_code == 404


def test_accept(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    assert "You are asked to review this" in client.get(address(assignment)).content.decode()
    for _ in range(2):
        assert client.post(address(assignment, "accept/")).headers["Location"] == address(assignment)
    text = client.get(address(assignment)).content.decode()
    assert "Your review is due by" in text
    assert "You are asked to review this" not in text


def test_accept_after_withdrawal_says_so(two: Asked) -> None:
    assignment, _ = two
    version = assignment.version
    client = at_desk(assignment.reviewer)
    version.move("withdraw", by=version.article.owner, reason="A mistake.")
    answer = client.post(address(assignment, "accept/"))
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()


def test_decline_needs_a_reason_and_keeps_what_was_chosen(two: Asked) -> None:
    assignment, _ = two
    answer = at_desk(assignment.reviewer).post(address(assignment, "decline/"), {"reason": " ", "conflict": "on"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'name="conflict"[^>]*checked', text)
    assert Assignment.objects.get(pk=assignment.pk).state == "invited"


def test_decline_with_a_conflict_excludes_from_later_rounds(two: Asked) -> None:
    assignment, other = two
    client = at_desk(assignment.reviewer)
    form = {"reason": "The author is my cousin.", "conflict": "on"}
    for _ in range(2):
        assert client.post(address(assignment, "decline/"), form).headers["Location"] == "/desk/"
    assert Conflict.objects.standing().get().user == assignment.reviewer
    sign(other, "request_changes")
    version = submit(revise(reread(assignment.version)))
    assert candidates(version).get(pk=assignment.reviewer_id).why_not == "conflict_with_article"


def test_decline_when_taken_off_gives_the_reason_back(two: Asked) -> None:
    assignment, _ = two
    assignment.cancel(by=factories.editor(), reason="Not needed.")
    answer = at_desk(assignment.reviewer).post(address(assignment, "decline/"), {"reason": "I am on leave."})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "I am on leave." in text
    assert "Gastric distension" not in text


def test_mark_read_and_back(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    answer = client.post(address(assignment, "read/"), {"key": "stroke", "read": "1"})
    assert answer.headers["Location"] == f"{address(assignment)}#stroke"
    assert "1 of 4 read" in client.get(address(assignment)).content.decode()
    client.post(address(assignment, "read/"), {"key": "stroke", "read": "0"})
    assert Assignment.objects.get(pk=assignment.pk).read_diagnoses == []


def test_mark_read_answers_htmx_with_what_changes(two: Asked) -> None:
    assignment, _ = two
    answer = at_desk(assignment.reviewer).post(
        address(assignment, "read/"), {"key": "stroke", "read": "1"}, headers=HTMX
    )
    text = answer.content.decode()
    assert "<html" not in text
    assert 'id="read_stroke"' in text
    assert "1 of 4 read" in text


def test_mark_read_of_what_is_not_there(two: Asked) -> None:
    assignment, _ = two
    answer = at_desk(assignment.reviewer).post(address(assignment, "read/"), {"key": "x\0y", "read": "1"})
    assert answer.status_code == 409
    assert Assignment.objects.get(pk=assignment.pk).read_diagnoses == []


def test_make_finding_on_a_diagnosis_and_on_the_whole(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    form = {"severity": "must_fix", "body": "Name the dose.\r\nAnd the route.", "diagnosis_key": "stroke"}
    assert (
        client.post(address(assignment, "findings/"), form)
        .headers["Location"]
        .endswith(f"#finding_box_{Finding.objects.get().pk}")
    )
    client.post(address(assignment, "findings/"), {"severity": "optional", "body": "Shorten it.", "diagnosis_key": ""})
    made = list(Finding.objects.values_list("diagnosis_key", "severity", "body"))
    assert made == [("stroke", "must_fix", "Name the dose.\nAnd the route."), ("", "optional", "Shorten it.")]
    assert "2 findings" in client.get(address(assignment)).content.decode()


def test_make_finding_twice_makes_one(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    form = {"severity": "should", "body": "Name the dose.", "diagnosis_key": "stroke"}
    for _ in range(2):
        client.post(address(assignment, "findings/"), form)
    assert Finding.objects.count() == 1


def test_make_finding_answers_htmx_with_what_changes(two: Asked) -> None:
    assignment, _ = two
    form = {"severity": "should", "body": "Name the dose.", "diagnosis_key": "stroke"}
    answer = at_desk(assignment.reviewer).post(address(assignment, "findings/"), form, headers=HTMX)
    text = answer.content.decode()
    assert "<html" not in text
    assert 'id="notes_stroke"' in text
    assert "autofocus" in text
    assert "1 finding" in text


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    "form",
    [
        {"severity": "", "body": "Kept words", "diagnosis_key": "stroke"},
        {"severity": "grave", "body": "Kept words", "diagnosis_key": "stroke"},
        {"severity": "should", "body": "Kept words" + "x" * 10_000, "diagnosis_key": "stroke"},
        {"severity": "should", "body": "Kept words", "diagnosis_key": "elsewhere"},
        {"severity": "should", "body": "Kept words", "diagnosis_key": "<script>alert(1)</script>"},
        {"severity": "should", "body": "Kept words", "diagnosis_key": "x" * 90},
    ],
)
def test_finding_that_is_wrong_comes_back_with_its_words(
    two: Asked, form: dict[str, str], headers: dict[str, str]
) -> None:
    assignment, _ = two
    answer = at_desk(assignment.reviewer).post(address(assignment, "findings/"), form, headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Kept words" in text
    assert "<script>alert" not in text
    assert Finding.objects.count() == 0


def test_finding_of_spaces_is_none(two: Asked) -> None:
    assignment, _ = two
    form = {"severity": "should", "body": " \u200b\r\n ", "diagnosis_key": ""}
    assert at_desk(assignment.reviewer).post(address(assignment, "findings/"), form).status_code == 422
    assert Finding.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_finding_after_signing_is_refused_and_given_back(two: Asked, headers: dict[str, str]) -> None:
    assignment, _ = two
    sign(assignment)
    form = {"severity": "should", "body": "One more thing", "diagnosis_key": ""}
    answer = at_desk(assignment.reviewer).post(address(assignment, "findings/"), form, headers=headers)
    assert answer.status_code == 409
    assert "One more thing" in answer.content.decode()
    assert answer.headers["HX-Retarget"] == "body"
    assert Finding.objects.count() == 0


def test_unlisted_fields_have_no_effect(two: Asked) -> None:
    assignment, other = two
    form = {"severity": "should", "body": "Name it.", "diagnosis_key": ""}
    form |= {"reviewer": str(other.reviewer_id), "by": "1", "number": "99", "closed_at": "2026-01-01", "version": "1"}
    at_desk(assignment.reviewer).post(address(assignment, "findings/"), form)
    made = Finding.objects.get()
    assert (made.reviewer, made.number, made.closed_at) == (assignment.reviewer, 1, None)


def test_hostile_words_are_only_words() -> None:
    assignment, _ = two_asked(make_content(canary=" ".join(HOSTILE)))
    client = at_desk(assignment.reviewer)
    for payload in HOSTILE:
        form = {"severity": "should", "body": payload, "diagnosis_key": "stroke"}
        client.post(address(assignment, "findings/"), form)
    assert Finding.objects.count() == len(HOSTILE)
    text = client.get(address(assignment)).content.decode()
    for tag in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript'):
        assert tag not in text
    assert "\u202e" not in "".join(finding.body for finding in Finding.objects.all())


def test_over_after_withdrawal(two: Asked) -> None:
    assignment, _ = two
    version = assignment.version
    version.move("withdraw", by=version.article.owner, reason="A mistake.")
    text = at_desk(assignment.reviewer).get(address(assignment)).content.decode()
    assert "This review is over." in text
    assert "data-key-approve" not in text


def test_no_caution_on_what_is_public(two: Asked) -> None:
    assignments = two
    for assignment in assignments:
        sign(assignment)
    text = at_desk(assignments[0].reviewer).get(address(assignments[0])).content.decode()
    assert "do not rely on this" not in text
    assert "Dr Ben Sample" in text


def test_overdue_is_said_in_words(two: Asked) -> None:
    assignment, _ = two
    past = timezone.now().date() - timedelta(days=2)
    Assignment.objects.filter(pk=assignment.pk).update(answer_due_on=past)
    assert "Answer 2 days over" in at_desk(assignment.reviewer).get(address(assignment)).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_grow(many: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    tiers = ["most_likely", *["other_likely"] * (many - 1)]
    whole = make_content()
    one = whole.diagnoses[0].model_dump(mode="json")
    diagnoses = [one | {"key": f"d{n}", "tier": tier} for n, tier in enumerate(tiers)]
    content = make_content(diagnoses=diagnoses, no_do_not_miss_reason="None is known.")
    assignment, _ = two_asked(content)
    for n in range(many):
        Finding.make(assignment, by=assignment.reviewer, severity="should", body=f"No. {n}", diagnosis_key=f"d{n}")
    client = at_desk(assignment.reviewer)
    with django_assert_num_queries(16):
        assert client.get(address(assignment)).status_code == 200
