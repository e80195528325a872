"""The words that the public search takes for the same."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from articles.models import IllegalMove
from people.permissions import may_keep_site
from people.policy import SignedInRequest, policy
from people.views import posted
from publications.finding.synonyms import Group, group, groups
from reviews.forms.synonyms import NEW, SynonymsForm, change

SECTION = {"section": "site"}


@require_http_methods(["GET", "POST"])
@policy(may_keep_site)
def synonyms(request: SignedInRequest) -> HttpResponse:
    """Every group, and a new one."""
    form = SynonymsForm(posted(request), group=NEW)
    if form.is_bound and form.keep(by=request.user):
        messages.success(request, f"Readers who look for one of them find all: {_said(form)}.")
        return redirect("reviews:synonyms")
    context = SECTION | {"groups": groups(), "form": form}
    return render(request, "reviews/synonyms.html", context, status=form.status if form.errors else 200)


@require_http_methods(["GET", "POST"])
@policy(may_keep_site)
def edit_synonyms(request: SignedInRequest, number: int) -> HttpResponse:
    """Change the words of one group."""
    standing = NEW if request.method == "POST" and not group(number) else _group(number)  # what was typed is not lost
    form = SynonymsForm(posted(request), group=standing)
    if form.is_bound and form.keep(by=request.user):
        messages.success(request, f"These are equal now: {_said(form)}.")
        return redirect("reviews:synonyms")
    if form.came_too_late:
        form.see_words(group(number) or NEW)
    context = SECTION | {"group": form.group, "form": form}
    return render(request, "reviews/edit_synonyms.html", context, status=form.status if form.errors else 200)


@require_POST
@policy(may_keep_site)
def remove_synonyms(request: SignedInRequest, number: int) -> HttpResponse:
    """Let the words of a group be different again."""
    standing = _group(number)
    try:
        change(standing, (), by=request.user)
        messages.success(request, f"No longer equal: {standing.said}.")
    except IllegalMove as error:
        messages.error(request, str(error))
    return redirect("reviews:synonyms")


def _said(form: SynonymsForm) -> str:
    return " = ".join(form.cleaned_data["words"])


def _group(number: int) -> Group:
    found = group(number)
    if found is None:
        raise Http404
    return found
