"""Reports: each on a page of its own, as CSV, and as the lists behind its figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from people.permissions import may_read_reports
from people.policy import SignedInRequest, policy
from reviews.forms.reports import ListForm, ReportForm, place_of
from reviews.reports.asked import Asked
from reviews.reports.kinds import KINDS, Kind
from reviews.reports.lists import Listed, named
from reviews.reports.table import as_csv
from reviews.reports.tally import listed

PAGE_SIZE = 50
GLANCE = 30  # days that the first page looks back


@require_GET
@policy(may_read_reports)
def report_index(request: SignedInRequest) -> HttpResponse:
    """Every report with what stands out in it, in the last month."""
    asked = Asked.last(GLANCE, request.user)
    reports = [(kind, kind.make(asked), reverse("reviews:report", args=(kind.key,))) for kind in KINDS.values()]
    return render(request, "reviews/reports/index.html", {"reports": reports, "asked": asked, "section": "reports"})


@require_GET
@policy(may_read_reports)
def report(request: SignedInRequest, key: str) -> HttpResponse:
    """One report."""
    kind, asked = _kind(key), ReportForm(request.GET, user=request.user).asked
    context = _context(kind, asked) | {"form": ReportForm.showing(asked), "report": kind.make(asked)}
    return render(request, "reviews/reports/report.html", context)


@require_GET
@policy(may_read_reports)
def report_csv(request: SignedInRequest, key: str) -> HttpResponse:
    """The tables of a report for a spreadsheet, with all their lines."""
    kind, asked = _kind(key), replace(ReportForm(request.GET, user=request.user).asked, is_whole=True)
    name = f"{kind.key}-{asked.since.isoformat()}-{asked.until.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(as_csv(kind.make(asked).tables), content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
@policy(may_read_reports)
def report_list(request: SignedInRequest, key: str) -> HttpResponse:
    """What a figure counts, the newest first."""
    kind, asked, form = _kind(key), ReportForm(request.GET, user=request.user).asked, ListForm(request.GET)
    if not form.is_valid() or form.cleaned_data["by"] not in kind.facts.groups:
        raise Http404
    by, row, col = (form.cleaned_data[name] for name in ("by", "row", "col"))
    facts = listed(kind.facts, asked, group=by, row=row, column=col, after=form.place, limit=PAGE_SIZE + 1)
    shown, context = facts[:PAGE_SIZE], _context(kind, asked)
    context |= {"listed": Listed(kind.key, by, row, col), "lines": named(shown, request.user)}
    if len(facts) > PAGE_SIZE:
        after = place_of(shown[-1].at, shown[-1].id)
        context["next_url"] = asked.url("report_list", key, by=by, row=row, col=col, after=after)
    return render(request, "reviews/reports/list.html", context)


def _kind(key: str) -> Kind:
    try:
        return KINDS[key]
    except KeyError:
        raise Http404 from None


def _context(kind: Kind, asked: Asked) -> dict[str, Any]:
    tabs = [
        {"label": each.title, "url": asked.url("report", each.key), "is_current": each is kind}
        for each in KINDS.values()
    ]
    urls = {"csv_url": asked.url("report_csv", kind.key), "url": asked.url("report", kind.key)}
    return {"kind": kind, "asked": asked, "tabs": tabs, "section": "reports"} | urls
