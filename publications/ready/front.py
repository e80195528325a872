"""The front of the public site: what is at hand by one query of the database, everything else by Django.

The query is asked for each request, so that nothing is ever stale: whether anything public has changed since the answer
that is kept was found. When it has, or nothing is kept, an article's page is asked for by its path: what the database
has thrown away (by a retraction, a new version, a review that is overdue) is not given once more, in no process. Lists,
searches and all other public pages are asked of Django.

The front knows no rule of the site. What an answer carries beside a page's own headers, and which hosts and schemes are
answered at all, it learns from Django: the first request of a kind goes there, and its headers serve for the rest. What
is not plain reading (any condition but a single tag, a body, a session) goes there always; so does everything while the
database does not answer.
"""

import gzip
import re
from collections.abc import Hashable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import psycopg
from django.conf import settings

from publications.pages import CACHE_CONTROL, takes_gzip
from publications.ready.at_hand import Headers, Ready, Shelf, State, Whole

UNDER = "/articles/"  # every page of the press stands there
MOST_KINDS = 256
LONGEST_TARGET, LONGEST_HOST, HEAVIEST = 500, 300, 256 * 1024
_TAG = re.compile(r'(?:W/)?"[^"]*"')
_OF_A_BODY = {"content-type", "content-encoding", "content-length"}
_NOT_PLAIN = ("SCRIPT_NAME", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_TRANSFER_ENCODING")


class Front:
    """The WSGI application around Django's. `address` is that of the public login."""

    def __init__(self, django: WSGIApplication, address: str, *, megabytes: int) -> None:
        self.django = django
        self.shelf = Shelf(address, megabytes * 1024 * 1024)
        self.learned: dict[tuple[object, ...], tuple[str, Headers]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not is_plain(environ):
            return self.django(environ, start_response)
        condition = environ.get("HTTP_IF_NONE_MATCH", "")
        try:
            ready = self._ready(environ, condition)
            if ready is None:
                return self._whole(environ, start_response)
        except psycopg.Error:
            self.shelf.hang_up()
            return self.django(environ, start_response)
        has_it = is_known(condition, ready.etag)
        is_packed = ready.is_gzip and takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        kind = (_door(environ), has_it, is_packed)
        if (learned := self.learned.get(kind)) is None:
            return self._learn(kind, ready, environ, start_response)
        status, headers = learned
        if has_it:
            start_response(status, [*headers, ("ETag", ready.etag), *_without_type(ready.own)])
            return [b""]
        body = ready.body if is_packed or not ready.is_gzip else gzip.decompress(ready.body)
        start_response(status, [*headers, ("ETag", ready.etag), *ready.own.items(), ("Content-Length", str(len(body)))])
        return [body]

    def _ready(self, environ: WSGIEnvironment, condition: str) -> Ready | None:
        path = environ["PATH_INFO"]
        if environ.get("QUERY_STRING") or not path.startswith(UNDER):
            return None
        return self.shelf.find(path, condition and f"W/{condition.removeprefix('W/')}")

    def _whole(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as Django did before; the first time nothing is asked of the database, for it may be no such page."""
        packs = takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        name: Hashable = (_door(environ), environ["REQUEST_METHOD"], *_target(environ), packs)
        if not self.shelf.is_worthy(name):
            told, response = self._overheard(environ, start_response)
            if may_be_kept(*told):
                self.shelf.note_worth(name)
            return response
        state = self.shelf.state()
        kept = self.shelf.answers.recall(name)
        if kept is None or kept.state != state:
            kept = self._asked_whole(environ, state)
            if may_be_kept(kept.status, kept.headers):
                self.shelf.answers.keep(name, kept)
        kept = told_to(environ.get("HTTP_IF_NONE_MATCH", ""), kept)
        start_response(kept.status, [*kept.headers])
        return [kept.body]

    def _asked_whole(self, environ: WSGIEnvironment, state: State) -> Whole:
        """What Django answers to whoever does not have it yet."""
        unconditional = {name: value for name, value in environ.items() if name != "HTTP_IF_NONE_MATCH"}
        told, response = self._overheard(unconditional, lambda *_: _write_nothing)
        try:
            return Whole(state, *told, b"".join(response))
        finally:
            response.close()  # type: ignore[attr-defined]

    def _overheard(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> tuple[tuple[str, Headers], Iterable[bytes]]:
        told: list[tuple[str, Headers]] = []

        def hear(status: str, headers: Headers, *more: Any) -> Any:
            told.append((status, headers))
            return start_response(status, headers, *more)

        response = self.django(environ, hear)
        return told[-1], response

    def _learn(
        self, kind: tuple[object, ...], ready: Ready, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let Django answer, and keep what is not this page's own of it, provided that it means the same page."""
        (status, headers), response = self._overheard(environ, start_response)
        has_it = kind[1]
        if status[:3] == ("304" if has_it else "200") and ("ETag", ready.etag) in headers:
            own = {"etag", *(name.lower() for name in ready.own), *(() if has_it else ("content-length",))}
            if len(self.learned) >= MOST_KINDS:
                self.learned.clear()
            self.learned[kind] = status, [each for each in headers if each[0].lower() not in own]
        return response


def is_plain(environ: WSGIEnvironment) -> bool:
    """Whether somebody just reads."""
    condition, target = environ.get("HTTP_IF_NONE_MATCH", ""), "".join(_target(environ))
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and len(target) <= LONGEST_TARGET
        and target.isascii()
        and target.isprintable()
        and len(environ.get("HTTP_HOST", "")) <= LONGEST_HOST  # Django takes a port of any length
        and environ.get("CONTENT_LENGTH", "") in ("", "0")
        and not any(map(environ.get, _NOT_PLAIN))
        and (not condition or _TAG.fullmatch(condition) is not None)
        and not (settings.HAS_DESK and environ.get("HTTP_COOKIE"))
    )


def is_known(condition: str, etag: str) -> bool:
    """Whether the reader has it already, by an If-None-Match that is empty or a single tag."""
    return bool(condition) and condition.removeprefix("W/") == etag.removeprefix("W/")


def told_to(condition: str, whole: Whole) -> Whole:
    """The same to a reader with an If-None-Match: 304, without what only a body has, when it is what the reader has."""
    if whole.status[:3] != "200" or not is_known(condition, dict(whole.headers).get("ETag", "")):
        return whole
    kept = [each for each in whole.headers if each[0].lower() not in _OF_A_BODY]
    return Whole(whole.state, "304 Not Modified", [*kept, ("Content-Length", "0")], b"")


def may_be_kept(status: str, headers: Headers) -> bool:
    """Whether this is a page of `publications.pages`, which says the same to everybody until something changes."""
    told = dict(headers)
    length = told.get("Content-Length", "")
    return (
        status[:3] == "200"
        and told.get("Cache-Control") == CACHE_CONTROL
        and told.get("Vary") == "Accept-Encoding"
        and "ETag" in told
        and "Set-Cookie" not in told
        and length.isdigit()
        and int(length) <= HEAVIEST
    )


def _target(environ: WSGIEnvironment) -> tuple[str, str]:
    """Path and query, apart: a path can have a question mark of its own, written as %3F."""
    return environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")


def _door(environ: WSGIEnvironment) -> tuple[object, ...]:
    """By what Django decides whether it answers or sends on."""
    names = ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "wsgi.url_scheme")
    return *map(environ.get, names), _is_said_to_be_secure(environ)


def _is_said_to_be_secure(environ: WSGIEnvironment) -> bool | None:
    """What the header of a proxy says to Django (`HttpRequest.scheme`); as it stands it could say anything."""
    header, secure = settings.SECURE_PROXY_SSL_HEADER or ("", "")
    said = environ.get(header)
    return None if said is None else said.partition(",")[0].strip() == secure


def _write_nothing(data: bytes) -> None:
    """For an answer that is made to be kept: Django never writes past its return value."""


def _without_type(own: dict[str, str]) -> Headers:
    return [(name, value) for name, value in own.items() if name != "Content-Type"]
