"""The state machine of a version. `Version.move` is the only writer of state.

Every transition is a method below: what it sets, who may do it, what event tells of it. The database
refuses a jump that is not here (`migrations/0002_guards.sql`), and a test holds the two together.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django_fsm import FSMField, transition

from articles.codes import Icd10Code
from articles.fingerprints import Fingerprint
from articles.record import VersionRecord
from articles.states import PAST, Origin, VersionState
from content import canonical, completeness, text
from ledger.models import Event
from people import permissions
from people.models import User
from people.record import NoDisclosure, contributor_record, public_record
from publications.models import Publication

S = VersionState


def _nobody(version: object, user: object) -> bool:
    """By no person: by the round alone."""
    return False


class IllegalMove(ValidationError):
    """The version is in a state that this step does not leave from; somebody else may have been quicker."""


class VersionWorkflow(VersionRecord):
    """The state of a version and the ways from one to the next."""

    state = FSMField(max_length=20, choices=VersionState.choices, default=VersionState.DRAFT, protected=True)
    state_reason = models.TextField(blank=True, default="", max_length=5_000)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=S.DRAFT,
        target=S.SUBMITTED,
        permission=lambda version, user: permissions.may_submit(user, version),
        custom={"label": "Submit for review", "event": "submitted"},
    )
    def submit(self, *, by: User, change_note: str, origin: str, ai_tool: str = "") -> None:
        """Freeze the text under its hash."""
        change_note, ai_tool = text.prose(change_note), text.line(ai_tool)
        problems = [gap.message for gap in completeness.gaps(self.document) if gap.blocks]
        unknown = Icd10Code.objects.unknown_in(self.document)
        problems += [f"{code} is not in the stored release of ICD-10-CM." for code in sorted(unknown)]
        if Origin(origin) is not Origin.HUMAN and not ai_tool:
            problems.append("Name the AI tool that was used.")
        if self.number > 1 and not change_note:
            problems.append("Say what changed since the last version.")
        if problems:
            raise ValidationError(problems)
        self.change_note, self.origin, self.ai_tool = change_note, origin, ai_tool
        others = [contributor_record(each) for each in self.other_writers(by)]
        self.author, self.author_statement = by, _public_record(by) | {"contributors": others}
        self.content_sha256 = canonical.sha256(self.content)
        self.approvals_required = settings.APPROVALS_REQUIRED
        self.submitted_at = timezone.now()
        self.due_on = _in_days(settings.TRIAGE_DAYS)

    @transition(
        field=state,
        source=S.SUBMITTED,
        target=S.UNDER_REVIEW,
        permission=lambda version, user: permissions.may_assign(user, version),
        custom={"label": "Start the review", "event": "review_started", "by_assigning": True},
    )
    def start_review(self, *, by: User) -> None:
        self.review_started_at = timezone.now()
        self.due_on = None  # each reviewer has a date of their own

    @transition(
        field=state,
        source=S.UNDER_REVIEW,
        target=S.CHANGES_REQUESTED,
        permission=lambda version, user: permissions.may_send_back(user, version),
        custom={"label": "Request changes", "event": "changes_requested", "by_the_round": True},
    )
    def request_changes(self, *, by: User | None, reason: str) -> None:
        """By an editor with a reason, or by the round when all have answered and one asked for changes."""
        self._end(reason)
        self.due_on = _in_days(settings.REVISION_DAYS)

    @transition(
        field=state,
        source=S.UNDER_REVIEW,
        target=S.APPROVED,
        permission=_nobody,
        custom={"label": "Approve", "event": "approved", "by_the_round": True},
    )
    def approve(self, *, by: None) -> None:
        """By the decision that completes the quorum, never by hand. The database counts again."""
        now = timezone.now()
        self.decided_at = now
        self.next_review_on = _months_on(now.date(), settings.REVIEW_INTERVAL_MONTHS)
        self.due_on = None

    @transition(
        field=state,
        source=S.APPROVED,
        target=S.SUPERSEDED,
        permission=_nobody,
        custom={"label": "Supersede", "event": "superseded", "by_the_round": True},
    )
    def supersede(self, *, by: None) -> None:
        """By the approval of a newer version of the same article."""

    @transition(
        field=state,
        source=[S.SUBMITTED, S.UNDER_REVIEW],
        target=S.DECLINED,
        permission=lambda version, user: permissions.may_decline(user, version),
        custom={"label": "Decline", "event": "declined"},
    )
    def decline(self, *, by: User, reason: str) -> None:
        self._end(reason)

    @transition(
        field=state,
        source=[S.SUBMITTED, S.UNDER_REVIEW],
        target=S.WITHDRAWN,
        permission=lambda version, user: permissions.may_withdraw(user, version),
        custom={"label": "Withdraw", "event": "withdrawn"},
    )
    def withdraw(self, *, by: User, reason: str) -> None:
        self._end(reason)

    @transition(
        field=state,
        source=S.APPROVED,
        target=S.RETRACTED,
        permission=lambda version, user: permissions.may_retract(user, version),
        custom={"label": "Retract", "event": "retracted"},
    )
    def retract(self, *, by: User, reason: str) -> None:
        """The public page becomes the notice in the same transaction."""
        self.state_reason = _required(reason)
        self.due_on = None

    def _end(self, reason: str) -> None:
        self.state_reason, self.decided_at, self.due_on = _required(reason), timezone.now(), None

    def move(self, name: str, *, by: User | None, **details: Any) -> Self:
        """Take one step of the state machine: check, write, event, publication and messages, or nothing at all.

        `by=None` is the round itself. Returns the version as it then is; this object stays as it was.

        Raises:
            IllegalMove: the version is no longer where this step begins.
            PermissionDenied: `by` may not do this now.
            ValidationError: something that the step needs is missing; the messages say what.
        """
        with transaction.atomic():
            version: Self = type(self)._default_manager.locked(self.pk)  # type: ignore[attr-defined]
            by = by and User.objects.get(pk=by.pk)
            step = version._check(name, by)
            if name == "approve":
                version._supersede_earlier()
            before = version._values()
            getattr(version, name)(by=by, **details)
            version.save(update_fields=[*_changed(before, version._values()), "updated_at"])
            Event.objects.append(step.custom["event"], by=by, **version.reference, **details)
            version._publish(name)
            if version.state in PAST:
                Fingerprint.objects.forget(version)  # type: ignore[arg-type]
            version._tell(name)
        return version

    def _check(self, name: str, by: User | None) -> Any:
        """The step of that name, which `by` may take now."""
        step = self.step(name)
        if step is None:
            raise IllegalMove(f"This version is {self.get_state_display().lower()} now: nothing was changed.")
        if not (step.custom.get("by_the_round", False) if by is None else step.has_perm(self, by)):
            raise PermissionDenied(f"You may not {step.custom['label'].lower()} here.")
        return step

    def _supersede_earlier(self) -> None:
        for earlier in self.article.versions.filter(state=S.APPROVED):
            earlier.move("supersede", by=None)

    def _publish(self, name: str) -> None:
        if name == "approve":
            body_sha256 = Publication.objects.publish(self.pk, self.document)
            Event.objects.append(
                "published",
                by=None,
                **self.reference,
                number=self.number,
                body_sha256=body_sha256,
                next_review_on=f"{self.next_review_on}",
            )
        elif name == "retract":
            Publication.objects.retract(self.pk)

    def _tell(self, name: str) -> None:
        from articles import mail  # the messages link to pages, and so to views

        mail.tell(self, name)

    def step(self, name: str) -> Any | None:
        """The transition of that name from the present state, or None."""
        steps = self.get_available_state_transitions()  # type: ignore[attr-defined]
        return next((step for step in steps if step.name == name), None)

    def steps_for(self, user: User) -> list[Any]:
        """The steps that this user may take by hand now: the buttons of every page come from here."""
        steps = self.get_available_user_state_transitions(user)  # type: ignore[attr-defined]
        return [step for step in steps if not step.custom.get("by_assigning")]


def _public_record(user: User) -> dict[str, Any]:
    try:
        return public_record(user)
    except NoDisclosure as error:
        raise ValidationError(str(error)) from error


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name, value in after.items() if before[name] != value]


def _required(reason: str) -> str:
    if not (reason := text.prose(reason)):
        raise ValidationError("Give a reason.")
    return reason


def _in_days(days: int) -> date:
    return timezone.now().date() + timedelta(days=days)


def _months_on(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))
