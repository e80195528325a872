"""What every answer to a program has: open to the scripts of every site, to GET and HEAD only."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from people.policy import View, public
from publications.api.problems import problem
from publications.pages import CACHE_CONTROL

METHODS = "GET, HEAD, OPTIONS"
# Everything here is public and the same for everybody, no cookie is read: any site's script may read it.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}

type MachineView[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def opened[**P](view: MachineView[P]) -> View[P]:
    """Let everybody read this address, scripts of other sites included."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)
        elif request.method in {"GET", "HEAD"}:
            response = view(request, *args, **kwargs)
        else:
            response = problem(HTTPStatus.METHOD_NOT_ALLOWED, Allow=METHODS)
        response.headers.setdefault("Cache-Control", CACHE_CONTROL)
        for name, value in OPEN.items():
            response.headers[name] = value
        return response

    return public(csrf_exempt(answered))
