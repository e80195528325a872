"""What is done to the articles chosen in the queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict

from articles.forms.labels import LabelsField
from articles.labels import Priority
from articles.models import Version
from people.forms.fields import Prose
from people.models import Role, User
from reviews import ladder
from reviews.desk_bulk import AT_ONCE, Outcome, act_on
from reviews.forms.queue import QueueForm

#: What can be done: the field that it needs, and what is said when it was.
ACTIONS = {
    "label": ("labels", "labelled"),
    "unlabel": ("labels", "no longer labelled so"),
    "prioritise": ("priority", "given that priority"),
    "hand_over": ("editor", "handed over"),
    "remind": ("", "chased: those whose turn it is get a mail"),
    "decline": ("reason", "declined"),
}


class VersionsField(forms.Field):
    """The versions ticked."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"required": "Choose at least one article.", "many": f"Choose at most {AT_ONCE} articles."}

    def to_python(self, value: Any) -> list[int]:
        found = [int(each) for each in value or () if each.isascii() and each.isdigit() and len(each) < 19]
        if len(found) > AT_ONCE:
            raise forms.ValidationError(self.error_messages["many"], code="many")
        return found


class BulkForm(forms.Form):
    """An action, and what it needs."""

    version = VersionsField()
    do = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    labels = LabelsField(required=False)
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int, required=False, empty_value=None)
    editor = forms.ModelChoiceField(queryset=User.objects.none(), required=False)
    reason = Prose(label="Reason", max_length=5_000, rows=5, required=False)
    back = forms.CharField(required=False, max_length=1_000, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        field: Any = self.fields["editor"]
        field.queryset = User.objects.with_role(Role.EDITOR)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        needed, _ = ACTIONS.get(said.get("do", ""), ("", ""))
        if needed and not said.get(needed) and needed not in self.errors:
            words = {"labels": "Name a label.", "priority": "Choose a priority.", "editor": "Choose an editor."}
            self.add_error(needed, words.get(needed, "Give a reason: the authors read it."))
        return said

    @property
    def back_url(self) -> str:
        """The page of the queue that it was sent from."""
        return QueueForm(QueryDict(self.data.get("back", "")[:1_000]), user=self.user).wanted.url

    @property
    def wants_reason(self) -> bool:
        """Whether all that lacks is the reason for declining: it is asked on a page of its own."""
        return self.data.get("do") == "decline" and set(self.errors) == {"reason"}

    @property
    def asking(self) -> str:
        """The query of that page."""
        query = QueryDict(mutable=True)
        query.setlist("version", [str(pk) for pk in self.cleaned_data["version"]])
        query.update({"do": "decline", "back": self.cleaned_data["back"]})
        return query.urlencode()

    @property
    def done(self) -> str:
        """What is said of articles to which it was done."""
        return ACTIONS[self.cleaned_data["do"]][1]

    def act(self) -> Outcome:
        """Do it to each."""
        return act_on(self.cleaned_data["version"], self._action(), by=self.user)

    def _action(self) -> Callable[[Version], object]:
        said, by = self.cleaned_data, self.user
        actions: dict[str, Callable[[Version], object]] = {
            "label": lambda version: version.article.label(*said["labels"], by=by),
            "unlabel": lambda version: version.article.unlabel(*said["labels"], by=by),
            "prioritise": lambda version: version.article.prioritise(said["priority"], by=by),
            "hand_over": lambda version: version.article.hand_over(said["editor"], by=by),
            "remind": lambda version: ladder.remind(version.article, by=by),
            "decline": lambda version: version.move("decline", by=by, reason=said["reason"]),
        }
        return actions[said["do"]]
