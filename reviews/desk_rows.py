"""A line of the queue in the words of the person who looks at it. Asks nothing of the database."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.urls import reverse

from articles.labels import Priority
from articles.states import Origin, VersionState
from people.models import User
from reviews.desk import Line
from reviews.rounds import Signed, resolve
from reviews.sight import Sight
from reviews.states import OUTSTANDING, AssignmentState, Queue, Side
from reviews.turns import Party, in_words

NO_DAY = date.max
MUCH_RISK = 50  # per cent of the diagnoses are not to be missed


class Asked(NamedTuple):
    """A reviewer in a row: answered means signed."""

    name: str
    answered: bool


class Flag(NamedTuple):
    """What stands out: a colour, an icon and a word."""

    colour: str
    icon: str
    words: str


class Row(NamedTuple):
    """What the tag `queue_rows` shows. `pk` is the version's, 0 where nothing can be done to many at once."""

    url: str
    title: str
    state: str
    due: date | None
    facts: list[str]
    reviewers: list[Asked]
    flags: list[Flag]
    pk: int
    peek_url: str


def sight_of(line: Line) -> Sight:
    """How much of its review a line may tell. The twin of `reviews.sight.decide`, by the source of the line."""
    if line["source"] == "runs":
        return Sight.EVERYTHING
    if line["source"] == "asked":
        return Sight.SIGNED_REVIEWS if line["my_state"] == AssignmentState.SIGNED else Sight.OWN_REVIEW
    return Sight.AUTHOR


def is_to_review(line: Line) -> bool:
    """Whether the person has yet to sign it."""
    return line["source"] == "asked" and line["queue"] in OUTSTANDING


def ask_of_round(line: Line) -> tuple[int, bool, bool]:
    """What `reviews.desk.rounds` is asked of a line."""
    told = line["source"] == "runs"
    return (
        line["version_id"],
        told and line["state"] == VersionState.UNDER_REVIEW,
        told and line["queue"] == Queue.STUCK,
    )


def row(line: Line, told: Line, user: User, labels: dict[int, str]) -> Row:
    """A line and what was told of its round, as a row."""
    seen, to_review = sight_of(line), is_to_review(line)
    version = place(line["article_id"], line["number"])
    turn = turn_in_words(line, told, user, seen)
    return Row(
        url=reverse("reviews:review", args=(line["assignment_id"],)) if to_review else version,
        title=line["title"] or "Untitled article",
        state=line["queue"] if to_review else line["state"],
        due=None if line["due"] == NO_DAY else line["due"],
        facts=[*filter(None, [turn]), f"version {line['number']}", *_notes(line, user)],
        reviewers=_shown(told, seen),
        flags=[*_flags(line, told, seen), *_labels(line, labels)],
        pk=line["version_id"] if seen.sees_all else 0,
        peek_url=f"{version}peek/",
    )


def place(article_id: int, number: int) -> str:
    """The address of a version."""
    return _place().format(article_id, number)


@cache
def _place() -> str:
    """To be filled in: finding it anew for each row would take longer than all the rest."""
    return reverse("reviews:version", args=(111_111, 222_222)).replace("111111", "{}").replace("222222", "{}")


def turn_in_words(line: Line, told: Line, user: User, seen: Sight) -> str:
    """Whose turn it is. Which editor's, is told to those who run the process."""
    if is_to_review(line):
        return "Your turn"
    if line["side"] == Side.REVIEWERS:
        return _waiting(told["asked"] or [], seen)
    holder = Party(line["holder_id"], name_of(line, "holder")) if line["holder_id"] and seen.sees_all else None
    return in_words(line["side"], owner=Party(line["owner_id"], name_of(line, "owner")), holder=holder, me=user.pk)


def name_of(line: Line, role: str) -> str:
    """As `User.display_name`."""
    return line[f"{role}_name"] or (line[f"{role}_email"] or "").partition("@")[0]


def _waiting(asked: list[Any], seen: Sight) -> str:
    left = sum(state in OUTSTANDING for _, _, state in asked)
    many = f"{len(asked)} reviewer{'s'[: len(asked) != 1]}"
    return f"{many} asked" if seen is Sight.AUTHOR and left == len(asked) else f"Waiting for {left} of {many}"


def _shown(told: Line, seen: Sight) -> list[Asked]:
    """The reviewers whom this person may know of: all, those who have signed, or none."""
    asked = [
        Asked(name or email.partition("@")[0], state == AssignmentState.SIGNED)
        for name, email, state in told["asked"] or []
    ]
    if seen.sees_all:
        return asked
    return [each for each in asked if each.answered] if seen.sees_signed else []


def _notes(line: Line, user: User) -> list[str]:
    notes = [] if line["owner_id"] == user.pk else [f"by {name_of(line, 'owner')}"]
    if user.is_editor and line["source"] in ("owns", "wrote"):
        notes.append("yours: another editor handles it")
    if line["source"] == "runs" and line["side"] != Side.EDITORS and line["editor_id"] not in (None, user.pk):
        notes.append(f"handled by {name_of(line, 'editor')}")
    if line["public_number"] not in (None, line["number"]):
        notes.append(f"version {line['public_number']} is public")
    return notes


def _flags(line: Line, told: Line, seen: Sight) -> list[Flag]:
    flags = []
    if seen.sees_all:
        flags = [*_priority(line), *_stuck(line, told)]
        if told["must_fix"] and line["queue"] != Queue.STUCK:
            flags.append(Flag("red", "octagon-alert", f"{told['must_fix']} must-fix open"))
        if -line["by_risk"] >= MUCH_RISK:
            flags.append(Flag("orange", "siren", f"{-line['by_risk']}% not to be missed"))
    if line["queue"] == Queue.CHANGES and line["state"] == VersionState.APPROVED:
        flags.append(Flag("amber", "undo-2", "revision asked for"))
    if line["origin"] != Origin.HUMAN and line["state"] != VersionState.DRAFT:
        flags.append(Flag("grey", "fingerprint", "made with AI"))
    return flags


def _labels(line: Line, labels: dict[int, str]) -> list[Flag]:
    return [Flag("label", "hash", labels[pk]) for pk in line["labels"] if pk in labels]


def _priority(line: Line) -> list[Flag]:
    if line["priority"] == Priority.URGENT:
        return [Flag("red", "chevron-up", Priority.URGENT.label)]
    return [Flag("amber", "chevron-up", Priority.HIGH.label)] if line["priority"] == Priority.HIGH else []


def _stuck(line: Line, told: Line) -> list[Flag]:
    """Why the round cannot end by itself. See also `reviews.models.standing`."""
    if line["queue"] != Queue.STUCK:
        return []
    if line["state"] != VersionState.UNDER_REVIEW:
        return [Flag("amber", "circle-alert", "Nobody is left to confirm it: ask somebody else.")]
    now = resolve(
        [Signed(reviewer, verdict, counts) for reviewer, verdict, counts in told["signed"] or []],
        outstanding=sum(state in OUTSTANDING for _, _, state in told["asked"] or []),
        open_must_fix=told["must_fix"],
        approvals_required=told["required"],
    )
    return [Flag("amber", "circle-alert", now.why)]
