"""A version as a row of the queue, in the words of the person who looks at it."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse

from articles.states import Origin
from people.models import User
from reviews.rounds import Outcome, Signed, Standing, resolve
from reviews.sight import Sight, decide
from reviews.states import GONE, OUTSTANDING, AssignmentState
from reviews.turns import Side, in_words, side_of

#: A version from `reviews.desk.rows` and `with_reviews`: it carries their annotations.
type DeskVersion = Any


class Asked(NamedTuple):
    """A reviewer in a row: answered means signed."""

    name: str
    answered: bool


class Row(NamedTuple):
    """What `_components/queue_row.html` shows."""

    url: str
    title: str
    state: str
    number: int
    turn: str
    due: date | None
    reviewers: list[Asked]
    flags: list[str]


def row(version: DeskVersion, user: User) -> Row:
    """How this version stands in this person's queue. Asks nothing of the database."""
    seen = decide(user, state=version.state, asked=version.my_state, wrote=version.wrote)
    now = standing(version)
    is_mine_to_review = seen is Sight.OWN_REVIEW and version.is_under_review
    return Row(
        url=reverse("reviews:review", args=(version.my_assignment,))
        if is_mine_to_review
        else version.get_absolute_url(),
        title=version.title,
        state=version.my_state if is_mine_to_review else version.state,
        number=version.number,
        turn=turn_in_words(version, user, seen, is_stuck=now.outcome == Outcome.STUCK),
        due=version.due,
        reviewers=shown_reviewers(version, seen),
        flags=list(_flags(version, user, seen, now)),
    )


def standing(version: DeskVersion) -> Standing:
    """Where the round stands, from what the queue has read. See also `reviews.models.standing`."""
    if not version.is_under_review:
        return Standing(Outcome.WAIT, "")
    signed = [
        Signed(d.reviewer_id, d.verdict, d.why_not is None)
        for d in version.decisions.all()
        if d.content_sha256 == version.content_sha256
    ]
    return resolve(
        signed,
        outstanding=len(_outstanding(version)),
        open_must_fix=version.must_fix,
        approvals_required=version.approvals_required,
    )


def turn_in_words(version: DeskVersion, user: User, seen: Sight, *, is_stuck: bool) -> str:
    """Whose turn it is."""
    if seen is Sight.OWN_REVIEW and version.my_state in OUTSTANDING:
        return "Your turn"
    side = side_of(version.state, is_stuck=is_stuck)
    return _waiting(version, seen) if side is Side.REVIEWERS else in_words(side, owner=version.article.owner, user=user)


def _waiting(version: DeskVersion, seen: Sight) -> str:
    left, asked = len(_outstanding(version)), len(_asked(version))
    if seen is Sight.AUTHOR and left == asked:
        return f"{asked} reviewer{'s'[: asked != 1]} asked"
    return f"Waiting for {left} of {asked} reviewer{'s'[: asked != 1]}"


def shown_reviewers(version: DeskVersion, seen: Sight) -> list[Asked]:
    """The reviewers whom this person may know of: all, those who have signed, or none."""
    asked = [Asked(a.reviewer.display_name, a.state == AssignmentState.SIGNED) for a in _asked(version)]
    if seen.sees_all:
        return asked
    return [each for each in asked if each.answered] if seen.sees_signed else []


def _asked(version: DeskVersion) -> list[Any]:
    return [a for a in version.assignments.all() if a.state not in GONE]


def _outstanding(version: DeskVersion) -> list[Any]:
    return [a for a in version.assignments.all() if a.state in OUTSTANDING]


def _flags(version: DeskVersion, user: User, seen: Sight, now: Standing) -> list[str]:
    flags = [] if version.article.owner == user else [f"by {version.article.owner.display_name}"]
    if seen.sees_all and now.outcome == Outcome.STUCK:
        flags.append(now.why)
    if user.is_editor and version.wrote:
        flags.append("yours: another editor handles it")
    if version.origin != Origin.HUMAN and not version.is_draft:
        flags.append("made with AI")
    return flags
