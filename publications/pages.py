"""How every public page answers: to everybody the same, to GET and HEAD only, cacheable, checked anew each time."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, Concatenate

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from people.policy import View, public

CACHE_CONTROL = "public, max-age=0, must-revalidate"
_FRAME = ("templates", "publications", "ddx_portal/static", "ddx_portal/templatetags", "content")
_SUFFIXES = {".html", ".py", ".css", ".js", ".svg"}

type PageView[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def public_page[**P](view: PageView[P]) -> View[P]:
    """A page that everybody may read and nobody may send anything to."""

    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        allowed = request.method in {"GET", "HEAD"}
        response = view(request, *args, **kwargs) if allowed else HttpResponseNotAllowed(["GET", "HEAD"])
        response.headers.setdefault("Cache-Control", CACHE_CONTROL)
        return response

    return public(csrf_exempt(page))


def answer(
    request: HttpRequest,
    make: Callable[[], str],
    *,
    tag: str = "",
    content_type: str = "text/html; charset=utf-8",
    indexed: bool = True,
) -> HttpResponse:
    """Answer 304 when the reader has it already, else with what `make` returns.

    Call it with what was read from the database in this request, never before reading. `tag` names the data; without
    it, what `make` returns is the tag itself.
    """
    body = None if tag else make()
    etag = f'"{hashlib.sha256(f"{frame()} {tag or body}".encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        make() if body is None else body, content_type=content_type
    )
    response.headers["ETag"] = etag
    if not indexed:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, tag: str = "", indexed: bool = True
) -> HttpResponse:
    """Answer with a template, which sees neither the request nor a session nor a user."""
    return answer(request, lambda: render_to_string(template, dict(context)), tag=tag, indexed=indexed)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The one answer for whatever shows nothing, whether it does not exist or is not public."""
    headers = {"Cache-Control": CACHE_CONTROL}
    return HttpResponse(render_to_string("404.html"), status=404, headers=headers)


def frame() -> str:
    """A hash of what surrounds the data on a page: templates, styles, code, the site's address."""
    return _frame_now.__wrapped__() if settings.DEBUG else _frame_now()


@cache
def _frame_now() -> str:
    digest = hashlib.sha256(settings.SITE_URL.encode())
    for folder in _FRAME:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in _SUFFIXES:
                digest.update(path.read_bytes())
    return digest.hexdigest()
