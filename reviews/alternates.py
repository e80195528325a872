"""The line of reviewers who are asked next: by themselves, when somebody declines, stays silent, or may not go on.

Whoever's turn in the line has come is weighed again as on the day they were chosen; who cannot be asked now is skipped,
and the ledger says why.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models import IllegalMove, Version
from articles.states import IN_REVIEW
from ledger.models import Event
from people import permissions
from people.models import User
from people.rules import today
from reviews.candidates import Candidate, candidates_for
from reviews.eligibility import ReviewIneligibility
from reviews.load import Window
from reviews.models import Alternate, Assignment, Finding, settle
from reviews.states import AlternateState, AssignmentState, Ineligible

#: Who has not declared their interests can still do so; for all else there is no way back in time.
CURABLE = Ineligible.NO_DISCLOSURE


def line_of(version: Version) -> list[Alternate]:
    """Those who wait, the first to be asked on top."""
    waiting = Alternate.objects.filter(version=version, state=AlternateState.WAITING)
    return list(waiting.select_related("reviewer__board_profile"))


def line_up(version: Version, chosen: list[User], *, by: User, despite: str = "") -> None:
    """Have these, in this order, be asked next for the version; who else stood in the line leaves it.

    Raises:
        PermissionDenied: `by` assigns nobody here.
        IllegalMove: the version is not with the editors.
        ValidationError: somebody cannot review it, was asked already, or needs a reason (`despite`).
    """
    with transaction.atomic():
        version = Version.objects.locked(version.pk)
        if not permissions.may_assign(User.objects.get(pk=by.pk), version):
            raise PermissionDenied("Only editors choose alternates.")
        if version.state not in IN_REVIEW:
            raise IllegalMove(f"This version is {version.get_state_display().lower()}: nobody can be lined up.")
        before = line_of(version)
        if [each.reviewer_id for each in before] == [user.pk for user in chosen]:
            return
        _check(version, chosen, despite, {each.reviewer_id for each in before})
        for each in before:
            if each.reviewer not in chosen:
                _settle(each, AlternateState.REMOVED)
        standing = {each.reviewer_id: each for each in before}
        for position, user in enumerate(chosen, 1):
            _put(standing.get(user.pk) or Alternate(version=version, reviewer=user), position, by=by, despite=despite)
        names = ", then ".join(user.display_name for user in chosen) or "nobody"
        Event.objects.append("alternates_chosen", by=by, **version.reference, names=names)


def _put(alternate: Alternate, position: int, *, by: User, despite: str) -> None:
    alternate.position = position
    if alternate.pk is None:
        alternate.chosen_by, alternate.despite = by, despite.strip()
    alternate.save()


def _check(version: Version, chosen: list[User], despite: str, known: set[int]) -> None:
    found = {each.user.pk: each for each in candidates_for(version)}
    for user in chosen:
        candidate = found.get(user.pk)
        if candidate is None:
            raise ValidationError(f"{user.display_name} has been asked already or is no reviewer.")
        if candidate.why_not:
            raise ValidationError(f"{user.display_name} cannot review this: {candidate.why_not.lower()}.")
        if candidate.needs_a_reason and user.pk not in known and not despite.strip():
            raise ValidationError(f"Say why you choose {user.display_name}: {candidate.warnings[0].lower()}.")


def replace(gone: Assignment, version: Version, day: date | None = None) -> Assignment | None:
    """Ask the next in line in the place of somebody who left. Call it with the version's row locked.

    None when nobody in the line can be asked; the editors are told when there had been a line.
    """
    from reviews import mail

    waiting = line_of(version)
    if not waiting or not version.is_under_review:
        return None
    window = _window(gone, day or today())
    found = {each.user.pk: each for each in candidates_for(version, window)}
    for alternate in waiting:
        if why_not := _why_not(alternate, found.get(alternate.reviewer_id)):
            _skip(alternate, why_not)
        else:
            return _ask(alternate, window)
    Event.objects.append("alternates_used_up", by=None, **version.reference)
    mail.alternates_used_up(gone)
    return None


def _window(gone: Assignment, day: date) -> Window:
    """As many days as the one before had."""
    asked_on = gone.invited_at.date()
    answer = day + max(gone.answer_due_on - asked_on, timedelta(1))
    return Window(answer, max(answer, day + (gone.review_due_on - asked_on)))


def _why_not(alternate: Alternate, candidate: Candidate | None) -> str:
    if candidate is None:
        return "asked already, or no reviewer any more"
    if candidate.why_not:
        return candidate.why_not.lower()
    accepted = candidate.needs_a_reason and alternate.despite
    warnings = [each for each in candidate.warnings if not (accepted and each == candidate.warnings[0])]
    return ", ".join(each[:1].lower() + each[1:] for each in warnings)


def _skip(alternate: Alternate, why_not: str) -> None:
    _settle(alternate, AlternateState.SKIPPED, why_skipped=why_not[:200])
    name, version = alternate.reviewer.display_name, alternate.version
    Event.objects.append("alternate_skipped", by=None, **version.reference, reviewer=name, why=why_not)


def _ask(alternate: Alternate, window: Window) -> Assignment:
    from reviews import mail

    _settle(alternate, AlternateState.ASKED)
    assignment = Assignment.objects.ask(
        alternate.version, alternate.reviewer, by=None, invited_by=alternate.chosen_by, **window._asdict()
    )
    mail.invited(assignment)
    return assignment


def _settle(alternate: Alternate, state: AlternateState, **more: str) -> None:
    Alternate.objects.filter(pk=alternate.pk).update(state=state, settled_at=timezone.now(), **more)


# What nobody presses a button for


def ask_alternates(now: datetime | None = None) -> int:
    """End the assignments that nothing comes of any more and ask the next in line; returns how many ended.

    One article a transaction: run it outside of any.
    """
    day = (now or timezone.now()).date()
    lapsed = _lapsed(day).order_by("version_id").values_list("version_id", flat=True).distinct()
    return sum(_tend(version_id, day) for version_id in list(lapsed))


def _lapsed(day: date) -> Any:
    """Assignments of silent reviewers, confirmers too, and of those who cannot review the version any more. Whoever
    has begun to read or to write is not silent.
    """
    open_ones = Assignment.objects.outstanding().alias(in_round=Coalesce("rereview_id", 0))
    open_ones = open_ones.annotate(why_not=ReviewIneligibility(F("reviewer_id"), F("version_id")))
    overdue = Q(state=AssignmentState.INVITED, answer_due_on__lt=last_answer_day(day))
    remarks = Finding.objects.alias(in_round=Coalesce("rereview_id", 0)).filter(
        version=OuterRef("version"), reviewer=OuterRef("reviewer"), in_round=OuterRef("in_round")
    )
    silent = overdue & Q(read_diagnoses=[], draft_note="") & ~Exists(remarks)
    return open_ones.filter(silent | (Q(why_not__isnull=False) & ~Q(why_not=CURABLE)))


def last_answer_day(day: date) -> date:
    """Invitations that were to be answered before this day count as unanswered on that day."""
    return day - timedelta(settings.SILENCE_DAYS)


def _tend(version_id: int, day: date) -> int:
    with transaction.atomic():
        version = Version.objects.locked(version_id)
        gone = list(_lapsed(day).filter(version=version).select_related("reviewer", "version"))
        for assignment in gone:
            _end(assignment)
            replace(assignment, version, day)
        if gone:
            settle(version)
    return len(gone)


def _end(assignment: Any) -> None:
    """Take a reviewer off in the name of the rules; both they and the editor are told."""
    from reviews import mail

    if assignment.why_not and assignment.why_not != CURABLE:
        assignment.end("assignment_lapsed", reason=f"{Ineligible(assignment.why_not).label}.")
    else:
        due = assignment.answer_due_on
        assignment.end("invitation_lapsed", reason=f"No answer came by {due.day} {due:%b %Y}.")
    mail.assignment_lapsed(assignment)
