"""The lines of lists and searches as plain functions: a page has twenty, each of many parts, and a template takes
longer to put them together than the database to find them. Whatever people wrote goes through `escape`.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from content.schema import Tier
from ddx_portal.templatetags.portal import in_words, pill
from people.specialties import MedicalSpecialty
from publications.record import NoticeKind

register = template.Library()


@register.simple_tag
def article_lines(items: "Iterable[Any]", level: int = 2) -> SafeString:
    """The lines of `<ul class="listing">`: publications or `publications.finding.lines.Line`; titles are headings."""
    return SafeString("".join([_line(item, level) for item in items]))


@register.simple_tag
def article_line(item: Any, level: int = 2) -> SafeString:
    """One of them."""
    return SafeString(_line(item, level))


def _line(item: Any, level: int) -> str:
    title = getattr(item, "marked_title", None) or escape(item.title)
    snippet = getattr(item, "marked_snippet", "")
    return (
        f'<li>\n<h{level}><a href="{escape(item.url)}">{title}</a></h{level}>\n'
        f"{_notices(item.standing)}{_mentions(getattr(item, 'mentions', ()))}{snippet and f'<p>{snippet}</p>'}"
        f'<p class="meta">{_facts(item)}</p>\n</li>\n'
    )


def _facts(item: Any) -> str:
    facts = f"<span>{escape(item.specialty_label)}</span>" if item.specialty_label else ""
    facts += f"<span>reviewed {_day(item.last_reviewed_on)}</span>"
    if item.is_overdue and item.is_page:
        facts += f'<span class="over">next review was due {_day(item.next_review_on)}</span>'
    return facts if item.is_page else f"{facts}<span>version {item.number}, since replaced</span>"


def _notices(standing: Any) -> str:
    return f"<p>{notice_pills(standing)}</p>\n" if standing else ""


@register.simple_tag
def notice_pills(standing: "Iterable[Any]") -> SafeString:
    """The mark of each kind of notice that stands on a version, once."""
    kinds = sorted({each.kind for each in standing})
    return SafeString("".join([pill("retracted" if kind == NoticeKind.RETRACTION else kind) for kind in kinds]))


def _mentions(mentions: Any) -> str:
    if not mentions:
        return ""
    return f'<ul class="mentions" aria-label="Diagnoses">{"".join([_mention(each) for each in mentions])}</ul>\n'


def _mention(each: Any) -> str:
    also = " " + _mark(Tier.DO_NOT_MISS) if each.must_not_be_missed and each.tier is not Tier.DO_NOT_MISS else ""
    return f'<li>{_mark(each.tier)}{also} <a href="{escape(each.url)}">{each.marked_name}</a></li>'


@lru_cache(maxsize=8)
def _mark(tier: Tier) -> str:
    mark = '<span class="tier-mark" aria-hidden="true"></span>'
    return f'<span class="tier" data-tier="{tier.value}">{mark}{tier.label}</span>'


@lru_cache(maxsize=2_000)
def _day(day: date) -> str:
    return f'<span class="nowrap">{in_words(day)}</span>'


@register.simple_tag
@lru_cache(maxsize=100)
def specialty_options(chosen: str) -> SafeString:
    """Every specialty as an option, by label."""
    mark = SafeString(" selected")
    lines = ((value, mark if value == chosen else "", label) for value, label in MedicalSpecialty.by_label())
    return format_html_join("", '<option value="{}"{}>{}</option>', lines)


@register.simple_tag
@lru_cache(maxsize=10)
def tier_options(chosen: str) -> SafeString:
    """Every tier as an option."""
    mark = SafeString(" selected")
    lines = ((tier.value, mark if tier.value == chosen else "", tier.label) for tier in Tier)
    return format_html_join("", '<option value="{}"{}>{}</option>', lines)
