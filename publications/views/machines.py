"""The feed, the sitemap and robots.txt."""

from django.http import Http404, HttpRequest, HttpResponse

from publications.machines import feeds, sitemaps
from publications.models import Publication
from publications.pages import answer, public_page

XML = "application/xml; charset=utf-8"
MAX_PART = 10**9


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newly approved texts."""
    newest, noticed = (
        found[: feeds.IN_FEED] for found in (Publication.objects.newest(), Publication.objects.noticed())
    )
    return answer(request, lambda: feeds.feed(newest, noticed), content_type="application/atom+xml; charset=utf-8")


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of the sitemap's parts."""
    return answer(request, sitemaps.index, content_type=XML)


@public_page
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """One part of the sitemap: 0 has the standing pages, each other the current articles of its span."""
    if number == 0:
        return answer(request, sitemaps.standing, content_type=XML)
    if number > MAX_PART or not (tag := sitemaps.stamp(number)):
        raise Http404
    return answer(request, lambda: sitemaps.part(number), tag=f"sitemap {number} {tag}", content_type=XML)


@public_page
def sitemap_diagnoses(request: HttpRequest, first: str) -> HttpResponse:
    """The part of the sitemap that begins with this diagnosis."""
    if not (found := sitemaps.diagnoses(first)):
        raise Http404
    return answer(request, lambda: found, content_type=XML)


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may fetch."""
    return answer(request, feeds.robots, content_type="text/plain; charset=utf-8")
