"""The queue: one page for every role, and the list of all articles."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from people.models import Role, User
from people.permissions import may_enter_desk
from people.policy import SignedInRequest, checked_inside, policy
from reviews import desk
from reviews.desk import Furniture
from reviews.desk_rows import Row, ask_of_round, row
from reviews.desk_views import FIRST, DeskView, views_for
from reviews.desk_wanted import Wanted
from reviews.forms.queue import QueueForm, saved_wanted
from reviews.office import figures
from reviews.version_page import VersionPage
from reviews.views.getters import visible_version

GROUPS = {Role.REVIEWER: "Your reviews", Role.AUTHOR: "Your articles", Role.EDITOR: "Editors’ desk", None: "Overview"}


@require_GET
@policy(may_enter_desk)
def queue(request: SignedInRequest) -> HttpResponse:
    """What waits for this person, what is due first on top; for an administrator alone, how the office stands."""
    if request.user.roles == {Role.ADMINISTRATOR}:
        return render(request, "reviews/office.html", {"figures": figures(), "section": "queue"})
    return _page(request, section="queue")


@require_GET
@policy(may_enter_desk)
def article_list(request: SignedInRequest) -> HttpResponse:
    """Every article that this person may read."""
    return _page(request, section="articles")


@require_GET
@checked_inside(visible_version)
def peek(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """A version at a glance: beside the queue where there is room, else a page."""
    version = visible_version(request, article_id, number)
    part = "#glance" if request.headers.get("HX-Request") else ""
    page = VersionPage(request.user, version)
    return render(request, f"reviews/peek.html{part}", {"page": page, "version": version, "section": "queue"})


def _page(request: SignedInRequest, *, section: str) -> HttpResponse:
    user, form = request.user, QueueForm(request.GET, user=request.user)
    furniture = desk.furniture(user)
    form.offer(furniture.labels, furniture.editors)
    wanted, views = form.wanted, views_for(user)
    lands = section == "queue" and not wanted.view and not wanted.is_filtered
    if lands and not wanted.who and furniture.handles_something:
        wanted = replace(wanted, who="mine")
    counts = _counts(user, wanted, views, furniture)
    wanted = replace(wanted, view=_landing(user, views, counts) if lands else wanted.desk_view.key)
    context: dict[str, Any] = {
        "form": form,
        "wanted": wanted,
        "view": wanted.desk_view,
        "furniture": furniture,
        "section": section,
    }
    context |= _rows(user, wanted, furniture) | {"rails": _rails(user, views, counts, wanted, furniture)}
    count = context["fit"] if wanted.is_filtered else counts[wanted.view]
    return render(request, "reviews/queue.html", context | _words(user, wanted, count))


def _counts(user: User, wanted: Wanted, views: list[DeskView], furniture: Furniture) -> dict[str, int]:
    every = {view.key: Wanted(view=view.key, who=_who(view, wanted)) for view in views}
    every |= {f"saved {saved.pk}": saved_wanted(saved.query, user) for saved in furniture.saved}
    return desk.counts(user, every)


def _who(view: DeskView, wanted: Wanted) -> str:
    """Whose articles the rail speaks of: mine and everybody's are told apart where an editor runs them."""
    return wanted.who if view.runs is not None else ""


def _landing(user: User, views: list[DeskView], counts: dict[str, int]) -> str:
    """The first view with something in it, or the first that comes with a role of the person's."""
    first = next((view for view in views if view.role and user.has_role(view.role)), views[0])
    return next((key for key in FIRST if counts.get(key)), first.key)


def _rows(user: User, wanted: Wanted, furniture: Furniture) -> dict[str, Any]:
    found = desk.found(user, wanted)
    told = desk.rounds([ask_of_round(line) for line in found.lines])
    rows: list[Row] = [row(line, told[line["version_id"]], user, furniture.labels) for line in found.lines]
    return {"rows": rows, "previous_url": found.previous, "next_url": found.next, "fit": found.fit}


def _rails(
    user: User, views: list[DeskView], counts: dict[str, int], wanted: Wanted, furniture: Furniture
) -> list[dict[str, Any]]:
    rails: dict[Role | None, list[dict[str, Any]]] = {}
    for view in views:
        here = Wanted(view=view.key, who=_who(view, wanted))
        item = {"label": view.label, "icon": view.icon, "url": here.url, "is_current": view is wanted.desk_view}
        rails.setdefault(view.role, []).append(item | _count(counts[view.key]))
    saved = [
        {"label": each.name, "icon": "save", "url": f"?{each.query}", "is_current": each.query == wanted.lasting_query}
        | _count(counts[f"saved {each.pk}"])
        for each in furniture.saved
    ]
    if not user.is_author and all(item["is_empty"] for item in rails.get(Role.AUTHOR, ())):
        rails.pop(Role.AUTHOR, None)  # an editor who has written nothing
    groups = [{"title": GROUPS[role], "views": items} for role, items in rails.items()]
    return ([{"title": "Saved", "views": saved}] if saved else []) + groups


def _count(count: int) -> dict[str, Any]:
    return {"count": desk.in_words(count), "is_empty": not count}


def _words(user: User, wanted: Wanted, count: int) -> dict[str, Any]:
    return {
        "count": desk.in_words(count),
        "may_act": user.is_editor and wanted.desk_view.runs is not None,
        "mine_url": wanted.but(who="mine").url,
        "everybodys_url": wanted.but(who="all").url,
    }
