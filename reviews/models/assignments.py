"""Assignments: a reviewer asked, answering, signing."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from articles.models import IllegalMove, Version
from ledger.models import Event
from people import permissions
from people.models import User
from people.record import NoDisclosure, public_record
from reviews.models.conflicts import Conflict
from reviews.models.decisions import Decision, follow_due_date, settle
from reviews.models.findings import Finding
from reviews.querysets import AssignmentQuerySet, ReviewIneligibility
from reviews.states import OUTSTANDING, AssignmentState, Ineligible, Verdict


class HashChanged(ValidationError):
    """What is being signed is not what the version holds."""


class Assignment(models.Model):
    """One reviewer asked to review one version, or in a `rereview` to confirm it. Both due dates are whole days in UTC.

    `checklist` holds the answers given so far, by the key of the item; `suggested` is who else, said by a decliner.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=12, choices=AssignmentState.choices, default=AssignmentState.INVITED)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    answer_due_on = models.DateField()
    review_due_on = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, default="", max_length=5_000)
    read_diagnoses = models.JSONField(default=list, blank=True)
    draft_note = models.TextField(blank=True, default="", max_length=20_000)
    draft_confidential_note = models.TextField(blank=True, default="", max_length=20_000)
    checklist = models.JSONField(default=dict, blank=True)
    suggested = models.CharField(max_length=300, blank=True, default="")
    rereview = models.ForeignKey(
        "reviews.Rereview", null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )

    objects: ClassVar[AssignmentQuerySet] = AssignmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("invited_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "reviewer"), condition=Q(rereview=None), name="asked_once_a_version"
            ),
            models.UniqueConstraint(fields=("rereview", "reviewer"), name="asked_once_a_rereview"),
            models.CheckConstraint(condition=Q(state__in=AssignmentState.values), name="assignment_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=AssignmentState.INVITED, answered_at=None)
                | Q(state=AssignmentState.CANCELLED)
                | (Q(answered_at__isnull=False) & ~Q(state=AssignmentState.INVITED)),
                name="assignment_answer_has_a_time",
            ),
            models.CheckConstraint(condition=Q(review_due_on__gte=F("answer_due_on")), name="answer_due_first"),
        )
        indexes = (models.Index(fields=("reviewer", "state"), name="assignment_load"),)

    def __str__(self) -> str:
        return f"{self.reviewer} on {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:review", args=(self.pk,))

    @property
    def is_outstanding(self) -> bool:
        """See also `AssignmentQuerySet.outstanding`."""
        return self.state in OUTSTANDING and self.version.is_under_review

    @property
    def is_unanswered(self) -> bool:
        return self.state == AssignmentState.INVITED

    @property
    def due_on(self) -> date:
        return self.answer_due_on if self.is_unanswered else self.review_due_on

    def accept(self, *, by: User) -> None:
        """Agree to review. Accepting twice changes nothing."""
        from reviews import mail

        with transaction.atomic():
            version = self.claim(by)
            if self.is_unanswered:
                self._answer(AssignmentState.ACCEPTED, "invitation_accepted", by=by)
                mail.invitation_accepted(self)
                follow_due_date(version)

    def decline(self, *, by: User, reason: str, conflict: bool = False) -> None:
        """Say no, with a reason; a conflict of interest also excludes from later rounds of the article."""
        from reviews import mail

        if not (reason := reason.strip()):
            raise ValidationError("Say why, so that the editors can find somebody else.")
        with transaction.atomic():
            version = self.claim(by)
            if conflict:
                Conflict.objects.declare(version, by=by, reason=reason)
            self._answer(AssignmentState.DECLINED, "invitation_declined", by=by, reason=reason)
            mail.invitation_declined(self)
            settle(version)

    def cancel(self, *, by: User, reason: str) -> None:
        """Take a reviewer off the version. The editor gives a reason."""
        from reviews import mail

        with transaction.atomic():
            version = Version.objects.locked(self.version_id)
            if not permissions.may_assign(User.objects.get(pk=by.pk), version):
                raise PermissionDenied("Only editors cancel an invitation.")
            self._reread()
            if not self.is_outstanding:
                raise IllegalMove("This reviewer has answered in the meantime: nothing was changed.")
            if not reason.strip():
                raise ValidationError("Give a reason.")
            self._answer(AssignmentState.CANCELLED, "assignment_cancelled", by=by, reason=reason.strip())
            mail.assignment_cancelled(self)
            settle(version)

    def keep_note(self, note: str, *, by: User) -> None:
        """Hold on to the note that is being written for the decision."""
        if by.pk == self.reviewer_id and self.draft_note != note:
            self.draft_note = note[:20_000]
            self.save(update_fields=("draft_note",))

    def mark_read(self, *keys: str, by: User, read: bool) -> None:
        """Tick or untick diagnoses as read."""
        with transaction.atomic():
            document = self.claim(by).document
            if any(document.diagnosis(key) is None for key in keys):
                raise ValidationError("This diagnosis is not in the article.")
            kept = [key for key in self.read_diagnoses if key not in keys]
            self.read_diagnoses = [*kept, *dict.fromkeys(keys)] if read else kept
            self.save(update_fields=("read_diagnoses",))

    def sign(
        self, verdict: str, *, content_sha256: str, by: User, note: str = "", no_conflict: bool, key: uuid.UUID
    ) -> Decision:
        """Sign a verdict on exactly the bytes that were on the reviewer's screen.

        `key` names the form that was sent: sending it again returns the decision that it made.

        Raises:
            HashChanged: the version does not hold these bytes.
            IllegalMove: it is not under review any more, or this reviewer has signed or was taken off.
            ValidationError: the statement of no conflict, the reason for changes or the disclosure is missing, or an
                own must-fix finding is open under an approval.
            PermissionDenied: it is not `by` who was asked.
        """
        from reviews import mail

        with transaction.atomic():
            version = self.claim(by, signing=key)
            if (made := self._signed_with(key)) is not None:
                return made
            self._check_signature(version, Verdict(verdict), content_sha256, note, no_conflict=no_conflict)
            decision = self._decide(version, Verdict(verdict), by=by, note=note.strip(), key=key)
            self._answer(AssignmentState.SIGNED, "decision_signed", by=by, **decision.as_details)
            mail.decided(decision)
            settle(version)
        return decision

    def claim(self, by: User, signing: uuid.UUID | None = None) -> Version:
        """Lock the version and check that this reviewer may still act on this assignment."""
        version = Version.objects.locked(self.version_id)
        self._reread()
        if not permissions.may_review(User.objects.get(pk=by.pk), self):
            raise PermissionDenied("You were not asked to review this.")
        repeated = signing is not None and self._signed_with(signing) is not None
        if not repeated and not self.is_outstanding:
            raise IllegalMove(
                "This review is over: you signed, were taken off, or the version moved on. Nothing was changed."
            )
        return version

    def _signed_with(self, key: uuid.UUID) -> Decision | None:
        return Decision.objects.filter(key=key, assignment=self).first()

    def _reread(self) -> None:
        fresh = Assignment.objects.select_related("version").get(pk=self.pk)
        self.state, self.version, self.read_diagnoses = fresh.state, fresh.version, fresh.read_diagnoses

    def _answer(self, state: AssignmentState, event: str, *, by: User, **details: Any) -> None:
        self.state, self.answered_at = state, timezone.now()
        self.reason = details.get("reason", "")
        self.save(update_fields=("state", "answered_at", "reason"))
        reviewer = self.reviewer.display_name
        Event.objects.append(event, by=by, **self.version.reference, reviewer=reviewer, assignment=self.pk, **details)

    def _check_signature(
        self, version: Version, verdict: Verdict, content_sha256: str, note: str, *, no_conflict: bool
    ) -> None:
        if content_sha256 != version.content_sha256:
            raise HashChanged(
                "The text on your screen is not the text of this version. Load the page again and read it."
            )
        if not no_conflict:
            raise ValidationError("Confirm that you have no conflict of interest, or decline the review.")
        if why_not := self._why_not():
            raise ValidationError(why_not)
        own = Finding.objects.carried_to(version).filter(reviewer=self.reviewer)
        if verdict == Verdict.APPROVE and (open_ones := own.blocking().count()):
            raise ValidationError(
                f"You have {open_ones} open must-fix finding{'s'[: open_ones > 1]}: close it, or request changes."
            )
        if verdict == Verdict.REQUEST_CHANGES and not note.strip() and not own.filter(version=version).exists():
            raise ValidationError("Say what must change: write a finding or a note.")

    def _why_not(self) -> str:
        """Why this reviewer cannot sign this version, in words; "" when they can."""
        code = Assignment.objects.values_list(ReviewIneligibility("reviewer", "version"), flat=True).get(pk=self.pk)
        if code == Ineligible.NO_DISCLOSURE:
            return str(NoDisclosure())
        return f"You cannot sign this version: {Ineligible(code).label.lower()}." if code else ""

    def _decide(self, version: Version, verdict: Verdict, *, by: User, note: str, key: uuid.UUID) -> Decision:
        try:
            return Decision.objects.create(
                version=version,
                article_id=version.article_id,
                content_sha256=version.content_sha256 or "",
                assignment=self,
                reviewer=by,
                verdict=verdict,
                note=note,
                statement=public_record(by),
                key=key,
            )
        except NoDisclosure as error:
            raise ValidationError(str(error)) from error
        except IntegrityError as error:  # the database's own check; or the key of another signature
            raise IllegalMove("You cannot sign this version now. Load the page again.") from error
