"""A reviewer's own record, and the certificate of it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from people.permissions import may_enter_desk
from people.policy import SignedInRequest, policy
from reviews.forms.record import PeriodForm, RecordForm
from reviews.record import Record
from reviews.record import certificate as make_certificate


@require_GET
@policy(may_enter_desk)
def record(request: SignedInRequest) -> HttpResponse:
    """Every review that this person was asked for, and nobody else's."""
    return _page(request, PeriodForm())


@require_GET
@policy(may_enter_desk)
def certificate(request: SignedInRequest) -> HttpResponse:
    """The reviews that this person signed in a period, as a PDF."""
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return _page(request, form, status=422)
    found, pdf = make_certificate(request.user, **form.cleaned_data)
    name = f"reviews-{found.first_on}-{found.last_on}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _page(request: SignedInRequest, form: PeriodForm, *, status: int = 200) -> HttpResponse:
    asked = RecordForm(request.GET).asked()
    shown = Record(request.user, **asked)
    context: dict[str, Any] = {"record": shown, "form": form, "section": "record"}
    context["next_url"] = _address(year=shown.year, before=shown.next_before) if shown.next_before else ""
    context["previous_url"] = _address(year=shown.year) if shown.before else ""
    return render(request, "reviews/record.html", context, status=status)


def _address(**asked: int | None) -> str:
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"
