"""Diagnoses: all of them, one with the articles that name it, and what to suggest while somebody types."""

import json
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from content import text
from content.schema import Tier
from publications.finding.diagnoses import DiagnosisPage, InTier, names
from publications.finding.shelves import Letter
from publications.finding.suggestions import suggestions
from publications.pages import answer, page, public_page


@public_page
def diagnoses(request: HttpRequest) -> HttpResponse:
    """Every diagnosis that a current article names, by letter."""
    letter = text.line(request.GET.get("letter", "")[:1]).upper()[:1]
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    found = names(letter=letter, after=after, before=before)
    kept = {"letter": letter} if letter else {}
    here = reverse("publications:diagnoses")
    is_indexed = bool(found.page.rows) and not (after or before)  # every diagnosis has its place in the sitemap
    context = {
        "names": found.page.rows,
        "letter": letter,
        "letters": [Letter(each or "#", f"{here}?{urlencode({'letter': each})}") for each in found.letters],
        "previous_url": found.page.previous and f"{here}?{urlencode(kept | {'before': found.page.previous})}",
        "next_url": found.page.next and f"{here}?{urlencode(kept | {'after': found.page.next})}",
        "path": f"{here}?{urlencode(kept)}" if kept else here,
        "is_indexed": is_indexed,
    }
    return page(request, "publications/diagnoses.html", context, indexed=is_indexed)


@public_page
def diagnosis(request: HttpRequest, slug: str) -> HttpResponse:
    """Which articles name it, tier by tier."""
    tier = request.GET.get("tier", "")
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    found = DiagnosisPage.read(slug, tier=tier if tier in set(Tier) else "", after=after, before=before)
    if found is None:
        raise Http404
    context = {
        "diagnosis": found,
        "tiers": [_with_links(found, each) for each in found.tiers],
        "is_part": tier in set(Tier),
    }
    return page(request, "publications/diagnosis.html", context, indexed=not request.GET)


def _with_links(found: DiagnosisPage, part: InTier) -> dict[str, object]:
    def url(**cursor: str) -> str:
        return f"{found.name.url}?{urlencode({'tier': part.tier.value} | cursor)}"

    return {
        "tier": part.tier.value,
        "lines": part.page.rows,
        "previous_url": part.page.previous and url(before=part.page.previous),
        "next_url": part.page.next and url(after=part.page.next),
    }


@public_page
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions for what is being typed, for the search fields."""
    found = suggestions(text.line(request.GET.get("q", "")[:400]))

    def made() -> str:
        return json.dumps({"results": [each._asdict() for each in found]}, ensure_ascii=False)

    return answer(request, made, content_type="application/json", indexed=False)
