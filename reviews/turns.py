"""Whose turn it is. Every version that is on its way has exactly one side that must act, and a due date."""

from articles.states import VersionState
from people.models import User
from reviews.states import Side

_BY_STATE = {
    VersionState.DRAFT: Side.AUTHOR,
    VersionState.SUBMITTED: Side.EDITORS,
    VersionState.UNDER_REVIEW: Side.REVIEWERS,
    VersionState.CHANGES_REQUESTED: Side.AUTHOR,
}


def side_of(state: str, *, is_stuck: bool) -> Side:
    """Who must act on a version in this state; a round that cannot end by itself is the editors' to move."""
    return Side.EDITORS if is_stuck else _BY_STATE.get(VersionState(state), Side.NOBODY)


def in_words(side: Side, *, owner: User, user: User) -> str:
    """Whose turn it is, to this user; nothing when it is nobody's. `owner` is the article's."""
    match side:
        case Side.AUTHOR:
            return "Your turn" if owner == user else f"{owner.display_name}’s turn"
        case Side.EDITORS:
            return "The editors’ turn"
        case Side.REVIEWERS:
            return "The reviewers’ turn"
    return ""
