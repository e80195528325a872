"""Ten articles in ten states, each text in them marked with a word of its own: public ones and secret ones."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from articles.models import Article, Version
from articles.states import Origin
from content.schema import Content
from people.models import User
from people.specialties import MedicalSpecialty
from reviews.models import Assignment
from reviews.states import Severity, Verdict
from tests import factories

LETTERS = "bcdfghjklmnpqrstvwxz"


@dataclass
class World:
    """The marks by what they stand for ("declined.reason"), and the articles by state."""

    public: dict[str, str] = field(default_factory=dict)
    secret: dict[str, str] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)

    def mark(self, what: str, *, is_public: bool) -> str:
        """A new word that stands nowhere else, and in no word of English."""
        assert what not in self.public
        assert what not in self.secret
        number, letters = len(self.public) + len(self.secret), ""
        for _ in range(4):
            number, digit = divmod(number, len(LETTERS))
            letters += LETTERS[digit]
        word = f"zq{letters}qz"
        (self.public if is_public else self.secret)[what] = word
        return word

    def person(self, kind: str, what: str, *, is_public: bool) -> User:
        """Somebody with a mark in the name; who serves on the board is public, whatever they review."""
        is_public = is_public or kind == "board_member"
        name = f"{what.title()} {self.mark(f'{what}.name', is_public=is_public).title()}"
        person: User = getattr(factories, kind)(name=name)
        return person

    def content(self, label: str, *, is_public: bool) -> Content:
        """An article in which every field has its mark; that of the title is in the address as well."""

        def say(what: str) -> str:
            return f"Text {self.mark(f'{label}.{what}', is_public=is_public)}"

        def text(what: str) -> dict[str, Any]:
            keys = ("red_flags", "distinguishing_signs")
            return {"rationale": say(f"{what}.rationale")} | {key: [say(f"{what}.{key}")] for key in keys}

        diagnoses = [
            {
                "key": tier,
                "tier": tier,
                "name": say(f"{tier}.name"),
                "plain_name": say(f"{tier}.plain"),
                "clinician": text(f"{tier}.clinician"),
                "patient": text(f"{tier}.patient"),
            }
            for tier in ("most_likely", "other_likely", "rare")
        ]
        for each in diagnoses:
            each["key"] = str(each["key"]).replace("_", "-")
        return Content.model_validate(
            {
                "title": say("title"),
                "presentation": {"clinician": say("about"), "patient": say("about.patient")},
                "diagnoses": diagnoses,
                "no_do_not_miss_reason": say("no_do_not_miss"),
                "references": [{"key": "one", "citation": say("citation"), "url": "https://example.org/"}],
            }
        )

    def draft(self, label: str, *, is_public: bool = False) -> Version:
        """An article with a first draft, handed in as a text that has marks of its own."""
        source = f"Handed in {self.mark(f'{label}.source', is_public=False)}"
        doubts = [{"id": 1, "line": 1, "message": self.mark(f"{label}.doubt", is_public=False)}]
        version = Article.objects.create_with_draft(
            self.content(label, is_public=is_public),
            by=self.person("author", f"{label}.author", is_public=is_public),
            specialty=MedicalSpecialty.NEUROLOGIC if is_public else MedicalSpecialty.PODIATRIC,
            source=source,
            doubts=doubts,
        )
        self.articles[label] = version.article
        return version

    def submitted(self, version: Version, label: str, *, is_public: bool = False) -> Version:
        note = f"Note {self.mark(f'{label}.change_note', is_public=is_public)}"
        tool = f"Tool {self.mark(f'{label}.ai_tool', is_public=is_public)}"
        by = version.article.owner
        return version.move("submit", by=by, change_note=note, origin=Origin.AI_DRAFTED, ai_tool=tool)

    def reviewed(self, version: Version, label: str, *, is_public: bool = False) -> tuple[Version, list[Assignment]]:
        """Ask three: one says no, two make a finding and keep a note; those two are returned."""
        editor = self.person("editor", f"{label}.editor", is_public=False)
        no = self.person("board_member", f"{label}.unwilling", is_public=False)
        some = [self.person("board_member", f"{label}.{word}", is_public=is_public) for word in ("first", "second")]
        refused, *asked = factories.assign(version, [no, *some], by=editor)
        refused.decline(by=no, reason=f"Because {self.mark(f'{label}.refusal', is_public=False)}")
        for each in asked:
            body = f"Finding {self.mark(f'{label}.finding.{each.pk}', is_public=False)}"
            found = factories.find(each, body, Severity.MUST_FIX)
            each.keep(note=f"Kept {self.mark(f'{label}.kept.{each.pk}', is_public=False)}", by=each.reviewer)
            found.close(by=each.reviewer, reason=f"Closed {self.mark(f'{label}.closed.{each.pk}', is_public=False)}")
        return factories.reread(version), asked

    def signed(self, assignments: Iterable[Assignment], label: str, verdict: str = Verdict.APPROVE) -> None:
        for each in assignments:
            note = f"Signed {self.mark(f'{label}.note.{each.pk}', is_public=False)}"
            each.refresh_from_db()
            secret = f"Confidential {self.mark(f'{label}.confidential.{each.pk}', is_public=False)}"
            factories.sign(each, verdict, note=note, confidential_note=secret)

    def approved(self, version: Version, label: str) -> Version:
        version, asked = self.reviewed(self.submitted(version, label, is_public=True), label, is_public=True)
        self.signed(asked, label)
        return factories.reread(version)

    def revised(self, version: Version, label: str, *, is_public: bool = False) -> Version:
        return factories.revise(version, self.content(label, is_public=is_public))

    def reason(self, label: str, *, is_public: bool = False) -> str:
        return f"Reason {self.mark(f'{label}.reason', is_public=is_public)}"


def make_world() -> World:
    """Four articles that are public in some version (two with a newer one hidden), six that never were."""
    world = World()
    _never_public(world)
    _public(world)
    return world


def _never_public(world: World) -> None:
    world.draft("draft")
    world.submitted(world.draft("submitted"), "submitted")
    version, asked = world.reviewed(world.submitted(world.draft("under_review"), "under_review"), "under_review")
    world.signed(asked[:1], "under_review")
    version, asked = world.reviewed(world.submitted(world.draft("sent_back"), "sent_back"), "sent_back")
    world.signed(asked[:1], "sent_back", Verdict.REQUEST_CHANGES)
    editor = world.person("editor", "sent_back.by", is_public=False)
    version.move("request_changes", by=editor, reason=world.reason("sent_back"))
    version = world.submitted(world.draft("declined"), "declined")
    editor = world.person("editor", "declined.by", is_public=False)
    version.move("decline", by=editor, reason=world.reason("declined"))
    version = world.submitted(world.draft("withdrawn"), "withdrawn")
    version.move("withdraw", by=version.article.owner, reason=world.reason("withdrawn"))


def _public(world: World) -> None:
    version = world.approved(world.draft("with_draft", is_public=True), "with_draft")
    world.revised(version, "newer_draft")
    version = world.approved(world.draft("with_review", is_public=True), "with_review")
    newer = world.submitted(world.revised(version, "newer_review"), "newer_review")
    newer, asked = world.reviewed(newer, "newer_review")
    world.signed(asked[:1], "newer_review")
    version = world.approved(world.draft("superseded", is_public=True), "superseded")
    world.approved(world.revised(version, "superseding", is_public=True), "superseding")
    version = world.approved(world.draft("retracted", is_public=True), "retracted")
    editor = world.person("editor", "retracted.by", is_public=True)
    version.move("retract", by=editor, reason=world.reason("retracted", is_public=True))
