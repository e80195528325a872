"""Whose turn it is, in words. What it is: `reviews.models.Turn`."""

from typing import NamedTuple

from reviews.states import Side


class Party(NamedTuple):
    """Somebody, by number and name."""

    pk: int
    name: str


def in_words(side: str, *, owner: Party, holder: Party | None, me: int) -> str:
    """Whose turn it is, to the person of that number; nothing when it is nobody's.

    `owner` is the article's; `holder` the editor who has to act, None when none can or when it is not told.
    """
    match side:
        case Side.AUTHOR:
            return _of(owner, me)
        case Side.EDITORS:
            return _of(holder, me) if holder else "The editors’ turn"
        case Side.REVIEWERS:
            return "The reviewers’ turn"
    return ""


def _of(party: Party, me: int) -> str:
    return "Your turn" if party.pk == me else f"{party.name}’s turn"
