"""The front of the public site: a ready answer by one query of the database, everything else by Django.

The query is asked for each request, so that nothing is ever stale: a page that the database has thrown away (a
retraction, a new version, a review that is overdue) is not given once more, in no process. Only bodies are kept in
memory, by the ETag that the query confirms.

The front knows no rule of the site. What an answer carries beside the page's own headers, and which hosts and schemes
are answered at all, it learns from Django: the first request of a kind goes there, and its headers serve for the rest.
What is not a plain reading of a path (any condition but a single tag, a query, a body, a session) goes there always; so
does everything while the database does not answer.
"""

import gzip
import json
import re
import threading
from collections.abc import Iterable
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import psycopg
from django.conf import settings
from psycopg import pq

from publications.pages import frame, takes_gzip

UNDER = "/articles/"  # every ready answer stands there
#: Of a path, by frame, what has another ETag than the one that is known.
FIND = b"""
    SELECT etag, CASE WHEN etag <> $3 THEN headers::text END, is_gzip::text, CASE WHEN etag <> $3 THEN body END
    FROM pub.page WHERE path = $1 AND frame = $2 AND good_until >= (now() AT TIME ZONE 'UTC')::date
"""
CONNECT_WITHIN, HEAR_WITHIN = 5, 10_000  # seconds; milliseconds until a silent network counts as gone
BINARY = 1
MOST_KINDS = 256
_TAG = re.compile(r'(?:W/)?"[^"]*"')
_NOT_PLAIN = ("QUERY_STRING", "SCRIPT_NAME", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_TRANSFER_ENCODING")

type Headers = list[tuple[str, str]]


class Ready(NamedTuple):
    """An answer as the press has made it. `own` are the headers that it has for itself."""

    etag: str
    own: dict[str, str]
    is_gzip: bool
    body: bytes


class Shelf(threading.local):
    """One thread's connection, and the answers that it has had; the one not asked for longest stands first."""

    def __init__(self, address: str, capacity: int) -> None:
        self.address, self.capacity = address, capacity
        self.connection: psycopg.Connection[Any] | None = None
        self.kept: dict[str, Ready] = {}
        self.size = 0

    def find(self, path: str) -> Ready | None:
        """What is ready for a path at this moment."""
        kept = self.kept.get(path)
        etag, own, is_gzip, body = self._asked(path, kept.etag if kept else "")
        if kept:
            del self.kept[path]
            if etag == kept.etag:
                self.kept[path] = kept
                return kept
            self.size -= len(kept.body)
        return self._keep(path, Ready(etag, json.loads(own), is_gzip == b"true", body)) if etag else None

    def _asked(self, path: str, known: str) -> tuple[str, bytes, bytes, bytes]:
        """The answer of the database as it comes, which takes a third of the time that a cursor takes."""
        if self.connection is None:
            self.connection = self._connect()
        given = path.encode(), frame().encode(), known.encode()
        found = self.connection.pgconn.exec_prepared(b"find", given, result_format=BINARY)
        if found.status != pq.ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(found.error_message.decode(errors="replace"))
        if not found.ntuples:
            return "", b"", b"", b""
        etag, own, is_gzip, body = (found.get_value(0, column) or b"" for column in range(4))
        return etag.decode(), own, is_gzip, body

    def _keep(self, path: str, ready: Ready) -> Ready:
        if len(ready.body) <= self.capacity:
            self.kept[path] = ready
            self.size += len(ready.body)
        while self.size > self.capacity:
            self.size -= len(self.kept.pop(next(iter(self.kept))).body)
        return ready

    def _connect(self) -> psycopg.Connection[Any]:
        patience: dict[str, Any] = {"connect_timeout": CONNECT_WITHIN, "tcp_user_timeout": HEAR_WITHIN}
        connection = psycopg.connect(self.address, autocommit=True, **patience)
        connection.pgconn.prepare(b"find", FIND)
        return connection

    def hang_up(self) -> None:
        """Ask anew for a connection the next time."""
        connection, self.connection = self.connection, None
        if connection:
            connection.close()


class Front:
    """The WSGI application around Django's. `address` is that of the public login."""

    def __init__(self, django: WSGIApplication, address: str, *, megabytes: int) -> None:
        self.django = django
        self.shelf = Shelf(address, megabytes * 1024 * 1024)
        self.learned: dict[tuple[object, ...], tuple[str, Headers]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        ready = self._ready(environ)
        has_it = ready and is_known(environ.get("HTTP_IF_NONE_MATCH", ""), ready.etag)
        if ready is None or has_it is None:
            return self.django(environ, start_response)
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
        if not is_plain(environ):
            return None
        try:
            return self.shelf.find(environ["PATH_INFO"])
        except psycopg.Error:
            self.shelf.hang_up()
            return None

    def _learn(
        self, kind: tuple[object, ...], ready: Ready, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let Django answer, and keep what is not this page's own of it, provided that it means the same page."""
        told: list[tuple[str, Headers]] = []

        def hear(status: str, headers: Headers, *more: Any) -> Any:
            told.append((status, headers))
            return start_response(status, headers, *more)

        body = self.django(environ, hear)
        (status, headers), has_it = told[-1], kind[1]
        if status[:3] == ("304" if has_it else "200") and ("ETag", ready.etag) in headers:
            own = {"etag", *(name.lower() for name in ready.own), *(() if has_it else ("content-length",))}
            if len(self.learned) >= MOST_KINDS:
                self.learned.clear()
            self.learned[kind] = status, [each for each in headers if each[0].lower() not in own]
        return body


def is_plain(environ: WSGIEnvironment) -> bool:
    """Whether somebody just reads what may be a ready answer."""
    path = environ.get("PATH_INFO", "")
    return (
        path.startswith(UNDER)
        and environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and path.isascii()
        and path.isprintable()
        and environ.get("CONTENT_LENGTH", "") in ("", "0")
        and not any(map(environ.get, _NOT_PLAIN))
        and not (settings.HAS_DESK and environ.get("HTTP_COOKIE"))
    )


def is_known(condition: str, etag: str) -> bool | None:
    """Whether the reader has it already, by If-None-Match; None for what Django is to judge."""
    if not condition or condition == etag:
        return bool(condition)
    return condition.removeprefix("W/") == etag.removeprefix("W/") if _TAG.fullmatch(condition) else None


def _door(environ: WSGIEnvironment) -> tuple[object, ...]:
    """By what Django decides whether it answers or sends on."""
    names = ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO")
    return tuple(map(environ.get, names))


def _without_type(own: dict[str, str]) -> Headers:
    return [(name, value) for name, value in own.items() if name != "Content-Type"]
