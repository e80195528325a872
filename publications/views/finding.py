"""The ways to an article: the front page, search, the lists by specialty and letter."""

from django.http import HttpRequest, HttpResponse

from publications.forms import Search
from publications.members import standing
from publications.models import Publication
from publications.pages import page, public_page

NEWEST = 10


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    publications = Publication.objects.all()
    context = {
        "newly_reviewed": publications.newest()[:NEWEST],
        "specialties": publications.specialties(),
        "letters": publications.letters(),
        "standing": standing(),
    }
    return page(request, "publications/home.html", context)


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """What fits the words, a page at a time; without words the list by specialty or letter."""
    asked = Search.read(request.GET)
    publications = Publication.objects.all()
    context = asked.results()._asdict() | {
        "query": asked.query,
        "specialty": asked.specialty,
        "letter": asked.letter,
        "heading": asked.heading,
        "specialties": publications.specialties(),
        "letters": [] if asked.query else publications.letters(),
    }
    return page(request, "publications/search.html", context, indexed=False)
