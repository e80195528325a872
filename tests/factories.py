"""Articles in any state, made by the same calls that the pages make.

`make_version("under_review")` is the short way; `submit`, `assign`, `sign`, `approve`, `revise` walk step by step.
"""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from articles.models import Article, Version
from articles.states import Origin, VersionState
from content.schema import Content
from people.models import User
from people.rules import today
from people.specialties import MedicalSpecialty
from reviews.models import Assignment, Decision, Finding, Rereview
from reviews.states import Severity, Verdict
from tests.people import factories as people
from tests.people.factories import administrator, author, board_member, editor, make_person

__all__ = [
    "administrator",
    "approve",
    "assign",
    "author",
    "board_member",
    "editor",
    "find",
    "make_content",
    "make_person",
    "make_version",
    "reread",
    "rereview",
    "revise",
    "sign",
    "submit",
]

REASON = "It stands in another article already."


def make_content(title: str = "Hiccups at night", *, canary: str = "", **overrides: Any) -> Content:
    """A small complete article for both audiences, without codes. `canary` is put into every text that readers see."""
    word = f" {canary}" if canary else ""
    fields: dict[str, Any] = {
        "title": title + word,
        "presentation": {
            "clinician": f"Singultus that wakes the patient.{word}",
            "patient": f"You wake up because you have hiccups.{word}",
        },
        "diagnoses": [
            _diagnosis("full-stomach", "most_likely", "Gastric distension", "A full stomach", word),
            _diagnosis("reflux", "other_likely", "Gastro-oesophageal reflux", "Acid reflux", word),
            _diagnosis("stroke", "do_not_miss", "Lateral medullary stroke", "A stroke", word),
            _diagnosis("phrenic", "rare", "Phrenic nerve irritation", "An irritated nerve", word),
        ],
        "references": [{"key": "ninds", "citation": f"Hiccups. Example Institute, 2024.{word}"}],
    }
    return Content.model_validate(fields | overrides)


def _diagnosis(key: str, tier: str, name: str, plain_name: str, word: str) -> dict[str, Any]:
    return {
        "key": key,
        "tier": tier,
        "name": name + word,
        "plain_name": plain_name + word,
        "clinician": {
            "rationale": f"{name} explains the timing.{word}",
            "red_flags": [f"Vomiting with {name.lower()}{word}"],
            "distinguishing_signs": [f"Relief points to {name.lower()}{word}"],
        },
        "patient": {
            "rationale": f"{plain_name} can cause this.{word}",
            "red_flags": [f"You cannot stop vomiting{word}"],
        },
        "references": ["ninds"],
    }


def make_version(
    state: str = VersionState.DRAFT,
    *,
    content: Content | None = None,
    author: User | None = None,
    editor: User | None = None,
    reviewers: Iterable[User] | None = None,
    specialty: str = MedicalSpecialty.NEUROLOGIC,
) -> Version:
    """The first version of a new article, in that state. People who are not given are made.

    A superseded version has an approved second one over it: `version.article.current`.
    """
    by = author or people.author()
    version = Article.objects.create_with_draft(content or make_content(), by=by, specialty=specialty)
    if state != VersionState.DRAFT:
        version = submit(version)
    return _walk_on(version, VersionState(state), editor=editor, reviewers=reviewers)


def _walk_on(
    version: Version, state: VersionState, *, editor: User | None, reviewers: Iterable[User] | None
) -> Version:
    by = editor or people.editor()
    owner = version.article.owner
    match state:
        case VersionState.DRAFT | VersionState.SUBMITTED:
            return version
        case VersionState.DECLINED:
            return version.move("decline", by=by, reason=REASON)
        case VersionState.WITHDRAWN:
            return version.move("withdraw", by=owner, reason=REASON)
    assign(version, reviewers, by=by)
    match state:
        case VersionState.UNDER_REVIEW:
            return reread(version)
        case VersionState.CHANGES_REQUESTED:
            return reread(version).move("request_changes", by=by, reason="The red flags are incomplete.")
    approve(version)
    if state == VersionState.RETRACTED:
        return reread(version).move("retract", by=by, reason="A red flag was wrong.")
    if state == VersionState.SUPERSEDED:
        second = submit(revise(version))
        assign(second, [d.reviewer for d in version.decisions.all()], by=by)
        approve(second)
    return reread(version)


def submit(version: Version, *, origin: str = Origin.HUMAN, change_note: str = "Clearer red flags.") -> Version:
    """The owner submits it."""
    return version.move(
        "submit",
        by=version.article.owner,
        change_note=change_note if version.number > 1 else "",
        origin=origin,
        ai_tool="" if origin == Origin.HUMAN else "Example Model 1",
    )


def assign(
    version: Version, reviewers: Iterable[User] | None = None, *, by: User | None = None, due_in: int = 7
) -> list[Assignment]:
    """Ask reviewers (as many new ones as the quorum needs, when none are given); the review starts."""
    who = [board_member() for _ in range(version.approvals_required)] if reviewers is None else list(reviewers)
    due: dict[str, Any] = {
        "answer_due_on": today() + timedelta(due_in),
        "review_due_on": today() + timedelta(due_in + 14),
    }
    return Assignment.objects.invite(version, who, by=by or people.editor(), **due)


def sign(
    assignment: Assignment, verdict: str = Verdict.APPROVE, *, note: str = "", confidential_note: str = ""
) -> Decision:
    """The reviewer signs the text of the version."""
    changes = verdict == Verdict.REQUEST_CHANGES
    return assignment.sign(
        verdict,
        content_sha256=assignment.version.content_sha256 or "",
        by=assignment.reviewer,
        note=note or ("The rationale lacks a source." if changes else ""),
        confidential_note=confidential_note,
        no_conflict=True,
        key=uuid.uuid4(),
    )


def approve(version: Version) -> Version:
    """Everybody who was asked approves."""
    for assignment in version.assignments.select_related("version", "reviewer"):
        if assignment.is_outstanding:
            sign(assignment)
    return reread(version)


def rereview(version: Version, reviewers: Iterable[User] | None = None, *, by: User | None = None) -> list[Assignment]:
    """Ask whether an approved version is still right: those who signed it, when nobody is given."""
    who = [d.reviewer for d in version.decisions.all()] if reviewers is None else list(reviewers)
    due = {"answer_due_on": today() + timedelta(7), "review_due_on": today() + timedelta(21)}
    begun = Rereview.objects.begin(version, who, by=by or people.editor(), **due)
    return list(begun.assignments.with_people())


def find(assignment: Assignment, body: str = "Name the dose.", severity: str = Severity.SHOULD) -> Finding:
    """The reviewer makes a finding on the first diagnosis."""
    key = assignment.version.document.diagnoses[0].key
    return Finding.make(assignment, by=assignment.reviewer, severity=severity, body=body, diagnosis_key=key)


def revise(version: Version, content: Content | None = None) -> Version:
    """The owner begins the next version, with another text if given."""
    by = version.article.owner
    draft = version.article.start_draft(by=by)
    return draft.save_draft(content, by=by, based_on=draft.revision) if content else draft


def reread(version: Version) -> Version:
    """The version as it stands in the database now."""
    return Version.objects.with_people().get(pk=version.pk)
