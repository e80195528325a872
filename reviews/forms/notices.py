"""What an editor fills in to post a notice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.models import IllegalMove, Version
from people.forms.fields import Prose
from people.models import User
from publications.record import NOTICES, Notice, NoticeKind
from reviews import notices
from reviews.forms.editing import ReasonForm

LONGEST = 5_000


class NoticeForm(ReasonForm):
    """A notice in the editor's words; it is shown as the public will read it before it is posted for good."""

    kind = forms.ChoiceField(
        label="Kind of notice", widget=forms.RadioSelect, error_messages={"required": "Choose what it is."}
    )
    words = Prose(
        label="What readers should know",
        max_length=LONGEST,
        rows=6,
        error_messages={"required": "Write what readers should know."},
    )
    ends_concern = forms.BooleanField(label="It also ends the expression of concern", required=False)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    change = forms.BooleanField(required=False, widget=forms.HiddenInput)
    number = forms.IntegerField(required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput)

    field_order = ("kind", "words", "reason", "ends_concern")

    def __init__(self, *args: Any, version: Version, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version, self.user = version, user
        self.concern = notices.standing_concern(notices.posted(version))
        kinds = [NoticeKind.CORRECTION, NoticeKind.LIFTED if self.concern else NoticeKind.CONCERN]
        self.fields["kind"].choices = [(kind.value, NOTICES[kind]) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["reason"].label = "Why this notice"
        if not self.concern:
            del self.fields["ends_concern"]

    @property
    def shows(self) -> str:
        """What comes next for a valid form: "words" to write it again, "notice" to see it, "" to post it."""
        if self.cleaned_data["change"]:
            return "words"
        return "" if self.cleaned_data["confirmed"] else "notice"

    def preview(self) -> Notice | None:
        """What the public will read; None when something in the form is wrong.

        Raises:
            IllegalMove: the version is not public, or was retracted.
        """
        if not self.is_valid():
            return None
        try:
            return notices.draft(self.version, by=self.user, **self._said())
        except IllegalMove:
            raise
        except ValidationError as error:
            self.add_error(None, error)
            return None

    def post(self) -> Notice:
        """Post it. Raises as `reviews.notices.post`."""
        expected = self.cleaned_data["number"] or 0
        return notices.post(self.version, by=self.user, expected=expected, **self._said())

    def _said(self) -> dict[str, Any]:
        names = ("kind", "words", "reason", "ends_concern")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
