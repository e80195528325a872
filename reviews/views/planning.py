"""Plans for many articles: make one, look at it, change it, send it off."""

import time
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.models import Version
from people.models import User
from people.permissions import may_plan
from people.policy import SignedInRequest, checked_inside, policy
from people.rules import RuleBroken
from reviews.carrying_out import go_on, progress
from reviews.eligibility import handled_by
from reviews.forms.planning import NewPlanForm, PlanForm, PlannedReviewersForm, dates_are_over
from reviews.models import Plan
from reviews.planning import SENT_OFF, by_version, loads_in, plannable
from reviews.views.getters import handled_plan

PAGE_SIZE = 50
AT_ONCE = 2.0  # seconds of work while the editor waits; the rest is done by `manage.py tend`

HTMX = "HX-Request"
BEING_PLANNED = "This plan is still being planned: nothing was changed."
PLANNED_ANEW = "This plan has been planned anew in the meantime. Look at it, then send it off: nobody was asked yet."


@require_http_methods(["GET", "POST"])
@policy(may_plan)
def plan_list(request: SignedInRequest) -> HttpResponse:
    """One's plans; and a new one, for the articles named or for all that wait."""
    sent = request.POST.copy() if request.method == "POST" else None
    form = NewPlanForm(sent)
    if sent is not None:
        for name in ("answer_due_on", "review_due_on", "specialists"):  # the queue's bulk bar names articles alone
            sent.setdefault(name, str(form.get_initial_for_field(form.fields[name], name)))
        if made := form.plan(sent.getlist("version"), by=request.user):
            plan, left_out = made
            if left_out:
                messages.info(request, f"{left_out} left out: not waiting for reviewers, or not yours to assign.")
            return redirect(plan)
    plans = Plan.objects.filter(made_by=request.user).with_counts().select_related("made_by")[:PAGE_SIZE]
    context = {"form": form, "plans": plans, "waiting": plannable(request.user).count(), "section": "plans"}
    return render(request, "reviews/plans.html", context, status=422 if form.errors else 200)


@require_GET
@checked_inside(handled_plan)
def plan_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """A plan: who is asked for what, what cannot be met and why, what became of it."""
    plan = handled_plan(request, pk)
    response = _waiting(request, plan) if plan.is_being_planned else _page(request, plan)
    if HTMX in request.headers and not plan.is_being_planned and not plan.is_under_way:
        response["HX-Refresh"] = "true"  # what was looked at again and again has come to its end
    return response


@require_POST
@checked_inside(handled_plan)
def plan_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Find the reviewers anew, by other dates or another rule."""
    plan = handled_plan(request, pk)
    form = PlanForm(request.POST)
    try:
        if form.again(plan, by=request.user):
            plan.refresh_from_db()
            if not plan.is_being_planned:
                messages.success(request, "Planned anew.")
            return redirect(plan)
    except RuleBroken as refusal:
        return _refused(request, plan, str(refusal))
    return _page(request, plan, form=form) if plan.is_open else _refused(request, plan)


@require_POST
@checked_inside(handled_plan)
def commit_plan(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask everybody: some at once, the rest while the page shows how far it is."""
    plan = handled_plan(request, pk)
    if plan.is_open and dates_are_over(plan):
        messages.error(request, "The dates of this plan are over. Plan anew with later ones.")
        return redirect(plan)
    if request.POST.get("planned", plan.edition) == plan.edition:
        _commit(plan, by=request.user)
    if plan.is_open:
        return _refused(request, plan, BEING_PLANNED if plan.is_being_planned else PLANNED_ANEW)
    go_on(plan, until=time.monotonic() + AT_ONCE)
    return redirect(plan)


def _commit(plan: Plan, *, by: User) -> None:
    """Send it off; 404 for one that was thrown away in this moment."""
    try:
        plan.commit(by=by)
    except Plan.DoesNotExist:
        raise Http404 from None


@require_POST
@checked_inside(handled_plan)
def discard_plan(request: SignedInRequest, pk: int) -> HttpResponse:
    """Throw a plan away that was not sent off."""
    plan = handled_plan(request, pk)
    if not plan.discard(by=request.user):
        return _refused(request, plan)
    messages.success(request, "Discarded. Nobody was asked.")
    return redirect("reviews:plans")


@require_http_methods(["GET", "POST"])
@checked_inside(handled_plan)
def edit_plan(request: SignedInRequest, pk: int, version_id: int) -> HttpResponse:
    """Choose the reviewers of one version by hand: another one, one more, one less."""
    plan = handled_plan(request, pk)
    planned = Version.objects.with_people().filter(pk__in=plan.items.values("version"))
    version = get_object_or_404(handled_by(request.user, planned), pk=version_id)
    if not plan.is_open or plan.is_being_planned:
        return _refused(request, plan, BEING_PLANNED if plan.is_open else SENT_OFF)
    form = PlannedReviewersForm(request.POST if request.method == "POST" else None, plan=plan, version=version)
    if request.method == "POST" and form.save():
        messages.success(request, f"Changed for “{version.title}”.")
        return redirect(f"{plan.get_absolute_url()}#version_{version.pk}")
    context = {"form": form, "plan": plan, "version": version, "section": "plans"}
    return render(request, "reviews/plan_edit.html", context, status=422 if form.errors else 200)


def _refused(request: SignedInRequest, plan: Plan, why: str = SENT_OFF) -> HttpResponse:
    messages.error(request, why)
    return redirect(plan)


def _waiting(request: SignedInRequest, plan: Plan) -> HttpResponse:
    """The page of a plan that is being planned: it looks again by itself."""
    count = plan.items.values("version").distinct().count()
    return render(request, "reviews/plan_waiting.html", {"plan": plan, "count": count, "section": "plans"})


def _page(request: SignedInRequest, plan: Plan, form: PlanForm | None = None) -> HttpResponse:
    loads, pks = loads_in(plan), plan.items.order_by("version__article__priority", "version__submitted_at", "version")
    only = request.GET.get("only", "")
    order = list(dict.fromkeys(pks.values_list("version_id", flat=True)))
    wanted = [pk for pk in order if only != "unmet" or str(pk) in plan.unmet]
    page = Paginator(wanted, PAGE_SIZE).get_page(request.GET.get("page"))
    dates = {name: getattr(plan, name) for name in ("answer_due_on", "review_due_on", "specialists")}
    context: dict[str, Any] = {
        "plan": plan,
        "form": form or PlanForm(initial=dates),
        "page": page,
        "rows": _rows(plan, list(page)),
        "only": only,
        "count": len(order),
        "places": sum(given.number for given in loads),
        "loads": loads,
        "progress": progress(plan),
        "failed": plan.items.exclude(why_failed="").count(),
        "section": "plans",
    }
    return render(request, "reviews/plan.html", context, status=422 if form else 200)


def _rows(plan: Plan, pks: list[int]) -> list[dict[str, Any]]:
    items = plan.items.filter(version__in=pks).select_related("reviewer__board_profile").order_by("pk")
    handled = handled_by(plan.made_by, Version.objects.with_people().defer("content"))  # not what they review by now
    found, versions = by_version(items), handled.in_bulk(pks)
    return [
        {
            "version": versions[pk],
            "items": [item for item in found[pk] if item.reviewer_id],
            "unmet": plan.unmet.get(str(pk), ""),
        }
        for pk in pks
        if pk in versions
    ]
