"""Texts that were kept for their writer because the draft was discarded."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from articles.forms.kept import in_words
from articles.kept import KeptText
from people.permissions import writes
from people.policy import SignedInRequest, checked_inside, policy


def own_kept_text(request: SignedInRequest, pk: int) -> KeptText:
    """The text, for who typed it."""
    return get_object_or_404(KeptText.objects.visible_to(request.user).select_related("discarded_by"), pk=pk)


@require_GET
@policy(writes)
def kept_texts(request: SignedInRequest) -> HttpResponse:
    """All of one's own."""
    texts = KeptText.objects.visible_to(request.user).select_related("discarded_by").defer("content", "typed")
    return render(request, "articles/kept_texts.html", {"texts": texts, "section": "articles"})


@require_GET
@checked_inside(own_kept_text)
def kept_text(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was typed, to be read and copied."""
    kept = own_kept_text(request, pk)
    return render(request, "articles/kept_text.html", {"kept": kept, "words": in_words(kept), "section": "articles"})


@require_GET
@checked_inside(own_kept_text)
def kept_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same as a file."""
    kept = own_kept_text(request, pk)
    name = f"{slugify(kept.title)[:80] or 'untitled'}-kept.{'md' if kept.content else 'txt'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(in_words(kept), content_type="text/plain; charset=utf-8", headers=headers)


@require_POST
@checked_inside(own_kept_text)
def forget_kept_text(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete it: its writer needs it no more."""
    own_kept_text(request, pk).forget()
    return redirect("articles:kept_texts")


def keep_late(request: SignedInRequest, article_id: int, number: int) -> KeptText:
    """Keep what a page sent whose draft is gone.

    Raises:
        Http404: this person never had such a draft open.
    """
    if (kept := KeptText.objects.keep_late(article_id, number, request.POST, by=request.user)) is None:
        raise Http404
    return kept
