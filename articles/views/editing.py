"""Writing a draft."""

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from articles.forms.actions import Done, apply
from articles.forms.comparison import compare
from articles.forms.draft import DraftForm, number_of
from articles.likeness import citation_of, lookalikes
from articles.models import EditConflict, IllegalMove, Presence, Typing, Version
from articles.twins import compare as compare_with_others
from articles.views.getters import editable_version
from articles.views.kept import keep_late
from content.citing import Identifier
from content.schema import MAX_DIAGNOSES, MAX_QUESTIONS, MAX_REFERENCES, MAX_TERMS
from people.permissions import may_submit
from people.policy import SignedInRequest, checked_inside

MOST_OFFERED = 3


@require_http_methods(["GET", "POST"])
@checked_inside(editable_version)
def edit(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """The editor. Every button of it sends the whole form here."""
    try:
        version = editable_version(request, article_id, number)
    except Http404:
        if request.method != "POST":
            raise
        return redirect(keep_late(request, article_id, number))
    if request.method == "POST":
        return _save(request, version, apply(request.POST))
    if not version.is_draft:
        return redirect(version)
    return _page(request, DraftForm(version), typings=_unsaved(request, version))


@require_POST
@checked_inside(editable_version)
def restore(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Show what this browser (or the portal, under the number `kept`) had kept of an unsaved text. Nothing is saved."""
    version = editable_version(request, article_id, number)
    form = DraftForm(version, _kept(request, version) or request.POST)
    form.tab = uuid.uuid4().hex
    rows = compare(DraftForm(version), form) if form.based_on != version.revision else None
    form.based_on = version.revision
    return _page(request, form, unsaved=True, restored=True, rows=rows)


@require_POST
@checked_inside(editable_version)
def take_theirs(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """After a conflict: the editor with the text as it is saved, one's own beside it. Nothing is saved."""
    version = editable_version(request, article_id, number)
    theirs, mine = DraftForm(version), DraftForm(version, request.POST)
    return _page(request, theirs, rows=compare(theirs, mine), took_theirs=True)


def _kept(request: SignedInRequest, version: Version) -> QueryDict | None:
    which = number_of(request.POST.get("kept", ""))
    kept = Typing.objects.of(version, request.user).filter(pk=which).first()
    return kept.as_sent(version) if kept else None


def _unsaved(request: SignedInRequest, version: Version) -> list[Typing]:
    """What this person typed that is not saved; what says the same as the draft is no loss and is forgotten."""
    found = list(Typing.objects.of(version, request.user)[:MOST_OFFERED])
    same = [each for each in found if DraftForm(version, each.as_sent(version)).says_what_is_saved]
    Typing.objects.filter(pk__in=[each.pk for each in same]).delete()
    return [each for each in found if each not in same]


def _save(request: SignedInRequest, version: Version, done: Done) -> HttpResponse:
    if done.adds:
        _cite(request, *done.adds, done.typed)
    form = DraftForm(version, done.typed)
    if done.problem:
        form.lookup.refuse(done.problem)
    try:
        saved = form.save(by=request.user)
    except EditConflict as conflict:
        return _conflict(request, form, conflict.theirs)
    except IllegalMove:
        now = Version.objects.with_people().filter(pk=version.pk).first()
        return _conflict(request, form, now or version, is_gone=now is None)
    if saved is None:
        return _page(request, form, status=422, unsaved=True)
    compare_with_others(saved.pk)
    if done.settles is not None:
        saved.settle_doubt(done.settles, by=request.user)
    return redirect(_address(saved, done.then, form.final_place(done.place)))


def _cite(request: SignedInRequest, key: str, identifier: Identifier, typed: QueryDict) -> None:
    """Fill in what an article that this person may read says of the same source."""
    for name, value in citation_of(identifier, by=request.user).items():
        if value:
            typed[f"reference-{key}_{name}"] = value


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
        "lookalikes": lookalikes(version, form.content_here, by=request.user),
        "people": Presence.objects.here(version, but=form.tab).exclude(user=request.user),
        "me": request.user,
        "saver": Presence.objects.writer_of(version) if context.get("rows") else None,
        "holds": bool(context.get("restored") or (context.get("rows") is not None and not context.get("took_theirs"))),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "doubts_at": form.doubts_at,
        "may_submit": may_submit(request.user, version),
        "is_full": len(form.diagnoses) >= MAX_DIAGNOSES,
        "has_all_references": len(form.references) >= MAX_REFERENCES,
        "has_all_questions": len(form.questions) >= MAX_QUESTIONS,
        "has_all_terms": len(form.terms) >= MAX_TERMS,
        "was_just_saved": "saved" in request.GET,
        "section": "articles",
    }
    return render(request, "articles/edit.html", context, status=status)
