"""The rows of the queue, the rails beside it, and their parts. A page has fifty rows of dozens of parts each, which
Django's template language takes longer to put together than the database needs to find them: here they are plain
functions, and whatever people may have typed goes through `escape`.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ddx_portal.templatetags.portal import due_in_words, icon, in_words, initials, pill

if TYPE_CHECKING:
    from reviews.desk_rows import Asked, Flag, Row

register = template.Library()

_QUEUE_ROW = """<li class="queue-row">
{choice}<h3 class="queue-title"><a href="{url}" data-key-row>{title}</a></h3>
<p class="queue-facts">{state}{due}{facts}</p>
{flags}{reviewers}<a class="queue-peek-link" href="{peek_url}" data-key-peek aria-label="Preview {title}">{eye}</a>
</li>
"""
_CHOICE = (
    '<span class="queue-choice"><input type="checkbox" name="version" value="{}" aria-label="Choose {}"'
    " data-key-choose></span>\n"
)


@register.simple_tag
def queue_rows(rows: "Iterable[Row]", may_act: bool) -> SafeString:
    """The rows of `<queue-desk><ul class="queue">`; `may_act` says that they can be chosen."""
    today = timezone.localdate()
    return SafeString("".join([_queue_row(row, today, may_act=may_act) for row in rows]))


def _queue_row(row: "Row", today: date, *, may_act: bool) -> str:
    title = escape(row.title)
    return _QUEUE_ROW.format(
        choice=_CHOICE.format(row.pk, title) if may_act and row.pk else "",
        url=escape(row.url),
        title=title,
        state=pill(row.state),
        due=due(row.due, today),
        facts=spans(row.facts),
        flags=flags(row.flags),
        reviewers=_reviewers(row.reviewers),
        peek_url=escape(row.peek_url),
        eye=icon("eye"),
    )


def spans(words: Iterable[str]) -> str:
    """Each of the words in a span."""
    return "".join(f"<span>{escape(each)}</span>" for each in words)


def due(day: date | None, today: date) -> str:
    """A due date in words, marked when it has passed; nothing for none."""
    return _due(day, today) if day else ""


@lru_cache(maxsize=1_000)
def _due(day: date, today: date) -> str:
    mark = ' class="over"' if day < today else ""
    return f'<span{mark} title="{in_words(day)}">{due_in_words(day, today)}</span>'


def flags(what: "list[Flag]") -> str:
    """All that stands out; nothing for nothing."""
    return f'<p class="queue-flags">{"".join(flag(*each) for each in what)}</p>\n' if what else ""


@register.simple_tag
@lru_cache(maxsize=1_000)
def flag(colour: str, icon_name: str, words: str) -> SafeString:
    """What stands out, as colour, icon and word."""
    return format_html('<span class="flag flag-{}">{}{}</span>', colour, icon(icon_name), words)


def _reviewers(people: "list[Asked]") -> str:
    every = "".join(_reviewer(*each) for each in people)
    return f'<ul class="queue-people" aria-label="Reviewers">{every}</ul>\n' if people else ""


@lru_cache(maxsize=10_000)
def _reviewer(name: str, answered: bool) -> str:
    """A reviewer as initials, with whether they have signed."""
    said = escape(f"{name}, {'has' if answered else 'has not'} signed")
    mark = "answered" if answered else "waiting"
    return (
        f'<li title="{said}"><span class="avatar avatar-{mark}" aria-hidden="true">{escape(initials(name))}</span>'
        f'<span class="visually-hidden">{said}</span></li>'
    )


@register.simple_tag
def rail(title: str, views: "Iterable[dict[str, Any]]") -> SafeString:
    """A list of links with a title: each has label, url, count (or None), is_current, optional icon and is_empty."""
    said = escape(title)
    lines = "".join([_rail_line(view) for view in views])
    return SafeString(
        f'<nav class="rail" aria-label="{said}"><p class="rail-title">{said}</p>\n<ul>\n{lines}</ul></nav>\n'
    )


def _rail_line(view: dict[str, Any]) -> str:
    mark = ' aria-current="page"' if view.get("is_current") else ""
    drawing = icon(view["icon"]) if view.get("icon") else ""
    count, none = view.get("count"), " count-none" if view.get("is_empty") else ""
    shown = f'<span class="count{none}">{escape(str(count))}</span>' if count is not None else ""
    return f'<li><a href="{escape(view["url"])}"{mark}>{drawing}<span>{escape(view["label"])}</span>{shown}</a></li>\n'


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
