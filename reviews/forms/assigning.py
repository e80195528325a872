"""Whom to ask to review a version, by when, and who is asked next."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from articles.models import IllegalMove, Version
from people.models import User
from people.rules import today
from reviews.alternates import line_of, line_up
from reviews.candidates import Candidate, candidates_for
from reviews.forms.choosing import CandidatesForm
from reviews.load import Window
from reviews.models import Assignment
from reviews.states import AssignmentState

MAX_DAYS = 366
PLACES = 6  # in the line of those who are asked next


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class DueForm(forms.Form):
    """By when somebody answers, and by when they review."""

    answer_due_on = _day("Answer by")
    review_due_on = _day("Review by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = Window.usual()._asdict() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

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


class AssignForm(CandidatesForm, DueForm):
    """Whom to ask now, and who is next in line. A place in the line is sent as `line_<number of the person>`."""

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.offer(candidates_for(version))
        self.line = [str(each.reviewer_id) for each in line_of(version)]

    @property
    def eligible(self) -> list[tuple[Candidate, str, str]]:
        """Those who may be asked, each with their place in the line as it is filled in, and why the one above fits
        better.
        """
        why = {each.pk: each.why_below(above) for above, each in pairwise(self.askable)}
        return [(each, self.place_of(each.pk), why.get(each.pk, "")) for each in self.askable]

    @property
    def places(self) -> list[str]:
        """The places that can be chosen in the line."""
        return [str(place) for place in range(1, PLACES + 1)]

    @property
    def lacking(self) -> int:
        """How many more are needed for the approvals, with those who were asked."""
        asked = sum(each.state != AssignmentState.DECLINED for each in self.asked)
        return max(self.version.approvals_required - asked, 0)

    @property
    def asked(self) -> list[Assignment]:
        """Who has been asked already, and was not taken off."""
        return list(
            self.version.assignments.filter(rereview=None)
            .exclude(state=AssignmentState.CANCELLED)
            .select_related("reviewer")
        )

    def place_of(self, pk: str) -> str:
        """Somebody's place in the line as it is filled in."""
        if self.is_bound:
            sent = str(self.data.get(f"line_{pk}", ""))
            return sent if sent in self.places else ""
        return str(self.line.index(pk) + 1) if pk in self.line[:PLACES] else ""

    def clean(self) -> dict[str, Any]:
        """Somebody to ask, or a line for later; a reason where one is needed."""
        super().clean()
        now = {str(user.pk) for user in self.cleaned_data.get("reviewers", [])}
        later = sorted((pk for pk in self.by_id if self.place_of(pk) and pk not in now), key=self.place_of)
        self.cleaned_data["line"] = [self.by_id[pk].user for pk in later if self.by_id[pk].is_eligible]
        if later == self.line or not self.version.is_under_review:
            self.want_somebody()
        self.want_reason(self.by_id[pk].user for pk in later if pk not in self.line)
        return self.cleaned_data

    def invite(self, *, by: User) -> str:
        """Ask them, and say what was done; "" when something in the form is wrong.

        Raises:
            IllegalMove: the version is no longer with the editors.
            PermissionDenied: `by` assigns nobody here.
        """
        if not self.is_valid():
            return ""
        sent: dict[str, Any] = {name: self.cleaned_data[name] for name in ("answer_due_on", "review_due_on", "despite")}
        reviewers, line = self.cleaned_data["reviewers"], self.cleaned_data["line"]
        try:
            with transaction.atomic():
                if reviewers:
                    Assignment.objects.invite(self.version, reviewers, by=by, **sent)
                line_up(self.version, line, by=by, despite=sent["despite"])
        except IllegalMove:
            raise
        except ValidationError as error:
            self.add_error("reviewers", error)
            return ""
        return _done(reviewers, line)


def _done(reviewers: list[User], line: list[User]) -> str:
    said = [f"Asked to review, by e-mail: {', '.join(user.display_name for user in reviewers)}."] if reviewers else []
    if line:
        said.append(f"Next in line: {', '.join(user.display_name for user in line)}.")
    return " ".join(said) or "Nobody is in line any more."


def _soon(day: date) -> date:
    if not today() <= day <= today() + timedelta(MAX_DAYS):
        raise ValidationError("Choose a day from today on, within a year.")
    return day
