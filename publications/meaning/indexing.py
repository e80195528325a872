"""The worker reads what was published, so that it is found by its meaning: the newest first, beside its mail."""

import logging
import time

from django.db import connection

from publications.meaning.model import MODEL, is_wanted, meaning

logger = logging.getLogger(__name__)
AT_A_TIME = 20
LOOK_EVERY = 30.0  # seconds between looks when everything was read: a look goes through all passages
AGAIN_AFTER = 600.0  # seconds until what could not be read is tried again
MOST_FAILED = 100  # of which so many are known at most: then it is no matter of the passage
_STORE = "SELECT store_meaning(%s, %s, %s, %s, %s::real[])"
_looked: list[float] = []  # when nothing was found
_failed: dict[tuple[int, int], float] = {}  # and when it is to be tried again


def go_on(seconds: float) -> int:
    """Read passages for about so long; returns how many were read, 0 without ranking by meaning."""
    if not is_wanted() or (_looked and time.monotonic() - _looked[0] < LOOK_EVERY):
        return 0
    _looked.clear()
    until, done = time.monotonic() + seconds, 0
    while found := _next():
        for publication, place, said in found:
            done += _read(publication, place, said)
            if time.monotonic() >= until:
                return done
    _looked.append(time.monotonic())
    return done


def failed() -> int:
    """How many passages could not be read lately, as far as they are counted."""
    return len(_failed)


def _next() -> list[tuple[int, int, str]]:
    for spot in [spot for spot, again in _failed.items() if again <= time.monotonic()]:
        del _failed[spot]
    if len(_failed) >= MOST_FAILED:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM next_meanings(%s, %s)", [MODEL, AT_A_TIME + len(_failed)])
        return [(pk, place, said) for pk, place, said in cursor.fetchall() if (pk, place) not in _failed]


def _read(publication: int, place: int, said: str) -> bool:
    try:
        numbers = meaning(said)
    except Exception as error:  # noqa: BLE001 - whatever it was, mail and the others must go on; words are not logged
        logger.error("Passage %s of publication %s cannot be read: %s", place, publication, type(error).__name__)  # noqa: TRY400
        _failed[publication, place] = time.monotonic() + AGAIN_AFTER
        return False
    return _stored(publication, place, said, numbers)


def _stored(publication: int, place: int, said: str, numbers: list[float]) -> bool:
    """Whether the passage still says what was read; if not, its new words are next."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [publication, place, said, MODEL, numbers])
        return bool(cursor.fetchone()[0])
