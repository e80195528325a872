"""The press: makes the answers of public rows ready, so that the front need not (`publications.ready.front`).

It runs in the worker, whose login alone may store a page. It can be ended at any moment: what is stored is whole, and
the rest is still to be done. The newest changes come first; after a release, when templates and code are others, all is
made again, and what has run out (a review date that has passed) on the day after. Until then Django answers.
"""

import logging
import time
from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from people.alone import alone
from publications.models import Publication
from publications.pages import Leaf, frame, is_text, packable, packed
from publications.provenance.countersigning import ProvenanceKey, SigningKey
from publications.ready.leaves import MAKERS

logger = logging.getLogger(__name__)
AT_A_TIME = 10
LOCK = 0x44_44_7A  # of the advisory lock; those of worker and chores are the numbers before
AGAIN_AFTER = 600.0  # seconds until what could not be made is tried again
EVERY = 2**31 - 1
_failed: dict[tuple[int, bool], float] = {}  # and when it is to be tried again
_UNSIGNED = (0, True)  # among them: no row has this number, and without a key none can be signed


def go_on(seconds: float) -> int | None:
    """Press for about so long; returns for how many rows that was done, or None when another process is at it."""
    until, done = time.monotonic() + seconds, 0
    with alone(LOCK) as is_ours:
        while is_ours:
            failed, pressed = len(_failed), _a_few(until)
            done += pressed
            if time.monotonic() >= until or (not pressed and len(_failed) == failed):
                break
    return done if is_ours else None


def waiting() -> int:
    """For how many rows something is still to be made, be it that it cannot be."""
    return sum(len(_next([], EVERY, is_slow=is_slow)) for is_slow in (False, True))


def _a_few(until: float) -> int:
    done = 0
    for is_slow in (False, True):
        failed = [pk for (pk, slow), again in _failed.items() if slow == is_slow and again > time.monotonic()]
        found = _next(failed, AT_A_TIME, is_slow=is_slow)
        if is_slow and found and not _may_sign():
            break
        for publication in Publication.objects.filter(pk__in=found).order_by("-revision"):
            done += _press(publication, is_slow=is_slow)
            if time.monotonic() >= until:
                return done
        if done:
            break
    return done


def _may_sign() -> bool:
    """Whether the key of this process is the one in use, which is told once, and not as a fault of each row."""
    if _failed.get(_UNSIGNED, 0.0) > time.monotonic():
        return False
    try:
        ProvenanceKey.objects.announce(SigningKey.own().public_key)
    except (ImproperlyConfigured, IntegrityError, OSError) as error:
        logger.error("No proof can be countersigned: %s", error)  # noqa: TRY400 - where is no matter
        _failed[_UNSIGNED] = time.monotonic() + AGAIN_AFTER
        return False
    return True


def _next(passed_over: list[int], many: int, *, is_slow: bool) -> list[int]:
    """The rows to do next."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT next_to_press(%s, %s, %s, %s::bigint[], %s)",
            [is_slow, frame(), timezone.now().date(), passed_over, many],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _press(publication: Publication, *, is_slow: bool) -> bool:
    good_until = publication.good_until  # before anything is made, lest midnight comes between
    try:
        revocations = ProvenanceKey.objects.revocations() if is_slow else 0
        leaves = [leaf for maker in MAKERS if maker.is_slow == is_slow for leaf in maker.leaves(publication)]
        return _stored(publication, leaves, good_until, revocations, is_slow=is_slow)
    except Exception:  # whatever it was, the others must be made
        if not connection.is_usable():
            raise
        logger.exception("The pages of %s cannot be made", publication.url)
        _failed[publication.pk, is_slow] = time.monotonic() + AGAIN_AFTER
        return False


def _stored(publication: Publication, leaves: list[Leaf], good_until: date, revocations: int, *, is_slow: bool) -> bool:
    """Whether the row is still as it was read, and no key was revoked; else, or when a replica was behind, its turn
    comes again.
    """
    bodies = [packable(leaf.make()) for leaf in leaves]
    texts = [is_text(leaf.content_type) for leaf in leaves]
    made: list[Any] = [publication.pk, publication.revision, is_slow, frame(), good_until]
    made += [leaf.path for leaf in leaves], [leaf.etag for leaf in leaves], [Jsonb(leaf.own_headers) for leaf in leaves]
    made += texts, [packed(body) if is_one else body for body, is_one in zip(bodies, texts, strict=True)]
    made += [revocations]
    with connection.cursor() as cursor:
        cursor.execute("SELECT store_pages(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", made)
        return bool(cursor.fetchone()[0])


def sum_up_changes() -> None:
    """Keep short what the front counts to see whether anything has changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum_up_changes()")
