"""The feed, the sitemap and robots.txt."""

from django.http import HttpRequest, HttpResponse

from publications import feeds
from publications.models import Publication
from publications.pages import answer, public_page


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newly approved texts."""
    newest, noticed = (
        found[: feeds.IN_FEED] for found in (Publication.objects.newest(), Publication.objects.noticed())
    )
    return answer(request, lambda: feeds.feed(newest, noticed), content_type="application/atom+xml; charset=utf-8")


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """The address of every current text."""
    newest = Publication.objects.newest()[: feeds.IN_SITEMAP]
    return answer(request, lambda: feeds.sitemap(newest), content_type="application/xml; charset=utf-8")


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may fetch."""
    return answer(request, feeds.robots, content_type="text/plain; charset=utf-8")
