"""The light round, which asks whether what the public reads is still right."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models import Version
from reviews.states import RereviewOutcome


class Rereview(models.Model):
    """A round on an approved version whose review date comes due: the same sign-off on the same hash, or a revision.

    It ends when as many as had to approve confirm it unchanged (`CONFIRMED`), when one asks for a revision
    (`REVISION`), or with the version's own end or an editor's word (`STOPPED`).
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rereviews")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=RereviewOutcome.choices, blank=True, default="")
    reason = models.TextField(blank=True, default="", max_length=5_000)

    objects: ClassVar[models.Manager[Rereview]]

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
        return self.ended_at is None
