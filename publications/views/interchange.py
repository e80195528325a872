"""An article as archives and libraries take it: JATS XML."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from publications.api.opened import opened
from publications.jats import CONTENT_TYPE, jats
from publications.models import Publication
from publications.pages import answer


@opened
def page_jats(request: HttpRequest, slug: str) -> HttpResponse:
    """What stands at the article's own address: its text, or the retraction in its place."""
    publication = get_object_or_404(Publication.objects.page(slug))
    return _answer(request, publication, as_notice=publication.is_retracted)


@opened
def version_jats(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Any version that was approved once, with what has become of it."""
    return _answer(request, get_object_or_404(Publication.objects.edition(slug, number)), as_notice=False)


def _answer(request: HttpRequest, publication: Publication, *, as_notice: bool) -> HttpResponse:
    name = f"{publication.slug}-v{publication.number}.xml"
    return answer(
        request,
        lambda: jats(publication, as_notice=as_notice),
        tag=f"jats {as_notice} {publication.fingerprint}",
        content_type=CONTENT_TYPE,
        indexed=False,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
