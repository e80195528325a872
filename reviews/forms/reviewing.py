"""The reviewer's forms: answer an invitation, write a finding, close it, sign. And the author's answer to a finding."""

import re
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError

from articles.models import IllegalMove
from content import text
from people.forms.fields import Line
from people.models import User
from reviews.models import Assignment, Finding, HashChanged
from reviews.states import Response, Severity, Verdict

HASH = re.compile(r"^[0-9a-f]{64}\Z")
SEVERITIES = [
    (Severity.MUST_FIX, "Must fix: no approval before it is closed"),
    (Severity.SHOULD, "Should: better with it"),
    (Severity.OPTIONAL, "Optional: a suggestion"),
]
RESPONSES = [
    (Response.FIXED, "Fixed in the next version"),
    (Response.REBUTTED, "Not changed, because …"),
    (Response.DEFERRED, "Put off, because …"),
]


class Prose(forms.CharField):
    """Running text of several lines, in the one spelling that every text here has."""

    def __init__(self, *, max_length: int, rows: int = 4, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, widget=widget, **options)

    @override
    def to_python(self, value: Any) -> str:
        return text.prose(super().to_python(value) or "")


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
        return "\n\n".join(str(self.data.get(name, "")) for name, f in self.fields.items() if isinstance(f, Prose))

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


class FindingForm(ActForm):
    """A remark on one diagnosis, or on the whole article when `diagnosis_key` is empty."""

    body = Prose(label="What you found", max_length=10_000)
    severity = forms.ChoiceField(label="How much it matters", choices=SEVERITIES, widget=forms.RadioSelect)
    diagnosis_key = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    @classmethod
    def at(cls, key: str, sent: Any = None) -> "FindingForm":
        """The form of one place of the page, each with ids of its own."""
        return cls(sent, initial={"diagnosis_key": key}, auto_id=f"finding_{key}_%s")

    @property
    def key(self) -> str:
        """Which diagnosis the form that was sent speaks of."""
        return str(self.data.get("diagnosis_key", ""))

    def make(self, assignment: Assignment, *, by: User) -> bool:
        """Write it down; whether it was done."""
        return self.attempt(partial(Finding.make, assignment, by=by))


class AnswerForm(ActForm):
    """What the author says to a finding."""

    response = forms.ChoiceField(label="Your answer", choices=RESPONSES, widget=forms.RadioSelect)
    note = Prose(
        label="Note to the reviewer",
        max_length=10_000,
        rows=3,
        required=False,
        help_text="Needed when you did not change the text: say why.",
    )

    def answer(self, finding: Finding, *, by: User) -> bool:
        """Answer; whether it was done."""
        return self.attempt(partial(finding.respond, by=by))


class CloseForm(ActForm):
    """Close a finding: one's own without more, another's with a reason."""

    reason = Prose(label="Why you close another’s finding", max_length=5_000, rows=2, required=False)

    def close(self, finding: Finding, *, by: User) -> bool:
        """Close; whether it is closed now."""
        return self.attempt(partial(finding.close, by=by))


class NoteForm(forms.Form):
    """The note to the author while it is being written."""

    note = Prose(label="Note to the author", max_length=20_000, rows=6, required=False)


class SignForm(NoteForm, ActForm):
    """What is signed. The hash is the one of the text that was on the screen; the key names this form."""

    verdict = forms.ChoiceField(choices=Verdict.choices, widget=forms.HiddenInput)
    content_sha256 = forms.RegexField(regex=HASH, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    no_conflict = forms.BooleanField(
        label="I have no conflict of interest with this article or its authors",
        error_messages={"required": "Confirm that you have no conflict of interest, or decline the review."},
    )

    @staticmethod
    def names_text(given: Mapping[str, str]) -> bool:
        """Whether an address names a verdict and a hash, as the reading page's buttons do."""
        return given.get("verdict") in Verdict.values and bool(HASH.fullmatch(given.get("content_sha256", "")))

    def keep(self, assignment: Assignment, *, by: User) -> None:
        """Hold on to the note, whatever becomes of the signature."""
        self.full_clean()
        if (note := self.cleaned_data.get("note")) is not None:
            assignment.keep_note(note, by=by)

    def sign(self, assignment: Assignment, *, by: User) -> bool:
        """Sign; whether it was done."""
        return self.attempt(partial(assignment.sign, by=by))
