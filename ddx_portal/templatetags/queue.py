"""The small parts of a row of the queue, each drawn once and then kept: a page has hundreds of them."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ddx_portal.templatetags.portal import due_in_words, icon, in_words, initials, is_over

register = template.Library()


@register.filter
def in_spans(words: Iterable[str]) -> SafeString:
    """Each of the words in a span."""
    return format_html_join("", "<span>{}</span>", ((each,) for each in words))


@register.simple_tag
def due(day: date | None) -> SafeString:
    """A due date in words, marked when it has passed; nothing for none."""
    return _due(day, due_in_words(day)) if day else SafeString()


@lru_cache(maxsize=1_000)
def _due(day: date, words: str) -> SafeString:
    mark = SafeString(' class="over"') if is_over(day) else ""
    return format_html('<span{} title="{}">{}</span>', mark, in_words(day), words)


@register.filter
def select(bound: BoundField) -> SafeString:
    """A field of choices as a `<select>`: as Django's own, without a template for each option."""
    widget: Any = bound.field.widget
    chosen = str(bound.value() or "")
    options = _options(tuple((str(value), str(label)) for value, label in widget.choices), chosen)
    return format_html('<select name="{}" id="{}">{}</select>', bound.html_name, bound.id_for_label, options)


@lru_cache(maxsize=100)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    mark = SafeString(" selected")
    lines = ((value, mark if value == chosen else "", label) for value, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', lines)


@register.simple_tag
@lru_cache(maxsize=1_000)
def flag(colour: str, icon_name: str, words: str) -> SafeString:
    """What stands out, as colour, icon and word."""
    return format_html('<span class="flag flag-{}">{}{}</span>', colour, icon(icon_name), words)


@register.simple_tag
@lru_cache(maxsize=1_000)
def reviewer_mark(name: str, answered: bool) -> SafeString:
    """A reviewer as initials, with whether they have signed."""
    said = f"{name}, {'has' if answered else 'has not'} signed"
    mark = "answered" if answered else "waiting"
    return format_html(
        '<li title="{}"><span class="avatar avatar-{}" aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></li>',
        *(said, mark, initials(name), said),
    )
