"""The author's steps: submit, withdraw, discard, revise."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from articles.forms.gaps import gaps_of
from articles.forms.steps import ReasonForm, SubmitForm
from articles.likeness import lookalikes
from articles.models import IllegalMove, Version
from articles.views.getters import editable_version, revisable_article, submittable_version, withdrawable_version
from articles.views.stale import too_late
from content.readability import assess
from people.policy import SignedInRequest, checked_inside
from people.record import contributor_record
from people.views import posted


@require_http_methods(["GET", "POST"])
@checked_inside(submittable_version)
def submit(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """What is missing, what changed, how it was made; then the editors have it."""
    version = submittable_version(request, article_id, number)
    form = SubmitForm(posted(request), version=version)
    try:
        if request.method == "POST" and form.submit(by=request.user):
            messages.success(request, f"Submitted. The editors answer within {settings.TRIAGE_DAYS} days.")
            return redirect(version)
    except IllegalMove as error:
        return too_late(request, version, error)
    return _submit_page(request, form)


def _submit_page(request: SignedInRequest, form: SubmitForm) -> HttpResponse:
    version = form.version
    if not version.is_draft:
        return redirect(version)
    gaps = gaps_of(version)
    blocking = [gap for gap in gaps if gap.blocks]
    context = {"form": form, "version": version, "section": "articles", "disclosure": request.user.current_disclosure()}
    context |= {"blocking": blocking, "is_complete": not blocking, "advice": [gap for gap in gaps if not gap.blocks]}
    before = version.based_on
    context["is_unchanged"] = before is not None and before.document == version.document
    context["lookalikes"] = lookalikes(version, version.document, by=request.user)
    context["readability"] = assess(version.document)
    context["others"] = [contributor_record(each) for each in version.other_writers(request.user)]
    context["edit_url"] = reverse("articles:edit", args=(version.article_id, version.number))
    return render(request, "articles/submit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@checked_inside(withdrawable_version)
def withdraw(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Take a version out of the review, with a reason."""
    version = withdrawable_version(request, article_id, number)
    form = ReasonForm(posted(request))
    try:
        if form.is_valid():
            version.move("withdraw", by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, f"Version {number} is withdrawn. You can begin the next version when you like.")
            return redirect(version)
    except IllegalMove as error:
        return too_late(request, version, error)
    return _withdraw_page(request, version, form)


def _withdraw_page(request: SignedInRequest, version: Version, form: ReasonForm) -> HttpResponse:
    context = {"form": form, "version": version, "section": "articles"}
    return render(request, "articles/withdraw.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@checked_inside(editable_version)
def discard(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Ask, then delete a draft that was never submitted."""
    version = editable_version(request, article_id, number)
    if not version.is_draft:
        return too_late(request, version, ValidationError("Only a draft that was never submitted can be discarded."))
    if request.method != "POST":
        return render(request, "articles/discard.html", {"version": version, "section": "articles"})
    try:
        version.discard(by=request.user)
    except IllegalMove as error:
        return too_late(request, version, error)
    messages.success(request, f"The draft of “{version.title or 'Untitled article'}” is discarded.")
    return redirect("reviews:queue")


@require_POST
@checked_inside(revisable_article)
def revise(request: SignedInRequest, article_id: int) -> HttpResponse:
    """Begin the next version."""
    article = revisable_article(request, article_id)
    try:
        version = article.start_draft(by=request.user)
    except IllegalMove as error:
        return too_late(request, article.latest, error)
    return redirect("articles:edit", version.article_id, version.number)
