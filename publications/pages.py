"""How every public page answers: to everybody the same, to GET and HEAD only, cacheable, checked anew each time."""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, wraps
from types import MappingProxyType
from typing import Any, Concatenate, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from people.policy import View, public

CACHE_CONTROL = "public, max-age=0, must-revalidate"
HTML = "text/html; charset=utf-8"
LONGEST_LIST = 300  # characters of an Accept-Encoding
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_FRAME = (
    "templates",
    "publications",
    "ddx_portal/static",
    "ddx_portal/templatetags",
    "content",
    "people/specialties.py",
    "ddx_portal/storage.py",
    "requirements.txt",
)
_SUFFIXES = {".html", ".py", ".css", ".js", ".svg", ".typ", ".toml", ".txt"}
_TEXTS = ("text/", "application/json", "application/xml", "application/atom+xml", "application/jats+xml")

type Made = str | bytes
type PageView[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


class Leaf(NamedTuple):
    """An answer that follows from one public row alone: from no other row, request, or clock but `is_overdue`.

    The press makes it once and the front gives it to everybody (`publications.ready.leaves`); a view that answers with
    `answer_leaf` says the same as long as it has not been pressed. `tag` names everything that `make` shows.
    """

    path: str
    make: Callable[[], Made]
    tag: str
    content_type: str = HTML
    indexed: bool = True
    headers: Mapping[str, str] = NO_HEADERS

    @property
    def etag(self) -> str:
        return etag_of(self.tag)

    @property
    def own_headers(self) -> dict[str, str]:
        """What this answer says in its head beside its ETag, and others do not."""
        return own_headers(self.content_type, self.headers, indexed=self.indexed)


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
    make: Callable[[], Made],
    *,
    tag: str = "",
    content_type: str = HTML,
    indexed: bool = True,
    headers: Mapping[str, str] = NO_HEADERS,
) -> HttpResponse:
    """Answer 304 when the reader has it already, else with what `make` returns, compressed for whoever takes it so.

    Call it with what was read from the database in this request, never before reading. `tag` names the data; without
    it, what `make` returns is the tag itself.
    """
    made = None if tag else make()
    etag = etag_of(tag if made is None else made)
    own = own_headers(content_type, headers, indexed=indexed)
    return respond(request, etag, own, lambda: packable(make() if made is None else made))


def answer_leaf(request: HttpRequest, leaf: Leaf) -> HttpResponse:
    """Answer with a leaf, made now of what was read in this request."""
    return respond(request, leaf.etag, leaf.own_headers, lambda: packable(leaf.make()))


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, tag: str = "", indexed: bool = True
) -> HttpResponse:
    """Answer with a template, which sees neither the request nor a session nor a user."""
    return answer(request, lambda: render_to_string(template, dict(context)), tag=tag, indexed=indexed)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The one answer for whatever shows nothing, whether it does not exist or is not public."""
    headers = {"Cache-Control": CACHE_CONTROL}
    return HttpResponse(render_to_string("404.html"), status=404, headers=headers)


def respond(request: HttpRequest, etag: str, own: Mapping[str, str], body: Callable[[], bytes]) -> HttpResponse:
    """Answer with the body, unless the request has a condition that says otherwise."""
    response = get_conditional_response(request, etag=etag) or HttpResponse()
    if response.status_code == 200:
        response.content = body()
        if is_text(own["Content-Type"]) and takes_gzip(request.headers.get("Accept-Encoding", "")):
            response.content, response.headers["Content-Encoding"] = packed(response.content), "gzip"
    for name, value in own.items():
        if name != "Content-Type" or response.status_code == 200:
            response.headers[name] = value
    response.headers["ETag"], response.headers["Vary"] = etag, "Accept-Encoding"
    return response


def own_headers(content_type: str, more: Mapping[str, str] = NO_HEADERS, *, indexed: bool) -> dict[str, str]:
    return {"Content-Type": content_type, **({} if indexed else {"X-Robots-Tag": "noindex"}), **more}


def etag_of(tag: Made) -> str:
    """A weak tag: the same text has the same, compressed or not, and another as soon as what is around it changes."""
    digest = hashlib.sha256(f"{frame()} ".encode() + packable(tag)).hexdigest()
    return f'W/"{digest[:32]}"'


def packable(made: Made) -> bytes:
    return made.encode() if isinstance(made, str) else made


def packed(body: bytes) -> bytes:
    """The same bytes for the same body, always."""
    return gzip.compress(body, compresslevel=6, mtime=0)


def is_text(content_type: str) -> bool:
    """Whether compressing such an answer makes it shorter."""
    return content_type.startswith(_TEXTS)


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding allows gzip (RFC 9110, 12.5.3); one that no browser sends is not even remembered."""
    return len(accepted) <= LONGEST_LIST and _lists_gzip(accepted)


@lru_cache(maxsize=256)
def _lists_gzip(accepted: str) -> bool:
    weights = dict(_weight(each) for each in reversed(accepted.lower().split(",")))
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))


def _weight(coding: str) -> tuple[str, bool]:
    name, _, parameters = coding.partition(";")
    key, _, value = parameters.partition("=")
    return name.strip(), not (key.strip() == "q" and not value.strip().strip("0."))


def frame() -> str:
    """A hash of what surrounds the data on a page: templates, styles, code and the versions of what it is made by, the
    site's address, the licence.
    """
    return _frame_now.__wrapped__() if settings.DEBUG else _frame_now()


@cache
def _frame_now() -> str:
    digest = hashlib.sha256(f"{settings.SITE_URL} {settings.CONTENT_LICENSE}".encode())
    for name in _FRAME:
        part = settings.BASE_DIR / name
        for path in sorted(part.rglob("*")) if part.is_dir() else [part]:
            if path.suffix in _SUFFIXES:
                digest.update(path.read_bytes())
    return digest.hexdigest()
