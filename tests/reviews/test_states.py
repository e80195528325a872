"""The words that a lower room must know of this one are this one's words."""

from articles import states
from reviews.states import OUTSTANDING, AssignmentState, Verdict


def test_articles_names_assignments_and_verdicts_as_reviews_does() -> None:
    assert states.TO_SIGN == OUTSTANDING
    assert OUTSTANDING | {AssignmentState.SIGNED} == states.ASKED
    assert states.APPROVES == Verdict.APPROVE
