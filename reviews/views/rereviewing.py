"""What editors do with a public version whose review date comes due: have it confirmed, or have it revised."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from articles.models import IllegalMove, Version
from people.policy import SignedInRequest, checked_inside
from people.views import posted
from reviews.forms.rereviewing import ConfirmForm, RevisionForm, StopForm
from reviews.models import Rereview
from reviews.views.getters import handled_version
from reviews.views.moved_on import moved_on


@require_http_methods(["GET", "POST"])
@checked_inside(handled_version)
def ask_to_confirm(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Begin a light round on a public version, or ask more reviewers in the one that goes on."""
    version = handled_version(request, article_id, number)
    form = ConfirmForm(posted(request), version=version)
    try:
        if form.rereview is None:
            Rereview.objects.check_may_begin(version)
        if asked := form.ask(by=request.user):
            names = ", ".join(user.display_name for user in asked)
            return _back(request, version, f"Asked to confirm it, by e-mail: {names}.")
    except IllegalMove as error:
        return moved_on(request, version, error, typed=form.typed)
    return _page(request, "reviews/ask_to_confirm.html", version, form)


@require_http_methods(["GET", "POST"])
@checked_inside(handled_version)
def stop(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """End the round that goes on, without a result."""
    version = handled_version(request, article_id, number)
    form = StopForm(posted(request))
    try:
        if form.stop(_open(version), by=request.user):
            return _back(request, version, "The re-review was stopped. Those who were asked are told.")
    except IllegalMove as error:
        return moved_on(request, version, error, typed=form.typed)
    return _page(request, "reviews/stop_rereview.html", version, form)


@require_http_methods(["GET", "POST"])
@checked_inside(handled_version)
def request_revision(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Ask the owner of a public version for a new one, without a round."""
    version = handled_version(request, article_id, number)
    form = RevisionForm(posted(request))
    try:
        Rereview.objects.check_may_begin(version)
        if form.request(version, by=request.user):
            return _back(request, version, "It is the owner’s turn now. The public page stays as it is.")
    except IllegalMove as error:
        return moved_on(request, version, error, typed=form.typed)
    return _page(request, "reviews/request_revision.html", version, form)


def _open(version: Version) -> Rereview:
    rereview = Rereview.objects.open_on(version)
    if rereview is None:
        raise IllegalMove("No re-review goes on here: nothing was changed.")
    return rereview


def _page(request: SignedInRequest, template: str, version: Version, form: Form) -> HttpResponse:
    context = {"form": form, "version": version, "section": "articles"}
    return render(request, template, context, status=422 if form.errors else 200)


def _back(request: SignedInRequest, version: Version, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect(version)
