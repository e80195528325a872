"""What the page of a version shows of its re-reviews, and what an editor can do about them."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse

from articles.models import Version
from people.models import User
from reviews.models import Assignment, Decision, Rereview, Turn
from reviews.rounds import Outcome
from reviews.sight import Sight
from reviews.states import AssignmentState, Queue, Side

#: What has become of a round, and how it looks.
NAMES = {"": "under_review", "confirmed": "approved", "revision": "changes_requested", "stopped": "withdrawn"}


class Confirmer(NamedTuple):
    """One reviewer of a round as the person who looks may know of them; without an address when done."""

    name: str
    assignment: Assignment
    decision: Decision | None
    is_own: bool
    due: date | None
    person: int
    remind_url: str


class Round(NamedTuple):
    """One re-review. `unnamed` is how many more were asked than this person may know by name."""

    rereview: Rereview
    confirmers: list[Confirmer]
    unnamed: int
    pill: str
    standing: str
    is_stuck: bool


class RereviewPanel:
    """The re-reviews of one version, as one person sees them. Asks nothing of a version that was never public."""

    def __init__(self, user: User, version: Version, sight: Sight) -> None:
        self.user, self.version, self.sight = user, version, sight

    @cached_property
    def rounds(self) -> list[Round]:
        """The latest first."""
        if not self.version.was_public:
            return []
        return [self._round(each) for each in self._found]

    @property
    def open(self) -> Rereview | None:
        """The round that goes on."""
        return next((each for each in self._found if each.is_open), None)

    @property
    def own(self) -> Assignment | None:
        """The person's own assignment in it while it is theirs to do."""
        mine = (a for a in self._assignments if a.reviewer_id == self.user.pk and a.is_outstanding)
        return next(mine, None)

    @cached_property
    def turn(self) -> Turn | None:
        """Whose turn a public article is, when it is anybody's."""
        found = Turn.objects.filter(version=self.version) if self.version.is_public else Turn.objects.none()
        turn: Turn | None = found.select_related("holder").first()
        return turn if turn and turn.side != Side.NOBODY else None

    @property
    def wants_revision(self) -> bool:
        """Whether the owner is to write the next version."""
        return self.turn is not None and self.turn.queue == Queue.CHANGES

    @cached_property
    def _found(self) -> list[Rereview]:
        if not self.version.was_public:
            return []
        found = self.version.rereviews.select_related("started_by").prefetch_related("decisions")
        return list(found.order_by("-started_at", "-pk"))

    @cached_property
    def _assignments(self) -> list[Assignment]:
        if not self._found:
            return []
        asked = self.version.assignments.filter(rereview__isnull=False)
        return list(asked.select_related("reviewer__board_profile", "rereview"))

    def _round(self, rereview: Rereview) -> Round:
        asked = [a for a in self._assignments if a.rereview_id == rereview.pk]
        signed = {d.reviewer_id: d for d in rereview.decisions.all()} if self.sight.sees_signed else {}
        known = [self._confirmer(a, signed.get(a.reviewer_id)) for a in asked if self._is_known(a)]
        gone = sum(a.state in (AssignmentState.CANCELLED, AssignmentState.DECLINED) for a in asked)
        now = rereview.standing if rereview.is_open and self.sight.sees_all else None
        return Round(
            rereview=rereview,
            confirmers=known,
            unnamed=max(len(asked) - gone - len(known), 0) if not self.sight.sees_all else 0,
            pill=NAMES[rereview.outcome],
            standing=now.why if now else "",
            is_stuck=now is not None and now.outcome == Outcome.STUCK,
        )

    @property
    def _remind_url(self) -> str:
        return reverse("reviews:remind", args=(self.version.article_id, self.version.number))

    def _is_known(self, assignment: Assignment) -> bool:
        if self.sight.sees_all or assignment.reviewer_id == self.user.pk:
            return True
        return self.sight.sees_signed and assignment.state == AssignmentState.SIGNED

    def _confirmer(self, assignment: Assignment, decision: Decision | None) -> Confirmer:
        return Confirmer(
            name=assignment.reviewer.display_name,
            assignment=assignment,
            decision=decision,
            is_own=assignment.reviewer_id == self.user.pk,
            due=assignment.due_on if assignment.is_outstanding else None,
            person=assignment.reviewer_id,
            remind_url=self._remind_url if assignment.is_outstanding else "",
        )
