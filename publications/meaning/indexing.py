"""The worker reads what was published, so that it is found by its meaning: the newest first, beside its mail."""

import time

from django.db import connection

from publications.meaning.model import MODEL, is_wanted, meaning

AT_A_TIME = 20
LOOK_EVERY = 30.0  # seconds between looks when everything was read: a look goes through all passages
_STORE = "SELECT store_meaning(%s, %s, %s, %s, %s::real[])"
_looked: list[float] = []  # when nothing was found


def go_on(seconds: float) -> int:
    """Read passages for about so long; returns how many were read, 0 without ranking by meaning."""
    if not is_wanted() or (_looked and time.monotonic() - _looked[0] < LOOK_EVERY):
        return 0
    _looked.clear()
    until, done = time.monotonic() + seconds, 0
    while found := _next():
        for publication, place, said in found:
            done += _stored(publication, place, said)
            if time.monotonic() >= until:
                return done
    _looked.append(time.monotonic())
    return done


def _next() -> list[tuple[int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM next_meanings(%s, %s)", [MODEL, AT_A_TIME])
        return [(publication, place, said) for publication, place, said in cursor.fetchall()]


def _stored(publication: int, place: int, said: str) -> bool:
    """Whether the passage still says what was read; if not, its new words are next."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [publication, place, said, MODEL, meaning(said)])
        return bool(cursor.fetchone()[0])
