"""What has to be done though nobody pressed a button: every chore, in the order in which they are done.

`manage.py tend` does them every few minutes. Each has transactions of its own, can be done again at any time, and ended
in the middle: what is done is committed, what is not comes with the next time. One process at a time does them.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from articles.twins import compare_due
from people.alone import alone
from people.digest import send_digests
from people.models import Message
from publications.board.members import count_standing
from reviews import ladder, letter_mail, letters
from reviews.alternates import ask_alternates
from reviews.carrying_out import carry_out
from reviews.rereview_mail import tell_of_stopped

logger = logging.getLogger(__name__)
LOCK = 0x44_44_79  # of the advisory lock; the worker's is the number before
KEEP_DAYS = 400  # for which the outbox keeps what was sent


class Chore(NamedTuple):
    """One thing to do; `do` says how many it did."""

    name: str
    do: Callable[[], int]


def follow_time() -> int:
    """Bring up to date whose turn it is where time alone has changed it: review dates, absences, terms."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT follow_time()")
        return int(cursor.fetchone()[0])


def forget_messages() -> int:
    """Forget messages that were dealt with long ago."""
    old = Message.objects.filter(settled_at__lt=timezone.now() - timedelta(days=KEEP_DAYS))
    return old.delete()[0]


#: A new chore is put in here. Reminders come after whatever may make them needless, the daily mail after all that may
#: stand in it.
CHORES: tuple[Chore, ...] = (
    Chore("turns", follow_time),
    Chore("alternates", ask_alternates),
    Chore("plans", carry_out),
    Chore("stopped re-reviews", tell_of_stopped),
    Chore("look-alikes", compare_due),
    Chore("numbers of the front page", count_standing),
    Chore("letters in new versions", letters.follow),
    Chore("letters confirmed", letters.confirm),
    Chore("letters that wait", letter_mail.tell_editors),
    Chore("reminders", ladder.climb),
    Chore("daily mail", send_digests),
    Chore("old letters", letters.forget),
    Chore("old messages", forget_messages),
)


class Tended(NamedTuple):
    """What came of it: how many things each chore did, and the chores that failed."""

    done: dict[str, int]
    failed: list[str]


def tend() -> Tended | None:
    """Do every chore once; None when another process is at it. A chore that fails keeps no other from being done."""
    with alone(LOCK) as is_ours:
        if not is_ours:
            return None
        tended = Tended({}, [])
        for chore in CHORES:
            try:
                tended.done[chore.name] = chore.do()
            except Exception:
                logger.exception("The chore “%s” failed", chore.name)
                tended.failed.append(chore.name)
        return tended


def tend_to_plans() -> int:
    """Between the chores, what somebody waits for before a page; cheap when nobody does."""
    with alone(LOCK) as is_ours:
        return carry_out() if is_ours else 0
