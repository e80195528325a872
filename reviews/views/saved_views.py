"""Views of the queue that somebody saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from people.permissions import may_enter_desk
from people.policy import SignedInRequest, checked_inside, policy
from reviews.forms.saved_views import NameForm, SaveViewForm
from reviews.models import SavedView


def own_view(request: SignedInRequest, pk: int) -> SavedView:
    """A saved view, for whose it is."""
    return get_object_or_404(SavedView, pk=pk, user=request.user)


@require_http_methods(["GET", "POST"])
@policy(may_enter_desk)
def saved_views(request: SignedInRequest) -> HttpResponse:
    """One's saved views; and a new one."""
    form = SaveViewForm(request.POST, user=request.user) if request.method == "POST" else None
    if form is not None and (kept := form.keep()):
        messages.success(request, f"“{kept.name}” is saved. It stands in the list of views, with its count.")
        return redirect(form.wanted.url)
    return _page(request, form=form)


@require_POST
@checked_inside(own_view)
def rename_view(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give one another name."""
    view = own_view(request, pk)
    form = NameForm(request.POST)
    if form.rename(view):
        messages.success(request, f"It is called “{view.name}” now.")
        return redirect("reviews:saved_views")
    return _page(request, renaming=(view.pk, form))


@require_POST
@checked_inside(own_view)
def remove_view(request: SignedInRequest, pk: int) -> HttpResponse:
    """Forget one."""
    view = own_view(request, pk)
    view.delete()
    messages.success(request, f"“{view.name}” is removed. No article was changed.")
    return redirect("reviews:saved_views")


def _page(
    request: SignedInRequest, *, form: SaveViewForm | None = None, renaming: tuple[int, NameForm] | None = None
) -> HttpResponse:
    forms: dict[int, Any] = {view.pk: NameForm(initial={"name": view.name}) for view in request.user.saved_views.all()}
    forms |= dict([renaming] if renaming else [])
    views = [(view, forms[view.pk]) for view in request.user.saved_views.all()]
    context = {"form": form, "views": views, "section": "queue"}
    return render(request, "reviews/saved_views.html", context, status=422 if form or renaming else 200)
