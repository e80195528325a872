"""The reviewer's forms: answer an invitation, write the notes, sign. And what every form of this room is made of."""

import re
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.models import IllegalMove
from people.forms.fields import Line, Prose
from people.models import User
from reviews.models import Answers, Assignment, HashChanged
from reviews.states import Verdict

HASH = re.compile(r"^[0-9a-f]{64}\Z")
NOTES = frozenset({"note", "confidential_note"})


class ActForm(forms.Form):
    """A form that does one thing to the domain, and shows what the domain says against it."""

    #: The domain said that somebody was quicker: 409. Otherwise what was typed is at fault: 422.
    came_too_late = False
    #: What the domain made of it.
    result: Any = None

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form again."""
        return 409 if self.came_too_late else 422

    @property
    def objections(self) -> list[str]:
        """What the domain said against it."""
        return [str(error) for error in self.non_field_errors()]

    @property
    def typed(self) -> str:
        """The words that were typed, to give them back when the form itself is gone."""
        words = (self.data.get(name, "") for name, field in self.fields.items() if isinstance(field, Prose))
        return "\n\n".join(filter(None, words))

    def see_anew(self, **seen: str) -> None:
        """What was typed may be sent once more, now that its writer sees what was done meanwhile."""
        self.data = {**dict(self.data.items()), **seen}

    def attempt(self, act: Callable[..., object]) -> bool:
        """Do it with what was typed; an objection of the domain becomes an error of the form. Whether it was done."""
        if not self.is_valid():
            return False
        try:
            self.result = act(**self.cleaned_data)
        except ValidationError as error:
            self.came_too_late = isinstance(error, IllegalMove | HashChanged)
            self.add_error(None, error)
        return not self.errors


class DeclineForm(ActForm):
    """Say no to an invitation."""

    reason = Prose(label="Why you cannot review this", max_length=5_000, rows=3)
    suggested = Line(
        label="Who else could review it",
        max_length=300,
        required=False,
        help_text="A name or a field of work. Only the editors see it.",
    )
    conflict = forms.BooleanField(
        label="I have a conflict of interest",
        help_text="You are not asked again about this article.",
        required=False,
    )

    def decline(self, assignment: Assignment, *, by: User) -> bool:
        """Decline; whether it was done."""
        return self.attempt(partial(assignment.decline, by=by))


class NoteForm(forms.Form):
    """The notes while they are being written: to the author, and to the editors alone."""

    note = Prose(label="Note to the author", max_length=20_000, rows=4, required=False)
    confidential_note = Prose(
        label="Confidential note to the editors",
        max_length=20_000,
        rows=3,
        required=False,
        help_text="Only the editors who handle this version read it: never the author, other reviewers or the public.",
    )

    @property
    def given(self) -> dict[str, str]:
        """The notes that were sent, without those that the form was sent without."""
        return {name: words for name, words in self.cleaned_data.items() if name in self.data and name in NOTES}


class SignForm(NoteForm, ActForm):
    """What is signed. The hash is the one of the text that was on the screen, `asked` names the statements that were;
    the key names this form.
    """

    verdict = forms.ChoiceField(choices=Verdict.choices, widget=forms.HiddenInput)
    content_sha256 = forms.RegexField(regex=HASH, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    asked = forms.CharField(required=False, empty_value=None, max_length=64, widget=forms.HiddenInput)
    no_conflict = forms.BooleanField(
        widget=forms.HiddenInput,
        initial=True,
        error_messages={"required": "Confirm that you have no conflict of interest, or decline the review."},
    )

    @staticmethod
    def names_text(given: Mapping[str, str]) -> bool:
        """Whether an address names a verdict and a hash, as the reading page's buttons do."""
        return given.get("verdict") in Verdict.values and bool(HASH.fullmatch(given.get("content_sha256", "")))

    def keep(self, assignment: Assignment, answers: Answers, *, by: User) -> None:
        """Hold on to the notes and answers, whatever becomes of the signature."""
        self.full_clean()
        assignment.keep(by=by, answers=answers, **self.given)

    def sign(self, assignment: Assignment, answers: Answers, *, by: User) -> bool:
        """Sign; whether it was done."""
        return self.attempt(partial(assignment.sign, by=by, answers=answers))
