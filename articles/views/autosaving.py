"""What the editor asks for by itself: to save, to say who else is here, to forget what was kept."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from articles.forms.draft import number_of
from articles.forms.keeping import Kept, State, keep
from articles.likeness import lookalikes
from articles.models import Fingerprint, Presence, Typing, Version
from articles.views.getters import editable_version
from articles.views.kept import keep_late
from content.schema import MAX_DIAGNOSES
from content.similarity import sketch
from people.policy import SignedInRequest, checked_inside


@require_POST
@checked_inside(editable_version)
def autosave(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Save or keep the whole form; answer with what became of it and the parts of the page that follow from it."""
    if request.POST.get("as") != str(request.user.pk):
        editable_version(request, article_id, number)
        return JsonResponse({"state": "stranger"}, status=409)
    try:
        version = editable_version(request, article_id, number)
    except Http404:
        url = keep_late(request, article_id, number).get_absolute_url()
        return JsonResponse({"state": "discarded", "url": url})
    before = Fingerprint.objects.filter(pk=version.pk).first()
    kept = keep(version, request.POST, by=request.user)
    if kept.state is not State.CLOSED:
        Presence.objects.seen(kept.version, request.user, kept.form.tab)
    return JsonResponse(
        _news(request, kept.version, kept.form.tab) | {"state": kept.state} | _parts(request, kept, before)
    )


@require_POST
@checked_inside(editable_version)
def pulse(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Say that a tab is still here, under what name it `was` before, or that it goes; answer with the news."""
    version = editable_version(request, article_id, number)
    tab = str(request.POST.get("tab", ""))
    if request.POST.get("leaving"):
        Presence.objects.left(version, request.user, tab)
        return HttpResponse(status=204)
    if version.is_draft:
        Presence.objects.left(version, request.user, str(request.POST.get("was", "")))
        Presence.objects.seen(version, request.user, tab)
    state = "open" if version.is_draft else State.CLOSED
    return JsonResponse(_news(request, version, tab) | {"state": state})


@require_POST
@checked_inside(editable_version)
def forget(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """Delete what was kept of this person's typing."""
    version = editable_version(request, article_id, number)
    Typing.objects.of(version, request.user).filter(pk=number_of(request.POST.get("kept", ""))).delete()
    return redirect("articles:edit", version.article_id, version.number)


def _news(request: SignedInRequest, version: Version, tab: str) -> dict[str, Any]:
    writer = Presence.objects.writer_of(version)
    others = {"people": Presence.objects.here(version, but=tab), "me": request.user}
    return {
        "writer": request.user.pk,
        "revision": version.revision,
        "is_mine": Presence.objects.has_written(version, request.user, tab),
        "saved_at": version.updated_at.isoformat(),
        "saved_by": _named(writer, request),
        "state_word": version.get_state_display(),
        "people": render_to_string("articles/_people.html", others),
    }


def _named(writer: Any, request: SignedInRequest) -> str:
    if writer is None:
        return "Somebody else"
    return "You, in another tab," if writer.pk == request.user.pk else str(writer.display_name)


def _parts(request: SignedInRequest, kept: Kept, before: Fingerprint | None) -> dict[str, Any]:
    """The parts of the page that follow from what is typed; look-alikes when what they are found by is new."""
    form = kept.form
    is_new = before is None or sketch(form.content_here) != before.sketch
    context = {"draft": form, "version": form.version, "article": form.version.article}
    context["is_full"] = len(form.diagnoses) >= MAX_DIAGNOSES
    context["lookalikes"] = lookalikes(form.version, form.content_here, by=request.user) if is_new else None
    return {
        "errors": [{"place": place, "sentence": sentence} for place, sentence in form.errors],
        "parts": render_to_string("articles/_live.html", context, request=request),
    }
