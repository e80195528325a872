"""What readers send to the editors: that something is wrong, or a question. Nothing is kept of who they are.

A letter is taken by one function of the database (`pub.take_letter`), the only thing that the public login may do
besides reading. It checks everything again, counts letters over all processes, and gives the number.
"""

import hashlib
import hmac
import ipaddress
import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import Error, models, transaction
from django.http import HttpRequest

from publications.prepared import confided

logger = logging.getLogger(__name__)

MAX_WORDS = 4_000
MAX_QUESTION = 1_000


class LetterKind(models.TextChoices):
    """What a reader wants."""

    PROBLEM = "problem", "Problem"
    QUESTION = "question", "Question"


class Problem(models.TextChoices):
    """What is wrong, in the reader's words."""

    DANGEROUS = "dangerous", "It could harm somebody"
    WRONG = "wrong", "Something is wrong"
    UNCLEAR = "unclear", "I cannot understand it"
    SOURCE = "source", "A source is missing, wrong or cannot be opened"
    TECHNICAL = "technical", "The page does not work"
    OTHER = "other", "Something else"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What somebody sends about a version that the public can read."""

    kind: LetterKind
    version_id: int
    words: str
    problem: str = ""
    diagnosis_key: str = ""
    address: str = ""


class Receipt(NamedTuple):
    """The letter's number and the day by which an editor has read it."""

    number: int
    due_on: date


class NotTaken(Exception):
    """Nothing was kept. The message is for the sender; `status` says in HTTP's terms whether later may be better."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


_WHY = {
    "words": "This could not be taken as it is. Shorten your words, or leave out signs that no keyboard has.",
    "gone": "This article, or this part of it, is not public any more.",
    "sender": "Many letters came from your connection in a short time. Send this one again in an hour.",
    "article": "Many letters about this article came in a short time. Send yours again in an hour.",
    "all": "The editors are getting more letters than usual. Send yours again in an hour.",
}
_TOO_MANY = {"sender", "article", "all"}
DOWN = "Letters cannot be taken at the moment. Your words still stand below: send them again in a few minutes."


def send_letter(sent: Sent, *, sender: str) -> Receipt:
    """Have it taken. The same from the same sender within a day is one letter, with one number.

    Raises:
        NotTaken: it was refused, or the database that takes letters cannot be reached.
    """
    values = (sent.kind, sent.problem, sent.version_id, sent.diagnosis_key, sent.words, sent.address, sender)
    try:
        with transaction.atomic(using=settings.INBOX), confided(settings.INBOX) as cursor:
            cursor.execute("SET TRANSACTION READ WRITE")  # which this login's transactions are not, unless they say so
            cursor.execute(
                "SELECT number, due_on, refusal FROM pub.take_letter(%s, %s, %s, %s, %s, %s, %s, %s)",
                [*values, settings.LETTER_DAYS],
            )
            number, due_on, refusal = cursor.fetchone()
    except Error as error:
        cause = error.__cause__ or error
        why = type(cause).__name__, getattr(cause, "sqlstate", None)
        logger.error("No letter can be taken: %s, SQLSTATE %s", *why)  # noqa: TRY400 - a reader's words can be in it
        raise NotTaken(DOWN, status=503) from error
    if refusal:
        raise NotTaken(_WHY[refusal], status=429 if refusal in _TOO_MANY else 422)
    return Receipt(number, due_on)


def sender_of(request: HttpRequest) -> str:
    """A key of whoever sends, to count by: no address, and tomorrow another. The database salts it once more."""
    day = datetime.now(UTC).date()
    return hmac.new(settings.SECRET_KEY.encode(), f"{day} {_network(request)}".encode(), hashlib.sha256).hexdigest()


def _network(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw; of IPv6 the network, for one sender has many addresses.

    What stands further left in X-Forwarded-For was written by whoever sent it.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if proxies := settings.TRUSTED_PROXIES:
        passed = [part for part in request.headers.get("X-Forwarded-For", "").replace(" ", "").split(",") if part]
        if len(passed) >= proxies:
            seen = passed[-proxies]
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
