"""The way of one version of the demonstration from its draft on, by the portal's own steps."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from articles.models import Version
from articles.states import VersionState
from people.models import User
from people.rules import today
from reviews import alternates, notices
from reviews.models import Assignment, Finding, Rereview
from reviews.models.checklist import Answer
from reviews.states import Affirmed, Verdict

EDITOR = "editor@demo.example"
ANSWER_DAYS, REVIEW_DAYS = 7, 21
SAID = ("severity", "body", "quote", "audience", "replacement")  # of a finding
type Described = dict[str, Any]


@contextmanager
def rules(held: dict[str, int]) -> Iterator[None]:
    """Have other settings of the office hold for a while; the dates that come of them are dates like any other."""
    before = {name: getattr(settings, name) for name in held}
    try:
        for name, value in held.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)


def due_days(review: Described) -> dict[str, Any]:
    """By when the reviewer is to answer and to sign."""
    answer = review.get("answer_in", ANSWER_DAYS)
    read = max(answer, review.get("review_in", REVIEW_DAYS))
    return {"answer_due_on": today() + timedelta(answer), "review_due_on": today() + timedelta(read)}


@dataclass
class Walk:
    """The way of one version from its draft on."""

    version: Version
    text: Described
    author: User
    people: dict[str, User]

    def to_the_end(self) -> None:
        """Submit, review, decide, answer, as far as the index says."""
        state = VersionState(self.text["state"])
        if state == VersionState.DRAFT:
            return
        with rules(self.text.get("rules", {})):
            self.move("submit", self.author, **{name: self.text[name] for name in ("change_note", "origin", "ai_tool")})
            if reviews := self.text.get("reviews"):
                self.review(reviews)
            self.answer_findings()
            self.end(state)
        self.review_again(self.text.get("again", {}))
        for notice in self.text.get("notices", []):
            notices.post(self.version, by=self.people[EDITOR], **notice)

    def move(self, step: str, by: User, **details: Any) -> None:
        self.version = self.version.move(step, by=by, **details)

    def review(self, reviews: list[Described]) -> None:
        """Ask everybody; they answer, write their findings and sign, one after the other."""
        editor = self.people[EDITOR]
        asked = [
            Assignment.objects.invite(self.version, [self.people[review["reviewer"]]], by=editor, **due_days(review))[0]
            for review in reviews
        ]
        if line := self.text.get("line"):
            alternates.line_up(self.version, [self.people[email] for email in line], by=editor)
        for assignment, review in zip(asked, reviews, strict=True):
            self.work(assignment, review)

    def review_again(self, again: Described) -> None:
        """Have the board confirm what is public, or the author revise it."""
        editor = self.people[EDITOR]
        if reason := again.get("revision"):
            Rereview.objects.request_revision(self.version, by=editor, reason=reason)
        if not (reviews := again.get("reviews")):
            return
        first, *others = [([self.people[review["reviewer"]]], due_days(review)) for review in reviews]
        round_ = Rereview.objects.begin(self.version, first[0], by=editor, **first[1])
        for reviewers, due in others:
            round_.ask(reviewers, by=editor, **due)
        asked = {assignment.reviewer.email: assignment for assignment in round_.assignments.select_related("reviewer")}
        for review in reviews:
            self.work(asked[review["reviewer"]], review)

    def work(self, assignment: Assignment, review: Described) -> None:
        """What one reviewer does about it."""
        by, answer = assignment.reviewer, review.get("answer", "accepted")
        if answer == "declined":
            assignment.decline(by=by, reason=review["reason"], suggested=review.get("suggested", ""))
        if answer != "accepted":
            return
        assignment.accept(by=by)
        if assignment.rereview_id is None:
            for finding in self.findings_of(by.email):
                self.remark(assignment, finding)
        if denied := self.denied(review):
            assignment.keep(by=by, answers=denied)
        if "verdict" in review:
            self.sign(assignment, review)

    def remark(self, assignment: Assignment, finding: Described) -> None:
        said = {
            name: finding[name] for name in ("severity", "body", "quote", "audience", "replacement") if name in finding
        }
        Finding.make(assignment, by=assignment.reviewer, diagnosis_key=finding["diagnosis"], **said)

    def denied(self, review: Described) -> dict[str, Answer]:
        """The statements of the checklist that were answered with "no"."""
        return {key: Answer(Affirmed.NO, note) for key, note in review.get("no", {}).items()}

    def sign(self, assignment: Assignment, review: Described) -> None:
        """Having read everything."""
        by = assignment.reviewer
        assignment.mark_read(*(diagnosis.key for diagnosis in self.version.document.diagnoses), by=by, read=True)
        assignment.sign(
            Verdict(review["verdict"]),
            content_sha256=self.version.content_sha256 or "",
            by=by,
            note=review["note"],
            confidential_note=review.get("confidential", ""),
            no_conflict=True,
            key=uuid.uuid4(),
        )

    def findings_of(self, reviewer: str) -> list[Described]:
        return [finding for finding in self.text.get("findings", []) if finding["reviewer"] == reviewer]

    def answer_findings(self) -> None:
        """The author answers, or begins to answer, what the index has an answer to."""
        for finding in self.text.get("findings", []):
            if not (finding.get("response") or finding.get("draft")):
                continue
            made = self.version.findings.get(body=finding["body"])
            if finding.get("response"):
                made.respond(finding["response"], finding["response_note"], by=self.author)
            else:
                made.keep_answer(finding["draft"], finding["draft_note"], by=self.author)

    def end(self, state: VersionState) -> None:
        """What ends a version by somebody's word, with the reason."""
        now = self.version = Version.objects.get(pk=self.version.pk)
        step = {
            VersionState.CHANGES_REQUESTED: "request_changes",
            VersionState.DECLINED: "decline",
            VersionState.WITHDRAWN: "withdraw",
            VersionState.RETRACTED: "retract",
        }.get(state)
        if step and now.state != state:
            by = self.author if state == VersionState.WITHDRAWN else self.people[EDITOR]
            self.move(step, by, reason=self.text["reason"])
