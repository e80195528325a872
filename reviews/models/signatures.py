"""What a reviewer puts their name to: checked as a whole, then written as a decision."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from articles.models import IllegalMove, Version
from people.models import User
from people.record import NoDisclosure, public_record
from reviews.eligibility import ReviewIneligibility
from reviews.models.checklist import Answer, Answers, ChecklistItem, fingerprint, snapshot
from reviews.models.decisions import Decision
from reviews.models.findings import Finding
from reviews.states import Affirmed, Ineligible, Verdict

if TYPE_CHECKING:
    from reviews.models.assignments import Assignment


class HashChanged(ValidationError):
    """What is being signed is not what the version holds."""


class Signature(NamedTuple):
    """A verdict with all that goes with it. `answers` override those that the assignment has kept."""

    assignment: Assignment
    version: Version
    verdict: Verdict
    note: str
    confidential_note: str
    answers: Answers

    @property
    def approves(self) -> bool:
        return self.verdict == Verdict.APPROVE

    def check(self, content_sha256: str, *, no_conflict: bool, asked: str | None) -> None:
        """That it can be given.

        Raises:
            HashChanged: the version does not hold these bytes.
            ValidationError: the statement of no conflict, the reason for changes or the disclosure is missing; an own
                must-fix finding is open, or a statement denied, under an approval; the checklist is another now.
        """
        if content_sha256 != self.version.content_sha256:
            raise HashChanged(
                "The text on your screen is not the text of this version. Load the page again and read it."
            )
        if not no_conflict:
            raise ValidationError("Confirm that you have no conflict of interest, or decline the review.")
        if reason := why_not(self.assignment):
            raise ValidationError(reason)
        self._check_findings()
        self._check_answers(asked)

    def write(self, *, by: User, key: uuid.UUID) -> Decision:
        """Make it a decision, which never changes."""
        items = ChecklistItem.objects.asked()
        try:
            return Decision.objects.create(
                version=self.version,
                article_id=self.version.article_id,
                content_sha256=self.version.content_sha256 or "",
                assignment=self.assignment,
                rereview=self.assignment.rereview,
                reviewer=by,
                verdict=self.verdict,
                note=self.note,
                confidential_note=self.confidential_note,
                checklist=snapshot(items, self._given(), approved=self.version.document if self.approves else None),
                statement=public_record(by),
                key=key,
            )
        except NoDisclosure as error:
            raise ValidationError(str(error)) from error
        except IntegrityError as error:  # the database's own check; or the key of another signature
            raise IllegalMove("You cannot sign this version now. Load the page again.") from error

    def _given(self) -> dict[str, Answer]:
        kept = {key: Answer.kept(data) for key, data in self.assignment.checklist.items()}
        return kept | dict(self.answers)

    def _check_findings(self) -> None:
        own = Finding.objects.carried_to(self.version).filter(reviewer=self.assignment.reviewer)
        if self.approves and (open_ones := own.blocking().count()):
            raise ValidationError(
                f"You have {open_ones} open must-fix finding{'s'[: open_ones > 1]}: close it, or request changes."
            )
        said = own.filter(version=self.version, rereview=self.assignment.rereview)
        if not self.approves and not self.note and not said.exists():
            raise ValidationError("Say what must change: write a finding or a note.")

    def _check_answers(self, asked: str | None) -> None:
        items = list(ChecklistItem.objects.asked())
        if asked is not None and asked != fingerprint(items):
            raise ValidationError("The checklist was changed while you read. Look at it once more, then sign.")
        given = self._given()
        denied = [item.statement for item in items if given.get(item.key, Answer("")).answer == Affirmed.NO]
        if self.approves and denied:
            raise ValidationError(
                f"You answered “no” to: {' '.join(denied)} Request changes, or change the answer, then sign."
            )


def why_not(assignment: Assignment) -> str:
    """Why its reviewer cannot sign the version, in words; "" when they can."""
    asked = type(assignment)._default_manager.filter(pk=assignment.pk)
    code = asked.values_list(ReviewIneligibility("reviewer", "version"), flat=True).get()
    if code == Ineligible.NO_DISCLOSURE:
        return str(NoDisclosure())
    return f"You cannot sign this version: {Ineligible(code).label.lower()}." if code else ""
