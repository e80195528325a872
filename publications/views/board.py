"""The board: who serves on it now, who has served, and what each has read and signed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from publications.board.members import Member
from publications.board.signed import SignedPage
from publications.models import Publication
from publications.pages import page, public_page


@public_page
def board(request: HttpRequest) -> HttpResponse:
    """Who serves now, then who has served."""
    members = [member for member in Member.objects.listed() if member.has_begun]
    context = {
        "members": [member for member in members if not member.is_past],
        "past_members": [member for member in members if member.is_past],
    }
    return page(request, "publications/board.html", context)


@public_page
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """One member as of now, and what they have signed, twenty at a time."""
    found = get_object_or_404(Member.objects.all(), slug=slug)
    signed = SignedPage.read(request.GET.get("before", ""), Publication.objects.signed_by(slug))
    context = {"member": found, "signed": signed}
    return page(request, "publications/member.html", context, indexed=not signed.is_later)
