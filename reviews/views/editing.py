"""What editors do with a version: assign, chase, cancel, decline, send back, retract."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.views.decorators.http import require_http_methods, require_POST

from articles.models import IllegalMove, Version
from articles.states import IN_REVIEW
from people.policy import SignedInRequest, checked_inside
from people.views import posted
from reviews import ladder
from reviews.alternates import line_of
from reviews.forms.assigning import AssignForm
from reviews.forms.editing import CancelForm, DeclineForm, RemindForm, RetractForm, SendBackForm, StepForm
from reviews.views.getters import handled_assignment, handled_version
from reviews.views.moved_on import moved_on


@require_http_methods(["GET", "POST"])
@checked_inside(handled_version)
def assign(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Choose reviewers among those who may review this version, and ask them."""
    version = handled_version(request, article_id, number)
    form = AssignForm(posted(request), version=version)
    try:
        _expect(version, version.state in IN_REVIEW)
        if done := form.invite(by=request.user):
            return _back(request, version, done)
    except IllegalMove as error:
        return moved_on(request, version, error, typed=form.typed)
    return _page(request, "reviews/assign.html", version, form)


@require_POST
@checked_inside(handled_version)
def remind(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Chase who has to act on this version: one reviewer, or whoever it waits for."""
    version, form = handled_version(request, article_id, number), RemindForm(request.POST)
    try:
        form.expect(version)
        reminded = ladder.remind(version.article, by=request.user, whom=form.whom)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(version)
    names = get_text_list(sorted({user.display_name for user in reminded}), "and")
    return _back(request, version, f"Reminded by e-mail: {names}.")


@require_http_methods(["GET", "POST"])
@checked_inside(handled_version)
def decline(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Turn a submitted version down."""
    version = handled_version(request, article_id, number)
    form = DeclineForm(posted(request))
    return _take(request, version, form, "reviews/decline.html", "Declined. The author is told the reason by e-mail.")


@require_http_methods(["GET", "POST"])
@checked_inside(handled_version)
def send_back(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """End the round and ask the author for changes."""
    version = handled_version(request, article_id, number)
    form = SendBackForm(posted(request))
    return _take(request, version, form, "reviews/send_back.html", "Sent back. It is the author’s turn.")


@require_http_methods(["GET", "POST"])
@checked_inside(handled_version)
def retract(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Take a public article back: first the reason, then what the public will read, then for good."""
    version = handled_version(request, article_id, number)
    form = RetractForm(posted(request))
    if form.is_valid() and version.is_public and form.shows:
        template = "reviews/retract.html" if form.shows == "reason" else "reviews/retract_confirm.html"
        return _page(request, template, version, form, notice=form.notice(request.user))
    return _take(request, version, form, "reviews/retract.html", "Retracted. The public page is the notice now.")


@require_http_methods(["GET", "POST"])
@checked_inside(handled_assignment)
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a reviewer off a version."""
    assignment = handled_assignment(request, pk)
    version, name = assignment.version, assignment.reviewer.display_name
    form = CancelForm(posted(request), line=line_of(version))
    try:
        _expect(version, assignment.is_outstanding)
        if form.cancel(assignment, by=request.user):
            return _back(request, version, f"{name} is no longer asked to review.")
    except IllegalMove as error:
        return moved_on(request, version, error, typed=form.typed)
    return _page(request, "reviews/cancel.html", version, form, assignment=assignment)


def _take(request: SignedInRequest, version: Version, form: StepForm, template: str, done: str) -> HttpResponse:
    """Take the form's step and say so, or show the form."""
    try:
        _expect(version, version.step(form.step) is not None)
        if form.take(version, by=request.user):
            return _back(request, version, done)
    except IllegalMove as error:
        return moved_on(request, version, error, typed=form.typed)
    return _page(request, template, version, form)


def _expect(version: Version, holds: bool) -> None:
    """Raise IllegalMove for a version that has moved on."""
    if not holds:
        raise IllegalMove(f"Version {version.number} is {version.get_state_display().lower()}: nothing was changed.")


def _page(request: SignedInRequest, template: str, version: Version, form: Form, **more: Any) -> HttpResponse:
    context = {"form": form, "version": version, "section": "articles"} | more
    return render(request, template, context, status=422 if form.errors else 200)


def _back(request: SignedInRequest, version: Version, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect(version)
