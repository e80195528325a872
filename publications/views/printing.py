"""An article as files: a PDF for each reader, and the picture beside a shared link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string

from publications import printing
from publications.models import Publication
from publications.pages import answer, public_page
from publications.printing import Reader


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


@public_page
def page_pdf(request: HttpRequest, slug: str, reader: Reader) -> HttpResponse:
    """The current text, for this reader."""
    return _pdf(request, get_object_or_404(Publication.objects.page(slug)), reader)


@public_page
def version_pdf(request: HttpRequest, slug: str, number: int, reader: Reader) -> HttpResponse:
    """A version that was approved once; what has become of it is printed on it."""
    return _pdf(request, get_object_or_404(Publication.objects.edition(slug, number)), reader)


@public_page
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture beside a shared link to the current text."""
    publication = get_object_or_404(Publication.objects.page(slug))
    if publication.is_retracted:
        return _gone(slug)
    tag = f"card {publication.fingerprint}"
    return answer(request, lambda: printing.card(publication), tag=tag, content_type="image/png", indexed=False)
