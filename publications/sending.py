"""What the public may send: forms without an account, a cookie or a token, from our own pages only.

There is no session that another site could abuse, but another site could have its visitors send us letters in their
name. So a form is taken only when the browser says that it came from a page of ours.
"""

from collections.abc import Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt

from people.policy import View, public
from publications.pages import CACHE_CONTROL, PageView

METHODS = ("GET", "HEAD", "POST")
#: Of everything that a form sends; its fields have limits of their own.
MAX_FORM_BYTES = 64 * 1024


def public_form[**P](view: PageView[P]) -> View[P]:
    """A page with a form that everybody may read, as any public page, and may send from our own pages."""

    @wraps(view)
    def form(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method not in METHODS:
            response: HttpResponse = HttpResponseNotAllowed(METHODS)
        elif request.method == "POST":
            response = _refusal(request) or view(request, *args, **kwargs)
            response.headers["Cache-Control"] = "no-store"
        else:
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", CACHE_CONTROL)
        return response

    return public(csrf_exempt(form))


def answer_form(template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer what was sent: for the sender alone, kept by no cache and found by no search engine."""
    response = HttpResponse(render_to_string(template, dict(context)), status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this. One that says nothing is not believed.

    `Sec-Fetch-Site: none` is what somebody does by hand, such as loading the answer again.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"same-origin", "none"}
    ours = {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    if origin := request.headers.get("Origin"):
        return origin in ours
    return request.headers.get("Referer", "").startswith(tuple(f"{each}/" for each in ours))


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """Why nothing of this request is read, if so; the body limit of all requests has checked the number."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FORM_BYTES:
        return answer_form("publications/not_taken.html", {"is_long": True}, status=413)
    if not is_from_here(request):
        return answer_form("publications/not_taken.html", {}, status=403)
    return None
