"""The ways to an article: the front page, the search, the lists by specialty and letter."""

from functools import lru_cache
from itertools import chain

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from publications.board.members import standing
from publications.finding.correction import Correction, correction
from publications.finding.forms import Search
from publications.finding.search import Found, find
from publications.finding.shelves import Shelves, alphabet
from publications.models import Publication
from publications.pages import answer, frame, page, public_page

NEWEST = 10
BLANK = SafeString("\0")  # stands in no text


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    shelves = Shelves.now()
    context = {
        "newly_reviewed": Publication.objects.newest()[:NEWEST],
        "specialties": shelves.specialties(),
        "letters": alphabet(shelves.letters),
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
    return answer(request, lambda: _written(asked, found, corrected, is_indexed=is_indexed), indexed=is_indexed)


def _written(asked: Search, found: Found, corrected: Correction | None, *, is_indexed: bool) -> str:
    shown = corrected.search if corrected and corrected.search else asked
    own = {
        "lines": render_to_string("publications/search.html#lines", {"lines": found.lines}) if found.lines else "",
        "previous_url": found.previous and shown.url(before=found.previous),
        "next_url": found.next and shown.url(after=found.next),
    }
    if not asked.is_list:
        return render_to_string("publications/search.html", _context(asked, found, corrected, is_indexed) | own)
    there = tuple(name for name in own if own[name])
    same = asked._replace(after="", before=""), found._replace(lines=(), previous="", next="")
    parts = _around(*same, is_indexed, there, frame())
    pieces = *(conditional_escape(own[name]) for name in there), ""
    return "".join(chain.from_iterable(zip(parts, pieces, strict=True)))


@lru_cache(maxsize=256)
def _around(asked: Search, found: Found, is_indexed: bool, there: tuple[str, ...], release: str) -> list[str]:
    """What stands around the lines of a list and the ways on, as far as they are there: the same for all its pages, and
    more than half of the work. It is kept by all that it shows.
    """
    blanks = dict.fromkeys(there, BLANK)
    return render_to_string("publications/search.html", _context(asked, found, None, is_indexed) | blanks).split(BLANK)


def _context(asked: Search, found: Found, corrected: Correction | None, is_indexed: bool) -> dict[str, object]:
    return {
        "asked": asked,
        "is_indexed": is_indexed,
        "found": found,
        "corrected": corrected,
        "letters": alphabet(found.letters, **_kept(asked)),
    }


def _kept(asked: Search) -> dict[str, str]:
    return {"specialty": asked.specialty} if asked.specialty else {}
