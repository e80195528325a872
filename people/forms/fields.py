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
    """Running text of several lines. Its length is that of the text that is kept: a line end counts once, as in the
    browser.
    """

    def __init__(self, *, rows: int = 4, **options: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": rows})} | options)

    @override
    def to_python(self, value: Any) -> str:
        return text.prose(super().to_python(value) or "")
