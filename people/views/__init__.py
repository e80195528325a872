"""The pages of this room."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, empty or not; nothing for a request that only reads."""
    return request.POST if request.method == "POST" else None
