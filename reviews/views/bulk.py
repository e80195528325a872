"""What is done to many articles at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

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
    elif form.wants_reason:
        chosen = Version.objects.visible_to(request.user).filter(pk__in=form.cleaned_data["version"])
        context = {"form": form, "chosen": chosen.only("title", "number", "article_id"), "section": "queue"}
        context["is_first"] = "reason" not in request.POST
        return render(request, "reviews/bulk_decline.html", context, status=200 if context["is_first"] else 422)
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(form.back_url)


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
