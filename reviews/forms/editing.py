"""What editors fill in: reasons, and whom to ask."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from articles.models import IllegalMove, Version
from people.models import User
from people.rules import today
from people.specialties import MedicalSpecialty
from reviews.candidates import Candidate, candidates_for
from reviews.models import Assignment
from reviews.states import AssignmentState

MAX_DAYS = 366


class ReasonForm(forms.Form):
    """A reason in the editor's words."""

    reason = forms.CharField(
        label="Reason",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Give a reason."},
    )

    def clean_reason(self) -> str:
        """With line ends as they are stored."""
        return str(self.cleaned_data["reason"]).replace("\r\n", "\n")


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

    def notice(self, by: User) -> dict[str, Any]:
        """What the public will read, as `publications/_notice.html` shows it."""
        reason = self.cleaned_data["reason"].strip()
        return {"kind": "retraction", "reason": reason, "by": by.display_name, "on": today()}


class CancelForm(ReasonForm):
    """Take a reviewer off."""

    def cancel(self, assignment: Assignment, *, by: User) -> bool:
        """Whether it was done; False when something in the form is wrong. Raises as `StepForm.take` does."""
        if not self.is_valid():
            return False
        assignment.cancel(by=by, reason=self.cleaned_data["reason"])
        return True


class SpecialtyForm(forms.Form):
    """The field of medicine that an article is filed under."""

    specialty = forms.ChoiceField(
        label="Specialty",
        choices=[("", "None yet"), *MedicalSpecialty.by_label()],
        required=False,
        help_text="Reviewers are matched by it. The public page follows with the next approved version.",
    )


class Choices(forms.CheckboxSelectMultiple):
    """Checkboxes of which the list of errors can point to the whole group."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return id_ if index is None else super().id_for_label(id_, index)


class AssignForm(forms.Form):
    """Whom to ask, and by when. Those who cannot be asked are choices too, so that the refusal can say why."""

    reviewers = forms.MultipleChoiceField(
        label="Reviewers",
        widget=Choices,
        error_messages={
            "required": "Choose at least one reviewer.",
            "invalid_choice": "One of those chosen has been asked already, or is no reviewer.",
        },
    )
    answer_due_on = forms.DateField(
        label="Answer by", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    review_due_on = forms.DateField(
        label="Review by", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        day = today()
        kwargs["initial"] = {
            "answer_due_on": day + timedelta(settings.ANSWER_DAYS),
            "review_due_on": day + timedelta(max(settings.REVIEW_DAYS, settings.ANSWER_DAYS)),
        }
        super().__init__(*args, **kwargs)
        self.version = version
        self.candidates = candidates_for(version)
        self.by_id = {str(each.user.pk): each for each in self.candidates}
        reviewers: Any = self.fields["reviewers"]
        reviewers.choices = [(pk, each.user.display_name) for pk, each in self.by_id.items()]

    @property
    def eligible(self) -> list[Candidate]:
        return [each for each in self.candidates if each.is_eligible]

    @property
    def ineligible(self) -> list[Candidate]:
        return [each for each in self.candidates if not each.is_eligible]

    @property
    def asked(self) -> list[Assignment]:
        """Who has been asked already, and was not taken off."""
        return list(self.version.assignments.exclude(state=AssignmentState.CANCELLED).select_related("reviewer"))

    @property
    def chosen(self) -> set[str]:
        """The ids that were ticked, for the page that comes back with an error."""
        return set(self.data.getlist("reviewers")) if self.is_bound else set()  # type: ignore[attr-defined]

    def clean_reviewers(self) -> list[User]:
        """Only those who may review this version."""
        chosen = [self.by_id[pk] for pk in dict.fromkeys(self.cleaned_data["reviewers"])]
        if refused := [each for each in chosen if not each.is_eligible]:
            raise ValidationError(
                [f"{each.user.display_name} cannot review this: {each.why_not.lower()}." for each in refused]
            )
        return [each.user for each in chosen]

    def clean_answer_due_on(self) -> date:
        return _soon(self.cleaned_data["answer_due_on"])

    def clean_review_due_on(self) -> date:
        return _soon(self.cleaned_data["review_due_on"])

    def clean(self) -> dict[str, Any]:
        """The answer comes before the review."""
        answer, review = self.cleaned_data.get("answer_due_on"), self.cleaned_data.get("review_due_on")
        if answer and review and review < answer:
            self.add_error("review_due_on", "The review cannot be due before the answer.")
        return self.cleaned_data

    def invite(self, *, by: User) -> list[Assignment]:
        """Ask them; an empty list when something in the form is wrong.

        Raises:
            IllegalMove: the version is no longer with the editors.
            PermissionDenied: `by` assigns nobody here.
        """
        if not self.is_valid():
            return []
        try:
            return Assignment.objects.invite(self.version, by=by, **self.cleaned_data)
        except IllegalMove:
            raise
        except ValidationError as error:
            self.add_error("reviewers", error)
            return []


def _soon(day: date) -> date:
    if not today() <= day <= today() + timedelta(MAX_DAYS):
        raise ValidationError("Choose a day from today on, within a year.")
    return day
