"""Plans as they go on by themselves: large ones are planned, and what was sent off is asked article by article."""

from __future__ import annotations

import logging
import time
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from articles.models import Version
from reviews.models import Assignment, Plan, PlanItem
from reviews.planning import work_out
from reviews.states import PlanItemState

logger = logging.getLogger(__name__)


class Progress(NamedTuple):
    """How far a plan has got, in invitations."""

    asked: int
    failed: int
    total: int

    @property
    def done(self) -> int:
        return self.asked + self.failed


def progress(plan: Plan) -> Progress:
    """How many of those in the plan have been asked, or could not be."""
    asked, failed = (Count("pk", filter=Q(state=state)) for state in (PlanItemState.ASKED, PlanItemState.FAILED))
    return Progress(**plan.items.exclude(reviewer=None).aggregate(asked=asked, failed=failed, total=Count("pk")))


def carry_out(*, seconds: float = 10.0) -> int:
    """Plan what waits for it, then go on with the plans that were sent off, for about so long; how many plans and
    versions were dealt with. A plan that fails keeps no other from being made.
    """
    until, done = time.monotonic() + seconds, 0
    for plan in Plan.objects.being_planned():
        try:
            done += work_out(plan)
        except Exception:
            logger.exception("Plan %s could not be made", plan.pk)
    for plan in Plan.objects.under_way().select_related("made_by"):
        done += go_on(plan, until=until)
    return done


def go_on(plan: Plan, *, until: float) -> int:
    """Ask the reviewers of a committed plan, one version a transaction, until that moment of `time.monotonic`."""
    done = 0
    if plan.is_open:
        return done
    while (version_id := _next(plan)) is not None:
        if time.monotonic() >= until:
            return done
        _ask(plan, version_id)
        done += 1
    Plan.objects.filter(pk=plan.pk, done_at=None).update(done_at=timezone.now())
    return done


def _next(plan: Plan) -> int | None:
    return plan.items.planned().exclude(reviewer=None).order_by("pk").values_list("version_id", flat=True).first()


def _ask(plan: Plan, version_id: int) -> None:
    with transaction.atomic():
        version = Version.objects.locked(version_id)
        found = plan.items.planned().filter(version=version_id).exclude(reviewer=None)
        items = list(found.select_related("reviewer__board_profile").select_for_update(of=("self",)).order_by("pk"))
        for item in items:
            item.why_failed = _try(plan, version, item)
            item.state = PlanItemState.FAILED if item.why_failed else PlanItemState.ASKED
        PlanItem.objects.bulk_update(items, ("state", "why_failed"))


def _try(plan: Plan, version: Version, item: Any) -> str:
    """Ask one reviewer, as the editor who made the plan; why it could not be done, or nothing."""
    due = {"answer_due_on": plan.answer_due_on, "review_due_on": plan.review_due_on}
    try:
        with transaction.atomic():
            Assignment.objects.invite(version, [item.reviewer], by=plan.made_by, despite=item.despite, **due)
    except ValidationError as error:
        return " ".join(error.messages)[:300]
    except PermissionDenied as error:
        return str(error)[:300] or "You may not assign reviewers here any more."
    return ""
