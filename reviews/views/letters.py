"""The desk of letters from readers: a queue with a clock, and what editors do with a letter."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from people import permissions
from people.permissions import may_read_letters
from people.policy import SignedInRequest, policy
from reviews.forms.letters import (
    PAGE_SIZE,
    VIEWS,
    CloseForm,
    HandOverForm,
    LettersForm,
    OnLetterForm,
    ReplyForm,
    TakeForm,
    VersionForm,
    in_view,
)
from reviews.models import ReaderLetter

FORMS: dict[str, type[OnLetterForm]] = {
    "taking": TakeForm,
    "handing": HandOverForm,
    "replying": ReplyForm,
    "closing": CloseForm,
    "revising": VersionForm,
}
MOST_COUNTED = 1_000


@require_GET
@policy(may_read_letters)
def letter_list(request: SignedInRequest) -> HttpResponse:
    """A page of letters, the most pressing first."""
    form = LettersForm(request.GET)
    asked = form.asked()
    number = int(asked.get("page", 1))
    first = (number - 1) * PAGE_SIZE
    found = list(form.found(request.user).with_names()[first : first + PAGE_SIZE + 1])
    context = {"form": form, "letters": found[:PAGE_SIZE], "section": "letters", "asked": asked}
    context["views"] = _views(request, form, asked.get("view", "open"))
    context["previous_url"] = form.url(page=number - 1) if number > 1 else ""
    context["next_url"] = form.url(page=number + 1) if len(found) > PAGE_SIZE else ""
    return render(request, "reviews/letters.html", context)


def _views(request: SignedInRequest, form: LettersForm, current: str) -> list[dict[str, Any]]:
    """The views with how much is in each; those that are past are not counted."""
    shown = []
    for key, label, icon in VIEWS:
        count = None if key == "closed" else in_view(key, request.user).order_by()[:MOST_COUNTED].count()
        url = form.url(view=key, page=None)
        shown.append({"label": label, "icon": icon, "url": url, "is_current": key == current, "count": count})
    return shown


@require_GET
@policy(may_read_letters)
def letter_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """One letter, and what this editor can do with it."""
    return _page(request, _letter(pk))


@require_POST
@policy(may_read_letters)
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make it one's own."""
    return _act(request, pk, "taking")


@require_POST
@policy(may_read_letters)
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give it to a colleague."""
    return _act(request, pk, "handing")


@require_POST
@policy(may_read_letters)
def reply(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer by mail."""
    return _act(request, pk, "replying")


@require_POST
@policy(may_read_letters)
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close it with an outcome."""
    return _act(request, pk, "closing")


@require_POST
@policy(may_read_letters)
def revise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Deal with it in a new version; a question is put into its text."""
    return _act(request, pk, "revising")


def _letter(pk: int) -> ReaderLetter:
    return get_object_or_404(ReaderLetter.objects.with_names().select_related("duplicate_of", "came_with"), pk=pk)


def _act(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Do it and come back; or show the page as it is now, with what was typed and why it was not done."""
    form = FORMS[name](request.POST, letter=_letter(pk))
    if form.do(by=request.user):
        messages.success(request, form.said)
        return redirect("letters:letter", pk)
    return _page(request, _letter(pk), status=form.status, **{name: form})


def _page(request: SignedInRequest, letter: ReaderLetter, *, status: int = 200, **forms: OnLetterForm) -> HttpResponse:
    shown = {name: forms.get(name) or kind(letter=letter) for name, kind in FORMS.items()}
    for form in forms.values():
        form.see_anew(seen=str(letter.revision))
    context = {"letter": letter, "section": "letters", "returned": next(iter(forms.values()), None)}
    context["may_handle"] = permissions.may_handle_letter(request.user, letter) and not letter.is_closed
    context["is_mine"] = letter.holder_id == request.user.pk
    context["waits_for"] = letter.article.versions.filter(number=letter.awaits_number or 0).first()
    context["newest"] = letter.article.latest
    context["is_only_editor"] = not letter.possible_holders().exclude(pk=request.user.pk).exists()
    return render(request, "reviews/letter.html", context | shown, status=status)
