"""The forms of findings: made by a reviewer, answered by the author, closed."""

from functools import partial
from typing import Any, Self, override

from django import forms
from django.core.exceptions import ValidationError

from content.anchors import MAX_QUOTE
from content.schema import Audience
from people.forms.fields import Prose
from people.models import User
from reviews.forms.reviewing import ActForm
from reviews.models import Assignment, Finding
from reviews.states import Response, Severity

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


class FindingForm(ActForm):
    """A remark on one diagnosis, or on the whole article when `diagnosis_key` is empty; on words of it with a quote."""

    quote = Prose(
        label="The words it speaks of",
        max_length=4 * MAX_QUOTE,
        rows=2,
        required=False,
        help_text="Select them in the text, or copy them here. Leave it empty to speak of the whole.",
    )
    body = Prose(label="What you found", max_length=10_000, rows=3)
    replacement = Prose(
        label="Suggested wording",
        max_length=10_000,
        rows=2,
        required=False,
        help_text="Takes the place of the quoted words when the author accepts it.",
    )
    deletes = forms.BooleanField(label="Suggest to delete the quoted words", required=False)
    severity = forms.ChoiceField(
        label="How much it matters", choices=SEVERITIES, widget=forms.RadioSelect, initial=Severity.SHOULD
    )
    diagnosis_key = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    before = forms.CharField(required=False, max_length=400, strip=False, widget=forms.HiddenInput)
    audience = forms.ChoiceField(
        required=False, choices=[("", ""), *((a.value, a.label) for a in Audience)], widget=forms.HiddenInput
    )
    replaces = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    @classmethod
    def at(cls, key: str, sent: Any = None) -> Self:
        """The form of one place of the page, each with ids of its own."""
        return cls(sent, initial={"diagnosis_key": key}, auto_id=f"finding_{key}_%s")

    @classmethod
    def anew(cls, finding: Finding) -> Self:
        """The form filled in with a finding, which it is to replace."""
        said = {name: getattr(finding, name) for name in ("quote", "body", "severity", "diagnosis_key", "replacement")}
        said |= {"before": finding.quote_before, "replaces": finding.pk, "deletes": finding.replacement == ""}
        return cls(initial=said, auto_id=f"anew_{finding.pk}_%s")

    @property
    def key(self) -> str:
        """Which diagnosis the form that was sent speaks of."""
        return str(self.data.get("diagnosis_key", ""))

    @override
    def clean(self) -> dict[str, Any]:
        """An empty suggestion is none, unless deleting is suggested."""
        said = self.cleaned_data
        deletes = said.pop("deletes", False)
        if deletes and said.get("replacement"):
            self.add_error("replacement", "Suggest other words, or to delete them: not both.")
        said["replacement"] = "" if deletes else said.get("replacement") or None
        return said

    def make(self, assignment: Assignment, *, by: User) -> bool:
        """Write it down; whether it was done."""
        if not self.is_valid():
            return False
        if number := self.cleaned_data["replaces"]:
            own = Finding.objects.filter(pk=number, version=assignment.version_id, reviewer=by)
            self.cleaned_data["replaces"] = own.first()
            if self.cleaned_data["replaces"] is None:
                self.add_error(None, ValidationError("The finding that this was to replace is not yours."))
                return False
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

    @classmethod
    def to(cls, finding: Finding) -> Self:
        """The form as it was left: with the draft of an answer, else with the answer that was given."""
        draft = {"response": finding.draft_response, "note": finding.draft_note}
        said = {"response": finding.response, "note": finding.response_note}
        return cls(initial=draft if any(draft.values()) else said, auto_id=f"answer_{finding.pk}_%s")

    def answer(self, finding: Finding, *, by: User) -> bool:
        """Answer; whether it was done."""
        return self.attempt(partial(finding.respond, by=by))


class DraftAnswerForm(ActForm):
    """The answer while it is being written."""

    response = forms.ChoiceField(choices=[("", ""), *RESPONSES], required=False)
    note = Prose(max_length=10_000, required=False)

    def keep(self, finding: Finding, *, by: User) -> bool:
        """Hold on to it; whether it was done."""
        return self.attempt(partial(finding.keep_answer, by=by))


class AcceptForm(ActForm):
    """Take the suggested wording over: nothing is filled in."""

    def accept(self, finding: Finding, *, by: User) -> bool:
        """Take it over; whether it was done. The result is the draft."""
        return self.attempt(partial(finding.accept_wording, by=by))


class CloseForm(ActForm):
    """Close a finding: one's own without more, another's with a reason."""

    reason = Prose(label="Why you close another’s finding", max_length=5_000, rows=2, required=False)

    def close(self, finding: Finding, *, by: User) -> bool:
        """Close; whether it is closed now."""
        return self.attempt(partial(finding.close, by=by))
