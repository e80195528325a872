"""Mail of the ladder (`reviews.ladder`): reminders, and what those above are told. As ever it is written when it is
sent: what was done meanwhile, handed on, put off or said by a later rung is not said.
"""

from typing import Any

from django.urls import reverse

from articles.mail import NOT_THEIRS
from people import permissions
from people.letters import Letter, Outcome, Pairs, absolute, register, subject_of
from people.models import Message, User
from people.models.messages import Messages
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
OVERTAKEN = "It was done, handed on, or has another date now."


def write_reminder(message: Message) -> Outcome:
    """To who owes it: what, and since when or until when."""
    debt, user = _still_owed(message), message.person
    if isinstance(debt, str):
        return debt
    if user is None or user.pk != debt.holder_id or not _may_be_reminded(user, debt):
        return NOT_THEIRS
    by = User.objects.filter(pk=message.arguments.get("by")).first()
    context = {"debt": debt, "version": debt.version, "when": in_days(debt), "task": TASKS[debt.queue][0], "by": by}
    return Letter("reviews/reminder", context, url=absolute(_page(debt)), due_on=debt.due_on)


def write_escalation(message: Message) -> Outcome:
    """To the editor, or of an editor's own turn to those who can take it."""
    debt, user = _still_owed(message), message.person
    if isinstance(debt, str):
        return debt
    if user is None or user.pk == debt.holder_id:
        return NOT_THEIRS
    may_read = permissions.may_handle(user, debt.version)
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


def _still_owed(message: Message) -> Debt | str:
    reminder = Reminder.objects.filter(pk=message.arguments["reminder"]).first()
    debt = reminder.debt if reminder else None
    if reminder is None or debt is None:
        return OVERTAKEN
    same = {name: getattr(reminder, name) for name in ("version_id", "queue", "holder_id", "due_on", "user_id")}
    if Reminder.objects.filter(**same, pk__gt=reminder.pk).exists():
        return "A later reminder says it."
    return debt


def _may_be_reminded(user: User, debt: Debt) -> bool:
    """Whether they may still do it, by the functions that the pages ask."""
    match debt.side:
        case Side.AUTHOR:
            return permissions.owns(user, debt.version)
        case Side.EDITORS:
            return permissions.may_handle(user, debt.version)
    return permissions.may_read_version(user, debt.version) and user.is_reviewer


def _page(debt: Debt) -> str:
    """Where it can be done."""
    if debt.side == Side.REVIEWERS:
        own = Assignment.objects.filter(version=debt.version_id, reviewer=debt.holder_id, state__in=OUTSTANDING)
        return own[0].get_absolute_url()
    return debt.version.get_absolute_url()


def in_days(debt: Debt) -> str:
    """How far off the due date is: "Due in 3 days", "Due today", "7 days over"."""
    days = debt.days_over
    if not days:
        return "Due today"
    count = "1 day" if abs(days) == 1 else f"{abs(days)} days"
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


register("reviews/reminder", "Reminder", write_reminder, asks=True)
register("reviews/escalation", "Told that something is late", write_escalation, asks=True)
register(
    "reviews/nudge",
    "Reminder by an editor",
    write_reminder,
    at_once=True,
    asks=True,
    collect=other_nudges,
    join=join_nudges,
)
