"""The reading page: the article as readers see it, an invitation answered, diagnoses ticked, findings made in place."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from people.policy import SignedInRequest, checked_inside
from reviews.forms.findings import FindingForm
from reviews.forms.reviewing import DeclineForm
from reviews.models import Assignment, Finding
from reviews.reading import Reading
from reviews.states import AssignmentState


def readable_assignment(request: SignedInRequest, pk: int) -> Assignment:
    """An assignment that this person may see; 404 for others', and for one's own that ended without a review."""
    return get_object_or_404(Assignment.objects.visible_to(request.user).with_people(), pk=pk)


def own_assignment(request: SignedInRequest, pk: int) -> Assignment:
    """A reviewer's own assignment in any state: that somebody ended it in the meantime is told. 404 for others'."""
    return get_object_or_404(Assignment.objects.of_reviewer(request.user).with_people(), pk=pk)


@require_GET
@checked_inside(readable_assignment)
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read the version. An editor who follows a reviewer's link is shown the version's own page."""
    assignment = readable_assignment(request, pk)
    if assignment.reviewer_id != request.user.pk:
        return redirect(assignment.version)
    if assignment.is_outstanding:
        assignment.open(by=request.user)
    show, audience = request.GET.get("show", ""), request.GET.get("audience", "")
    return _page(request, Reading(assignment, request.user, show=show, audience=audience))


@require_POST
@checked_inside(own_assignment)
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Agree to review."""
    assignment = own_assignment(request, pk)
    try:
        assignment.accept(by=request.user)
    except ValidationError as error:
        return too_late(request, assignment, error.messages)
    due = assignment.review_due_on
    messages.success(request, f"Accepted. Your review is due by {due.day} {due:%b %Y}.")
    return redirect(assignment)


@require_POST
@checked_inside(own_assignment)
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say no. Said twice, it was said once."""
    assignment = own_assignment(request, pk)
    form = DeclineForm(request.POST, auto_id="decline_%s")
    if assignment.state == AssignmentState.DECLINED or form.decline(assignment, by=request.user):
        messages.success(request, "Declined. The editors have been told.")
        return redirect("reviews:queue")
    if form.came_too_late:
        return too_late(request, assignment, form.objections, typed=form.typed)
    reading = Reading(own_assignment(request, pk), request.user, decline=form)
    return _page(request, reading, status=form.status)


@require_POST
@checked_inside(own_assignment)
def mark_read(request: SignedInRequest, pk: int) -> HttpResponse:
    """Tick or untick diagnoses."""
    assignment, keys = own_assignment(request, pk), request.POST.getlist("key")
    try:
        assignment.mark_read(*keys, by=request.user, read=request.POST.get("read") == "1")
    except ValidationError as error:
        return too_late(request, assignment, error.messages)
    if wants_part(request) and len(keys) == 1:
        return _part(request, Reading(assignment, request.user), "after_read", keys[0])
    return redirect(f"{assignment.get_absolute_url()}#{keys[0] if keys else ''}")


@require_POST
@checked_inside(own_assignment)
def make_finding(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write down a remark on words, on a diagnosis or on the whole."""
    assignment, key = own_assignment(request, pk), request.POST.get("diagnosis_key", "")
    form = FindingForm.at(key, request.POST)
    done = form.make(assignment, by=request.user)
    if form.came_too_late:
        return too_late(request, assignment, form.objections, typed=form.typed)
    reading = Reading(own_assignment(request, pk), request.user, finding=None if done else form)
    if not done:
        if wants_part(request):
            return _part(request, reading, "after_finding", key, form)
        return _page(request, reading, status=form.status)
    made: Finding = form.result
    if wants_part(request) and made.diagnosis_key == key:
        return _part(request, reading, "after_finding", key, form)
    return _seen_at(request, f"{assignment.get_absolute_url()}#finding_box_{made.pk}")


def wants_part(request: SignedInRequest) -> bool:
    """Whether htmx asks, and so needs only what changes."""
    return request.headers.get("HX-Request") == "true"


def too_late(
    request: SignedInRequest, assignment: Assignment, words: Iterable[str], *, typed: str = ""
) -> HttpResponse:
    """Say that somebody was quicker, and give back what was typed. Shows nothing of the article."""
    is_readable = Assignment.objects.visible_to(request.user).filter(pk=assignment.pk).exists()
    context = {"assignment": assignment, "words": words, "typed": typed, "is_readable": is_readable}
    response = render(request, "reviews/too_late.html", context | {"section": "queue"}, status=409)
    response.headers["HX-Retarget"] = "body"
    return response


def _seen_at(request: SignedInRequest, address: str) -> HttpResponse:
    """Go there, also when htmx asks."""
    if wants_part(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _page(request: SignedInRequest, reading: Reading, *, status: int = 200) -> HttpResponse:
    return render(request, "reviews/review.html", {"reading": reading, "section": "queue"}, status=status)


def _part(
    request: SignedInRequest, reading: Reading, part: str, key: str, form: FindingForm | None = None
) -> HttpResponse:
    """What changes at one place; `form` is the one that was sent there."""
    context: dict[str, Any] = {"reading": reading, "place": reading.places.get(key, reading.whole)}
    made: Finding | None = form.result if form else None
    context |= {"made": made.pk if made else None, "row": reading.row(key) if made else None}
    status = form.status if form and form.errors else 200
    return render(request, f"reviews/review.html#{part}", context, status=status)
