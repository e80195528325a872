"""The pages of this room, and what pages of every room share."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, QueryDict

from people.rules import RuleBroken


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, empty or not; nothing for a request that only reads."""
    return request.POST if request.method == "POST" else None


def tell_whether(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    """Do it and say so, or say which rule forbids it."""
    try:
        act()
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, done)
