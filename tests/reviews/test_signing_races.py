"""Signatures at the same moment as each other, and as whatever ends the review."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from people.models import User
from publications.models import Publication
from reviews.models import Assignment, Decision
from reviews.states import AssignmentState
from tests import factories
from tests.factories import reread, sign
from tests.reviews.desks import address, at_desk, signature, two_asked


def test_signed_by_the_same_person_twice_at_once(committed_db: None) -> None:
    first, _ = two_asked()
    form = signature(first)
    same = at_once(*[lambda: _post(first, form) for _ in range(2)])
    assert [a.headers["Location"] for a in same] == [address(first, "signed/")] * 2
    assert Decision.objects.count() == 1


def test_two_verdicts_of_one_person_at_once(committed_db: None) -> None:
    first, _ = two_asked()
    forms = [signature(first), signature(first, "request_changes", note="No.")]
    answers = at_once(*[lambda form=form: _post(first, form) for form in forms])
    assert sorted(a.status_code for a in answers) == [302, 409]
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("_turn", range(3))
def test_two_approvals_at_once_publish_once(committed_db: None, _turn: int) -> None:
    assignments = two_asked()
    answers = at_once(*[lambda a=a: _post(a, signature(a)) for a in assignments])
    assert [a.status_code for a in answers] == [302, 302]
    assert reread(assignments[0].version).state == "approved"
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("_turn", range(3))
def test_last_approval_against_withdrawal(committed_db: None, _turn: int) -> None:
    first, second = two_asked()
    sign(first)
    version = second.version

    def withdraw() -> str:
        try:
            version.move("withdraw", by=version.article.owner, reason="A mistake.")
        except ValidationError:
            return "refused"
        return "withdrawn"

    answer, ending = at_once(lambda: _post(second, signature(second)), withdraw)
    state = reread(version).state
    assert (answer.status_code, ending, state) in {(302, "refused", "approved"), (409, "withdrawn", "withdrawn")}
    assert Publication.objects.count() == (state == "approved")


def test_signing_against_taking_off(committed_db: None) -> None:
    first, _ = two_asked()
    editor = factories.editor()

    def cancel() -> str:
        try:
            Assignment.objects.get(pk=first.pk).cancel(by=editor, reason="Not needed.")
        except ValidationError:
            return AssignmentState.SIGNED
        return AssignmentState.CANCELLED

    answer, ending = at_once(lambda: _post(first, signature(first)), cancel)
    state = Assignment.objects.get(pk=first.pk).state
    assert (answer.status_code, state) in {(302, "signed"), (409, "cancelled")}
    assert state == ending


def _post(assignment: Assignment, form: dict[str, Any]) -> Any:
    return at_desk(User.objects.get(pk=assignment.reviewer_id)).post(address(assignment, "sign/"), form)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same moment, each in a thread of its own."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        try:
            start.wait()
            results[number] = acts[number]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
