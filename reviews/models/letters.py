"""Letters from readers: problems and questions, with a clock, until an editor has closed them.

They are written by the database alone (`pub.take_letter`). What becomes public of an answer does so as a part of a
version that was reviewed, never from here. Every act names the `revision` that its page showed: of two editors at once
the second sees what the first did.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from articles.models import IllegalMove, Version
from articles.states import UNRETRACTED
from content import text
from ledger.models import Event
from people import permissions
from people.models import User
from people.rules import today
from reviews.models.letter_record import LetterRecord
from reviews.states import LetterOutcome, LetterState

MAX_ANSWER = 5_000
S = LetterState


class ReaderLetter(LetterRecord):
    """One letter, and what editors, approvals and time do with it."""

    # What editors do. Each raises PermissionDenied when `by` may not, and ValidationError when it cannot be:
    # IllegalMove when somebody was quicker.

    def take(self, *, by: User, seen: int) -> ReaderLetter:
        """Make it one's own, also from a colleague."""
        with self._act(by, seen) as letter:
            letter._set(state=S.AWAITING if letter.awaits_number else S.TAKEN, holder=by)
            letter._tell("letter_taken", by)
        return letter

    def hand_over(self, to: User, *, by: User, seen: int) -> ReaderLetter:
        """Give it to another editor."""
        with self._act(by, seen) as letter:
            if not letter.possible_holders().filter(pk=to.pk).exists():
                raise ValidationError(f"{to.display_name} cannot take this letter.")
            letter._set(state=S.AWAITING if letter.awaits_number else S.TAKEN, holder=to)
            letter._tell("letter_handed_over", by, to=to.display_name)
        return letter

    def reply(self, answer: str, *, by: User, seen: int, closes: bool) -> ReaderLetter:
        """Answer by mail; with `closes` that is the end of it."""
        from reviews import letter_mail  # which reads letters, and so imports this module

        with self._act(by, seen) as letter:
            answer = text.prose(answer)
            if not letter.may_be_answered:
                raise ValidationError("There is no address to answer to, or it was answered already.")
            if not answer:
                raise ValidationError("Write an answer.")
            letter._set(answer=answer, answered_by=by, answered_at=timezone.now(), **letter._held(by))
            letter._tell("letter_answered", by)
            letter_mail.answered(letter)
            if closes:
                letter._close(LetterOutcome.ANSWERED, by=by)
        return letter

    def close(self, outcome: LetterOutcome, *, by: User, seen: int, **said: Any) -> ReaderLetter:
        """Close it by hand. `said` are `reason`, `duplicate_of` (a letter) and `came_with` (a version), as it needs."""
        with self._act(by, seen) as letter:
            letter._check_outcome(outcome, **said)
            letter._close(outcome, by=by, **said)
            if letter.came_with is not None:
                letter._tell_reader()
        return letter

    def await_version(self, number: int, *, by: User, seen: int) -> ReaderLetter:
        """It is dealt with in this version: the approval of it, or of a later one, closes the letter."""
        with self._act(by, seen) as letter:
            letter._set(**letter._held(by) | {"state": S.AWAITING, "awaits_number": number})
            letter._tell("letter_put_in_version", by, number=number)
        return letter

    # What time and approval do; the row is locked by the caller.

    def arrive(self, version: Version) -> None:
        """The version that it waited for is public."""
        self._close(LetterOutcome.IN_VERSION, by=None, came_with=version)
        self._tell_reader()

    def come_back(self, *, to_nobody: bool = False) -> None:
        """It is to be done again: what it waited for is not coming, or who had it has left."""
        if to_nobody:
            self._set(holder=None, state=S.NEW)
        else:
            due_on = max(self.due_on, today() + timedelta(days=1))
            self._set(state=S.TAKEN, awaits_number=None, due_on=due_on)
        self._tell("letter_came_back", None)

    @contextmanager
    def _act(self, by: User, seen: int) -> Iterator[ReaderLetter]:
        """The letter as it is now, locked, if this editor may act on it and knows its state."""
        with transaction.atomic():
            letter = ReaderLetter.objects.select_for_update(of=("self",)).select_related("article").get(pk=self.pk)
            if not permissions.may_handle_letter(User.objects.get(pk=by.pk), letter):
                raise PermissionDenied("Editors deal with letters, but not with those about an article of their own.")
            if letter.revision != seen:
                raise IllegalMove("Somebody has done something with this letter since you opened it. Look at it again.")
            if letter.is_closed:
                raise ValidationError("This letter is closed.")
            yield letter

    def _check_outcome(self, outcome: LetterOutcome, **said: Any) -> None:
        if outcome.needs_reason and not said.get("reason"):
            raise ValidationError("Give a reason.")
        other, version = said.get("duplicate_of"), said.get("came_with")
        if outcome is LetterOutcome.DUPLICATE and (other is None or other.pk == self.pk):
            raise ValidationError("Name the other letter.")
        fits = version is not None and version.article_id == self.article_id and version.state in UNRETRACTED
        if outcome is LetterOutcome.IN_VERSION and not fits:
            raise ValidationError("Name a version of this article that was approved.")

    def _held(self, by: User | None) -> dict[str, Any]:
        """Whoever does something with a letter that nobody has, has it."""
        return {"state": S.TAKEN, "holder": by} if by and self.state == S.NEW else {}

    def _close(self, outcome: LetterOutcome, *, by: User | None, **said: Any) -> None:
        closed = {"state": S.CLOSED, "outcome": outcome, "closed_by": by, "closed_at": timezone.now()}
        self._set(**self._held(by) | closed | {"awaits_number": None} | said)
        self._tell("letter_closed", by, outcome=outcome.label.lower())

    def _set(self, **fields: Any) -> None:
        """Write these fields; whoever has seen the letter before has to look again."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.revision += 1
        self.save(update_fields=[*fields, "revision"])

    def _tell(self, kind: str, by: User | None, **details: Any) -> None:
        """An event that names the letter and nothing of the reader's."""
        Event.objects.append(
            kind, by=by, article_id=self.article_id, version_id=self.version_id, letter=self.pk, **details
        )

    def _tell_reader(self) -> None:
        from reviews import letter_mail

        letter_mail.arrived(self)
