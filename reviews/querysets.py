"""Sets of assignments, findings, decisions and conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models import IllegalMove, Version
from articles.states import IN_REVIEW, PUBLIC_RECORD, VersionState
from ledger.models import Event
from people import permissions
from people.models import User
from reviews.eligibility import ReviewIneligibility, check_eligible, check_institutions, tell_despite
from reviews.sight import Sight, sight
from reviews.states import GONE, OUTSTANDING, WRITTEN_ANEW, AssignmentState, Severity, Verdict

if TYPE_CHECKING:
    from datetime import date

    from reviews.models import Assignment, Conflict, Decision, Finding, Rereview  # noqa: F401


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def outstanding(self) -> Self:
        """Still owed an answer, in a review or a re-review that goes on. See also `Assignment.is_outstanding`."""
        review = Q(rereview=None, version__state=VersionState.UNDER_REVIEW)
        return self.filter(review | Q(rereview__isnull=False, rereview__ended_at=None), state__in=OUTSTANDING)

    def of_this_round(self) -> Self:
        """Of the round that goes on now, or would begin: of an approved version, those of its open re-review alone."""
        review = Q(rereview=None) & ~Q(version__state=VersionState.APPROVED)
        return self.filter(review | Q(rereview__isnull=False, rereview__ended_at=None))

    def visible_to(self, user: User) -> Self:
        """See also `people.permissions.may_read_assignment`."""
        if user.is_editor:
            return self
        if not user.is_reviewer:
            return self.none()
        return self.filter(reviewer=user).exclude(state__in=GONE)

    def of_reviewer(self, user: User) -> Self:
        """Everything that this person was ever asked to review, declined and cancelled included, while a reviewer."""
        return self.filter(reviewer=user) if user.is_reviewer else self.none()

    def with_people(self) -> Self:
        return self.select_related(
            "version__article__owner", "version__author", "version__based_on", "reviewer__board_profile", "rereview"
        )

    def invite(
        self,
        version: Version,
        reviewers: list[User],
        *,
        by: User,
        answer_due_on: date,
        review_due_on: date,
        despite: str = "",
    ) -> list[Assignment]:
        """Ask reviewers to review a version; the first ones asked start its review. `despite` is why somebody at the
        author's institution is asked.

        Raises:
            PermissionDenied: `by` assigns nobody here.
            IllegalMove: the version is not with the editors.
            ValidationError: somebody is not eligible, was asked already, or needs a reason; nobody is invited then.
        """
        from reviews import mail

        with transaction.atomic():
            version, overridden = self._checked(version, reviewers, despite, by=by)
            if version.state == VersionState.SUBMITTED:
                version = version.move("start_review", by=by)
            due: dict[str, Any] = {"answer_due_on": answer_due_on, "review_due_on": review_due_on}
            asked = [self.ask(version, each, by=by, invited_by=by, **due) for each in reviewers]
            tell_despite(version, overridden, despite, by=by)
            for assignment in asked:
                mail.invited(assignment)
        return asked

    def _checked(
        self, version: Version, reviewers: list[User], despite: str, *, by: User
    ) -> tuple[Version, list[User]]:
        """The version, locked, and those of the reviewers whom it takes a reason to ask. Raises as `invite`."""
        version = Version.objects.locked(version.pk)
        if not permissions.may_assign(User.objects.get(pk=by.pk), version):
            raise PermissionDenied("Only editors assign reviewers.")
        if version.state not in IN_REVIEW:
            raise IllegalMove(f"This version is {version.get_state_display().lower()}: nobody can be assigned.")
        check_eligible(version, reviewers)
        return version, check_institutions(version, reviewers, despite)

    def ask(
        self,
        version: Version,
        reviewer: User,
        *,
        by: User | None,
        invited_by: User,
        rereview: Rereview | None = None,
        **due: date,
    ) -> Assignment:
        """Write down that somebody eligible is asked. Call it with the version's row locked; `by` is None for an
        alternate, whom `invited_by` had chosen.
        """
        asked_now = {"state": AssignmentState.INVITED, "invited_by": invited_by, "invited_at": timezone.now()}
        unanswered: dict[str, Any] = {"accepted_at": None, "answered_at": None, "reason": ""}
        assignment, _ = self.update_or_create(
            version=version, reviewer=reviewer, rereview=rereview, defaults=asked_now | unanswered | due
        )
        said = {"assignment": assignment.pk, "reviewer": reviewer.display_name, **assignment.round}
        Event.objects.append("reviewer_invited", by=by, **version.reference, **said)
        return assignment


class DecisionQuerySet(models.QuerySet["Decision"]):
    def with_eligibility(self) -> Self:
        return self.annotate(why_not=ReviewIneligibility(F("reviewer_id"), F("version_id")))

    def approvals(self) -> Self:
        return self.filter(verdict=Verdict.APPROVE)

    def visible_to(self, user: User, version: Version) -> Self:
        """What this person, who may read the version, sees of what was signed on it and on those before it."""
        if sight(user, version).sees_signed:
            return self
        return self.filter(Q(reviewer=user) | ~Q(version=version.pk))


class FindingQuerySet(models.QuerySet["Finding"]):
    def carried_to(self, version: Version) -> Self:
        """The findings of this version and of those before it that were not approved: the talk so far. What a
        re-review found on the last approved one is part of it. See also the SQL function `open_must_fix`.
        """
        last = version.article.versions.filter(state__in=PUBLIC_RECORD, number__lt=version.number).aggregate(
            n=Coalesce(Max("number"), 0)
        )["n"]
        return self.filter(
            Q(version__number__gt=last) | Q(version__number=last, rereview__isnull=False),
            version__article=version.article_id,
            version__number__lte=version.number,
        )

    def blocking(self) -> Self:
        """Open must-fix findings. See also `Finding.blocks`."""
        return self.filter(severity=Severity.MUST_FIX, closed_at=None)

    def visible_to(self, user: User, version: Version) -> Self:
        """What this person, who may read the version, sees of the findings on it and on those before it.

        A reviewer sees their own, those of earlier rounds, and, once they have signed, those of the others who have.
        The author sees what has been signed, and everything when the round is over. See also `reviews.sight`.
        """
        standing = self.exclude(closed_reason=WRITTEN_ANEW, closed_by=F("reviewer"))
        how_much = sight(user, version)
        if how_much.sees_all:
            return standing
        return standing._seen_by(user, version, how_much)

    def _seen_by(self, user: User, version: Version, how_much: Sight) -> Self:
        signed = Q(version__decisions__reviewer=F("reviewer"), rereview=None) | Q(
            rereview__decisions__reviewer=F("reviewer")
        )
        if how_much is Sight.AUTHOR:
            over = Q(rereview=None) & ~Q(version__state=VersionState.UNDER_REVIEW)
            return self._matching(signed | over | Q(rereview__ended_at__isnull=False))
        seen = self._matching(Q(reviewer=user) | ~Q(version=version.pk))
        return seen | self._matching(signed) if how_much.sees_signed else seen

    def _matching(self, condition: Q) -> Self:
        """As `filter`, but without the double rows of a join."""
        return self.filter(pk__in=self.model._default_manager.filter(condition).values("pk"))

    def with_people(self) -> Self:
        return self.select_related(
            "version__article", "rereview", "reviewer", "responded_by", "responded_in", "closed_by"
        )


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def declare(self, version: Version, *, by: User, reason: str) -> Conflict:
        """Note that somebody cannot review an article. Repeating it changes nothing."""
        conflict, made = self.get_or_create(
            user=by, article=version.article, withdrawn_at=None, defaults={"reason": reason}
        )
        if made:
            Event.objects.append("conflict_declared", by=by, **version.reference)
        return conflict
