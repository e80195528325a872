"""Several people acting at random on one article, against a plain model of the rules.

The model below knows no database and no class of the portal: sets, a list and a few sentences. Whatever it
allows must happen, whatever it forbids must be refused and change nothing.
"""

import os
from dataclasses import dataclass, field
from typing import Any

import hypothesis.strategies as st
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from articles.models import Article, Version
from people.models import Role, User
from reviews.models import Assignment, Finding, Rereview
from tests.factories import assign as invite
from tests.factories import author, board_member, editor, make_content, reread, rereview
from tests.factories import sign as put_signature
from tests.racing import REFUSED

RUNS, STEPS = (int(os.environ.get(name, default)) for name, default in (("DDX_RUNS", "10"), ("DDX_STEPS", "30")))
WRITERS, EDITORS = ("author", "other author"), ("editor", "writing editor")
REVIEWERS = ("r1", "r2", "r3", "reviewing author")
PEOPLE = (*WRITERS, *EDITORS, *REVIEWERS)
MOSTLY_AUTHOR, MOSTLY_EDITOR = (st.sampled_from((who,) * 16 + PEOPLE) for who in ("author", "editor"))
REVIEWER = st.sampled_from(("r1", "r2") * 3 + REVIEWERS)
VERDICT = st.sampled_from(("approve",) * 5 + ("request_changes",))
OPEN, ENDED = {"draft", "submitted", "under_review"}, {"changes_requested", "declined", "withdrawn"}


@dataclass
class Round:
    """What the model remembers of one version."""

    state: str = "draft"
    writers: set[str] = field(default_factory=set)
    asked: dict[str, str] = field(default_factory=dict)  # reviewer -> outstanding, declined, cancelled or a verdict
    must_fix: list[str] = field(default_factory=list)  # who made it, while it is open
    again: dict[str, str] | None = None  # as `asked`, of the re-review that goes on
    again_must_fix: list[str] = field(default_factory=list)  # as `must_fix`, made in re-reviews
    confirmed: int = 0  # how often


class Model:
    """The rules in plain words."""

    def __init__(self) -> None:
        self.rounds = [Round(writers={"author"})]
        self.no_reviewers: set[str] = set()
        self.conflicts: set[str] = set()

    @property
    def now(self) -> Round:
        return self.rounds[-1]

    def eligible(self, who: str) -> bool:
        wrote = who in self.now.writers or who == "author"
        return who in REVIEWERS and not wrote and who not in self.no_reviewers | self.conflicts

    def open_must_fix(self) -> list[str]:
        """Of this round and of those before it that were not approved."""
        found: list[str] = []
        for each in reversed(self.rounds):
            if each is not self.now and each.state not in ENDED:
                found += each.again_must_fix
                break
            found += each.must_fix + each.again_must_fix
        return found

    def settle_again(self) -> None:
        """Two who confirm make it hold; the first who does not ends it."""
        now = self.now
        if now.again is None:
            return
        confirmed = [who for who, said in now.again.items() if said == "approve" and self.eligible(who)]
        if "request_changes" in now.again.values():
            now.again = None
        elif len(confirmed) >= 2 and not self.open_must_fix():
            now.again, now.confirmed = None, now.confirmed + 1

    def settle(self) -> None:
        now = self.now
        if now.state != "under_review":
            return
        verdicts = now.asked
        if "request_changes" in verdicts.values():
            if "outstanding" not in verdicts.values():
                now.state = "changes_requested"
            return
        approvals = [who for who, said in verdicts.items() if said == "approve" and self.eligible(who)]
        if len(approvals) >= 2 and not self.open_must_fix():
            for earlier in self.rounds:
                earlier.state = "superseded" if earlier.state == "approved" else earlier.state
            now.state = "approved"


class PeopleAtRandom(RuleBasedStateMachine):
    """Drives the portal and the model side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.model, self.count = Model(), 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(ways=st.integers(0, 2), verdicts=st.lists(VERDICT, min_size=2, max_size=2), far=st.integers(0, 3))
    def begin(self, ways: int, verdicts: list[str], far: int) -> None:
        """Up to two whole rounds are behind, and the next one is some steps on: chance alone seldom gets there."""
        made = [author(), author(), editor(), editor(), *(board_member() for _ in REVIEWERS)]
        self.who: dict[str, User] = dict(zip(PEOPLE, made, strict=True))
        self.who["reviewing author"].grant(Role.AUTHOR, by=None)
        self.version = Article.objects.create_with_draft(make_content(), by=self.who["author"])
        for _ in range(ways):
            self._go(3, verdicts)
            self.revise("author")
        self._go(far, verdicts)

    def _go(self, far: int, verdicts: list[str]) -> None:
        if far > 0:
            self.submit("author")
        if far > 1:
            self.assign("editor", {"r1", "r2"})
        if far > 2:
            self.everybody_signs(verdicts)

    # How an attempt is made: the model says whether it may succeed.

    def attempt(self, allowed: bool, action: Any) -> bool:
        try:
            with transaction.atomic():
                action()
        except REFUSED:
            assert not allowed, "the portal refused what the rules allow"
            return False
        assert allowed, "the portal did what the rules forbid"
        return True

    def remark(self) -> str:
        """Words of its own: the same remark twice is one."""
        self.count += 1
        return f"Look again, {self.count}."

    def person(self, name: str) -> User:
        return User.objects.get(pk=self.who[name].pk)

    def assignment(self, name: str) -> Assignment | None:
        mine = Assignment.objects.with_people().filter(version=self.version, reviewer=self.who[name])
        return mine.filter(rereview=None).first()

    @property
    def latest(self) -> Version:
        return reread(self.version)

    # Authors

    @rule(who=st.sampled_from(PEOPLE))
    def save(self, who: str) -> None:
        now = self.model.now
        may = now.state == "draft" and who in ("author", *EDITORS)
        self.count += 1
        text = make_content(f"Text {self.count}")
        draft = self.latest
        if self.attempt(may, lambda: draft.save_draft(text, by=self.person(who), based_on=draft.revision)):
            now.writers.add(who)

    @rule(who=MOSTLY_AUTHOR)
    def submit(self, who: str) -> None:
        may = self.model.now.state == "draft" and who == "author"
        details = {"change_note": "More.", "origin": "human"}
        if self.attempt(may, lambda: self.latest.move("submit", by=self.person(who), **details)):
            self.model.now.state = "submitted"

    @precondition(lambda self: self.model.now.state != "draft")
    @rule(who=st.sampled_from(PEOPLE))
    def withdraw(self, who: str) -> None:
        may = self.model.now.state in ("submitted", "under_review") and who == "author"
        if self.attempt(may, lambda: self.latest.move("withdraw", by=self.person(who), reason="Later.")):
            self.model.now.state = "withdrawn"

    @rule(who=MOSTLY_AUTHOR)
    def revise(self, who: str) -> None:
        may = self.model.now.state not in OPEN and who in ("author", *EDITORS)
        drafts: list[Version] = []
        article = Article.objects.get(pk=self.version.article_id)
        if self.attempt(may, lambda: drafts.append(article.start_draft(by=self.person(who)))):
            self.version, self.model.now.again = drafts[0], None
            self.model.rounds.append(Round(writers=self.model.now.writers | {who}))

    # Editors

    @rule(who=MOSTLY_EDITOR, chosen=st.sets(REVIEWER, min_size=1, max_size=3))
    def assign(self, who: str, chosen: set[str]) -> None:
        model, now = self.model, self.model.now
        handles = who in EDITORS and who not in now.writers
        free = all(model.eligible(r) and now.asked.get(r, "cancelled") == "cancelled" for r in chosen)
        may = handles and now.state in ("submitted", "under_review") and free
        if self.attempt(may, lambda: invite(self.latest, [self.who[r] for r in chosen], by=self.person(who))):
            now.state = "under_review"
            now.asked |= dict.fromkeys(chosen, "outstanding")

    @precondition(lambda self: self.model.now.asked)
    @rule(who=st.sampled_from(PEOPLE), reviewer=st.sampled_from(REVIEWERS))
    def cancel(self, who: str, reviewer: str) -> None:
        now = self.model.now
        assignment = self.assignment(reviewer)
        if assignment is None:
            return
        handles = who in EDITORS and who not in now.writers
        may = handles and now.state == "under_review" and now.asked.get(reviewer) == "outstanding"
        if self.attempt(may, lambda: assignment.cancel(by=self.person(who), reason="Enough.")):
            now.asked[reviewer] = "cancelled"
            self.model.settle()

    @precondition(lambda self: self.model.now.state != "draft")
    @rule(who=st.sampled_from(PEOPLE), step=st.sampled_from(["decline", "request_changes", "retract"]))
    def end(self, who: str, step: str) -> None:
        sources = {
            "decline": ("submitted", "under_review"),
            "request_changes": ("under_review",),
            "retract": ("approved",),
        }
        now = self.model.now
        may = who in EDITORS and who not in now.writers and now.state in sources[step]
        if self.attempt(may, lambda: self.latest.move(step, by=self.person(who), reason="So.")):
            now.state = {"decline": "declined", "retract": "retracted"}.get(step, "changes_requested")
            now.again = None

    @precondition(lambda self: self.model.now.state == "approved")
    @rule(who=MOSTLY_EDITOR, chosen=st.sets(REVIEWER, min_size=1, max_size=3))
    def ask_again(self, who: str, chosen: set[str]) -> None:
        model, now = self.model, self.model.now
        may = who in EDITORS and who not in now.writers and now.again is None and all(map(model.eligible, chosen))
        asked = [self.who[name] for name in sorted(chosen)]
        if self.attempt(may, lambda: rereview(self.latest, asked, by=self.person(who))):
            now.again = dict.fromkeys(chosen, "outstanding")

    @precondition(lambda self: self.model.now.state == "approved")
    @rule(who=MOSTLY_EDITOR)
    def stop_again(self, who: str) -> None:
        now, goes_on = self.model.now, Rereview.objects.open_on(self.latest)
        assert (goes_on is not None) == (now.again is not None)
        if goes_on is None:
            return
        may = who in EDITORS and who not in now.writers
        if self.attempt(may, lambda: goes_on.stop(by=self.person(who), reason="Later.")):
            now.again = None

    @precondition(lambda self: self.model.now.again)
    @rule(verdicts=st.lists(VERDICT, min_size=3, max_size=3), must_fix=st.booleans())
    def everybody_looks_again(self, verdicts: list[str], must_fix: bool) -> None:
        for name, verdict in zip(sorted(self.model.now.again or ()), verdicts, strict=False):
            self._look_again(name, verdict, must_fix=must_fix and verdict != "approve")

    def _look_again(self, name: str, verdict: str, *, must_fix: bool) -> None:
        model, now = self.model, self.model.now
        asked = Assignment.objects.with_people().filter(rereview__version=self.version, reviewer=self.who[name])
        assignment = asked.order_by("-pk").first()
        assert assignment is not None
        ready = (now.again or {}).get(name) == "outstanding" and name not in model.no_reviewers
        by = self.person(name)
        if must_fix and self.attempt(
            ready, lambda: Finding.make(assignment, by=by, severity="must_fix", body=self.remark())
        ):
            now.again_must_fix.append(name)
        own_must_fix = verdict == "approve" and name in model.open_must_fix()
        may = ready and model.eligible(name) and not own_must_fix
        if self.attempt(may, lambda: put_signature(assignment, verdict)) and now.again is not None:
            now.again[name] = verdict
            model.settle_again()

    # Reviewers

    @precondition(lambda self: self.model.now.asked)
    @rule(verdicts=st.lists(VERDICT, min_size=3, max_size=3))
    def everybody_signs(self, verdicts: list[str]) -> None:
        """Chance alone would seldom bring a round to its end."""
        outstanding = sorted(who for who, said in self.model.now.asked.items() if said == "outstanding")
        for reviewer, verdict in zip(outstanding, verdicts, strict=False):
            self._sign(reviewer, verdict)

    @precondition(lambda self: self.model.now.asked)
    @rule(reviewer=REVIEWER, verdict=VERDICT)
    def sign(self, reviewer: str, verdict: str) -> None:
        self._sign(reviewer, verdict)

    def _sign(self, reviewer: str, verdict: str) -> None:
        model, now = self.model, self.model.now
        assignment = self.assignment(reviewer)
        if assignment is None:
            return
        own_must_fix = verdict == "approve" and reviewer in model.open_must_fix()
        ready = now.state == "under_review" and now.asked.get(reviewer) == "outstanding"
        may = ready and model.eligible(reviewer) and not own_must_fix
        if self.attempt(may, lambda: put_signature(assignment, verdict)):
            now.asked[reviewer] = verdict
            model.settle()

    @precondition(lambda self: self.model.now.asked)
    @rule(reviewer=st.sampled_from(REVIEWERS), severity=st.sampled_from(["must_fix", "should"]))
    def find(self, reviewer: str, severity: str) -> None:
        now = self.model.now
        assignment = self.assignment(reviewer)
        if assignment is None:
            return
        ready = now.state == "under_review" and now.asked.get(reviewer) == "outstanding"
        may = ready and reviewer not in self.model.no_reviewers
        by = self.person(reviewer)
        if self.attempt(may, lambda: Finding.make(assignment, by=by, severity=severity, body=self.remark())):
            now.must_fix += [reviewer] if severity == "must_fix" else []

    @precondition(lambda self: self.model.now.asked)
    @rule(reviewer=st.sampled_from(REVIEWERS))
    def close(self, reviewer: str) -> None:
        mine = {"reviewer": self.who[reviewer], "closed_at": None, "severity": "must_fix"}
        finding = Finding.objects.filter(version__article=self.version.article_id, **mine).order_by("-pk").first()
        if finding is None:
            return
        may = reviewer not in self.model.no_reviewers
        number = finding.version.number
        if self.attempt(may, lambda: finding.close(by=self.person(reviewer))):
            made_in = self.model.rounds[number - 1]
            (made_in.must_fix if finding.rereview_id is None else made_in.again_must_fix).remove(reviewer)
            self.model.settle()
            self.model.settle_again()

    @precondition(lambda self: self.model.now.asked)
    @rule(reviewer=st.sampled_from(REVIEWERS), conflict=st.booleans())
    def decline_invitation(self, reviewer: str, conflict: bool) -> None:
        now = self.model.now
        assignment = self.assignment(reviewer)
        if assignment is None:
            return
        ready = now.state == "under_review" and now.asked.get(reviewer) == "outstanding"
        may = ready and reviewer not in self.model.no_reviewers
        by = self.person(reviewer)
        if self.attempt(may, lambda: assignment.decline(by=by, reason="No time.", conflict=conflict)):
            now.asked[reviewer] = "declined"
            self.model.conflicts |= {reviewer} if conflict else set()
            self.model.settle()

    @precondition(lambda self: not self.model.no_reviewers)
    @rule(reviewer=st.sampled_from(REVIEWERS))
    def leave_the_board(self, reviewer: str) -> None:
        self.person(reviewer).end_role(Role.REVIEWER, by=None)
        self.model.no_reviewers.add(reviewer)

    # What always holds

    @invariant()
    def states_agree(self) -> None:
        if hasattr(self, "version"):
            found = Version.objects.filter(article=self.version.article_id).order_by("number")
            assert [str(v.state) for v in found] == [each.state for each in self.model.rounds]
            confirmed = [v.rereviews.filter(outcome="confirmed").count() for v in found]
            assert confirmed == [each.confirmed for each in self.model.rounds]

    @invariant()
    def promise_2_and_3_hold(self) -> None:
        if not hasattr(self, "version"):
            return
        for version in Version.objects.filter(article=self.version.article_id, state="approved"):
            signers = set(
                version.decisions.filter(content_sha256=version.content_sha256).values_list("reviewer", flat=True)
            )
            assert len(signers) >= 2
            assert not signers & set(version.contributors.values_list("pk", flat=True))


def test_people_at_random(db: None) -> None:
    profile = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        phases=(
            Phase.explicit,
            Phase.reuse,
            Phase.generate,
        ),  # told at once, not shrunk for minutes
    )
    run_state_machine_as_test(PeopleAtRandom, settings=profile)
