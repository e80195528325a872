"""What the ledger is asked for."""

from typing import Any

from django import forms

from ledger.models import Event, EventQuerySet
from ledger.wording import kinds

LARGEST = 2**63 - 1


class LedgerForm(forms.Form):
    """A part of the ledger, from the address line; what makes no sense there counts as not said."""

    article = forms.IntegerField(label="Article number", min_value=1, max_value=LARGEST, required=False)
    version = forms.IntegerField(min_value=1, max_value=LARGEST, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="What happened", choices=[("", "Anything"), *kinds()], required=False)
    before = forms.IntegerField(min_value=1, max_value=LARGEST, required=False, widget=forms.HiddenInput)

    def asked(self) -> dict[str, Any]:
        """The fields that make sense and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def found(self) -> EventQuerySet:
        """Those events, the newest first."""
        columns = {"article": "article_id", "version": "version_id", "kind": "kind", "before": "seq__lt"}
        wanted = {columns[name]: value for name, value in self.asked().items()}
        return Event.objects.filter(**wanted).select_related("actor").order_by("-seq")
