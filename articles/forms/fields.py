"""What the forms of the editor are made of."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString


class Line(forms.TextInput):
    """A text of one line, written without a template of its own: the editor has hundreds of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        traits = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<input type="text" name="{}" value="{}"{}>', name, self.format_value(value) or "", traits)


class Lines(forms.Textarea):
    """A text of several lines, written the same way."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        traits = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<textarea name="{}"{}>\n{}</textarea>', name, traits, self.format_value(value) or "")


def one_line(label: str, help_text: str = "", **attrs: str) -> forms.CharField:
    """A text of one line."""
    widget = Line(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, help_text=help_text, required=False, strip=False, widget=widget)


def many_lines(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A text of several lines."""
    widget = Lines(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, strip=False, widget=widget)


class PartForm(forms.Form):
    """A form whose ids are its names, and whose prefix is parted from them by an underscore."""

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, auto_id="%s", use_required_attribute=False, **options)

    def add_prefix(self, field_name: str) -> str:
        return f"{self.prefix}_{field_name}" if self.prefix else field_name
