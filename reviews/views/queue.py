"""The queue: one page for every role, and the list of all articles."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from people.models import Role, User
from people.permissions import may_enter_desk
from people.policy import SignedInRequest, policy
from reviews import desk
from reviews.desk_rows import row
from reviews.desk_views import FIRST, DeskView, views_for
from reviews.forms.queue import QueueForm

PAGE_SIZE = 50
GROUPS = {Role.REVIEWER: "Your reviews", Role.AUTHOR: "Your articles", Role.EDITOR: "Editors’ desk", None: "Overview"}


@require_GET
@policy(may_enter_desk)
def queue(request: SignedInRequest) -> HttpResponse:
    """What waits for this person, what is due first on top."""
    return _page(request, section="queue", otherwise="")


@require_GET
@policy(may_enter_desk)
def article_list(request: SignedInRequest) -> HttpResponse:
    """Every article that this person may read."""
    return _page(request, section="articles", otherwise="all")


def _page(request: SignedInRequest, *, section: str, otherwise: str) -> HttpResponse:
    form, views = QueueForm(request.GET), views_for(request.user)
    counts = desk.counts(request.user, views)
    view = form.chosen(views) or _landing(views, counts, otherwise)
    asked = form.asked() | {"view": view.key}
    context = {"form": form, "asked": asked, "view": view, "count": counts[view.key], "section": section}
    context |= {"rails": _rails(views, counts, view.key), **_rows(request.user, view, asked, counts[view.key])}
    return render(request, "reviews/queue.html", context | _lacks(request.user))


def _lacks(user: User) -> dict[str, bool]:
    """What keeps this person from submitting, or from being asked."""
    has_to_declare = user.is_author or user.is_reviewer
    return {
        "lacks_disclosure": has_to_declare and user.current_disclosure() is None,
        "lacks_term": user.is_reviewer and user.board_term_now is None,
    }


def _landing(views: list[DeskView], counts: dict[str, int], otherwise: str) -> DeskView:
    """The view named, or the first with something in it, or the first of the person's main role."""
    have = {view.key: view for view in views}
    waiting = [key for key in FIRST if counts.get(key)]
    return have.get(otherwise) or have[(waiting or [views[0].key])[0]]


def _rows(user: User, view: DeskView, asked: dict[str, Any], count: int) -> dict[str, Any]:
    start = (asked["page"] - 1) * PAGE_SIZE
    found = desk.titled(desk.rows(user).filter(view.holds), asked["q"]).order_by(*desk.ORDER)
    versions = list(desk.with_reviews(found)[start : start + PAGE_SIZE + 1])
    shown = versions[:PAGE_SIZE]
    return {
        "rows": [row(version, user) for version in shown],
        "showing": f"{start + 1}–{start + len(shown)}" + ("" if asked["q"] else f" of {count}"),
        "previous_url": _address(asked, asked["page"] - 1) if start else "",
        "next_url": _address(asked, asked["page"] + 1) if len(versions) > PAGE_SIZE else "",
    }


def _rails(views: list[DeskView], counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    rails: dict[Role | None, list[dict[str, Any]]] = {}
    for view in views:
        item = {"label": view.label, "icon": view.icon, "url": _address({"view": view.key}, 1)}
        rails.setdefault(view.role, []).append(item | {"count": counts[view.key], "is_current": view.key == current})
    return [{"title": GROUPS[role], "views": items} for role, items in rails.items()]


def _address(asked: dict[str, Any], page: int) -> str:
    wanted = {key: asked[key] for key in ("view", "q") if asked.get(key)} | ({"page": page} if page > 1 else {})
    return f"{reverse('reviews:queue')}?{urlencode(wanted)}"
