"""Choosing among candidates: what assigning, planning and re-reviewing have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from people.forms.fields import Prose
from people.models import User
from reviews.candidates import Candidate
from reviews.forms.reviewing import ActForm


class Choices(forms.CheckboxSelectMultiple):
    """Checkboxes of which the list of errors can point to the whole group."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return id_ if index is None else super().id_for_label(id_, index)


class CandidatesForm(ActForm):
    """Boxes to tick among candidates. Those who cannot be asked are choices too, so that the refusal can say why."""

    reviewers = forms.MultipleChoiceField(
        label="Reviewers",
        widget=Choices,
        required=False,
        error_messages={"invalid_choice": "One of those chosen has been asked already, or is no reviewer."},
    )
    despite = Prose(
        label="Why somebody from the author’s institution",
        max_length=500,
        required=False,
        rows=2,
        help_text="Needed when you choose somebody who works where the author does. It is kept in the ledger.",
    )

    def offer(self, candidates: Iterable[Candidate]) -> None:
        """Make these the choices, in this order."""
        self.candidates = list(candidates)
        self.by_id = {each.pk: each for each in self.candidates}
        reviewers: Any = self.fields["reviewers"]
        reviewers.choices = [(pk, each.user.display_name) for pk, each in self.by_id.items()]

    @property
    def askable(self) -> list[Candidate]:
        """Those who may be asked."""
        return [each for each in self.candidates if each.is_eligible]

    @property
    def ineligible(self) -> list[Candidate]:
        return [each for each in self.candidates if not each.is_eligible]

    @property
    def needs_reasons(self) -> bool:
        """Whether somebody can be chosen only with a reason."""
        return any(each.needs_a_reason for each in self.askable)

    @property
    def chosen(self) -> set[str]:
        """The ids that are ticked: those sent, for the page that comes back with an error, else those to begin with."""
        return set(self.data.getlist("reviewers")) if self.is_bound else self.ticked  # type: ignore[attr-defined]

    @property
    def ticked(self) -> set[str]:
        """The ids that are ticked before anybody has chosen."""
        return set()

    def clean_reviewers(self) -> list[User]:
        """Only those who may be asked."""
        chosen = [self.by_id[pk] for pk in dict.fromkeys(self.cleaned_data["reviewers"])]
        if refused := [each for each in chosen if not each.is_eligible]:
            raise ValidationError(
                [f"{each.user.display_name} cannot review this: {each.why_not.lower()}." for each in refused]
            )
        return [each.user for each in chosen]

    def clean(self) -> dict[str, Any]:
        """A reason where one is needed."""
        super().clean()
        self.want_reason(self.cleaned_data.get("reviewers", []))
        return self.cleaned_data

    def want_reason(self, users: Iterable[User]) -> None:
        """Refuse those of them who are at the author's institution while no reason is given."""
        strangers = [user for user in users if self.by_id[str(user.pk)].needs_a_reason]
        if strangers and not self.cleaned_data.get("despite") and "despite" not in self.errors:
            name = strangers[0].display_name
            self.add_error("despite", f"Say why you choose {name}, who is at the author’s institution.")

    def want_somebody(self) -> None:
        """Refuse a form in which nobody is chosen."""
        if not self.cleaned_data.get("reviewers") and "reviewers" not in self.errors:
            self.add_error("reviewers", "Choose at least one reviewer.")
