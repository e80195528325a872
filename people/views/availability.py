"""One's own availability: days away, and the most reviews a month."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.calendar import months
from people.forms.availability import AbsenceForm, LimitForm
from people.models import Absence
from people.permissions import may_enter_desk, may_set_limit
from people.policy import SignedInRequest, checked_inside, policy
from people.rules import today
from people.views import posted


def own_absence(request: SignedInRequest, pk: int) -> Absence:
    """One's own absence that is not over; 404 for anybody else's."""
    return get_object_or_404(Absence.objects.to_come().select_related("user"), pk=pk, user=request.user)


@require_GET
@policy(may_enter_desk)
def availability(request: SignedInRequest) -> HttpResponse:
    """When I am away, and how much I take on."""
    return _page(request)


@require_POST
@policy(may_enter_desk)
def add_absence(request: SignedInRequest) -> HttpResponse:
    """Note days away."""
    form = AbsenceForm(request.POST)
    if form.add_to(request.user):
        messages.success(request, "Noted. Nobody is asked to review in days when they are away for long.")
        return redirect("people:availability")
    return _page(request, form=form)


@require_http_methods(["GET", "POST"])
@checked_inside(own_absence)
def change_absence(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move an absence to other days."""
    absence = own_absence(request, pk)
    initial = {"first_on": absence.first_on, "last_on": absence.last_on, "note": absence.note}
    form = AbsenceForm(posted(request), initial=initial)
    if request.method == "POST" and form.change(absence):
        messages.success(request, "Changed.")
        return redirect("people:availability")
    context = {"form": form, "absence": absence, "section": "profile"}
    return render(request, "people/change_absence.html", context, status=422 if form.errors else 200)


@require_POST
@checked_inside(own_absence)
def remove_absence(request: SignedInRequest, pk: int) -> HttpResponse:
    """Not away after all."""
    own_absence(request, pk).delete()
    messages.success(request, "Removed.")
    return redirect("people:availability")


@require_POST
@policy(may_set_limit)
def set_limit(request: SignedInRequest) -> HttpResponse:
    """The most reviews a month."""
    form = LimitForm(request.POST, person=request.user, usual=settings.MONTHLY_REVIEWS)
    if form.save():
        messages.success(request, "Saved. Editors see it when they choose reviewers.")
        return redirect("people:availability")
    return _page(request, limit_form=form)


def _page(request: SignedInRequest, **forms: Any) -> HttpResponse:
    absences = list(request.user.absences.to_come())
    context = {
        "absences": absences,
        "months": months(absences, today()),
        "form": AbsenceForm(),
        "limit_form": LimitForm(person=request.user, usual=settings.MONTHLY_REVIEWS),
        "may_set_limit": may_set_limit(request.user),
        "section": "availability",
    }
    return render(request, "people/availability.html", context | forms, status=422 if forms else 200)
