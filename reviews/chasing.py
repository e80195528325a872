"""Mail of the ladder (`reviews.ladder`): reminders, and what those above are told. As ever it is written when it is
sent: what was done meanwhile, handed on, put off or said by a later rung is not said.
"""

from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse

from articles.mail import NOT_THEIRS
from articles.models import Version
from content.counting import counted
from people import permissions
from people.letters import Letter, Outcome, Pairs, absolute, register, subject_of
from people.models import Message, User
from people.models.messages import Messages
from reviews.eligibility import handled_by
from reviews.models import Assignment
from reviews.models.reminders import Debt, Reminder
from reviews.states import OUTSTANDING, Queue, Side

#: What the holder is asked to do, in the imperative and of somebody else.
TASKS: dict[str, tuple[str, str]] = {
    Queue.DRAFT: ("finish your draft", "finishing the draft"),
    Queue.CHANGES: ("make the changes", "the author’s changes"),
    Queue.UNASSIGNED: ("assign reviewers", "assigning reviewers"),
    Queue.STUCK: ("say how the review goes on", "a word on how the review goes on"),
    Queue.REREVIEW: ("start the re-review", "the start of the re-review"),
    Queue.ANSWER: ("accept or decline the review", "an answer to the invitation"),
    Queue.READING: ("sign your review", "a review"),
    Queue.CONFIRMING: ("confirm the text, or ask for a revision", "the confirmation of the text"),
}
#: Version, queue, holder and due date: what a rung of the ladder is climbed for.
type Owed = tuple[int, str, int, date]
OVERTAKEN = "It was done, handed on, or has another date now."


class Known(NamedTuple):
    """What messages of the ladder to one person hang on, read for all of them at once."""

    reminders: dict[int, Reminder]
    newest: dict[Owed, int]
    debts: dict[Owed, Debt]
    may_read: set[int]  # versions; the querysets are the twins of the functions that the pages ask
    may_handle: set[int]
    pages: dict[int, str]  # where a review can be done, by version
    people: dict[int, User]


def read(user: User, messages: list[Message]) -> Known:
    """Everything that is asked before one of these is sent, in a fixed number of queries."""
    versions = {message.version_id for message in messages if message.version_id}
    told = list(Reminder.objects.filter(version__in=versions, user=user).order_by("pk"))
    debts = Debt.objects.filter(version__in=versions, holder__in={each.holder_id for each in told}).for_mail()
    by_debt, these = {_owed(debt): debt for debt in debts}, Version.objects.filter(pk__in=versions)
    own = Assignment.objects.filter(version__in=versions, reviewer=user, state__in=OUTSTANDING).only("version")
    reviews = any(debt.side == Side.REVIEWERS for debt in by_debt.values())
    return Known(
        reminders={each.pk: each for each in told},
        newest={_owed(each): each.pk for each in told},
        debts=by_debt,
        may_read=set(these.visible_to(user).values_list("pk", flat=True)) if reviews else set(),
        may_handle=set(handled_by(user, these).values_list("pk", flat=True)) if user.is_editor else set(),
        pages={each.version_id: each.get_absolute_url() for each in own} if reviews else {},
        people=User.objects.in_bulk({message.arguments["by"] for message in messages if "by" in message.arguments}),
    )


def _owed(row: Debt | Reminder) -> Owed:
    return row.version_id, row.queue, row.holder_id, row.due_on


def write_reminders(user: User, messages: list[Message]) -> list[Outcome]:
    """To who owes it: what, and since when or until when."""
    known = read(user, messages)
    return [_reminder(user, message, known) for message in messages]


def write_escalations(user: User, messages: list[Message]) -> list[Outcome]:
    """To the editor, or of an editor's own turn to those who can take it."""
    known = read(user, messages)
    return [_escalation(user, message, known) for message in messages]


def write_reminder(message: Message) -> Outcome:
    return write_reminders(message.person, [message])[0] if message.person else NOT_THEIRS


def write_escalation(message: Message) -> Outcome:
    return write_escalations(message.person, [message])[0] if message.person else NOT_THEIRS


def _reminder(user: User, message: Message, known: Known) -> Outcome:
    debt = _still_owed(message, known)
    if isinstance(debt, str):
        return debt
    if user.pk != debt.holder_id or not _may_be_reminded(user, debt, known):
        return NOT_THEIRS
    by = known.people.get(message.arguments.get("by", 0))
    context = {"debt": debt, "version": debt.version, "when": in_days(debt), "task": TASKS[debt.queue][0], "by": by}
    page = known.pages[debt.version_id] if debt.side == Side.REVIEWERS else debt.version.get_absolute_url()
    return Letter("reviews/reminder", context, url=absolute(page), due_on=debt.due_on)


def _escalation(user: User, message: Message, known: Known) -> Outcome:
    debt = _still_owed(message, known)
    if isinstance(debt, str):
        return debt
    if user.pk == debt.holder_id:
        return NOT_THEIRS
    may_read = debt.version_id in known.may_handle
    if not may_read and not (debt.side == Side.EDITORS and permissions.may_manage_people(user)):
        return NOT_THEIRS
    context = {
        "debt": debt,
        "version": debt.version if may_read else None,
        "when": in_days(debt),
        "task": TASKS[debt.queue][1],
    }
    page = debt.version.get_absolute_url() if may_read else reverse("people:detail", args=(debt.holder_id,))
    return Letter("reviews/escalation", context, url=absolute(page), due_on=debt.due_on)


def _still_owed(message: Message, known: Known) -> Debt | str:
    """The debt, when the same person still owes the same until the same day, and no later rung says it."""
    reminder = known.reminders.get(message.arguments["reminder"])
    debt = known.debts.get(_owed(reminder)) if reminder else None
    if reminder is None or debt is None:
        return OVERTAKEN
    return debt if known.newest[_owed(reminder)] == reminder.pk else "A later reminder says it."


def _may_be_reminded(user: User, debt: Debt, known: Known) -> bool:
    """Whether they may still do it."""
    match debt.side:
        case Side.AUTHOR:
            return permissions.owns(user, debt.version)
        case Side.EDITORS:
            return debt.version_id in known.may_handle
    return debt.version_id in known.may_read and user.is_reviewer


def in_days(debt: Debt) -> str:
    """How far off the due date is: "Due in 3 days", "Due today", "7 days over"."""
    days = debt.days_over
    if not days:
        return "Due today"
    count = counted(abs(days), "day")
    return f"{count} over" if days > 0 else f"Due in {count}"


def other_nudges(message: Message) -> Messages:
    """All that this person was reminded of by hand and was not told yet."""
    return Message.objects.waiting().filter(kind=message.kind, person=message.person_id)


def join_nudges(message: Message, pairs: Pairs) -> Letter:
    """One mail for all of them."""
    if len(pairs) == 1:
        return pairs[0][1]
    lines: list[dict[str, Any]] = [
        {"words": subject_of(letter, row.person), "url": letter.url, "due_on": letter.due_on} for row, letter in pairs
    ]
    return Letter("reviews/nudges", {"lines": lines}, url=absolute(reverse("reviews:queue")))


register("reviews/reminder", "Reminder", write_reminder, asks=True, write_all=write_reminders)
register("reviews/escalation", "Told that something is late", write_escalation, asks=True, write_all=write_escalations)
register(
    "reviews/nudge",
    "Reminder by an editor",
    write_reminder,
    at_once=True,
    asks=True,
    collect=other_nudges,
    join=join_nudges,
    write_all=write_reminders,
)
