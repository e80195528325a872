"""What editors fill in: reasons, and fields of medicine."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from articles.models import IllegalMove, Version
from people.forms.fields import Prose
from people.models import User
from people.rules import today
from people.specialties import MedicalSpecialty
from publications.record import Notice, NoticeKind
from reviews.forms.reviewing import ActForm
from reviews.models import Alternate, Assignment


class ReasonForm(ActForm):
    """A reason in the editor's words."""

    reason = Prose(label="Reason", max_length=5_000, rows=5, error_messages={"required": "Give a reason."})


class RemindForm(forms.Form):
    """Whom to chase: the number of a reviewer, or nobody in particular."""

    reviewer = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    @property
    def whom(self) -> int | None:
        """The reviewer's number, of a valid form."""
        found: int | None = self.cleaned_data["reviewer"]
        return found

    def expect(self, version: Version) -> None:
        """Whether it makes sense for this version.

        Raises:
            ValidationError: there is no such reviewer, or the version waits for nobody.
        """
        if not self.is_valid():
            raise ValidationError("There is no such reviewer.")
        if not version.debts.exists():
            raise ValidationError("Nobody has to act on this version now.")


class StepForm(ReasonForm):
    """A step of the workflow that is taken with a reason."""

    step: ClassVar[str]

    def take(self, version: Version, *, by: User) -> bool:
        """Take the step. False when something in the form is wrong.

        Raises:
            IllegalMove: the version is no longer where the step begins.
            PermissionDenied: `by` may not take it.
        """
        if not self.is_valid():
            return False
        try:
            version.move(self.step, by=by, reason=self.cleaned_data["reason"])
        except IllegalMove:
            raise
        except ValidationError as error:
            self.add_error("reason", error)
            return False
        return True


class DeclineForm(StepForm):
    step = "decline"


class SendBackForm(StepForm):
    step = "request_changes"


class RetractForm(StepForm):
    """The reason becomes the public notice; it is shown as such before it is sent for good."""

    step = "retract"

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    change = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def shows(self) -> str:
        """What comes next for a valid form: "reason" to write it again, "notice" to see it, "" to send it."""
        if self.cleaned_data["change"]:
            return "reason"
        return "" if self.cleaned_data["confirmed"] else "notice"

    def notice(self, by: User) -> Notice:
        """What the public will read, as `publications/_notice.html` shows it."""
        return Notice(1, NoticeKind.RETRACTION, "", self.cleaned_data["reason"], by.name, today())


class CancelForm(ReasonForm):
    """Take a reviewer off; `line` are those who could be asked instead."""

    ask_next = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, line: list[Alternate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if line:
            self.fields["ask_next"].label = f"Ask {line[0].reviewer.display_name} instead, who is next in line"
        else:
            del self.fields["ask_next"]

    def cancel(self, assignment: Assignment, *, by: User) -> bool:
        """Whether it was done; False when something in the form is wrong. Raises as `StepForm.take` does."""
        if not self.is_valid():
            return False
        ask_next = self.cleaned_data.get("ask_next", False)
        assignment.cancel(by=by, reason=self.cleaned_data["reason"], ask_next=ask_next)
        return True


class SpecialtyForm(forms.Form):
    """The field of medicine that an article is filed under."""

    specialty = forms.ChoiceField(
        label="Specialty",
        choices=[("", "None yet"), *MedicalSpecialty.by_label()],
        required=False,
        help_text="Reviewers are matched by it. The public page follows with the next approved version.",
    )
