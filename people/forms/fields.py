"""Fields of text in the one spelling that every text here has: nothing invisible or deceiving in it."""

from typing import Any, override

from django import forms

from content import text


class Line(forms.CharField):
    """A text of one line."""

    @override
    def to_python(self, value: Any) -> str:
        return text.line(super().to_python(value) or "")


class Prose(forms.CharField):
    """Running text of several lines."""

    @override
    def to_python(self, value: Any) -> str:
        return text.prose(super().to_python(value) or "")
