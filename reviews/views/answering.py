"""An invitation answered from its mail, without signing in (`reviews.links`)."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from people.policy import View, public
from people.views import posted
from reviews.forms.reviewing import DeclineForm
from reviews.links import Asked, follow

type Answer = Callable[[HttpRequest, Asked], HttpResponse]


def by_mail(answer: Answer) -> View[str]:
    """A page that a link in a mail opens; one that cannot be answered any more says what became of it."""

    @wraps(answer)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        asked = follow(token)
        if asked is None:
            response = render(request, "reviews/answer_void.html", status=404)
        elif not asked.is_open:
            response = render(request, "reviews/answered.html", {"asked": asked, "assignment": asked.assignment})
        else:
            response = answer(request, asked)
        response.headers["Referrer-Policy"] = "same-origin"  # the address itself is the key
        return response

    return public(never_cache(require_http_methods(["GET", "HEAD", "POST"])(page)))


@by_mail
def accept(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Agree to review."""
    if request.method == "POST":
        return _answer(request, lambda: asked.assignment.accept(by=asked.assignment.reviewer))
    return _page(request, "accept", asked)


@by_mail
def decline(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Say no, with a reason."""
    form = DeclineForm(posted(request))
    if request.method == "POST":
        if form.decline(asked.assignment, by=asked.assignment.reviewer) or form.came_too_late:
            return redirect(request.path)
        return _page(request, "decline", asked, status=form.status, form=form)
    return _page(request, "decline", asked, form=form)


def _answer(request: HttpRequest, act: Callable[[], None]) -> HttpResponse:
    """Do it, and show what has become of the invitation, whoever was quicker."""
    with suppress(ValidationError):
        act()
    return redirect(request.path)


def _page(request: HttpRequest, name: str, asked: Asked, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"assignment": asked.assignment, "version": asked.assignment.version, **more}
    return render(request, f"reviews/{name}_by_mail.html", context, status=status)
