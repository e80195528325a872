"""Terms and readers' questions are read, remarked on and looked at again as part of what a reviewer signs."""

import pytest

from reviews.models import Assignment, Finding
from reviews.reading import Reading
from tests.factories import make_content
from tests.reviews.desks import HTMX, address, at_desk, two_asked
from tests.reviews.test_second_look import on_second_look

pytestmark = pytest.mark.django_db
TERM = {"key": "reflux", "term": "reflux", "meaning": "Acid that rises into the gullet."}
ASKED = {"key": "at-night", "question": "Why at night?", "answer": "You lie *flat* then."}


def reading(assignment: Assignment) -> Reading:
    return Reading(Assignment.objects.with_people().get(pk=assignment.pk), assignment.reviewer)


def test_reviewer_reads_marks_and_remarks_on_what_stands_behind_the_diagnoses() -> None:
    assignment = on_second_look(two_asked(), make_content(terms=[TERM], questions=[ASKED]))
    client = at_desk(assignment.reviewer)
    page = client.get(address(assignment)).content.decode()
    assert 'id="read_reader_questions"' in page
    assert 'popovertarget="term_reflux"' in page
    assert "0 of 6 read" in page
    answer = client.post(address(assignment, "read/"), {"key": "terms_list", "read": "1"}, headers=HTMX)
    assert "1 of 6 read" in answer.content.decode()
    words = {"quote": "Acid that rises", "body": "Where to?", "severity": "should"}
    answer = client.post(address(assignment, "findings/"), {"diagnosis_key": "", **words}, headers=HTMX)
    found = Finding.objects.get(body="Where to?")
    assert (found.diagnosis_key, found.place) == ("", "terms.meaning")
    assert f'<mark data-finding="{found.pk}">Acid that rises</mark>' in answer.content.decode()
    assert client.post(address(assignment, "read/"), {"key": "other_list", "read": "1"}).status_code == 409


def test_second_look_says_which_of_them_changed_and_how() -> None:
    first = make_content(terms=[TERM], questions=[ASKED])
    after = make_content(terms=[TERM | {"meaning": "Acid."}], questions=[ASKED])
    assignment = on_second_look(two_asked(first), after)
    seen = reading(assignment)
    assert {place.key: place.news for place in seen.later} == {
        "reader_questions": "Unchanged since version 1",
        "terms_list": "Changed",
    }
    assert "reader_questions" in seen.unread_unchanged
    assert "terms_list" not in seen.unread_unchanged
    assert "Term “reflux”" in at_desk(assignment.reviewer).get(address(assignment)).content.decode()
