"""Somebody at the desk: a signed-in client, the forms as a browser would send them, and all that they are told."""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows import login
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from articles.models import Version
from content.schema import Content
from people.models import User
from people.rules import today
from reviews.models import Assignment
from tests.factories import board_member, make_version

TABS = ("text", "findings", "history")
HTMX = {"HX-Request": "true"}
type Asked = tuple[Assignment, Assignment]
type InState = Callable[[str], Version]
(BACKEND,) = settings.AUTHENTICATION_BACKENDS


def at_desk(user: User, *, minutes_ago: float = 0) -> Client:
    """A browser in which this person signed in so long ago."""
    client, session = Client(), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY], session[HASH_SESSION_KEY] = BACKEND, user.get_session_auth_hash()
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = login.user_id_to_str(user)
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - 60 * minutes_ago}]
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
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


def two_asked(content: Content | None = None) -> Asked:
    """Two reviewers asked to review the same version (see the fixture `two`)."""
    reviewers = [board_member(name="Dr Ada Example"), board_member(name="Dr Ben Sample")]
    version = make_version("under_review", content=content, reviewers=reviewers)
    first, second = version.assignments.with_people()
    return first, second


def at(version: Version, step: str) -> str:
    """The page of one step of an editor."""
    return f"{version.get_absolute_url()}{step}/"


def due(answer: int = 7, review: int = 21) -> dict[str, str]:
    """The due dates as the form sends them, so many days from now."""
    return {
        "answer_due_on": (today() + timedelta(answer)).isoformat(),
        "review_due_on": (today() + timedelta(review)).isoformat(),
    }


def whole(user: User, version: Version) -> str:
    """Everything that the pages of a version and of its article say to this person."""
    client = at_desk(user)
    here = version.get_absolute_url()
    pages = [client.get(f"{here}?tab={tab}") for tab in TABS]
    pages += [client.get(version.article.get_absolute_url()), client.get("/desk/"), client.get("/desk/?view=all")]
    if user.is_editor:
        pages += [client.get("/desk/ledger/"), client.get(f"/desk/ledger/?version={version.pk}")]
    assert [page.status_code for page in pages] == [200] * len(pages)
    return "\n".join(page.content.decode() for page in pages)
