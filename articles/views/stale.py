"""The page for somebody who was not the first."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render

from articles.models import Version
from people.policy import SignedInRequest


def too_late(request: SignedInRequest, version: Version, error: ValidationError) -> HttpResponse:
    """Say what the version is now, and that nothing was changed; 409."""
    now = Version.objects.with_people().filter(pk=version.pk).first()
    context = {"version": now, "sentences": error.messages, "section": "articles"}
    return render(request, "articles/too_late.html", context, status=409)
