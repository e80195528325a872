"""What the pages of a step share: what was typed, and the page for somebody who was not the first."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from articles.models import Version
from people.policy import SignedInRequest


def typed(request: SignedInRequest) -> QueryDict | None:
    """What was sent; None when nothing was, so that a form of it asks."""
    return request.POST if request.method == "POST" else None


def too_late(request: SignedInRequest, version: Version, error: ValidationError) -> HttpResponse:
    """Say what the version is now, and that nothing was changed; 409."""
    now = Version.objects.with_people().filter(pk=version.pk).first()
    context = {"version": now, "sentences": error.messages, "section": "articles"}
    return render(request, "articles/too_late.html", context, status=409)
