"""Writing a draft."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from articles.forms.actions import Done, apply
from articles.forms.comparison import compare
from articles.forms.draft import DraftForm
from articles.models import Article, EditConflict, IllegalMove, Version
from articles.views.getters import editable_version
from content.schema import MAX_DIAGNOSES, MAX_REFERENCES
from people.permissions import may_submit
from people.policy import SignedInRequest, checked_inside

MOST_TWINS = 3


@require_http_methods(["GET", "POST"])
@checked_inside(editable_version)
def edit(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """The editor. Every button of it sends the whole form here."""
    version = editable_version(request, article_id, number)
    if request.method == "POST":
        return _save(request, version, apply(request.POST))
    if not version.is_draft:
        return redirect(version)
    return _page(request, DraftForm(version))


@require_POST
@checked_inside(editable_version)
def restore(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Show what this browser had kept of an unsaved text. Nothing is saved."""
    version = editable_version(request, article_id, number)
    return _page(request, DraftForm(version, request.POST), unsaved=True, restored=True)


@require_POST
@checked_inside(editable_version)
def take_theirs(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """After a conflict: the editor with the text as it is saved, one's own beside it. Nothing is saved."""
    version = editable_version(request, article_id, number)
    theirs, mine = DraftForm(version), DraftForm(version, request.POST)
    return _page(request, theirs, rows=compare(theirs, mine), took_theirs=True)


def _save(request: SignedInRequest, version: Version, done: Done) -> HttpResponse:
    form = DraftForm(version, done.typed)
    try:
        saved = form.save(by=request.user)
    except EditConflict as conflict:
        return _conflict(request, form, conflict.theirs)
    except IllegalMove:
        now = Version.objects.with_people().filter(pk=version.pk).first()
        return _conflict(request, form, now or version, is_gone=now is None)
    if saved is None:
        return _page(request, form, status=422, unsaved=True)
    if done.settles is not None:
        saved.settle_doubt(done.settles, by=request.user)
    return redirect(_address(saved, done.then, form.final_place(done.place)))


def _address(version: Version, then: str, place: str) -> str:
    address = reverse(f"articles:{then}", args=(version.article_id, version.number))
    if then != "edit":
        return address
    return f"{address}?saved=1#{place}" if place else f"{address}?saved=1"


def _conflict(request: SignedInRequest, mine: DraftForm, theirs: Version, *, is_gone: bool = False) -> HttpResponse:
    """Both texts; the form goes on from theirs, so that saving it again is a decision."""
    mine.version, mine.based_on = theirs, theirs.revision
    rows = compare(DraftForm(theirs), mine)
    return _page(request, mine, status=409, rows=rows, unsaved=True, is_gone=is_gone)


def _page(request: SignedInRequest, form: DraftForm, *, status: int = 200, **context: Any) -> HttpResponse:
    version = form.version
    context |= {
        "draft": form,
        "version": version,
        "article": version.article,
        "twins": _twins(request, version),
        "doubts_at": form.doubts_at,
        "may_submit": may_submit(request.user, version),
        "is_full": len(form.diagnoses) >= MAX_DIAGNOSES,
        "has_all_references": len(form.references) >= MAX_REFERENCES,
        "was_just_saved": "saved" in request.GET,
        "section": "articles",
    }
    return render(request, "articles/edit.html", context, status=status)


def _twins(request: SignedInRequest, version: Version) -> Iterable[Article]:
    """Other articles of this title, as long as the draft can be one too many; none that the reader may not see."""
    if version.number > 1 or not version.title:
        return ()
    return Article.objects.twins_of(version).visible_to(request.user)[:MOST_TWINS]
