"""Decisions, and what a round comes to by them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Version
from reviews.models.findings import Finding
from reviews.querysets import DecisionQuerySet
from reviews.rounds import Outcome, Signed, Standing, resolve
from reviews.states import OUTSTANDING, Reverdict, Verdict


class Decision(models.Model):
    """The verdict of one reviewer on exactly one hash; never changed. The database binds it to the bytes."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="decisions")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64)
    assignment = models.OneToOneField("reviews.Assignment", on_delete=models.PROTECT, related_name="decision")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    note = models.TextField(blank=True, default="", max_length=20_000)
    confidential_note = models.TextField(blank=True, default="", max_length=20_000)
    checklist = models.JSONField(default=list, blank=True)
    statement = models.JSONField()
    rereview = models.ForeignKey(
        "reviews.Rereview", null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    signed_at = models.DateTimeField(default=timezone.now)
    key = models.UUIDField(unique=True)
    why_not: str | None  # by `with_eligibility`: why the signature does not count any more

    objects: ClassVar[DecisionQuerySet] = DecisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("signed_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "reviewer"), condition=Q(rereview=None), name="one_decision_a_reviewer"
            ),
            models.UniqueConstraint(fields=("rereview", "reviewer"), name="one_confirmation_a_reviewer"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="verdict_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.get_verdict_display()}"

    @property
    def approves(self) -> bool:
        """See also `DecisionQuerySet.approvals`."""
        return self.verdict == Verdict.APPROVE

    @property
    def as_details(self) -> dict[str, Any]:
        return {"decision": self.pk, "verdict": str(self.verdict), "reviewer_id": self.reviewer_id}

    @property
    def reverdict(self) -> str:
        """The verdict in the words of a re-review; "" when it was given before approval."""
        return str(Reverdict(self.verdict).label) if self.rereview_id else ""


def standing(version: Version) -> Standing:
    """Where the round of a version stands now."""
    decisions = Decision.objects.filter(version=version, content_sha256=version.content_sha256).with_eligibility()
    return resolve(
        [Signed(d.reviewer_id, d.verdict, d.why_not is None) for d in decisions],
        outstanding=version.assignments.filter(state__in=OUTSTANDING).count(),
        open_must_fix=Finding.objects.carried_to(version).blocking().count(),
        approvals_required=version.approvals_required,
    )


def settle(version: Version) -> None:
    """Take the step that a round has come to, if any, be it a review or a re-review. Call it with the version's row
    locked.
    """
    from reviews.models.rereviews import Rereview  # which is made of assignments and decisions

    if version.is_public and (rereview := Rereview.objects.open_on(version)) is not None:
        rereview.settle()
    if not version.is_under_review:
        return
    now = standing(version)
    if now.outcome == Outcome.APPROVE:
        _approve(version)
    elif now.outcome == Outcome.REQUEST_CHANGES:
        version.move("request_changes", by=None, reason=now.why)


def _approve(version: Version) -> None:
    """Approve, unless a signer's right to sign ended between our count and the database's own: then it is the editor's.

    Roles, terms and conflicts are not locked by a signature, so their end may be committed in that instant.
    """
    try:
        with transaction.atomic():
            version.move("approve", by=None)
    except IntegrityError:
        if standing(version).outcome == Outcome.APPROVE:
            raise
