"""The tags and filters that every template may use: icons, fields, pills, dates in words."""

import re
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput
from django.template.base import Parser, Token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from content.counting import counted
from content.schema import Tier

register = template.Library()

_ICONS = Path(__file__).resolve().parent.parent / "static" / "icons"
_ICON_NAME = re.compile(r"[a-z0-9-]+")


class Pill(NamedTuple):
    """How a state is shown: always a colour, an icon and a word. `public` is the readers' word."""

    colour: str
    icon: str
    word: str
    public: str = ""


PILLS = {
    "draft": Pill("grey", "pencil-line", "Draft"),
    "submitted": Pill("blue", "send", "Submitted", "Submitted"),
    "under_review": Pill("amber", "eye", "Under review", "Under Review"),
    "changes_requested": Pill("orange", "message-square", "Changes requested", "Under Review"),
    "approved": Pill("green", "circle-check", "Approved", "Approved"),
    "superseded": Pill("grey", "layers", "Superseded", "Superseded"),
    "declined": Pill("grey", "ban", "Declined"),
    "withdrawn": Pill("grey", "undo-2", "Withdrawn"),
    "retracted": Pill("red", "octagon-alert", "Retracted", "Retracted"),
    # notices on what is public
    "correction": Pill("blue", "info", "Corrected", "Corrected"),
    "expression_of_concern": Pill("amber", "triangle-alert", "Expression of concern", "Expression of concern"),
    # assignments
    "invited": Pill("blue", "mail", "Invited"),
    "accepted": Pill("amber", "eye", "Reading"),
    "signed": Pill("green", "circle-check", "Signed"),
    "cancelled": Pill("grey", "circle-x", "Cancelled"),
    "approve": Pill("green", "circle-check", "Approves"),
    "request_changes": Pill("orange", "message-square", "Asks for changes"),
    # findings
    "must_fix": Pill("red", "octagon-alert", "Must fix"),
    "should": Pill("amber", "circle-alert", "Should fix"),
    "optional": Pill("grey", "info", "Optional"),
    "open": Pill("amber", "circle-dot", "Open"),
    "fixed": Pill("green", "check", "Fixed"),
    "rebutted": Pill("blue", "message-square", "Answered: not changed"),
    "deferred": Pill("grey", "clock", "Put off"),
    "closed": Pill("green", "circle-check", "Closed"),
    # letters from readers
    "new": Pill("blue", "inbox", "New"),
    "taken": Pill("amber", "user", "Taken"),
    "awaiting": Pill("amber", "file-plus", "In a new version"),
    # messages
    "waiting": Pill("blue", "clock", "Waiting"),
    "held": Pill("amber", "circle-minus", "Held"),
    "sent": Pill("green", "send", "Sent"),
    "dropped": Pill("grey", "circle-x", "Not needed any more"),
    "failed": Pill("red", "triangle-alert", "Failed"),
    # files taken in
    "imported": Pill("green", "file-check", "Draft"),
    "incomplete": Pill("amber", "circle-alert", "Left a draft"),
    "already_imported": Pill("grey", "layers", "Here already"),
    "refused": Pill("red", "circle-x", "No article"),
    "stopped": Pill("grey", "ban", "Stopped"),
    # people
    "active": Pill("green", "circle-check", "Active"),
    "ended": Pill("grey", "archive", "Ended"),
    "expired": Pill("orange", "clock", "Expired"),
    "overdue": Pill("orange", "clock", "Overdue"),
}

_STEPS = (("submitted", "Submitted"), ("under_review", "Under Review"), ("approved", "Approved"))
_STEP_OF_STATE = {"submitted": 0, "under_review": 1, "changes_requested": 1}


@cache
def _drawing(name: str) -> str:
    """The inside of an icon's SVG. ValueError names an icon that is not there."""
    path = _ICONS / f"{name}.svg"
    if not _ICON_NAME.fullmatch(name) or not path.is_file():
        raise ValueError(f"no icon “{name}” in ddx_portal/static/icons")
    return path.read_text("utf-8").partition(">")[2].rpartition("</svg>")[0]


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon as inline SVG: decoration without a label, an image with one."""
    return _icon(name, str(label))


@lru_cache(maxsize=1_000)
def _icon(name: str, label: str) -> SafeString:
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        named,
        mark_safe(_drawing(name)),  # noqa: S308
    )


class FixedNode(template.Node):
    """Holds what it rendered the first time; nobody's data can be in it, for it renders without any."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.html: SafeString | None = None

    def render(self, context: Any) -> SafeString:
        """The same for every page."""
        if self.html is None:
            nothing = template.Context()
            with nothing.bind_template(context.template):
                self.html = self.nodelist.render(nothing)
        return self.html


@register.tag
def fixed(parser: Parser, _token: Token) -> FixedNode:
    """`{% fixed %}…{% endfixed %}`: rendered once a process, as if there were no page around it."""
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodelist)


@register.inclusion_tag("_components/field.html")
def field(bound: BoundField, help: str = "", label: str = "", optional: bool | None = None) -> dict[str, object]:
    """Label, help, errors and control of any form field, tied together for screen readers.

    `optional` writes "(optional)" after the label; by default it follows the field's `required`.
    """
    if help:
        bound.help_text = help
    return {
        "field": bound,
        "label": label or bound.label,
        "errors_id": f"{bound.auto_id}_error",
        "optional": (not bound.field.required) if optional is None else optional,
        "is_checkbox": isinstance(bound.field.widget, CheckboxInput),
        "is_group": bound.field.widget.use_fieldset,
    }


@register.simple_tag
def pill(state: str, label: str = "", public: bool = False) -> SafeString:
    """A state as a pill; `label` replaces the word. A state that has no pill is shown grey, in words."""
    return _pill(state, str(label), public=bool(public))


@lru_cache(maxsize=1_000)
def _pill(state: str, label: str, *, public: bool) -> SafeString:
    shown = PILLS.get(state) or Pill("grey", "circle", state.replace("_", " ").capitalize())
    word = label or (public and shown.public) or shown.word
    return render_to_string("_components/pill.html", {"pill": shown, "word": word})


@register.inclusion_tag("_components/stepper.html")
def stepper(
    state: str,
    submitted_at: datetime | None = None,
    review_started_at: datetime | None = None,
    approved_at: datetime | None = None,
) -> dict[str, object]:
    """The three public steps; the one that the version stands at carries aria-current."""
    current = _STEP_OF_STATE.get(state, -1 if state in {"draft", "declined", "withdrawn"} else 2)
    dates = (submitted_at, review_started_at, approved_at)
    steps = [
        {"label": label, "on": on if index <= current else None, "done": index < current or current == 2}
        | {"current": index == current, "number": str(index + 1)}
        for index, ((_, label), on) in enumerate(zip(_STEPS, dates, strict=True))
    ]
    return {"steps": steps}


@register.inclusion_tag("_components/tier.html")
def tier(value: str, level: int = 0, count: int | None = None) -> dict[str, object]:
    """A tier's mark and label, as a heading of that level or (0) as a plain phrase."""
    return {"tier": Tier(value), "level": level, "count": count}


@register.filter
def in_words(value: date | datetime | None) -> str:
    """A date as "8 Aug 2026"; nothing for nothing. Moments are shown in the current time zone."""
    if not value:
        return ""
    day = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return f"{day.day} {day:%b} {day.year}"


@register.filter
def month_in_words(value: date | datetime | None) -> str:
    """A date as "Aug 2026"."""
    return in_words(value).partition(" ")[2]


@register.filter
def moment_in_words(value: datetime | None) -> str:
    """A moment as "8 Aug 2026, 10:42 UTC"."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return f"{in_words(local)}, {local:%H:%M} {local.tzname()}"


@register.filter
def due_in_words(value: date | datetime | None, today: date | None = None) -> str:
    """How far a due date is: "due today", "due in 3 days", "2 days over"."""
    if not value:
        return "no due date"
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    days = (day - (today or timezone.localdate())).days
    if days == 0:
        return "due today"
    count = counted(abs(days), "day")
    return f"due in {count}" if days > 0 else f"{count} over"


@register.filter
def is_over(value: date | datetime | None) -> bool:
    """Whether a due date has passed."""
    return due_in_words(value).endswith(" over")


@register.filter
def absolute(path: str) -> str:
    """The whole address of a path of this site, as others open it."""
    return settings.SITE_URL + path


@register.filter
def initials(name: str) -> str:
    """At most two letters for a person: first and last word of the name, titles left out."""
    words = [w for w in re.findall(r"[^\W\d_]+", name.partition(",")[0]) if w.lower() not in {"dr", "prof", "mr", "ms"}]
    return "".join(w[0] for w in (words[:1] + words[1:][-1:])).upper() or "?"


@register.filter
def short_hash(value: str) -> str:
    """The first twelve characters of a hash, for people to compare."""
    return value[:12]
