"""Triage: what is filed, put first, labelled, declined as a duplicate, and sent on to be assigned."""

from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST

from articles.labels import Label, Priority
from articles.states import VersionState
from content.counting import counted
from people.models import User
from people.permissions import may_sort_articles
from people.policy import SignedInRequest, policy
from people.specialties import MedicalSpecialty
from reviews import desk, triage
from reviews.desk_bulk import Outcome, act_on
from reviews.desk_rows import row
from reviews.forms.triage import NO_SPECIALTY, TriageActForm, TriageForm
from reviews.states import Queue
from reviews.triage import VIEWS, Triage, TriageRow
from reviews.triage_acts import ACTS, step


@require_GET
@policy(may_sort_articles)
def triage_list(request: SignedInRequest) -> HttpResponse:
    """What waits for triage, what is most pressing on top."""
    user, form = request.user, TriageForm(request.GET, user=request.user)
    furniture = desk.furniture(user)
    form.offer(furniture.labels, furniture.editors)
    wanted = form.wanted
    sums, found = triage.counts(user), desk.found(user, wanted)
    facts, fields = triage.facts(found.lines, wanted.desk_view)
    context = {"form": form, "wanted": wanted, "view": wanted.desk_view, "acting": TriageActForm(), "section": "triage"}
    context |= {"rows": _rows(user, found.lines, facts, furniture.labels), "labels": list(furniture.labels.values())}
    context |= {"previous_url": found.previous, "next_url": found.next, "rails": _rails(wanted, sums, fields)}
    context["count"] = desk.in_words(found.fit if wanted.is_filtered else sums[wanted.desk_view.key])
    return render(request, "reviews/triage.html", context | _choices())


@require_POST
@policy(may_sort_articles)
def act(request: SignedInRequest) -> HttpResponse:
    """One step, for the row whose button was pressed or for all that are chosen. Each article is checked by itself."""
    form = TriageActForm(request.POST)
    form.is_valid()
    if "act" in form.errors:
        raise Http404
    done = _done(request.user, form)
    if form.row and "HX-Request" in request.headers:
        return _one_row(request, form.row, done)
    _tell(request, form, done)
    return redirect(_wanted(request).url)


def _done(user: User, form: TriageActForm) -> Outcome:
    if form.lacks_specialty:
        return Outcome(refused=[("", "Choose a specialty first.")])
    if "label" in form.errors:
        return Outcome(refused=[("", str(error)) for error in form.errors["label"]])
    try:
        return act_on(form.versions, step(form.verb, form.value, by=user), by=user)
    except ValidationError as error:
        return Outcome(refused=[("", message) for message in error.messages])


def _one_row(request: SignedInRequest, version_id: int, done: Outcome) -> HttpResponse:
    """The row as it is now, where it was; when it is no longer this editor's to handle, nothing."""
    lines = triage.line_of(request.user, version_id)
    if not lines:
        return HttpResponse("")
    labels = {label.pk: label.name for label in Label.objects.all()}
    rows = _rows(request.user, lines, triage.facts(lines)[0], labels)
    context = {"rows": rows, "refusals": _refusals(done), "wanted": _wanted(request)} | _choices()
    return render(request, "reviews/_triage_row.html", context)


def _rows(
    user: User, lines: list[desk.Line], facts: dict[int, triage.Facts], labels: dict[int, str]
) -> list[TriageRow]:
    told = triage.rounds(lines)
    return [
        TriageRow(
            line=row(line, told[line["version_id"]], user, labels),
            pk=line["version_id"],
            facts=facts[line["version_id"]],
            priorities=_priorities(line["priority"]).replace("@", str(line["version_id"])),
            specialties=_specialties(facts[line["version_id"]].specialty),
            risk=-line["by_risk"],
            traffic=-line["by_traffic"] if line["by_traffic"] <= 0 else None,
            may_decline=line["state"] == VersionState.SUBMITTED,
            is_open=line["queue"] in (Queue.UNASSIGNED, Queue.DRAFT),
        )
        for line in lines
    ]


def _rails(wanted: Triage, sums: dict[str, int], fields: dict[str, int]) -> list[dict[str, Any]]:
    views = [
        {
            "label": view.label,
            "icon": view.icon,
            "url": Triage(view=view.key).url,
            "is_current": view is wanted.desk_view,
        }
        | triage.shown(sums[view.key])
        for view in VIEWS
    ]
    here = wanted.but(specialty="", nowhere=False)
    names = dict(MedicalSpecialty.by_label())
    found = [
        {"label": names[key], "url": here.but(specialty=key).url, "is_current": key == wanted.specialty}
        | triage.shown(count)
        for key, count in sorted(fields.items(), key=lambda each: names.get(each[0], ""))
        if key in names
    ]
    none = {"label": "None yet", "url": here.but(nowhere=True).url, "is_current": wanted.nowhere}
    every = {"label": "Every specialty", "url": here.url, "is_current": not wanted.specialty and not wanted.nowhere}
    found = [every | {"count": None}, none | triage.shown(fields.get("", 0)), *found]
    return [{"title": "Triage", "views": views}, {"title": "Specialties", "views": found}]


def _choices() -> dict[str, Any]:
    choices = {"priorities": Priority.choices, "bulk_specialties": _specialties("", none=NO_SPECIALTY)}
    return choices | {"act_url": reverse("reviews:triage_act")}


@cache
def _priorities(chosen: int) -> SafeString:
    """The buttons of a row, with “@” for the number of its version; composed once, as the options below."""
    return format_html_join(
        "",
        '<button type="submit" id="priority_@_{0}" name="act" value="priority:{0}:@"'
        ' aria-pressed="{1}" data-key="{0}">{2}</button>',
        ((value, "true" if value == chosen else "false", label) for value, label in Priority.choices),
    )


@cache
def _specialties(chosen: str, none: str = "") -> SafeString:
    """The options of a select; composed once, for they stand in every row."""
    every = [(none, "No specialty"), *MedicalSpecialty.by_label()]
    options = ((value, mark_safe(" selected") if value == chosen else "", label) for value, label in every)
    return format_html_join("", '<option value="{}"{}>{}</option>', options)


def _tell(request: SignedInRequest, form: TriageActForm, done: Outcome) -> None:
    if done.done:
        messages.success(request, f"{counted(done.done, 'article')} {ACTS[form.verb][1]}.")
    for refusal in _refusals(done)[:5]:
        messages.error(request, refusal)
    if (more := len(done.refused) - 5) > 0:
        messages.error(request, f"{more:,} more were left as they are.")
    if not done.done and not done.refused:
        messages.info(request, "Choose articles first.")


def _refusals(done: Outcome) -> list[str]:
    return [f"“{title}”: {why}" if title else why for title, why in done.refused]


def _wanted(request: SignedInRequest) -> Triage:
    """The same place of the list, from what the form carried along; nothing of it is taken unread."""
    query = QueryDict(mutable=True)
    query.update(dict(parse_qsl(request.POST.get("back", "")[:2_000])))
    return TriageForm(query, user=request.user).wanted
