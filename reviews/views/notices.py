"""Posting a notice on a public text: first the words, then what the public will read, then for good."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from articles.models import IllegalMove, Version
from articles.states import UNRETRACTED
from people.policy import SignedInRequest, checked_inside
from people.views import posted
from publications.record import Notice
from reviews.forms.notices import NoticeForm
from reviews.views.getters import noticeable_version
from reviews.views.moved_on import moved_on


@require_http_methods(["GET", "POST"])
@checked_inside(noticeable_version)
def post_notice(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Post a correction or an expression of concern, or end one."""
    version = noticeable_version(request, article_id, number)
    form = NoticeForm(posted(request), version=version, user=request.user)
    try:
        _expect_public(version)
        notice = form.preview() if form.is_bound else None
        if notice is None or form.shows:
            return _page(request, form, notice)
        form.post()
    except IllegalMove as error:
        return moved_on(request, version, error, typed=form.typed)
    messages.success(request, "Posted. It stands above the public text now; author and reviewers are told by e-mail.")
    return redirect(version)


def _expect_public(version: Version) -> None:
    if version.state not in UNRETRACTED:
        raise IllegalMove(f"Version {version.number} is {version.get_state_display().lower()}: nothing was changed.")


def _page(request: SignedInRequest, form: NoticeForm, notice: Notice | None) -> HttpResponse:
    """The notice as the public will read it, or the form."""
    is_shown = notice is not None and form.shows == "notice"
    context = {"form": form, "version": form.version, "notice": notice, "section": "articles"}
    template = "reviews/notice_confirm.html" if is_shown else "reviews/notice.html"
    return render(request, template, context, status=422 if form.errors else 200)
