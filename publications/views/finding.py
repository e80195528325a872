"""The ways to an article: the front page, the search, the lists by specialty and letter."""

from django.http import HttpRequest, HttpResponse

from publications.board.members import standing
from publications.finding.correction import Correction, correction
from publications.finding.forms import Search
from publications.finding.lines import LABELS
from publications.finding.search import Found, find
from publications.finding.shelves import Shelves
from publications.models import Publication
from publications.pages import page, public_page

NEWEST = 10


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    shelves = Shelves.now()
    context = {
        "newly_reviewed": Publication.objects.newest()[:NEWEST],
        "specialties": shelves.specialties(),
        "letters": shelves.letters(),
        "standing": standing(),
    }
    return page(request, "publications/home.html", context)


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """What fits the words, the best first, a page at a time; without words the list by specialty or letter."""
    asked = Search.read(request.GET)
    found = find(asked)
    corrected: Correction | None = None
    if asked.query and not found.lines and not asked.place.way:
        corrected = correction(asked)
        found = corrected.found or found
    is_indexed = bool(found.lines) and not (corrected or asked.place.way)  # not whatever somebody typed
    context = _context(asked, found, corrected, is_indexed)
    return page(request, "publications/search.html", context, indexed=is_indexed)


def _context(asked: Search, found: Found, corrected: Correction | None, is_indexed: bool) -> dict[str, object]:
    shown = corrected.search if corrected and corrected.search else asked
    return {
        "asked": asked,
        "is_indexed": is_indexed,
        "found": found,
        "corrected": corrected,
        "previous_url": found.previous and shown.url(before=found.previous),
        "next_url": found.next and shown.url(after=found.next),
        "letters": found.shelves.letters(**_kept(asked)) if asked.is_list else [],
        "specialty_label": LABELS.get(asked.specialty, ""),
    }


def _kept(asked: Search) -> dict[str, str]:
    return {"specialty": asked.specialty} if asked.specialty else {}
