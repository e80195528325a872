"""The rows of triage as plain functions, for the same reason as the queue's (see `queue.py`)."""

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from content.counting import counted
from ddx_portal.templatetags.portal import icon, in_words, pill
from ddx_portal.templatetags.queue import due, flag

if TYPE_CHECKING:
    from reviews.triage import TriageRow, Twin

register = template.Library()

_ROW = """<li class="triage-row" id="triage_{pk}" data-triage-row>
<span class="queue-choice"><input type="checkbox" name="version" value="{pk}" form="triage_bulk" \
aria-label="Choose {title}" data-key-choose></span>
<div class="triage-what">
<h3 class="queue-title"><a href="{url}" id="title_{pk}" data-key-row>{title}</a></h3>
<p class="queue-facts">{facts}</p>
<p class="queue-flags">{flags}</p>
{twin}{refusals}</div>
<dl class="triage-measures">
<div><dt>Do not miss</dt><dd>{risk}%</dd></div>
<div><dt>Readers a month</dt><dd>{traffic}</dd></div>
</dl>
{acts}</li>
"""
_ACTS = """<div class="triage-acts">
{form}<div class="segmented" role="group" aria-label="Priority">{priorities}</div>
<div class="triage-field"><select name="specialty_{pk}" id="specialty_{pk}" aria-label="Specialty" data-key="s">\
{specialties}</select><button class="button button-small" type="submit" id="file_{pk}" name="act" \
value="specialty::{pk}">Set</button></div>
{decline}</form>
{form}<div class="triage-field"><input type="text" name="label_{pk}" id="label_{pk}" list="labels" maxlength="200" \
autocomplete="off" aria-label="Labels to add, with commas between them" placeholder="Label" data-key="l">\
<button class="button button-small" type="submit" name="act" value="label::{pk}">Add</button></div>
</form>
</div>"""
#: “@” is for the number of the version.
_FORM = """<form method="post" action="{url}" hx-post="{url}" hx-target="#triage_@" hx-swap="outerHTML">\
<input type="hidden" name="csrfmiddlewaretoken" value="{token}"><input type="hidden" name="back" value="{back}">
"""
_DECLINE = """<details class="confirm"><summary class="button button-small" id="decline_{pk}" data-key="d">{icon}\
Decline as a duplicate…</summary><div class="confirm-panel stack"><p>It is not published. Its author is told that an \
article on the same subject is here already, and can begin a new version.</p><div class="actions">\
<button class="button button-small button-danger" type="submit" name="act" value="decline::{pk}">\
Decline it</button></div></div></details>
"""


@register.simple_tag(takes_context=True)
def triage_rows(context: dict[str, Any], rows: "Iterable[TriageRow]") -> SafeString:
    """The rows of `<ul class="triage">`. Context: act_url, wanted, csrf_token; after a change refusals."""
    url, token = escape(context["act_url"]), escape(str(context["csrf_token"]))
    form = _FORM.format(url=url, token=token, back=escape(context["wanted"].query))
    refusals, today = _refusals(context.get("refusals", ())), timezone.localdate()
    return SafeString("".join([_row(row, form.replace("@", str(row.pk), 1), refusals, today) for row in rows]))


def _row(row: "TriageRow", form: str, refusals: str, today: date) -> str:
    line = row.line
    return _ROW.format(
        pk=row.pk,
        title=escape(line.title or "Untitled article"),
        url=escape(line.url),
        facts=_facts(row, today),
        flags="".join([flag(*each) for each in line.flags]),
        twin=_twin(row.facts.twin) if row.facts.twin else "",
        refusals=refusals,
        risk=row.risk,
        traffic='<span class="muted">unknown</span>' if row.traffic is None else f"{row.traffic:,}",
        acts=_acts(form, row) if row.is_open else "",
    )


def _facts(row: "TriageRow", today: date) -> str:
    state = "" if row.is_open and row.line.state == "submitted" else pill(row.line.state)
    came = f"{'taken in' if row.line.state == 'draft' else 'submitted'} {in_words(row.facts.since)}"
    doubts = f"<span>{counted(row.facts.doubts, 'doubt')}</span>" if row.facts.doubts else ""
    return f"{state}<span>{came}</span>{due(row.line.due, today)}{doubts}"


def _twin(twin: "Twin") -> str:
    link = f'<a href="{escape(twin.url)}">{escape(twin.title or "an untitled article")}</a>'
    said = f", {twin.percent}% the same" if twin.percent else ": the same subject"
    return f'<p class="triage-twin">{icon("layers")}<span>Looks like {link}{said}</span></p>\n'


def _refusals(refusals: Iterable[str]) -> str:
    mark = icon("circle-alert")
    return "".join(f'<p class="triage-refusal" role="alert">{mark}{escape(each)}</p>\n' for each in refusals)


def _acts(form: str, row: "TriageRow") -> str:
    may_decline = row.may_decline and row.facts.twin
    decline = _DECLINE.format(pk=row.pk, icon=icon("ban")) if may_decline else ""
    return _ACTS.format(pk=row.pk, form=form, priorities=row.priorities, specialties=row.specialties, decline=decline)
