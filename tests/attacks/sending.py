"""Every address of the desk with what exists put in, and a body that any of its forms could take."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

from django.http import HttpResponse

from articles.batch_files import IntakeFile
from articles.batches import IntakeBatch
from articles.kept import KeptText
from articles.labels import Label
from articles.models import Version
from people.models import Absence, Conflict, Message, User
from people.rules import today
from publications.finding.synonyms import groups
from publications.policies import Policy
from reviews.models import Assignment, ChecklistItem, Finding, Plan, ReaderLetter, SavedView
from tests.attacks.asking import ask, browser_of, routes

PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
STATES = ("draft", "under_review")
PUBLIC_ALONE = ("notice/",)  # what is for texts that the public reads
POLICY = "zqx"  # one that may be taken back, of hostile words
WORDS = ("reason", "note", "body", "name", "statement", "response_note", "text", "change_note", "suggested", "title")


def objects() -> dict[str, Any]:
    """What stands for a number, by the beginning of the address; the longest that fits counts."""
    return {
        "desk/views/": SavedView.objects.all(),
        "desk/kept/": KeptText.objects.with_words(),
        "desk/labels/": Label.objects.all(),
        "desk/plans/": Plan.objects.all(),
        "desk/outbox/": Message.objects.filter(state="held"),
        "desk/letters/": ReaderLetter.objects.open(),
        "desk/intake/": IntakeBatch.objects.all(),
        "desk/intake/files/": IntakeFile.objects.all(),
        "desk/checklist/": ChecklistItem.objects.all(),
        "desk/findings/": Finding.objects.filter(closed_at=None).order_by("version__state"),
        "desk/reviews/": Assignment.objects.order_by("state", "pk").distinct("state"),
        "desk/people/": User.objects.filter(email__startswith="reviewer-1"),
        "desk/people/me/availability/": Absence.objects.all(),
        "desk/people/me/conflicts/": Conflict.objects.standing(),
    }


def versions(route: str) -> list[Version]:
    states = ("approved",) if route.endswith(PUBLIC_ALONE) else STATES
    found = [Version.objects.filter(state=state).order_by("pk").first() for state in states]
    assert all(found)
    return [version for version in found if version]


def paths(route: str) -> Iterator[str]:
    """The address with what exists put in."""
    if "article_id" in route:
        for version in versions(route):
            yield put(route, article_id=version.article_id, number=version.number)
    elif "pk" in route and "uuid" not in route:
        known = objects()
        nearest = max((start for start in known if route.startswith(start)), key=len)
        for each in known[nearest][:1]:
            term = each.board_profile.terms.first() if isinstance(each, User) else None
            plan_item = each.items.first() if isinstance(each, Plan) else None
            yield put(
                route,
                pk=each.pk,
                term_pk=term and term.pk,
                version_id=plan_item and plan_item.version_id,
                role="editor",
            )
    else:
        yield put(route, pk=uuid.uuid4(), token="a:b:c", key="time")


def put(route: str, **values: Any) -> str:
    finding = Finding.objects.filter(closed_at=None).values_list("pk", flat=True).first()
    kept = {"finding": finding, "name": POLICY, "number": groups()[0].number}
    return "/" + PLACE.sub(lambda place: str({**kept, **values}[place[1]]), route)


def body(path: str) -> dict[str, Any]:
    """What any form could ask for, in values that exist."""
    pk = next((int(part) for part in path.split("/") if part.isdigit()), 0)
    assignment = Assignment.objects.filter(pk=pk).select_related("version").first()
    return (
        same_for_all()
        | {
            "content_sha256": assignment.version.content_sha256 or "" if assignment else "",
            "diagnosis_key": assignment.version.document.diagnoses[0].key if assignment else "",
        }
        | as_it_stands(path, pk)
    )


def as_it_stands(path: str, pk: int) -> dict[str, Any]:
    """What a form says of the state in which it was shown, where a change is refused without."""
    if path.startswith("/desk/site/words/"):
        return {"based_on": "\n".join(groups()[0].words) if pk else ""}
    if path.startswith("/desk/site/policies/"):
        return {"based_on": Policy.objects.filter(name=POLICY).count() if POLICY in path else 0, "name": "another"}
    if path.startswith("/desk/letters/") and pk:
        return {"seen": ReaderLetter.objects.get(pk=pk).revision}
    return {}


@cache
def same_for_all() -> dict[str, Any]:
    day = today()
    waiting = list(Version.objects.filter(state="submitted").values_list("pk", flat=True))
    reviewers = list(User.objects.filter(email__startswith="reviewer-").values_list("pk", flat=True)[:2])
    labels = list(Label.objects.values_list("pk", flat=True))
    return dict.fromkeys(WORDS, "Because of this.") | {
        "act": f"priority:1:{waiting[0]}",
        "answer": "Because of this.",
        "answer_due_on": day + timedelta(9),
        "confirm": "on",
        "confirmed": "on",
        "do": "prioritise",
        "editor": User.objects.get(email="editor@demo.example").pk,
        "email": "new@example.org",
        "ends_on": day + timedelta(300),
        "first_on": day + timedelta(60),
        "into": labels[-1],
        "key": uuid.uuid4(),
        "kind": "correction",
        "label": labels[0],
        "labels": "Another label",
        "last_on": day + timedelta(61),
        "mail_pace": "daily",
        "monthly_limit": 3,
        "no_conflict": "on",
        "origin": "human",
        "outcome": "no_change",
        "priority": 1,
        "query": "view=all",
        "question": "Why is that?",
        "read": "1",
        "response": "fixed",
        "review_due_on": day + timedelta(29),
        "reviewer": reviewers,
        "reviewers": reviewers,
        "seen": 0,
        "severity": "must_fix",
        "specialists": "one",
        "specialty": "Neurologic",
        "starts_on": day,
        "to": User.objects.get(email="editor@demo.example").pk,
        "verdict": "approve",
        "version": waiting,
        "words": "another word\nthe same word",
    }


@cache
def sent() -> list[tuple[str, str, dict[str, Any]]]:
    return [(route, path, body(path)) for route in sorted(routes()) for path in paths(route)]


def changed(email: str, method: str) -> Iterator[tuple[str, HttpResponse, set[str]]]:
    """What becomes of each request of this person."""
    with browser_of(email) as client:
        for route, path, data in sent():
            yield route, *ask(client, method, path, data if method == "post" else None)
