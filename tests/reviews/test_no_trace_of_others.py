"""Who has not signed finds no trace of what the others found and decided, on any page; who has signed does."""

import re
from datetime import timedelta

import pytest

from people.models import User
from people.rules import today
from reviews.models import Assignment
from tests.factories import find, sign
from tests.reviews.desks import Asked, address, at_desk

pytestmark = pytest.mark.django_db


def test_who_has_not_signed_finds_no_trace_of_others(two: Asked) -> None:
    assignment, other = two
    Assignment.objects.filter(pk=other.pk).update(answer_due_on=today(), review_due_on=today() + timedelta(2))
    client = at_desk(assignment.reviewer)
    before = [client.get(path).content.decode() for path in _pages(assignment)]
    find(other, "ostrich body", "must_fix")
    find(other, "ostrich second", "should")
    sign(other, "request_changes", note="ostrich note")
    after = [client.get(path).content.decode() for path in _pages(assignment)]
    for page, was in zip(after, before, strict=True):
        assert "ostrich" not in page
        assert "Ben Sample" not in page
        assert _quiet(page) == _quiet(was)


def test_own_findings_carry_no_number_that_counts_others(two: Asked) -> None:
    assignment, other = two
    find(other, "ostrich body")
    find(assignment, "my own")
    html = at_desk(assignment.reviewer).get(address(assignment)).content.decode()
    text = re.sub(r"<[^>]*>", " ", html)  # a moment in an attribute may have any digits
    assert "my own" in text
    assert "1.2" not in text


def test_editor_who_reviews_finds_no_trace_of_others_either(two: Asked) -> None:
    assignment, other = two
    assignment.reviewer.grant("editor", by=None)
    find(other, "ostrich body")
    sign(other, "approve", note="ostrich note")
    user = User.objects.get(pk=assignment.reviewer_id)
    for path in _pages(assignment):
        assert "ostrich" not in at_desk(user).get(path).content.decode()


def test_who_has_signed_sees_those_who_have(two: Asked) -> None:
    assignment, other = two
    find(other, "ostrich body")
    sign(assignment)
    client = at_desk(assignment.reviewer)
    assert "ostrich" not in client.get(address(assignment)).content.decode()
    sign(other, "request_changes", note="emu note")
    text = client.get(address(assignment)).content.decode()
    assert "ostrich body" in text
    assert "emu note" in text


def _pages(assignment: Assignment) -> list[str]:
    """Every page on which a reviewer reads of a version."""
    sign_page = f"sign/?verdict=approve&content_sha256={assignment.version.content_sha256}"
    version = assignment.version
    return [
        address(assignment),
        address(assignment, sign_page),
        version.get_absolute_url(),
        f"{version.get_absolute_url()}?tab=findings",
        f"{version.get_absolute_url()}?tab=history",
        f"{version.get_absolute_url()}compare/",
        version.article.get_absolute_url(),
        "/desk/",
        "/desk/articles/",
    ]


def _quiet(page: str) -> str:
    """The page without what differs at every visit."""
    page = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", page)
    return re.sub(r'name="key" value="[0-9a-f-]{36}"', "", page)
