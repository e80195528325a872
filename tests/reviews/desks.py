"""Somebody at the desk: a signed-in client, and the forms of a review as a browser would send them."""

import time
import uuid
from typing import Any

from allauth.account.internal.flows import login
from django.test import Client

from content.schema import Content
from people.models import User
from reviews.models import Assignment
from tests.factories import board_member, make_version

HTMX = {"HX-Request": "true"}


def at_desk(user: User, *, minutes_ago: float = 0) -> Client:
    """A browser in which this person signed in so long ago."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = login.user_id_to_str(user)
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - 60 * minutes_ago}]
    session.save()
    return client


def address(assignment: Assignment, name: str = "") -> str:
    """The page of a review, or one of the addresses below it."""
    return f"/desk/reviews/{assignment.pk}/{name}"


def signature(assignment: Assignment, verdict: str = "approve", **changes: Any) -> dict[str, Any]:
    """The form of the confirmation, filled in."""
    return {
        "verdict": verdict,
        "content_sha256": assignment.version.content_sha256,
        "key": str(uuid.uuid4()),
        "no_conflict": "on",
        "note": "",
    } | changes


def two_asked(content: Content | None = None) -> tuple[Assignment, Assignment]:
    """Two reviewers asked to review the same version."""
    reviewers = [board_member(name="Dr Ada Example"), board_member(name="Dr Ben Sample")]
    version = make_version("under_review", content=content, reviewers=reviewers)
    first, second = version.assignments.with_people()
    return first, second
