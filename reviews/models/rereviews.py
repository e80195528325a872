"""The light round, which asks whether what the public reads is still right.

Its assignments, decisions and findings bear its number (`rereview`); those of the review before approval bear none.
They stand on approved versions alone (the database sees to it): whatever asks for a version under review meets none.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from articles.models import IllegalMove, Version
from ledger.models import Event
from people import permissions
from people.models import User
from publications.models import Publication
from reviews.eligibility import check_eligible, check_institutions, tell_despite
from reviews.models.assignments import Assignment
from reviews.models.decisions import Decision
from reviews.models.findings import Finding
from reviews.rounds import Outcome, Signed, Standing, resolve_rereview
from reviews.states import OUTSTANDING, RereviewOutcome


class RereviewQuerySet(models.QuerySet["Rereview"]):
    def open(self) -> Self:
        """See also `Rereview.is_open`."""
        return self.filter(ended_at=None)

    def open_on(self, version: Version) -> Rereview | None:
        """The round that goes on about this version, if any."""
        return self.open().filter(version=version.pk).first()

    def check_may_begin(self, version: Version) -> None:
        """That a round can begin on this version.

        Raises:
            IllegalMove: the version is not public, is being re-reviewed already, or a newer one is being made.
        """
        if not version.is_public:
            raise IllegalMove(
                f"Version {version.number} is {version.get_state_display().lower()}: nothing was changed."
            )
        if newer := version.article.versions.open().first():
            raise IllegalMove(f"Version {newer.number} is being made: its review will be the review.")
        if self.open_on(version) is not None:
            raise IllegalMove("This version is being re-reviewed already: nothing was changed.")

    def begin(self, version: Version, reviewers: list[User], *, by: User, **details: Any) -> Rereview:
        """Ask reviewers whether an approved version still holds. `details` are those of `Rereview.ask`.

        Raises:
            PermissionDenied: `by` handles nothing here.
            IllegalMove: the version is not public, is being confirmed already, or a newer one is being made.
            ValidationError: somebody is not eligible; nobody is asked then.
        """
        with transaction.atomic():
            rereview = self._open(version, by=by)
            Event.objects.append("rereview_started", by=by, **rereview.version.reference, rereview=rereview.pk)
            rereview.ask(reviewers, by=by, **details)
        return rereview

    def request_revision(self, version: Version, *, by: User, reason: str) -> Rereview:
        """Hand a public article to its owner for a new version, without asking the board first. Raises as `begin`."""
        from reviews import rereview_mail as mail

        if not (reason := reason.strip()):
            raise ValidationError("Say what the revision is for.")
        ended = {"outcome": RereviewOutcome.REVISION, "reason": reason, "ended_at": timezone.now()}
        with transaction.atomic():
            rereview = self._open(version, by=by, **ended)
            about = rereview.version.reference
            Event.objects.append("revision_requested", by=by, **about, rereview=rereview.pk, reason=reason)
            mail.revision_requested(rereview)
        return rereview

    def _open(self, version: Version, *, by: User, **fields: Any) -> Rereview:
        version = Version.objects.locked(version.pk)
        if not permissions.may_handle(User.objects.get(pk=by.pk), version):
            raise PermissionDenied("Only editors have an article reviewed again.")
        self.check_may_begin(version)
        return self.create(version=version, started_by=by, **fields)


class Rereview(models.Model):
    """A round on an approved version whose review date comes due: the same sign-off on the same hash, or a revision.

    It ends when as many as had to approve confirm it unchanged (`CONFIRMED`, good until `next_review_on`), when the
    first asks for a revision (`REVISION`), or with the version's own end or an editor's word (`STOPPED`).
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rereviews")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=RereviewOutcome.choices, blank=True, default="")
    reason = models.TextField(blank=True, default="", max_length=5_000)
    next_review_on = models.DateField(null=True, blank=True)

    objects: ClassVar[RereviewQuerySet] = RereviewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("started_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("version",), condition=Q(ended_at=None), name="one_open_rereview"),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="rereview_end_has_an_outcome",
            ),
        )

    def __str__(self) -> str:
        return f"Re-review of {self.version}"

    @property
    def is_open(self) -> bool:
        """See also `RereviewQuerySet.open`."""
        return self.ended_at is None

    @property
    def was_confirmed(self) -> bool:
        return self.outcome == RereviewOutcome.CONFIRMED

    @property
    def wants_revision(self) -> bool:
        return self.outcome == RereviewOutcome.REVISION

    @property
    def standing(self) -> Standing:
        """Where the round stands now."""
        decisions = Decision.objects.filter(rereview=self, content_sha256=self.version.content_sha256)
        return resolve_rereview(
            [Signed(d.reviewer_id, d.verdict, d.why_not is None) for d in decisions.with_eligibility()],
            outstanding=self.assignments.filter(state__in=OUTSTANDING).count(),
            open_must_fix=Finding.objects.carried_to(self.version).blocking().count(),
            approvals_required=self.version.approvals_required,
        )

    def ask(
        self, reviewers: list[User], *, by: User, answer_due_on: date, review_due_on: date, despite: str = ""
    ) -> list[Assignment]:
        """Ask (more) reviewers to confirm; they are told by mail. Raises as `RereviewQuerySet.begin`.

        `despite` is the reason why somebody is asked who is at the author's institution.
        """
        from reviews import mail

        due = {"answer_due_on": answer_due_on, "review_due_on": review_due_on}
        with transaction.atomic():
            version = self._claim(by)
            check_eligible(version, reviewers)
            overridden = check_institutions(version, reviewers, despite)
            tell_despite(version, overridden, despite, by=by, rereview=self.pk)
            asked = [
                Assignment.objects.ask(version, each, by=by, invited_by=by, rereview=self, **due) for each in reviewers
            ]
            for assignment in asked:
                mail.invited(assignment)
        return asked

    def stop(self, *, by: User, reason: str) -> None:
        """End the round without a result; those who have not answered are told."""
        from reviews import rereview_mail as mail

        if not (reason := reason.strip()):
            raise ValidationError("Give a reason.")
        with transaction.atomic():
            version = self._claim(by)
            self._end(RereviewOutcome.STOPPED, reason)
            Event.objects.append("rereview_stopped", by=by, **version.reference, rereview=self.pk, reason=reason)
            mail.rereview_over(self)

    def settle(self) -> None:
        """Take the step that the round has come to, if any. Call it with the version's row locked."""
        now = self.standing
        if now.outcome == Outcome.APPROVE:
            self._confirm()
        elif now.outcome == Outcome.REQUEST_CHANGES:
            self._hand_over(now.why)

    def _claim(self, by: User) -> Version:
        version = Version.objects.locked(self.version_id)
        if not permissions.may_handle(User.objects.get(pk=by.pk), version):
            raise PermissionDenied("Only editors run a re-review.")
        if not Rereview.objects.open().filter(pk=self.pk).exists():
            raise IllegalMove("This re-review has ended in the meantime: nothing was changed.")
        return version

    def _confirm(self) -> None:
        """Move the review date, unless a signer's right to sign ended between our count and the database's own.

        The database ends the round, moves the date and brings the public row along, all in one function.
        """
        from reviews import rereview_mail as mail

        try:
            with transaction.atomic():
                day = Publication.objects.confirm(self.pk, months=settings.REVIEW_INTERVAL_MONTHS)
        except IntegrityError:
            if self.standing.outcome == Outcome.APPROVE:
                raise
            return
        self.refresh_from_db()
        about = self.version.reference
        Event.objects.append("confirmed", by=None, **about, rereview=self.pk, next_review_on=day.isoformat())
        mail.confirmed(self)
        mail.rereview_over(self)

    def _hand_over(self, why: str) -> None:
        from reviews import rereview_mail as mail

        self._end(RereviewOutcome.REVISION, why)
        Event.objects.append("revision_requested", by=None, **self.version.reference, rereview=self.pk)
        mail.revision_requested(self)
        mail.rereview_over(self)

    def _end(self, outcome: RereviewOutcome, reason: str) -> None:
        self.ended_at, self.outcome, self.reason = timezone.now(), outcome, reason
        self.save(update_fields=("ended_at", "outcome", "reason"))
