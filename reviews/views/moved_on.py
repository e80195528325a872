"""The page for somebody who was not the first: what happened meanwhile, and what they had typed."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render

from articles.models import Version
from people.policy import SignedInRequest
from reviews.sight import sight
from reviews.timeline import timeline

LATEST = 5


def moved_on(request: SignedInRequest, version: Version, error: ValidationError, *, typed: str = "") -> HttpResponse:
    """Say what the version has become, and that nothing was changed; 409."""
    version = Version.objects.with_people().get(pk=version.pk)
    events = timeline(version, request.user, sight(request.user, version))[:LATEST]
    context = {"version": version, "sentences": error.messages, "events": events, "typed": typed, "section": "queue"}
    return render(request, "reviews/moved_on.html", context, status=409)
