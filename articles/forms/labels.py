"""Labels in a form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.handling import MOST_LABELS
from articles.labels import label_name

__all__ = ["LabelsField"]


class LabelsField(forms.CharField):
    """Names of labels, with commas between them; cleans to a list."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 500)
        options.setdefault("widget", forms.TextInput(attrs={"list": "labels", "autocomplete": "off"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        """The names, each once, in the order in which they were written."""
        names = [label_name(part) for part in (super().to_python(value) or "").split(",") if part.strip()]
        return list({name.casefold(): name for name in reversed(names)}.values())[::-1]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The length was looked at with the whole text."""
        if len(value) > MOST_LABELS or len(", ".join(value)) > (self.max_length or 0):
            raise ValidationError(f"These are too many labels: an article has at most {MOST_LABELS} labels.")
