"""What every response carries, and what no request may bring."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers

type GetResponse = Callable[[HttpRequest], HttpResponseBase]

PRIVATE_PATHS = ("/desk/", "/accounts/")


def resource_policy(get_response: GetResponse) -> GetResponse:
    """Let no other site embed our responses (Cross-Origin-Resource-Policy)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def private_pages(get_response: GetResponse) -> GetResponse:
    """Keep staff pages out of every cache, the browser's own included, and whatever sets a cookie: it is somebody's."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path_info.startswith(PRIVATE_PATHS) or response.cookies:
            if response.has_header("Cache-Control"):
                del response.headers["Cache-Control"]
            add_never_cache_headers(response)
        return response

    return middleware


def body_limit(get_response: GetResponse) -> GetResponse:
    """Refuse a request that announces more than ``settings.MAX_BODY_BYTES``, before reading any of it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isascii() or not announced.isdigit() or int(announced) > settings.MAX_BODY_BYTES:
            return HttpResponse("Too large.", status=413, content_type="text/plain")
        return get_response(request)

    return middleware
