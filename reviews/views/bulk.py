"""What is done to many articles at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from articles.models import Version
from people.permissions import may_sort_articles
from people.policy import SignedInRequest, policy
from reviews.desk_bulk import Outcome
from reviews.forms.bulk import BulkForm

MOST_TOLD = 10


@require_POST
@policy(may_sort_articles)
def act(request: SignedInRequest) -> HttpResponse:
    """Label, prioritise, hand over, remind, decline; each article is asked for by itself."""
    form = BulkForm(request.POST, user=request.user)
    if form.is_valid():
        _tell(request, form.act(), form.done)
    elif form.wants_reason and "reason" in request.POST:
        return _asked(request, form, status=422)
    elif form.wants_reason:
        return redirect(f"{reverse('reviews:bulk_decline')}?{form.asking}")
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(form.back_url)


@require_GET
@policy(may_sort_articles)
def decline(request: SignedInRequest) -> HttpResponse:
    """Ask for the reason, at an address to which a sign-in leads back."""
    form = BulkForm(request.GET, user=request.user)
    return _asked(request, form) if form.wants_reason else redirect(form.back_url)


def _asked(request: SignedInRequest, form: BulkForm, status: int = 200) -> HttpResponse:
    chosen = Version.objects.visible_to(request.user).filter(pk__in=form.cleaned_data["version"])
    context = {"form": form, "chosen": chosen.only("title", "number", "article_id"), "section": "queue"}
    return render(request, "reviews/bulk_decline.html", context, status=status)


def _tell(request: SignedInRequest, outcome: Outcome, done: str) -> None:
    if outcome.done:
        messages.success(request, f"{_articles(outcome.done)} {done}.")
    for title, why in outcome.refused[:MOST_TOLD]:
        messages.warning(request, f"Not “{title}”: {why}")
    left = len(outcome.refused[MOST_TOLD:])
    if left:
        messages.warning(request, f"Nor {_articles(left)} more.")
    if outcome.missing:
        messages.warning(request, f"{_articles(outcome.missing)} could not be found.")


def _articles(count: int) -> str:
    return f"{count} article{'s'[: count != 1]}"
