"""What a plan for many articles is made of, and how it is edited by hand."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from articles.labels import Priority
from articles.models import Version
from people.models import User
from people.rules import today
from people.specialties import MedicalSpecialty
from reviews.candidates import Candidate, candidates_for_many
from reviews.forms.assigning import DueForm
from reviews.forms.choosing import CandidatesForm
from reviews.load import Window
from reviews.models import Plan, PlanItem
from reviews.planning import MOST, make, make_anew, plannable, reasons
from reviews.states import PlanItemState, Specialists

MAX_ID = 2**63 - 1


class PlanForm(DueForm):
    """The dates of all invitations, and how many reviewers must be of the article's field."""

    specialists = forms.ChoiceField(
        label="From the article’s own field", choices=Specialists.choices, initial=Specialists.ONE
    )

    def window(self) -> Window:
        """The dates, of a valid form."""
        return Window(self.cleaned_data["answer_due_on"], self.cleaned_data["review_due_on"])

    def again(self, plan: Plan, *, by: User) -> bool:
        """Find the reviewers anew; False when something in the form is wrong.

        Raises:
            PermissionDenied: `by` did not make it, or is no editor.
            RuleBroken: the plan was sent off.
        """
        if not self.is_valid():
            return False
        make_anew(plan, self.window(), self.cleaned_data["specialists"], by=by)
        return True


class NewPlanForm(PlanForm):
    """Which articles: those named, or all that wait and fit."""

    specialty = forms.ChoiceField(
        label="Specialty", choices=[("", "Any"), *MedicalSpecialty.by_label()], required=False
    )
    priority = forms.TypedChoiceField(
        label="Priority", choices=[("", "Any"), *Priority.choices], coerce=int, empty_value=None, required=False
    )

    def plan(self, versions: list[str], *, by: User) -> tuple[Plan, int] | None:
        """The plan, and how many of the articles chosen were left out; None when something is wrong."""
        if not self.is_valid():
            return None
        try:
            pks = [int(pk) for pk in versions if pk.isdecimal() and int(pk) <= MAX_ID] if versions else self.waiting(by)
            return make(pks, self.window(), self.cleaned_data["specialists"], by=by)
        except ValidationError as error:
            self.add_error(None, error)
            return None

    def waiting(self, user: User) -> list[int]:
        """The versions that fit, what is to be done first on top; no more than a plan takes."""
        found = plannable(user).order_by("article__priority", "submitted_at", "pk")
        if self.cleaned_data.get("specialty"):
            found = found.filter(article__specialty=self.cleaned_data["specialty"])
        if self.cleaned_data.get("priority"):
            found = found.filter(article__priority=self.cleaned_data["priority"])
        return list(found.values_list("pk", flat=True)[:MOST])


class PlannedReviewersForm(CandidatesForm):
    """Who is to review one version of a plan."""

    def __init__(self, *args: Any, plan: Plan, version: Version, **kwargs: Any) -> None:
        items = list(plan.items.filter(version=version).exclude(reviewer=None))
        kwargs["initial"] = {"despite": next((item.despite for item in items if item.despite), "")}
        super().__init__(*args, **kwargs)
        self.plan, self.version = plan, version
        window = Window(plan.answer_due_on, plan.review_due_on)
        self.offer(sorted(candidates_for_many([version], window)[version.pk], key=lambda c: c.rank))
        self.planned = {str(item.reviewer_id) for item in items}

    @property
    def eligible(self) -> list[tuple[Candidate, int]]:
        """Those who may be asked, each with how many other articles the plan gives them."""
        others = self.plan.items.exclude(version=self.version).exclude(reviewer=None)
        given = Counter(str(pk) for pk in others.values_list("reviewer_id", flat=True))
        return [(each, given[each.pk]) for each in self.askable]

    @property
    def ticked(self) -> set[str]:
        return self.planned

    @transaction.atomic
    def save(self) -> bool:
        """Whether the plan was changed; False when something is wrong."""
        if not self.is_valid():
            return False
        plan = Plan.objects.select_for_update().get(pk=self.plan.pk)
        if not plan.is_open or plan.is_being_planned:
            self.add_error(None, "This plan has been sent off or planned anew in the meantime: nothing was changed.")
            return False
        chosen: list[User] = self.cleaned_data["reviewers"]
        plan.items.filter(version=self.version, state=PlanItemState.PLANNED).delete()
        PlanItem.objects.bulk_create([self._item(plan, user) for user in chosen] or [self._item(plan, None)])
        if len(chosen) >= self.version.approvals_required:
            plan.unmet.pop(str(self.version.pk), None)
            plan.save(update_fields=("unmet",))
        return True

    def _item(self, plan: Plan, user: User | None) -> PlanItem:
        if user is None:
            return PlanItem(plan=plan, version=self.version)
        each = self.by_id[str(user.pk)]
        despite = self.cleaned_data["despite"].strip() if each.needs_a_reason else ""
        return PlanItem(plan=plan, version=self.version, reviewer=user, reasons=reasons(each), despite=despite)


def dates_are_over(plan: Plan) -> bool:
    """Whether the plan has waited so long that its dates make no sense any more."""
    return plan.answer_due_on < today()
