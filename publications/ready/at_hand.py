"""What the front has at hand: a connection to the database of its own, and what it was told through it before."""

import json
import threading
import time
from collections.abc import Hashable
from typing import Any, NamedTuple

import psycopg
from psycopg import pq

from publications.pages import frame

#: With the day of the database, which says until when a page is good: its clock and ours do not strike twelve at once.
CHANGES = b"""
    SELECT (n + (SELECT count(*) FROM pub.change)) || ' ' || (now() AT TIME ZONE 'UTC')::date FROM pub.changes_before
"""
#: What is ready for a path, by frame, and what the changes came to at the same moment: without its headers when it has
#: the ETag that is kept, without its body when it has the one that the body is known by.
FIND = (
    b"""
    SELECT (%b), etag, CASE WHEN etag <> $3 THEN headers::text END, is_gzip::text, CASE WHEN etag <> $4 THEN body END
    FROM pub.page WHERE path = $1 AND frame = $2 AND good_until >= (now() AT TIME ZONE 'UTC')::date
"""
    % CHANGES
)
CONNECT_WITHIN, HEAR_WITHIN = 5, 10_000  # seconds; milliseconds until a silent network counts as gone
MOST_WORTHY = 4_096
OBJECTS = 1_024, 4_096  # bytes, rather too many: one header; some 15, each of two strings and a pair
BINARY = 1
A_DAY = 86_400

type Headers = list[tuple[str, str]]
type State = tuple[bytes, int, str]


class Ready(NamedTuple):
    """An answer as the press has made it, and when it was found. `own` are the headers that it has for itself."""

    state: State
    etag: str
    own: dict[str, str]
    is_gzip: bool
    body: bytes


class Whole(NamedTuple):
    """An answer of Django's, and the state of everything public when it was asked."""

    state: State
    status: str
    headers: Headers
    body: bytes


class Memory[Kept: (Ready, Whole)]:
    """As much as there is room for: so many bytes, all that is kept with a body counted. What was not asked for longest
    goes first.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity, self.size = capacity, 0
        self.kept: dict[Hashable, Kept] = {}

    def recall(self, name: Hashable) -> Kept | None:
        kept = self.kept.get(name)
        if kept is not None:
            self.kept[name] = self.kept.pop(name)
        return kept

    def keep(self, name: Hashable, what: Kept) -> Kept:
        self.forget(name)
        if (size := weight(name, what)) <= self.capacity:
            self.kept[name] = what
            self.size += size
        while self.size > self.capacity:
            self.forget(next(iter(self.kept)))
        return what

    def forget(self, name: Hashable) -> None:
        if kept := self.kept.pop(name, None):
            self.size -= weight(name, kept)


def weight(name: Hashable, what: Ready | Whole) -> int:
    """Bytes that this takes: its text, and the objects that the text is in, which are most of a short answer."""
    return len(what.body) + len(repr((name, what._replace(body=b"")))) + OBJECTS[isinstance(what, Whole)]


class Shelf(threading.local):
    """Of one thread. All that it says was confirmed by the database in the same request."""

    def __init__(self, address: str, capacity: int) -> None:
        self.address = address
        self.connection: psycopg.Connection[Any] | None = None
        self.pages, self.answers = Memory[Ready](capacity), Memory[Whole](capacity)
        self.worthy: dict[Hashable, None] = {}

    def find(self, path: str, known: str = "") -> Ready | None:
        """What is ready for a path at this moment; its body is left out when the reader knows it by this ETag.

        What was found before holds as long as nothing public changes: asking for that costs the same however many
        articles there are, and whichever of them is read.
        """
        kept = self.pages.recall(path)
        if kept and kept.state == self.state():
            return kept
        own_tag = kept.etag if kept else ""
        changes, etag, own, is_gzip, body = self._asked(b"find", path, frame(), own_tag, own_tag or known)
        if not etag:
            self.pages.forget(path)
            return None
        state = _state(changes)
        if kept and etag.decode() == own_tag:
            return self.pages.keep(path, kept._replace(state=state))
        ready = Ready(state, etag.decode(), json.loads(own), is_gzip == b"true", body)
        return self.pages.keep(path, ready) if body else ready

    def state(self) -> State:
        """What every public answer of this moment depends on, beside its address: data, day, release."""
        (changes,) = self._asked(b"changes")
        return _state(changes)

    def is_worthy(self, name: Hashable) -> bool:
        """Whether such an answer was worth keeping when it was given before."""
        return name in self.worthy

    def note_worth(self, name: Hashable) -> None:
        self.worthy[name] = None
        if len(self.worthy) > MOST_WORTHY:
            del self.worthy[next(iter(self.worthy))]

    def _asked(self, query: bytes, *given: str) -> tuple[bytes, ...]:
        """The row as it comes, or one of nothing. Past the driver's cursors, which take three times as long."""
        if self.connection is None:
            self.connection = self._connect()
        found = self.connection.pgconn.exec_prepared(query, [each.encode() for each in given], result_format=BINARY)
        if found.status != pq.ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(found.error_message.decode(errors="replace"))
        columns = range(found.nfields)
        return tuple(found.get_value(0, column) or b"" if found.ntuples else b"" for column in columns)

    def _connect(self) -> psycopg.Connection[Any]:
        patience: dict[str, Any] = {"connect_timeout": CONNECT_WITHIN, "tcp_user_timeout": HEAR_WITHIN}
        connection = psycopg.connect(self.address, autocommit=True, **patience)
        connection.pgconn.prepare(b"find", FIND)
        connection.pgconn.prepare(b"changes", CHANGES)
        return connection

    def hang_up(self) -> None:
        """Ask anew for a connection the next time. It may lead to another copy of the database, where a count that we
        know stands for other changes.
        """
        self.pages, self.answers = Memory[Ready](self.pages.capacity), Memory[Whole](self.answers.capacity)
        connection, self.connection = self.connection, None
        if connection:
            connection.close()


def _state(changes: bytes) -> State:
    return changes, int(time.time()) // A_DAY, frame()
