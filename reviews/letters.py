"""What time does with readers' letters: it confirms them, reminds of them, closes them with a version, forgets them.

Each is a chore of `reviews.chores`: it can be done again at any time.
"""

from itertools import batched
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles.models import Version
from articles.states import OPEN, VersionState
from people.models import Role, User
from reviews import letter_mail
from reviews.letter_mail import since
from reviews.models import ReaderLetter
from reviews.models.letter_record import ReaderLetterQuerySet
from reviews.states import LetterState

MOST_CONFIRMED = 3  # mails a day to one address, and one an hour: whoever types another's address cannot flood it
BATCH = 500


def follow() -> int:
    """Close what came with a version, and give back what will not; how many letters moved."""
    moved = 0
    for pk in ReaderLetter.objects.filter(state=LetterState.AWAITING).values_list("pk", flat=True).order_by("pk"):
        with transaction.atomic():
            if letter := _locked(pk, state=LetterState.AWAITING):
                moved += _follow(letter)
    editors = User.objects.with_role(Role.EDITOR)
    left = ReaderLetter.objects.filter(state=LetterState.TAKEN).exclude(holder__in=editors)
    for pk in left.values_list("pk", flat=True):
        with transaction.atomic():
            if letter := _locked(pk, state=LetterState.TAKEN):
                letter.come_back(to_nobody=True)
                moved += 1
    return moved


def _locked(pk: int, *, state: LetterState) -> ReaderLetter | None:
    return ReaderLetter.objects.select_for_update().filter(pk=pk, state=state).first()


def _follow(letter: ReaderLetter) -> bool:
    """Whether what it waited for has come, or will not."""
    versions = Version.objects.filter(article=letter.article_id, number__gte=letter.awaits_number).order_by("number")
    public = versions.public().first()
    if public is not None and _holds(public, letter):
        letter.arrive(public)
        return True
    newest = versions.last()
    goes_on = newest is not None and newest.state in OPEN | {VersionState.CHANGES_REQUESTED}
    if not goes_on:
        letter.come_back()
    return not goes_on


def _holds(version: Version, letter: ReaderLetter) -> bool:
    """Whether the version answers it: a question must stand there; what was corrected is what editors said it is."""
    return not letter.is_question or any(each.key == letter.question_key for each in version.document.questions)


def confirm() -> int:
    """Confirm the letters that came with an address; how many mails that is.

    Everything from one address within an hour is one mail, about the first letter.
    """
    mails = 0
    waiting = ReaderLetter.objects.filter(acknowledged_at=None).exclude(address="").exclude(state=LetterState.CLOSED)
    for pk in waiting.values_list("pk", flat=True).order_by("pk")[:BATCH]:
        with transaction.atomic():
            if letter := waiting.select_for_update().filter(pk=pk).first():  # nobody has closed it meanwhile
                mails += _confirm(letter)
    return mails


def _confirm(letter: ReaderLetter) -> bool:
    told = letter_mail.confirmed_to(letter.address)
    is_told = not told.filter(created_at__gte=since(hours=1)).exists() and told.count() < MOST_CONFIRMED
    ReaderLetter.objects.filter(pk=letter.pk).update(acknowledged_at=timezone.now())
    if is_told:
        letter_mail.received(letter)
    return is_told


def forget() -> int:
    """Delete addresses and words whose time is over; how many letters that concerns."""
    closed = ReaderLetter.objects.filter(state=LetterState.CLOSED)
    ended = Q(state=LetterState.CLOSED, closed_at__lt=since(days=settings.LETTER_ADDRESS_DAYS))
    too_old = Q(received_at__lt=since(days=settings.LETTER_ADDRESS_MOST_DAYS))
    # in the database the address of what was mailed to the reader goes with the letter's
    addresses = ReaderLetter.objects.filter(ended | too_old).exclude(address="")
    words = closed.filter(closed_at__lt=since(days=settings.LETTER_WORDS_DAYS)).exclude(words="")
    keys = ReaderLetter.objects.filter(received_at__lt=since(days=2)).exclude(sender_key="")
    keys.update(sender_key="")
    gone = _in_batches(addresses, address="", forgotten_at=timezone.now())
    return gone + _in_batches(words, words="", answer="", reason="")


def _in_batches(found: ReaderLetterQuerySet, **fields: Any) -> int:
    """Update them, so many by one statement that it ends within the time that it has; how many there were."""
    pks = list(found.values_list("pk", flat=True).order_by("pk"))
    return sum(found.filter(pk__in=batch).update(**fields) for batch in batched(pks, BATCH))
