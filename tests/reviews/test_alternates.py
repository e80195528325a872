"""The line of reviewers who are asked by themselves: on decline, on silence, and when somebody may not go on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles.models import IllegalMove, Version
from ledger.models import Event
from people.models import Absence, BoardProfile, Role, User
from people.rules import today
from reviews.alternates import ask_alternates, line_of, line_up
from reviews.models import Alternate, Assignment, Conflict
from reviews.sight import Sight
from reviews.timeline import timeline
from tests.factories import author, board_member, editor, find, make_version, reread, sign
from tests.post import outbox
from tests.reviews.desks import at_desk, whole

pytestmark = pytest.mark.django_db


NAMES = ("Ada", "Ben", "Chi", "Dee", "Eve")


@pytest.fixture(scope="module")
def kept_version(kept_db: None) -> Version:
    by, (ada, ben, *line) = editor(name="Edi"), [board_member(name=name) for name in NAMES]
    version = make_version("under_review", reviewers=[ada, ben], editor=by)
    line_up(version, line, by=by)
    return version


class World:
    """A version under review by Ada and Ben; Chi, Dee and Eve stand in line."""

    def __init__(self, version: Version) -> None:
        self.editor = User.objects.get(name="Edi")
        self.ada, self.ben, self.chi, self.dee, self.eve = (User.objects.get(name=name) for name in NAMES)
        self.version = reread(version)
        self.first, self.second = self.version.assignments.with_people()

    @property
    def states(self) -> dict[str, str]:
        return dict(self.version.assignments.values_list("reviewer__name", "state"))

    @property
    def line(self) -> dict[str, str]:
        return dict(Alternate.objects.filter(version=self.version).values_list("reviewer__name", "state"))

    def told(self) -> list[str]:
        """What the ledger says of it, the newest first."""
        return [entry.sentence for entry in timeline(self.version, self.editor, Sight.EVERYTHING)]


@pytest.fixture
def world(db: None, kept_version: Version) -> World:
    return World(kept_version)


def later(days: int) -> Any:
    return timezone.now() + timedelta(days=days)


def test_who_declines_is_replaced_by_the_next_in_line_at_once(world: World, run_tasks: Callable[[], int]) -> None:
    run_tasks()
    outbox()
    world.first.decline(by=world.ada, reason="On leave.")
    assert world.states == {"Ada": "declined", "Ben": "invited", "Chi": "invited"}
    assert world.line == {"Chi": "asked", "Dee": "waiting", "Eve": "waiting"}
    asked = world.version.assignments.get(reviewer=world.chi)
    assert (asked.invited_by, asked.answer_due_on) == (world.editor, world.first.answer_due_on)
    assert world.told()[0] == "The system asked Chi to review"
    run_tasks()
    assert ("invited", world.chi.email) in outbox()


def test_who_is_taken_off_is_replaced_when_the_editor_says_so(world: World) -> None:
    client, here = at_desk(world.editor), f"/desk/reviews/{world.first.pk}/cancel/"
    assert "Ask Chi instead, who is next in line" in client.get(here).content.decode()
    assert "if somebody declines or does not answer: Chi, then Dee, then Eve" in whole(world.editor, world.version)
    assert client.post(here, {"reason": "On leave."}).status_code == 302
    assert world.states == {"Ada": "cancelled", "Ben": "invited"}
    here = f"/desk/reviews/{world.second.pk}/cancel/"
    assert client.post(here, {"reason": "On leave.", "ask_next": "on"}).status_code == 302
    assert world.states == {"Ada": "cancelled", "Ben": "cancelled", "Chi": "invited"}


def _left_the_board(world: World) -> None:
    BoardProfile.objects.get(user=world.chi).terms.update(ended_early_on=today())


def _away(world: World) -> None:
    Absence.objects.create(user=world.chi, first_on=today(), last_on=today() + timedelta(30))


def _conflicted(world: World) -> None:
    Conflict.objects.declare(world.version, by=world.chi, reason="Wrote the paper it cites.")


def _full(world: World) -> None:
    BoardProfile.objects.filter(user=world.chi).update(monthly_limit=0)


SKIPPED: dict[str, Callable[[World], None]] = {
    "no board term is running": _left_the_board,
    "away until": _away,
    "conflict of interest with this article": _conflicted,
    "has 0 of 0 reviews for this month": _full,
}


@pytest.mark.parametrize("why", SKIPPED)
def test_who_cannot_be_asked_when_their_turn_comes_is_skipped_with_the_reason(world: World, why: str) -> None:
    SKIPPED[why](world)
    world.first.decline(by=world.ada, reason="On leave.")
    assert world.line == {"Chi": "skipped", "Dee": "asked", "Eve": "waiting"}
    assert why in Alternate.objects.get(reviewer=world.chi).why_skipped
    assert world.told()[1].startswith(f"Chi was next in line, and not asked: {why}")


def test_the_silent_are_taken_off_and_replaced_some_days_after_the_date(
    world: World, run_tasks: Callable[[], int]
) -> None:
    world.second.accept(by=world.ben)
    run_tasks()
    outbox()
    assert ask_alternates(later(10)) == 0
    assert ask_alternates(later(11)) == 1
    assert ask_alternates(later(11)) == 0
    assert world.states == {"Ada": "cancelled", "Ben": "accepted", "Chi": "invited"}
    due = world.first.answer_due_on
    assert Assignment.objects.get(pk=world.first.pk).reason == f"No answer came by {due.day} {due:%b %Y}."
    assert world.told()[:2] == ["The system asked Chi to review", "Ada did not answer"]
    run_tasks()
    kinds = outbox()
    assert {("cancelled", world.ada.email), ("invited", world.chi.email)} <= {*kinds}


def test_who_has_begun_is_not_silent(world: World) -> None:
    find(world.first)
    world.second.keep(note="The second paragraph", by=world.ben)
    assert ask_alternates(later(60)) == 0


def test_who_may_not_go_on_is_taken_off_but_not_for_a_disclosure_that_ran_out(world: World) -> None:
    world.first.accept(by=world.ada)
    assert ask_alternates() == 0
    world.ada.end_role(Role.REVIEWER, by=None)
    assert ask_alternates() == 1
    assert world.states == {"Ada": "cancelled", "Ben": "invited", "Chi": "invited"}
    assert world.told()[1] == "Ada cannot review any more"


def test_the_editor_is_told_when_the_line_is_used_up(world: World, run_tasks: Callable[[], int]) -> None:
    line_up(world.version, [world.dee], by=world.editor)
    assert world.line == {"Chi": "removed", "Dee": "waiting", "Eve": "removed"}
    Absence.objects.create(user=world.dee, first_on=today(), last_on=today() + timedelta(30))
    User.objects.filter(pk=world.editor.pk).update(mail_pace="as_it_happens")
    run_tasks()
    outbox()
    world.first.decline(by=world.ada, reason="On leave.")
    assert world.states == {"Ada": "declined", "Ben": "invited"}
    assert world.told()[0] == "Nobody is left in the line of reviewers"
    run_tasks()
    assert ("alternates_used_up", world.editor.email) in outbox()
    world.second.decline(by=world.ben, reason="So am I.")
    assert Event.objects.filter(kind="alternates_used_up").count() == 1


def test_nobody_is_asked_when_the_round_has_ended(world: World) -> None:
    sign(world.first, "request_changes")
    world.second.decline(by=world.ben, reason="On leave.")
    assert world.states["Chi"] == "invited"
    chi = world.version.assignments.get(reviewer=world.chi)
    reread(world.version).move("request_changes", by=world.editor, reason="Enough is known.")
    with pytest.raises(IllegalMove):
        chi.decline(by=world.chi, reason="Too late.")
    assert ask_alternates(later(60)) == 0
    assert world.line == {"Chi": "asked", "Dee": "waiting", "Eve": "waiting"}


def test_the_line_is_told_to_editors_alone(world: World) -> None:
    world.first.decline(by=world.ada, reason="On leave.")
    for user, sight in ((world.version.article.owner, Sight.AUTHOR), (world.ben, Sight.OWN_REVIEW)):
        told = "".join(entry.sentence for entry in timeline(world.version, user, sight))
        assert not [name for name in ("Dee", "Chi", "Eve") if name in told]


def test_a_line_is_chosen_by_who_may_among_those_who_may(world: World) -> None:

    def refused(chosen: list[User], by: User, version: Version, error: type[Exception]) -> str:
        with pytest.raises(error) as raised:
            line_up(version, chosen, by=by)
        return str(raised.value)

    refused([world.dee], author(), world.version, PermissionDenied)
    assert "asked already" in refused([world.ada], world.editor, world.version, ValidationError)
    assert "is no reviewer" in refused([world.editor], world.editor, world.version, ValidationError)
    BoardProfile.objects.filter(user=world.dee).update(institution="Example Clinic")
    draft = make_version()
    refused([world.dee], world.editor, draft, IllegalMove)
    assert [each.reviewer for each in line_of(world.version)] == [world.chi, world.dee, world.eve]
    assert not mail.outbox
