"""What the outbox is asked for."""

from typing import Any

from django import forms
from django.db.models import Q

from people.letters import KINDS
from people.models import MessageState
from people.models.messages import Messages

LARGEST = 2**63 - 1


def kinds() -> list[tuple[str, str]]:
    return [("", "Anything"), *sorted(((kind.name, kind.label) for kind in KINDS.values()), key=lambda pair: pair[1])]


class OutboxForm(forms.Form):
    """A part of the outbox, from the address line; what makes no sense there counts as not said."""

    state = forms.ChoiceField(label="State", choices=[("", "Any"), *MessageState.choices], required=False)
    kind = forms.ChoiceField(label="What it is", choices=kinds, required=False)
    q = forms.CharField(label="To (name or e-mail)", max_length=100, required=False)
    article = forms.IntegerField(min_value=1, max_value=LARGEST, required=False, widget=forms.HiddenInput)
    before = forms.IntegerField(min_value=1, max_value=LARGEST, required=False, widget=forms.HiddenInput)

    def asked(self) -> dict[str, Any]:
        """The fields that make sense and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def found(self, messages: Messages) -> Messages:
        """Those of the messages, the newest first."""
        asked = self.asked()
        columns = {"state": "state", "kind": "kind", "article": "article_id", "before": "pk__lt"}
        found = messages.filter(**{columns[name]: value for name, value in asked.items() if name in columns})
        if words := asked.get("q"):
            to = Q(person__name__icontains=words) | Q(person__email__icontains=words) | Q(address__icontains=words)
            found = found.filter(to)
        return found.order_by("-pk")
