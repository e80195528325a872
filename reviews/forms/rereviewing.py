"""Whom to ask whether a public text is still right; and what else an editor can do about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.models import IllegalMove, Version
from people.models import User
from reviews.candidates import Candidate, candidates_for
from reviews.forms.assigning import Choices, DueForm
from reviews.forms.editing import ReasonForm
from reviews.models import Assignment, Rereview


class ConfirmForm(DueForm):
    """Whom to ask to confirm a version; those who signed it before on top. `rereview` is the round that goes on, if one
    does: then more are asked.
    """

    reviewers = forms.MultipleChoiceField(
        label="Reviewers",
        widget=Choices,
        error_messages={
            "required": "Choose at least one reviewer.",
            "invalid_choice": "One of those chosen has been asked already, or is no reviewer.",
        },
    )
    despite = forms.CharField(
        label="Why somebody from the author’s institution",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed when you choose somebody who works where the author does. It is kept in the ledger.",
    )

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version, self.rereview = version, Rereview.objects.open_on(version)
        found = candidates_for(version)
        self.candidates = sorted(found, key=lambda each: each.past.signed != version.number)
        self.by_id = {each.pk: each for each in self.candidates}
        reviewers: Any = self.fields["reviewers"]
        reviewers.choices = [(pk, each.user.display_name) for pk, each in self.by_id.items()]

    @property
    def eligible(self) -> list[Candidate]:
        return [each for each in self.candidates if each.is_eligible]

    @property
    def ineligible(self) -> list[Candidate]:
        return [each for each in self.candidates if not each.is_eligible]

    @property
    def needs_reasons(self) -> bool:
        """Whether somebody can be chosen only with a reason."""
        return any(each.needs_a_reason for each in self.eligible)

    @property
    def asked(self) -> list[Assignment]:
        """Who was asked in the round that goes on."""
        return list(self.rereview.assignments.select_related("reviewer")) if self.rereview else []

    @property
    def chosen(self) -> set[str]:
        """The ids that are ticked: what was sent, else those who signed the version, as many as are needed."""
        if self.is_bound:
            return set(self.data.getlist("reviewers"))  # type: ignore[attr-defined]
        signed = [each.pk for each in self.eligible if each.past.signed == self.version.number and not each.warnings]
        return set() if self.rereview else set(signed[: self.version.approvals_required])

    def clean_reviewers(self) -> list[User]:
        """Only those who may review this version."""
        chosen = [self.by_id[pk] for pk in dict.fromkeys(self.cleaned_data["reviewers"])]
        if refused := [each for each in chosen if not each.is_eligible]:
            raise ValidationError(
                [f"{each.user.display_name} cannot review this: {each.why_not.lower()}." for each in refused]
            )
        return [each.user for each in chosen]

    def ask(self, *, by: User) -> list[User]:
        """Ask them; an empty list when something in the form is wrong. Raises as `RereviewQuerySet.begin`."""
        if not self.is_valid():
            return []
        details = dict(self.cleaned_data)
        reviewers: list[User] = details.pop("reviewers")
        try:
            if self.rereview:
                self.rereview.ask(reviewers, by=by, **details)
            else:
                Rereview.objects.begin(self.version, reviewers, by=by, **details)
        except IllegalMove:
            raise
        except ValidationError as error:
            self.add_error("reviewers", error)
            return []
        return reviewers


class StopForm(ReasonForm):
    """End a re-review without a result."""

    def stop(self, rereview: Rereview, *, by: User) -> bool:
        """Whether it was done; False when something in the form is wrong."""
        if not self.is_valid():
            return False
        rereview.stop(by=by, reason=self.cleaned_data["reason"])
        return True


class RevisionForm(ReasonForm):
    """Hand a public article to its owner for a new version."""

    def request(self, version: Version, *, by: User) -> bool:
        """Whether it was done; False when something in the form is wrong."""
        if not self.is_valid():
            return False
        Rereview.objects.request_revision(version, by=by, reason=self.cleaned_data["reason"])
        return True
