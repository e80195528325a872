"""An article as files: a PDF for each reader, and the picture beside a shared link."""

from functools import lru_cache, wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string

from people.policy import View
from publications import printing
from publications.allowance import Allowance, Exhausted
from publications.models import Publication
from publications.pages import PageView, answer, public_page
from publications.printing import Reader

#: A process answers one request after the other: nobody reads a page while it sets a file. A robot that fetches the
#: files of all articles gets what a fifth of the time can make; half a second is some fifteen files.
SETTING = Allowance(share=0.2, most=0.5)


def file_page[**P](view: PageView[P]) -> View[P]:
    """A public page that is a file: to be asked for later while too many are asked for."""

    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            with SETTING.spend():
                return view(request, *args, **kwargs)
        except Exhausted as exhausted:
            headers = {"Retry-After": str(exhausted.seconds), "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
            later = HttpResponse(_later(exhausted.seconds), status=503, headers=headers)
            vars(later)["_has_been_logged"] = True  # as Django marks what is no news: a robot would fill the log
            return later

    return public_page(page)


@lru_cache
def _later(seconds: int) -> str:
    """Made once: it is told to whoever asks very often."""
    return render_to_string("publications/later.html", {"seconds": seconds})


def _gone(slug: str) -> HttpResponse:
    """The notice, for whoever kept the address of a file of an article that was retracted."""
    context = {"publication": Publication.objects.page(slug).get()}
    return HttpResponse(
        render_to_string("publications/retracted.html", context), status=410, headers={"X-Robots-Tag": "noindex"}
    )


def _pdf(request: HttpRequest, publication: Publication, reader: Reader) -> HttpResponse:
    if publication.article_is_retracted:
        return _gone(publication.slug)
    tag = f"pdf {reader} {publication.fingerprint}"
    name = f"{publication.slug}-v{publication.number}-{reader.label.partition(' ')[0]}.pdf"
    return answer(
        request,
        lambda: printing.pdf(publication, reader),
        tag=tag,
        content_type="application/pdf",
        indexed=False,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@file_page
def page_pdf(request: HttpRequest, slug: str, reader: Reader) -> HttpResponse:
    """The current text, for this reader."""
    return _pdf(request, get_object_or_404(Publication.objects.page(slug)), reader)


@file_page
def version_pdf(request: HttpRequest, slug: str, number: int, reader: Reader) -> HttpResponse:
    """A version that was approved once; what has become of it is printed on it."""
    return _pdf(request, get_object_or_404(Publication.objects.edition(slug, number)), reader)


@file_page
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture beside a shared link to the current text."""
    publication = get_object_or_404(Publication.objects.page(slug))
    if publication.is_retracted:
        return _gone(slug)
    tag = f"card {publication.fingerprint}"
    return answer(request, lambda: printing.card(publication), tag=tag, content_type="image/png", indexed=False)
