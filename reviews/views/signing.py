"""Signing: a short confirmation that repeats what is signed, behind a fresh sign-in."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.accounts import is_fresh, path_to_prove
from people.policy import SignedInRequest, checked_inside
from reviews.forms.reviewing import NoteForm, SignForm
from reviews.models import Assignment, Decision, Finding
from reviews.outcome import aftermath, next_review
from reviews.reading import Reading
from reviews.states import AssignmentState, Verdict
from reviews.views.reviewing import own_assignment, too_late


def own_decision(request: SignedInRequest, pk: int) -> Decision:
    """What this reviewer signed under an assignment."""
    signed = Decision.objects.filter(assignment__in=Assignment.objects.of_reviewer(request.user))
    return get_object_or_404(signed.select_related("version__article", "assignment"), assignment=pk)


@require_http_methods(["GET", "POST"])
@checked_inside(own_assignment)
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm and sign. The hash comes from the reading page, so that what is signed is what was on the screen."""
    assignment = own_assignment(request, pk)
    if request.method == "POST":
        return _sign(request, assignment)
    if assignment.state == AssignmentState.SIGNED:
        return redirect("reviews:signed", pk)
    form = SignForm(initial=_kept(request, assignment))
    if not assignment.is_outstanding or not SignForm.names_text(request.GET):
        return redirect(assignment)
    if not is_fresh(request, request.user):
        return redirect(path_to_prove(request.user, back=request.get_full_path()))
    return _page(request, assignment, form)


@require_POST
@checked_inside(own_assignment)
def close_before_signing(request: SignedInRequest, pk: int, finding: int) -> HttpResponse:
    """Close an own finding from the confirmation, and come back to it with all that was filled in."""
    assignment, form = own_assignment(request, pk), SignForm(request.POST)
    form.keep(assignment, by=request.user)
    get_object_or_404(Finding, pk=finding, reviewer=request.user).close(by=request.user)
    return redirect(_remember(request, assignment, form))


@require_POST
@checked_inside(own_assignment)
def keep_note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hold on to the note while it is being written."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Not saved: the note is too long.", status=422)
    own_assignment(request, pk).keep_note(form.cleaned_data["note"], by=request.user)
    return HttpResponse("The note is saved.")


@require_GET
@checked_inside(own_decision)
def signed(request: SignedInRequest, pk: int) -> HttpResponse:
    """What happened, and what is next."""
    decision = own_decision(request, pk)
    context = {"decision": decision, "aftermath": aftermath(decision), "next_review": next_review(request.user)}
    return render(request, "reviews/signed.html", context | {"section": "queue"})


def _sign(request: SignedInRequest, assignment: Assignment) -> HttpResponse:
    form = SignForm(request.POST)
    form.keep(assignment, by=request.user)
    if not is_fresh(request, request.user):
        return redirect(path_to_prove(request.user, back=_remember(request, assignment, form)))
    if form.sign(assignment, by=request.user):
        request.session.pop(_pending(assignment), None)
        return redirect("reviews:signed", assignment.pk)
    if form.came_too_late:
        return too_late(request, assignment, form.objections, typed=form.typed)
    return _page(request, assignment, form, status=form.status)


def _page(request: SignedInRequest, assignment: Assignment, form: SignForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "reading": Reading(assignment, request.user),
        "form": form,
        "verdict": form["verdict"].value(),
        "is_approval": form["verdict"].value() == Verdict.APPROVE,
        "disclosure": request.user.current_disclosure(),
        "section": "queue",
    }
    return render(request, "reviews/sign.html", context, status=status)


def _kept(request: SignedInRequest, assignment: Assignment) -> dict[str, Any]:
    """What the form starts from: what the reading page handed over, and what was filled in before."""
    known = {name: request.GET.get(name, "") for name in ("verdict", "content_sha256")}
    return known | {"note": assignment.draft_note, "no_conflict": request.session.get(_pending(assignment), False)}


def _remember(request: SignedInRequest, assignment: Assignment, form: SignForm) -> str:
    """Keep what was filled in but the note, which is stored; return the address to come back to."""
    request.session[_pending(assignment)] = bool(form.cleaned_data.get("no_conflict"))
    known = {name: form.cleaned_data.get(name, "") for name in ("verdict", "content_sha256")}
    return f"{reverse('reviews:sign', args=(assignment.pk,))}?{urlencode(known)}"


def _pending(assignment: Assignment) -> str:
    return f"signing-{assignment.pk}"
