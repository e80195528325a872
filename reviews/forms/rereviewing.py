"""Whom to ask whether a public text is still right; and what else an editor can do about it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from articles.models import IllegalMove, Version
from people.models import User
from reviews.candidates import Candidate, candidates_for
from reviews.forms.assigning import DueForm
from reviews.forms.choosing import CandidatesForm
from reviews.forms.editing import ReasonForm
from reviews.models import Assignment, Rereview


class ConfirmForm(CandidatesForm, DueForm):
    """Whom to ask to confirm a version; those who signed it before on top. `rereview` is the round that goes on, if one
    does: then more are asked.
    """

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version, self.rereview = version, Rereview.objects.open_on(version)
        self.offer(sorted(candidates_for(version), key=lambda each: each.past.signed != version.number))

    @property
    def eligible(self) -> list[Candidate]:
        return self.askable

    @property
    def asked(self) -> list[Assignment]:
        """Who was asked in the round that goes on."""
        return list(self.rereview.assignments.select_related("reviewer")) if self.rereview else []

    @property
    def ticked(self) -> set[str]:
        """Those who signed the version, as many as are needed."""
        signed = [each.pk for each in self.askable if each.past.signed == self.version.number and not each.warnings]
        return set() if self.rereview else set(signed[: self.version.approvals_required])

    def clean(self) -> dict[str, Any]:
        """Somebody to ask."""
        super().clean()
        self.want_somebody()
        return self.cleaned_data

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
