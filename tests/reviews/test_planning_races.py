"""A plan sent off twice in the same instant, and against what another editor does to the same articles."""

import time
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from articles.models import Version
from ledger.models import Event
from ledger.verifier import verify
from people.models import Message, User
from people.rules import today
from reviews.carrying_out import go_on
from reviews.load import Window
from reviews.models import Assignment, Plan
from reviews.planning import make, make_anew
from tests.factories import author, board_member, editor, make_version, reread
from tests.racing import TRIALS, at_once, refusals

ARTICLES = 3
type House = tuple[User, User, list[User]]


@pytest.fixture
def house(committed_db: None) -> House:
    """An author, an editor and three reviewers, for any number of trials."""
    return author(), editor(), [board_member() for _ in range(3)]


def planned(house: House) -> tuple[Plan, list[Version]]:
    """A plan for new articles of theirs."""
    versions = [make_version("submitted", author=house[0]) for _ in range(ARTICLES)]
    return make([v.pk for v in versions], Window.usual(), "one", by=house[1])[0], versions


def send_off(plan: Plan) -> bool:
    """What the button does, in a request of its own."""
    again = Plan.objects.select_related("made_by").get(pk=plan.pk)
    is_first = again.commit(by=again.made_by)
    go_on(again, until=time.monotonic() + 60)
    return is_first


def check_each_was_asked_once(versions: list[Version]) -> None:
    """One assignment, one line in the ledger and one mail each."""
    pks = [version.pk for version in versions]
    made = Assignment.objects.filter(version__in=pks).count()
    assert Event.objects.filter(kind="reviewer_invited", version_id__in=pks).count() == made
    assert Event.objects.filter(kind="review_started", version_id__in=pks).count() == ARTICLES
    mails = Message.objects.filter(kind="reviews/invited", version_id__in=pks)
    assert mails.values("person", "version_id").distinct().count() == mails.count() == made
    assert verify()[0] == []


@pytest.mark.parametrize("trial", range(TRIALS))
def test_plan_sent_off_twice_at_once_asks_each_once(house: House, trial: int) -> None:
    plan, versions = planned(house)
    outcomes = at_once(*[partial(send_off, plan)] * 3)
    assert sorted(outcomes) == [False, False, True]
    assert not plan.items.exclude(why_failed="").exists()
    assert Assignment.objects.filter(version__in=versions).count() == 2 * ARTICLES
    assert Plan.objects.get(pk=plan.pk).is_done
    check_each_was_asked_once(versions)


@pytest.mark.parametrize("trial", range(TRIALS))
def test_plan_against_another_editor_asks_each_once(house: House, trial: int) -> None:
    plan, versions = planned(house)
    other, window = editor(), Window.usual()

    def assign_by_hand() -> int:
        for version in reversed(versions):
            Assignment.objects.invite(reread(version), house[2][:2], by=other, **window._asdict())
        return 1

    outcomes = at_once(partial(send_off, plan), assign_by_hand)
    assert outcomes[0] is True
    for version in versions:
        wanted = set(plan.items.filter(version=version).values_list("reviewer_id", "state", "why_failed"))
        made = dict(version.assignments.values_list("reviewer_id", "invited_by_id"))
        assert {pk for pk, state, _ in wanted if state == "asked"} == {
            pk for pk, by in made.items() if by == plan.made_by_id
        }
        assert all(bool(why) == (state == "failed") for _, state, why in wanted)
    check_each_was_asked_once(versions)


@pytest.mark.parametrize("trial", range(TRIALS))
def test_plan_sent_off_against_planning_anew_loses_nothing(house: House, trial: int) -> None:
    plan, versions = planned(house)
    later: Any = Window(today().replace(year=today().year + 1), today().replace(year=today().year + 1))
    sent, _ = outcomes = at_once(partial(send_off, plan), lambda: make_anew(plan, later, "none", by=plan.made_by))
    assert sent is True or refusals(outcomes) == 0
    now = Plan.objects.get(pk=plan.pk)
    made = Assignment.objects.filter(version__in=versions)
    if sent is True:
        assert set(made.values_list("answer_due_on", flat=True)) == {now.answer_due_on}
        assert set(now.items.values_list("state", flat=True)) == {"asked"}
        assert made.count() == 2 * ARTICLES
    else:
        assert (now.is_open, made.count()) == (True, 0)


@pytest.mark.parametrize("trial", range(TRIALS))
def test_plan_is_sent_off_or_thrown_away_never_both(house: House, trial: int) -> None:
    plan, versions = planned(house)

    def send_off_or_find_it_gone() -> None:
        with suppress(Plan.DoesNotExist):  # the page answers 404
            send_off(plan)

    outcomes = at_once(send_off_or_find_it_gone, partial(plan.discard, by=plan.made_by))
    asked = Assignment.objects.filter(version__in=versions).count()
    is_gone = not Plan.objects.filter(pk=plan.pk).exists()
    assert is_gone == (asked == 0), outcomes
    assert is_gone == (outcomes[1] is True)
