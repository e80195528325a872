"""The board: who serves on it now, who has served, and what each has read and signed."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from publications.board.members import Member
from publications.models import Publication
from publications.pages import page, public_page
from publications.querysets import NEWEST_FIRST

PER_PAGE = 20


@public_page
def board(request: HttpRequest) -> HttpResponse:
    """Who serves now, then who has served."""
    members = list(Member.objects.listed())
    context = {
        "members": [member for member in members if not member.is_past],
        "past_members": [member for member in members if member.is_past],
    }
    return page(request, "publications/board.html", context)


@public_page
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """One member as of now, and what they have signed, the latest review first."""
    found = get_object_or_404(Member.objects.begun(), slug=slug)
    signed = Publication.objects.signed_by(slug).exclude(state="retracted")
    after = request.GET.get("after", "")
    part = NEWEST_FIRST.page(signed, PER_PAGE, after=after)
    next_url = part.next and f"{found.get_absolute_url()}?{urlencode({'after': part.next})}"
    context = {"member": found, "signed": part.rows, "is_later": bool(after), "next_url": next_url}
    return page(request, "publications/member.html", context, indexed=not after)
