"""The page of one version: its text, who reviews it, what was decided, and what the person who looks may do."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, overload

from django.urls import reverse

from articles.models import Version
from articles.states import IN_REVIEW, Origin, VersionState
from content.schema import Tier
from people import permissions
from people.models import User
from publications.render import render_body
from reviews.alternates import line_of
from reviews.models import Assignment, ReaderLetter, Turn, standing
from reviews.rereview_panel import RereviewPanel
from reviews.rounds import Outcome, Standing
from reviews.sight import Sight, sight
from reviews.states import GONE, OUTSTANDING
from reviews.talk import Talk, talk
from reviews.timeline import Entry, timeline
from reviews.turns import Party, in_words
from reviews.version_actions import Action, possible
from reviews.version_reviewers import Reviewer, known

TABS = ("text", "findings", "history")
#: What the reason is called by which a version ended.
REASONS = {
    VersionState.RETRACTED: "The public notice",
    VersionState.DECLINED: "Why it was declined",
    VersionState.WITHDRAWN: "Why it was withdrawn",
    VersionState.CHANGES_REQUESTED: "Why it came back",
}


@overload
def _party(person: User) -> Party: ...


@overload
def _party(person: User | None) -> Party | None: ...


def _party(person: User | None) -> Party | None:
    return Party(person.pk, person.display_name) if person else None


class VersionPage:
    """One version, as one person sees it. Everything is asked for once, when it is first shown."""

    def __init__(self, user: User, version: Version, *, tab: str = "") -> None:
        self.user, self.version = user, version
        self._asked_tab = tab
        self.sight = sight(user, version)
        self.handles = permissions.may_handle(user, version)
        self.rereview = RereviewPanel(user, version, self.sight)

    @property
    def is_caution(self) -> bool:
        """Whether the text needs the stripes: the public never read it."""
        return not self.version.was_public

    @cached_property
    def body_html(self) -> str:
        return render_body(self.version.document, is_preview=True)

    @property
    def outline(self) -> list[dict[str, Any]]:
        """The names of its diagnoses, by tier; tiers without any are left out."""
        document = self.version.document
        tiers = ((tier, [diagnosis.name for diagnosis in document.in_tier(tier)]) for tier in Tier)
        return [{"tier": tier.value, "names": names} for tier, names in tiers if names]

    @cached_property
    def talk(self) -> Talk:
        return talk(self.user, self.version)

    @cached_property
    def events(self) -> list[Entry]:
        return timeline(self.version, self.user, self.sight)

    @cached_property
    def tab(self) -> str:
        """The part asked for, else what waits for an answer, else the text."""
        if self._asked_tab in TABS:
            return self._asked_tab
        return "findings" if self.talk.to_answer else "text"

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        labels = {"text": "Text", "findings": "Findings", "history": "History"}
        counts = {"findings": len(self.talk.findings)}
        here = self.version.get_absolute_url()
        return [
            {"label": labels[key], "url": f"{here}?tab={key}", "count": counts.get(key)}
            | {"is_current": key == self.tab}
            for key in TABS
        ]

    # Whose turn it is

    @cached_property
    def standing(self) -> Standing | None:
        """Where the round stands; told to those who run it."""
        return standing(self.version) if self.version.is_under_review else None

    @property
    def is_stuck(self) -> bool:
        return self.standing is not None and self.standing.outcome == Outcome.STUCK

    @property
    def shows_standing(self) -> bool:
        return self.standing is not None and self.sight.sees_all

    @property
    def owed(self) -> Assignment | None:
        """What the person has yet to sign here, be it the review or a re-review."""
        return self.own_review or self.rereview.own

    @cached_property
    def turn_now(self) -> Turn | None:
        """The article's turn, when it is about this version."""
        found: Turn | None = Turn.objects.select_related("holder").filter(version=self.version.pk).first()
        return found

    @cached_property
    def turn(self) -> str:
        """Whose turn it is, in words. Which editor's, is told to those who run the process."""
        if self.owed:
            return "Your turn"
        if (now := self.turn_now) is None:
            return ""
        holder = now.holder if self.sight.sees_all else None
        return in_words(now.side, owner=_party(self.version.article.owner), holder=_party(holder), me=self.user.pk)

    @property
    def due(self) -> date | None:
        """When it is due: for a reviewer who has yet to sign, when their own review is."""
        if self.owed:
            return self.owed.due_on
        return self.turn_now.due_on if self.turn_now else None

    @property
    def is_for_another_editor(self) -> bool:
        """Whether an editor who looks cannot run this round, as they had a hand in the text."""
        is_theirs = self.user.is_editor and self.version.is_written_by(self.user)
        return is_theirs and self.version.state in IN_REVIEW

    @cached_property
    def letters(self) -> list[ReaderLetter]:
        """Readers' letters that this text deals with, told to its author and to editors."""
        if not self.version.is_open or not (self.is_of_author or permissions.may_read_letters(self.user)):
            return []
        return list(ReaderLetter.objects.dealt_with_in(self.version).select_related("holder").order_by("pk"))

    # Reviewers

    @cached_property
    def assignments(self) -> list[Assignment]:
        return list(self.version.assignments.filter(rereview=None).select_related("reviewer__board_profile"))

    @cached_property
    def own_review(self) -> Assignment | None:
        """The person's own assignment while it is theirs to do."""
        mine = (a for a in self.assignments if a.reviewer_id == self.user.pk and a.state in OUTSTANDING)
        return next(mine, None) if self.version.is_under_review else self.rereview.own

    @cached_property
    def reviewers(self) -> list[Reviewer]:
        """Those whom this person may know of."""
        return known(self)

    @cached_property
    def reads_confidential_notes(self) -> bool:
        """Whether notes to the editors alone are this person's to read."""
        newest = self.version.article.latest
        return permissions.may_read_confidential_notes(self.user, self.version, newest)

    @cached_property
    def line(self) -> list[str]:
        """Who is asked next, told to those who run it."""
        return [each.reviewer.display_name for each in line_of(self.version)] if self.handles else []

    @cached_property
    def unnamed(self) -> int:
        """How many more were asked than this person may know by name."""
        named = {reviewer.pk for reviewer in self.reviewers}
        return sum(1 for a in self.assignments if a.pk not in named and a.state not in GONE)

    # What can be done

    @cached_property
    def actions(self) -> list[Action]:
        """What this person may do with this version now, the next step first."""
        return possible(self)

    @property
    def remind_url(self) -> str:
        """Where whoever owes something is chased."""
        return reverse("reviews:remind", args=(self.version.article_id, self.version.number))

    # Other versions

    @cached_property
    def siblings(self) -> list[Version]:
        """The versions of this article that this person may read, the newest first."""
        found = Version.objects.visible_to(self.user).filter(article=self.version.article_id)
        return list(found.only("article_id", "number", "state", "title").order_by("-number"))

    @property
    def latest(self) -> Version:
        return self.siblings[0]

    @cached_property
    def comparable(self) -> list[Version]:
        """Earlier versions worth comparing with: the one before, and the last that was public."""
        earlier = list(Version.objects.submitted_before(self.version).only("article_id", "number", "state"))
        public = [other for other in earlier if other.was_public]
        return list(dict.fromkeys([*earlier[:1], *public[:1]]))

    @property
    def made_with_ai(self) -> bool:
        return self.version.origin != Origin.HUMAN

    @property
    def shows_reason(self) -> bool:
        """Why it ended is told to all but a reviewer who has not signed: it may say what the others found."""
        return bool(self.version.state_reason) and self.sight is not Sight.OWN_REVIEW

    @property
    def reason_title(self) -> str:
        return REASONS[self.version.state_word]

    @property
    def is_of_author(self) -> bool:
        """Whether it is shown as to its author."""
        return self.sight is Sight.AUTHOR
