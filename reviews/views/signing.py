"""Signing: a short confirmation that repeats what is signed, behind a fresh sign-in."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.accounts import is_fresh, path_to_prove
from people.policy import SignedInRequest, checked_inside
from people.proof import Proof, proof_for
from reviews.forms.checklist import AnswersForm
from reviews.forms.reviewing import DeclineForm, NoteForm, SignForm
from reviews.models import Assignment, ChecklistItem, Decision, Finding
from reviews.outcome import aftermath, next_review
from reviews.reading import Reading
from reviews.states import AssignmentState, Verdict
from reviews.views.reviewing import own_assignment, too_late, wants_part

ELSEWHERE = "prove_elsewhere"  # the button that leads to the page of passkeys


def own_decision(request: SignedInRequest, pk: int) -> Decision:
    """What this reviewer signed under an assignment."""
    signed = Decision.objects.filter(assignment__in=Assignment.objects.of_reviewer(request.user))
    found = signed.select_related("version__article", "rereview__version__article", "assignment")
    return get_object_or_404(found, assignment=pk)


@sensitive_post_parameters("password", "code")
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
    answers = _answers(request, assignment, form["verdict"].value())
    if not assignment.is_outstanding or not SignForm.names_text(request.GET):
        return redirect(assignment)
    proof = proof_for(request, request.user)
    if proof is None and not is_fresh(request, request.user):
        return redirect(path_to_prove(request.user, back=request.get_full_path()))
    return _page(request, assignment, form, answers, proof=proof)


@require_POST
@checked_inside(own_assignment)
def close_before_signing(request: SignedInRequest, pk: int, finding: int) -> HttpResponse:
    """Close an own finding from the confirmation, and come back to it with all that was filled in."""
    assignment, form = own_assignment(request, pk), SignForm(request.POST)
    form.keep(assignment, _answers(request, assignment).given, by=request.user)
    get_object_or_404(Finding, pk=finding, reviewer=request.user).close(by=request.user)
    return redirect(_back(assignment, form))


@require_POST
@checked_inside(own_assignment)
def keep_note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hold on to the notes and the answers to the checklist while they are being written."""
    assignment, form = own_assignment(request, pk), NoteForm(request.POST)
    answers = _answers(request, assignment)
    if not form.is_valid() or not answers.is_valid():
        return HttpResponse("Not saved: a note is too long.", status=422)
    assignment.keep(by=request.user, answers=answers.given, **form.given)
    if wants_part(request):
        return HttpResponse("Saved.")
    return redirect(f"{assignment.get_absolute_url()}#your_review")


@require_GET
@checked_inside(own_decision)
def signed(request: SignedInRequest, pk: int) -> HttpResponse:
    """What happened, and what is next."""
    decision = own_decision(request, pk)
    context = {"decision": decision, "aftermath": aftermath(decision), "next_review": next_review(request.user)}
    return render(request, "reviews/signed.html", context | {"section": "queue"})


def _sign(request: SignedInRequest, assignment: Assignment) -> HttpResponse:
    form, answers = SignForm(request.POST), _answers(request, assignment, request.POST.get("verdict"))
    form.keep(assignment, answers.given, by=request.user)
    proof = proof_for(request, request.user)
    if proof and proof.was_sent and ELSEWHERE not in request.POST:
        if not proof.holds():
            return _page(request, assignment, form, answers, proof=proof, status=422)
    elif not is_fresh(request, request.user):
        return redirect(path_to_prove(request.user, back=_back(assignment, form)))
    if answers.is_valid() and form.sign(assignment, answers.given, by=request.user):
        return redirect("reviews:signed", assignment.pk)
    if form.came_too_late:
        return too_late(request, assignment, form.objections, typed=form.typed)
    return _page(request, assignment, form, answers, status=form.status)


def _page(
    request: SignedInRequest,
    assignment: Assignment,
    form: SignForm,
    answers: AnswersForm,
    *,
    status: int = 200,
    proof: Proof | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "reading": Reading(
            assignment, request.user, decline=DeclineForm(initial={"conflict": True}, auto_id="decline_%s")
        ),
        "form": form,
        "answers": answers,
        "proof": proof,
        "verdict": form["verdict"].value(),
        "is_approval": form["verdict"].value() == Verdict.APPROVE,
        "disclosure": request.user.current_disclosure(),
        "section": "queue",
    }
    return render(request, "reviews/sign.html", context, status=status)


def _answers(request: SignedInRequest, assignment: Assignment, verdict: str | None = None) -> AnswersForm:
    """The checklist as it was sent, or as it was kept; an approval affirms what has no answer."""
    return AnswersForm(
        request.POST if request.method == "POST" else None,
        items=ChecklistItem.objects.asked(),
        kept=assignment.checklist,
        approved=assignment.version.document if verdict == Verdict.APPROVE else None,
    )


def _kept(request: SignedInRequest, assignment: Assignment) -> dict[str, Any]:
    """What the form starts from: what the reading page handed over, and what was filled in before."""
    known = {name: request.GET.get(name, "") for name in ("verdict", "content_sha256")}
    kept = {"note": assignment.draft_note, "confidential_note": assignment.draft_confidential_note}
    return known | kept | {"no_conflict": True}


def _back(assignment: Assignment, form: SignForm) -> str:
    """The confirmation of the same; what was filled in is stored."""
    known = {name: form.cleaned_data.get(name, "") for name in ("verdict", "content_sha256")}
    return f"{reverse('reviews:sign', args=(assignment.pk,))}?{urlencode(known)}"
