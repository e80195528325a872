"""Whose turn it is. Every version that is on its way has exactly one side that must act, and a due date."""

from enum import StrEnum

from articles.models import Version
from articles.states import VersionState
from reviews.models import standing
from reviews.rounds import Outcome


class Side(StrEnum):
    AUTHOR = "author"
    EDITORS = "editors"
    REVIEWERS = "reviewers"
    NOBODY = "nobody"


_BY_STATE = {
    VersionState.DRAFT: Side.AUTHOR,
    VersionState.SUBMITTED: Side.EDITORS,
    VersionState.UNDER_REVIEW: Side.REVIEWERS,
    VersionState.CHANGES_REQUESTED: Side.AUTHOR,
}


def side_of(state: str, *, is_stuck: bool) -> Side:
    """Who must act on a version in this state; a round that cannot end by itself is the editors' to move."""
    return Side.EDITORS if is_stuck else _BY_STATE.get(VersionState(state), Side.NOBODY)


def turn(version: Version) -> Side:
    """Who must act on this version now. See also `reviews.desk.rows`, which knows it of many at once."""
    is_stuck = version.is_under_review and standing(version).outcome == Outcome.STUCK
    return side_of(version.state, is_stuck=is_stuck)
