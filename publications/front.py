"""The front of the public site: what is at hand by one query of the database, everything else by Django.

The query is asked for each request, so that nothing is ever stale. For an article's page it is whether the press has a
page that still holds: what the database has thrown away (by a retraction, a new version, a review that is overdue) is
not given once more, in no process. For lists, searches and all other public pages it is whether anything public has
changed since Django answered the same before.

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
from publications.shelf import Headers, Ready, Shelf, Whole

UNDER = "/articles/"  # every page of the press stands there
MOST_KINDS = 256
LONGEST_TARGET, HEAVIEST = 500, 256 * 1024
_TAG = re.compile(r'(?:W/)?"[^"]*"')
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
            ready = self._ready(environ)
            if ready is None:
                return self._whole(environ, start_response, condition)
        except psycopg.Error:
            self.shelf.hang_up()
            return self.django(environ, start_response)
        has_it = is_known(condition, ready.etag)
        is_packed = ready.is_gzip and takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        kind = (_door(environ), has_it, is_packed)
        if kind not in self.learned:
            return self._learn(kind, ready, environ, start_response)
        status, headers = self.learned[kind]
        if has_it:
            start_response(status, [*headers, ("ETag", ready.etag), *_without_type(ready.own)])
            return [b""]
        body = ready.body if is_packed or not ready.is_gzip else gzip.decompress(ready.body)
        start_response(status, [*headers, ("ETag", ready.etag), *ready.own.items(), ("Content-Length", str(len(body)))])
        return [body]

    def _ready(self, environ: WSGIEnvironment) -> Ready | None:
        path = environ["PATH_INFO"]
        return None if environ.get("QUERY_STRING") or not path.startswith(UNDER) else self.shelf.find(path)

    def _whole(self, environ: WSGIEnvironment, start_response: StartResponse, condition: str) -> Iterable[bytes]:
        """Answer as Django did before; the first time nothing is asked of the database, for it may be no such page."""
        packs = takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        name: Hashable = (_door(environ), environ["REQUEST_METHOD"], _target(environ), packs, condition)
        state = self.shelf.state() if self.shelf.is_worthy(name) else None
        kept = self.shelf.answers.recall(name) if state else None
        if kept and kept.state == state:
            start_response(kept.status, [*kept.headers])
            return [kept.body]
        told, response = self._overheard(environ, start_response)
        if not may_be_kept(*told):
            return response
        if state is None:
            self.shelf.note_worth(name)
            return response
        body = b"".join(response)
        response.close()  # type: ignore[attr-defined]
        self.shelf.answers.keep(name, Whole(state, *told, body))
        return [body]

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
    condition, target = environ.get("HTTP_IF_NONE_MATCH", ""), _target(environ)
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and len(target) <= LONGEST_TARGET
        and target.isascii()
        and target.isprintable()
        and environ.get("CONTENT_LENGTH", "") in ("", "0")
        and not any(map(environ.get, _NOT_PLAIN))
        and (not condition or _TAG.fullmatch(condition) is not None)
        and not (settings.HAS_DESK and environ.get("HTTP_COOKIE"))
    )


def is_known(condition: str, etag: str) -> bool:
    """Whether the reader has it already, by an If-None-Match that is empty or a single tag."""
    return bool(condition) and condition.removeprefix("W/") == etag.removeprefix("W/")


def may_be_kept(status: str, headers: Headers) -> bool:
    """Whether this is a page of `publications.pages`, which says the same to everybody until something changes."""
    told = dict(headers)
    length = told.get("Content-Length", "")
    return (
        status[:3] in ("200", "304")
        and told.get("Cache-Control") == CACHE_CONTROL
        and told.get("Vary") == "Accept-Encoding"
        and "ETag" in told
        and "Set-Cookie" not in told
        and length.isdigit()
        and int(length) <= HEAVIEST
    )


def _target(environ: WSGIEnvironment) -> str:
    return f"{environ.get('PATH_INFO', '')}?{environ.get('QUERY_STRING', '')}"


def _door(environ: WSGIEnvironment) -> tuple[object, ...]:
    """By what Django decides whether it answers or sends on."""
    names = ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO")
    return tuple(map(environ.get, names))


def _without_type(own: dict[str, str]) -> Headers:
    return [(name, value) for name, value in own.items() if name != "Content-Type"]
