"""Mail about letters from readers: to the reader, who has no account, and to the editors.

Mail to a reader holds no word that came from a form, so nobody can have us send theirs to somebody else's address; and
what it said is not kept in the outbox.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.urls import reverse

from people import permissions
from people.letters import Letter, Outcome, absolute, register
from people.models import Role, User
from people.models.messages import Message, Messages
from people.rules import today
from publications.letters.inbox import Problem
from reviews.models import ReaderLetter
from reviews.models.letter_record import ReaderLetterQuerySet

RECEIVED, ANSWERED, ARRIVED = TO_READERS = (
    "reviews/letter_received",
    "reviews/letter_answered",
    "reviews/letter_arrived",
)
WAITING, DANGEROUS = "reviews/letters_waiting", "reviews/letters_dangerous"
LATE = 3  # days over the date, from which every editor is told
FORGOTTEN = "The address was deleted, or the letter has gone on."


def received(letter: ReaderLetter) -> None:
    """Confirm to the reader that it came."""
    _to_reader(RECEIVED, letter)


def answered(letter: ReaderLetter) -> None:
    """Send the reader the editor's answer."""
    _to_reader(ANSWERED, letter)


def arrived(letter: ReaderLetter) -> None:
    """Tell the reader that a version with what came of the letter is public."""
    _to_reader(ARRIVED, letter)


def _to_reader(kind: str, letter: ReaderLetter) -> None:
    if letter.address:
        about = {"article_id": letter.article_id, "arguments": {"letter": letter.pk}}
        key = _key(kind, letter.pk)
        Message.objects.add([Message(kind=kind, key=key, address=letter.address, at_once=True, **about)])


def _key(kind: str, pk: int) -> str:
    """The message's, by which the database knows what to forget with the letter (`letter_forgotten`)."""
    return f"{kind.removeprefix('reviews/')}.{pk}"


def confirmed_to(address: str) -> Messages:
    """What was confirmed to this mailbox within a day."""
    told = ReaderLetter.objects.exclude(address="").filter(acknowledged_at__gte=since(days=1))
    same = [pk for pk, other in told.values_list("pk", "address") if _mailbox(other) == _mailbox(address)]
    return Message.objects.filter(key__in=[_key(RECEIVED, pk) for pk in same], created_at__gte=since(days=1))


def _mailbox(address: str) -> str:
    """Where mail to it ends up: many servers heed neither case nor what follows a plus sign."""
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def tell_editors() -> int:
    """Post today's mail to each editor for whom letters wait, and what could harm somebody at once, but at most once an
    hour; how many mails.
    """
    posted = 0
    for user in User.objects.with_role(Role.EDITOR).order_by("pk"):
        if Waiting(user).is_much:
            posted += len(Message.objects.post(WAITING, [user], key=f"letters-waiting.{today():%Y%m%d}"))
    if not Message.objects.filter(kind=DANGEROUS, created_at__gte=since(hours=1)).exists():
        posted += _warn()
    return posted


def _warn() -> int:
    """Post what could harm somebody: about the newest such letter once, so that none is lost to an earlier one."""
    newest = _dangerous().order_by("-pk").first()
    editors = User.objects.with_role(Role.EDITOR).order_by("pk")
    return len(Message.objects.post(DANGEROUS, editors, key=f"letters-dangerous.{newest.pk}")) if newest else 0


def _dangerous() -> ReaderLetterQuerySet:
    return ReaderLetter.objects.untaken().filter(problem=Problem.DANGEROUS)


class Waiting:
    """What waits for one editor now."""

    def __init__(self, user: User) -> None:
        letters = ReaderLetter.objects.all()
        self.mine = letters.owed_by(user).due().count()
        self.nobodys = letters.untaken().exclude(article__owner=user).count()
        self.late = letters.due(days=LATE).count()

    @property
    def is_much(self) -> bool:
        """Whether there is something to say."""
        return bool(self.mine or self.nobodys or self.late)


def write_waiting(message: Message) -> Outcome:
    """What waits for this editor, as it is now."""
    user = message.person
    if user is None or not permissions.may_read_letters(user):
        return "They are no editor any more."
    waiting = Waiting(user)
    if not waiting.is_much:
        return "No letter waits any more."
    return Letter(
        WAITING, {"waiting": waiting, "late_days": LATE}, url=absolute(reverse("letters:list")), due_on=today()
    )


def write_dangerous(message: Message) -> Outcome:
    """What could harm somebody, as long as nobody has taken it."""
    user = message.person
    if user is None or not permissions.may_read_letters(user):
        return "They are no editor any more."
    letters = list(_dangerous().with_names().most_pressing_first()[:10])
    if not letters:
        return "An editor has taken it."
    url = absolute(reverse("letters:list"))
    return Letter(DANGEROUS, {"letters": letters}, url=url, due_on=min(each.due_on for each in letters))


def write_to_reader(message: Message) -> Outcome:
    """What a reader is told, if their address is still here."""
    letters = ReaderLetter.objects.select_related("article", "version", "came_with")
    letter = letters.filter(pk=message.arguments["letter"]).first()
    if letter is None or letter.address != message.address:
        return FORGOTTEN
    if message.kind == RECEIVED and letter.is_closed:
        return "It was closed before this could go out."
    if message.kind == ARRIVED and not letter.article.versions.public().exists():
        return "The article was retracted before this could go out."
    url = absolute(reverse("publications:article", args=(letter.article.slug,)))
    anchor = f"#question_{letter.question_key}" if message.kind == ARRIVED and letter.is_question else ""
    privacy = absolute(reverse("publications:policy", args=("privacy",)))
    return Letter(message.kind, {"letter": letter, "privacy_url": privacy}, url=url + anchor)


def since(**ago: int) -> datetime:
    """The moment so long ago."""
    return datetime.now(UTC) - timedelta(**ago)


register(RECEIVED, "To a reader: letter received", write_to_reader, at_once=True, is_private=True)
register(ANSWERED, "To a reader: an answer", write_to_reader, at_once=True, is_private=True)
register(ARRIVED, "To a reader: in a new version", write_to_reader, at_once=True, is_private=True)
register(WAITING, "Letters from readers wait", write_waiting, asks=True)
register(DANGEROUS, "A reader reports a danger", write_dangerous, at_once=True, asks=True)
