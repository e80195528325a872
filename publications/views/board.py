"""The board, as of what its members have signed."""

from django.http import Http404, HttpRequest, HttpResponse

from publications.models import Publication
from publications.pages import page, public_page


@public_page
def board(request: HttpRequest) -> HttpResponse:
    """Everybody who has signed something that was published."""
    return page(request, "publications/board.html", {"members": Publication.objects.board()})


@public_page
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """One member, as of the last signature, and what they have signed."""
    signed = list(Publication.objects.signed_by(slug))
    if not signed:
        raise Http404
    signatures = (each for text in signed for each in (*text.signatures, *text.confirmed_by))
    latest = max((each for each in signatures if each.by.slug == slug), key=lambda each: each.signed_at)
    reviewed = [each for each in signed if not each.is_retracted]
    return page(request, "publications/member.html", {"member": latest.by, "reviewed": reviewed})
