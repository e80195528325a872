"""The forms of the author's steps: submit, and those that ask for a reason."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from articles.forms.naming import with_lasting_keys
from articles.models import IllegalMove, Version
from articles.states import Origin
from articles.twins import compare
from people.forms.fields import Prose
from people.models import User


class SubmitForm(forms.Form):
    """What changed, and how the text was made. `based_on` is the revision that the author has looked at."""

    change_note = Prose(label="What changed, and why", max_length=5_000, required=False)
    origin = forms.ChoiceField(
        label="How it was made",
        choices=Origin.choices,
        widget=forms.RadioSelect,
        help_text="Readers see this beside the article.",
        error_messages={"required": "Say how the text was made."},
    )
    ai_tool = forms.CharField(
        label="AI tool that was used",
        max_length=200,
        required=False,
        help_text="Name and version, when AI took part: for example Example Model 4.",
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: Version, **options: Any) -> None:
        super().__init__(*args, **options)
        self.version = version
        note = self.fields["change_note"]
        note.required = version.number > 1
        note.error_messages["required"] = "Say what changed since the last version."
        note.help_text = (
            "Readers and reviewers see this note. Name what changed for a reader, not every comma."
            if version.number > 1
            else "Readers and reviewers see this note beside version 1."
        )
        self.initial = {"based_on": version.revision, "ai_tool": version.ai_tool}
        self.initial["origin"] = version.origin if version.number > 1 else None

    def clean(self) -> dict[str, Any]:
        """AI has a name."""
        origin, tool = self.cleaned_data.get("origin"), self.cleaned_data.get("ai_tool", "").strip()
        if origin in {Origin.AI_ASSISTED, Origin.AI_DRAFTED} and not tool:
            self.add_error("ai_tool", "Name the AI tool that was used.")
        if origin == Origin.HUMAN and tool:
            self.add_error("ai_tool", "You chose “written by a person”. Clear this, or choose another answer above.")
        return self.cleaned_data

    def submit(self, *, by: User) -> Version | None:
        """Submit the draft; None when something is missing, and then the form says what.

        Raises:
            IllegalMove: it is no draft any more.
            PermissionDenied: `by` may not submit it.
        """
        if not self.is_valid():
            return None
        details = {name: self.cleaned_data[name] for name in ("change_note", "origin", "ai_tool")}
        try:
            with transaction.atomic():
                self._require_unchanged()
                self._give_lasting_keys(by)
                moved = self.version.move("submit", by=by, **details)
        except IllegalMove:
            raise
        except ValidationError as error:
            self.add_error(None, error)
            return None
        compare(moved.pk)
        return moved

    def _give_lasting_keys(self, by: User) -> None:
        """A part that was named while its page stayed open is called by its name from now on."""
        named = with_lasting_keys(self.version.document)
        if self.version.is_draft and named != self.version.document:
            self.version.save_draft(named, by=by, based_on=self.cleaned_data["based_on"])

    def _require_unchanged(self) -> None:
        version = Version.objects.locked(self.version.pk)
        if version.is_draft and version.revision != self.cleaned_data["based_on"]:
            raise ValidationError("The draft has been changed since you opened this page. Read it again, then submit.")


class ReasonForm(forms.Form):
    """Why."""

    reason = Prose(
        label="Why you withdraw it",
        max_length=5_000,
        help_text="The editors and reviewers read this. It is never public.",
        error_messages={"required": "Give a reason."},
    )
