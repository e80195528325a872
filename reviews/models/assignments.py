"""Assignments: a reviewer asked, answering, signing."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from articles.models import IllegalMove, Version
from ledger.models import Event
from people import permissions
from people.models import User
from reviews.models.checklist import Answers
from reviews.models.conflicts import Conflict
from reviews.models.decisions import Decision, settle
from reviews.models.signatures import Signature
from reviews.querysets import AssignmentQuerySet
from reviews.states import OUTSTANDING, AssignmentState, Verdict


class Assignment(models.Model):
    """One reviewer asked to review one version, or in a `rereview` to confirm it. Both due dates are whole days in UTC.

    `checklist` holds the answers given so far, by the key of the item; `suggested` is who else, said by a decliner.
    `opened_at` is when the reviewer first had the text before them, `accepted_at` when they said yes.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=12, choices=AssignmentState.choices, default=AssignmentState.INVITED)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    answer_due_on = models.DateField()
    review_due_on = models.DateField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, default="", max_length=5_000)
    opened_at = models.DateTimeField(null=True, blank=True)
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
        goes_on = self.version.is_under_review if self.rereview is None else self.rereview.is_open
        return self.state in OUTSTANDING and goes_on

    @property
    def round(self) -> dict[str, Any]:
        """What names the re-review that it belongs to in the ledger; nothing for the review before approval."""
        return {"rereview": self.rereview_id} if self.rereview_id else {}

    @property
    def is_unanswered(self) -> bool:
        return self.state == AssignmentState.INVITED

    @property
    def has_declined(self) -> bool:
        return self.state == AssignmentState.DECLINED

    @property
    def due_on(self) -> date:
        return self.answer_due_on if self.is_unanswered else self.review_due_on

    def accept(self, *, by: User) -> None:
        """Agree to review. Accepting twice changes nothing."""
        from reviews import mail

        with transaction.atomic():
            self.claim(by)
            if self.is_unanswered:
                self._answer(AssignmentState.ACCEPTED, "invitation_accepted", by=by)
                mail.invitation_accepted(self)

    def decline(self, *, by: User, reason: str, conflict: bool = False, suggested: str = "") -> None:
        """Say no, with a reason, and who else might be asked; a conflict of interest also excludes from later rounds of
        the article.
        """
        from reviews import alternates, mail

        if not (reason := reason.strip()):
            raise ValidationError("Say why, so that the editors can find somebody else.")
        with transaction.atomic():
            version = self.claim(by)
            if conflict:
                Conflict.objects.declare(version, by=by, reason=reason)
            self.suggested = suggested.strip()[:300]
            self.save(update_fields=("suggested",))
            self._answer(AssignmentState.DECLINED, "invitation_declined", by=by, reason=reason)
            mail.invitation_declined(self)
            alternates.replace(self, version)
            settle(version)

    def cancel(self, *, by: User, reason: str, ask_next: bool = False) -> None:
        """Take a reviewer off the version. The editor gives a reason, and says whether the next in line is asked."""
        from reviews import alternates, mail

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
            if ask_next:
                alternates.replace(self, version)
            settle(version)

    def end(self, event: str, *, reason: str) -> None:
        """Take the reviewer off in the name of the rules. Call it with the version's row locked."""
        self._answer(AssignmentState.CANCELLED, event, by=None, reason=reason)

    def open(self, *, by: User) -> None:
        """Note that the reviewer has the text before them. Only the first time counts."""
        if by.pk == self.reviewer_id and self.opened_at is None:
            self.opened_at = timezone.now()
            Assignment.objects.filter(pk=self.pk, opened_at=None).update(opened_at=self.opened_at)

    def keep(
        self, *, by: User, note: str | None = None, confidential_note: str | None = None, answers: Answers | None = None
    ) -> None:
        """Hold on to what is being written and answered; what is None stays as it was kept before."""
        if by.pk != self.reviewer_id:
            return
        with transaction.atomic():
            kept = Assignment.objects.select_for_update().get(pk=self.pk)
            self.draft_note = kept.draft_note if note is None else note[:20_000]
            confidential = kept.draft_confidential_note if confidential_note is None else confidential_note[:20_000]
            self.draft_confidential_note = confidential
            self.checklist = kept.checklist | {key: answer.as_kept for key, answer in (answers or {}).items()}
            self.save(update_fields=("draft_note", "draft_confidential_note", "checklist"))

    def mark_read(self, *keys: str, by: User, read: bool) -> None:
        """Tick or untick diagnoses, and the parts behind them, as read."""
        with transaction.atomic():
            document = self.claim(by).document
            if any(document.diagnosis(key) is None and key not in document.later_parts for key in keys):
                raise ValidationError("This diagnosis is not in the article.")
            kept = [key for key in self.read_diagnoses if key not in keys]
            self.read_diagnoses = [*kept, *dict.fromkeys(keys)] if read else kept
            self.save(update_fields=("read_diagnoses",))

    def sign(
        self,
        verdict: str,
        *,
        content_sha256: str,
        by: User,
        note: str = "",
        no_conflict: bool,
        key: uuid.UUID,
        confidential_note: str = "",
        answers: Answers | None = None,
        asked: str | None = None,
    ) -> Decision:
        """Sign a verdict on exactly the bytes that were on the reviewer's screen. Raises as `claim`, `Signature.check`.

        `key` names the form that was sent: sending it again returns the decision that it made. `answers` are those to
        the checklist; an approval affirms every statement that has none. `asked` names the statements that were on the
        screen (`checklist.fingerprint`); without it they are those of this moment.
        """
        with transaction.atomic():
            version = self.claim(by, signing=key)
            if (made := self._signed_with(key)) is not None:
                return made
            notes = note.strip(), confidential_note.strip()
            signature = Signature(self, version, Verdict(verdict), *notes, answers or {})
            signature.check(content_sha256, no_conflict=no_conflict, asked=asked)
            decision = signature.write(by=by, key=key)
            self._signed(decision, version, by=by)
        return decision

    def _signed(self, decision: Decision, version: Version, *, by: User) -> None:
        """What follows from a signature."""
        from reviews import mail

        self._answer(AssignmentState.SIGNED, "decision_signed", by=by, **decision.as_details)
        mail.decided(decision)
        settle(version)

    def claim(self, by: User, signing: uuid.UUID | None = None) -> Version:
        """Lock the version and check that this reviewer may still act on this assignment.

        Raises:
            IllegalMove: it is not under review any more, or this reviewer has signed or was taken off.
            PermissionDenied: it is not `by` who was asked.
        """
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
        fresh = Assignment.objects.select_related("version", "rereview").get(pk=self.pk)
        self.state, self.version, self.read_diagnoses = fresh.state, fresh.version, fresh.read_diagnoses
        self.rereview = fresh.rereview
        self.checklist = fresh.checklist

    def _answer(self, state: AssignmentState, event: str, *, by: User | None, **details: Any) -> None:
        self.state, self.answered_at = state, timezone.now()
        self.reason = details.get("reason", "")
        written = ["state", "answered_at", "reason"]
        if state == AssignmentState.ACCEPTED:
            self.accepted_at = self.answered_at
            written.append("accepted_at")
        self.save(update_fields=written)
        details |= {"reviewer": self.reviewer.display_name, "assignment": self.pk, **self.round}
        Event.objects.append(event, by=by, **self.version.reference, **details)
