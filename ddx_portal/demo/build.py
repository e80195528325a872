"""The articles of the demonstration, from articles/index.toml, brought to their states by the portal's own steps."""

import tomllib
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from articles import intake
from articles.intake import Intake
from articles.models import Article, Version
from articles.states import VersionState
from ddx_portal.demo.people import make_people
from people.models import User
from people.rules import today
from reviews.models import Assignment, Finding
from reviews.states import Verdict

FOLDER = Path(__file__).with_name("articles")
EDITOR = "editor@demo.example"
ANSWER_DAYS, REVIEW_DAYS = 7, 21
type Described = dict[str, Any]


class Misdescribed(Exception):
    """The index says something that does not come about."""


def load() -> list[Described]:
    """What index.toml says."""
    articles: list[Described] = tomllib.loads((FOLDER / "index.toml").read_text(encoding="utf-8"))["article"]
    return articles


def read(version: Described) -> tuple[Intake, str]:
    """The text of a version as it is handed in, and what is understood of it."""
    source = (FOLDER / version["file"]).read_text(encoding="utf-8")
    return intake.read(source), source


def make_demo(password: str) -> int:
    """Make what is missing; how many articles that were. What is there stays as it is, whatever became of it.

    Each person and each article is one transaction.
    """
    people = make_people(password)
    return sum(make_article(described, people) for described in load())


@transaction.atomic
def make_article(described: Described, people: dict[str, User]) -> bool:
    """Bring one article to its state, unless it was made before; whether it was made."""
    taken, source = read(described["version"][0])
    author = people[described["author"]]
    same = Q(source=source) | Q(article__slug=described["slug"])
    if Version.objects.filter(same, article__owner=author, number=1).exists():
        return False
    version = Article.objects.create_with_draft(
        taken.content, by=author, specialty=described["specialty"], source=source
    )
    article = version.article
    for text in described["version"]:
        if text["number"] > 1:
            draft = article.start_draft(by=author)
            version = draft.save_draft(read(text)[0].content, by=author, based_on=draft.revision)
        Walk(version, text, author, people).to_the_end()
    check(article, described)
    return True


def check(article: Article, described: Described) -> None:
    """The article has the address and its versions the states that the index says.

    Raises:
        Misdescribed: one has not.
    """
    states = list(article.versions.order_by("number").values_list("state", flat=True))
    slug = Article.objects.values_list("slug", flat=True).get(pk=article.pk)
    expected = described["slug"], [version["state"] for version in described["version"]]
    if (slug, states) != expected:
        raise Misdescribed(f"{(slug, states)} was made where the index says {expected}.")


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
        self.move("submit", self.author, **{name: self.text[name] for name in ("change_note", "origin", "ai_tool")})
        if reviews := self.text.get("reviews"):
            self.review(reviews)
        self.answer_findings()
        self.end(state)

    def move(self, step: str, by: User, **details: Any) -> None:
        self.version = self.version.move(step, by=by, **details)

    def review(self, reviews: list[Described]) -> None:
        """Ask everybody at once; they accept, write their findings and sign, one after the other."""
        day = today()
        due: dict[str, Any] = {"answer_due_on": day + timedelta(ANSWER_DAYS)}
        due["review_due_on"] = day + timedelta(REVIEW_DAYS)
        reviewers = [self.people[review["reviewer"]] for review in reviews]
        asked = Assignment.objects.invite(self.version, reviewers, by=self.people[EDITOR], **due)
        for assignment, review in zip(asked, reviews, strict=True):
            assignment.accept(by=assignment.reviewer)
            for finding in self.findings_of(review["reviewer"]):
                said = {"severity": finding["severity"], "body": finding["body"]}
                Finding.make(assignment, by=assignment.reviewer, diagnosis_key=finding["diagnosis"], **said)
            if "verdict" in review:
                self.sign(assignment, review)

    def sign(self, assignment: Assignment, review: Described) -> None:
        """Having read everything."""
        by = assignment.reviewer
        assignment.mark_read(*(diagnosis.key for diagnosis in self.version.document.diagnoses), by=by, read=True)
        assignment.sign(
            Verdict(review["verdict"]),
            content_sha256=self.version.content_sha256 or "",
            by=by,
            note=review["note"],
            no_conflict=True,
            key=uuid.uuid4(),
        )

    def findings_of(self, reviewer: str) -> list[Described]:
        return [finding for finding in self.text.get("findings", []) if finding["reviewer"] == reviewer]

    def answer_findings(self) -> None:
        """The author answers what the index has an answer to."""
        for finding in self.text.get("findings", []):
            if finding.get("response"):
                made = self.version.findings.get(body=finding["body"])
                made.respond(finding["response"], finding["response_note"], by=self.author)

    def end(self, state: VersionState) -> None:
        """What ends a version by somebody's word, with the reason."""
        now = Version.objects.get(pk=self.version.pk).state
        step = {
            VersionState.CHANGES_REQUESTED: "request_changes",
            VersionState.DECLINED: "decline",
            VersionState.WITHDRAWN: "withdraw",
            VersionState.RETRACTED: "retract",
        }.get(state)
        if step and now != state:
            by = self.author if state == VersionState.WITHDRAWN else self.people[EDITOR]
            self.move(step, by, reason=self.text["reason"])
