"""Plans for many articles: the least cost by brute force where that can be had, every constraint where it cannot."""

import random
from collections import Counter
from itertools import combinations, product

import pytest

from bench.matching import generate
from reviews.matching import Article, Flow, Lack, Option, Plan, Reviewer, plan, price


def small(seed: int) -> tuple[list[Article], list[Reviewer]]:
    """Three articles and four reviewers, with little room."""
    dice = random.Random(seed)
    board = [Reviewer(10 + n, dice.randint(0, 2), dice.randint(0, 2), dice.randint(2, 5)) for n in range(4)]
    wanted = []
    for key in range(3):
        able = [r for r in board if dice.random() < 0.8]
        options = [Option(r.key, dice.choice((0, 5, 40, 90)), dice.random() < 0.6) for r in able]
        needs = dice.randint(1, 3)
        wanted.append(Article(key, needs, dice.randint(0, needs), options))
    return wanted, board


def teams(article: Article) -> list[tuple[Option, ...]]:
    """Every team, complete or not, that keeps the places of specialists for them."""
    sizes = range(article.needs + 1)
    found = [team for size in sizes for team in combinations(article.options, size)]
    return [team for team in found if sum(not o.is_specialist for o in team) <= article.needs - article.specialists]


def best_by_force(articles: list[Article], board: list[Reviewer]) -> tuple[list[int], int]:
    """How many each article gets when the first come first, and the least cost of that."""
    found = []
    for choice in product(*map(teams, articles)):
        load = Counter(option.reviewer for team in choice for option in team)
        if all(load[member.key] <= member.room for member in board):
            cost = sum(option.cost for team in choice for option in team)
            cost += sum(price(m.taken + n, m.limit) for m in board for n in range(1, load[m.key] + 1))
            found.append(([-len(team) for team in choice], cost))
    sizes, cost = min(found)
    return [-size for size in sizes], cost


@pytest.mark.parametrize("seeds", [range(40), range(40, 80)], ids=["first", "second"])
def test_a_plan_is_the_optimum_that_brute_force_finds(seeds: range) -> None:
    for seed in seeds:
        articles, board = small(seed)
        found = plan(articles, board)
        expected = best_by_force(articles, board)
        assert ([len(found.chosen[a.key]) for a in articles], found.cost) == expected, f"seed {seed}"


def check_constraints(found: Plan, articles: list[Article], board: list[Reviewer]) -> None:
    load = Counter(reviewer for team in found.chosen.values() for reviewer in team)
    assert all(load[member.key] <= member.room for member in board)
    for article in articles:
        team, options = found.chosen[article.key], {o.reviewer: o for o in article.options}
        assert len(set(team)) == len(team) <= article.needs
        assert set(team) <= set(options)
        assert sum(not options[r].is_specialist for r in team) <= article.needs - article.specialists
        assert (len(team) < article.needs) == (article.key in found.lacks)


def check_optimum(flow: Flow) -> None:
    """No exchange makes the plan cheaper: every reduced cost by the potentials is at least nothing."""
    potential = flow.potential
    for article, team in enumerate(flow.team):
        costs = flow.options[article]
        for leaving in team:
            for other in flow.open_to(article, leaving=leaving):
                assert costs[other] - costs[leaving] + potential[leaving] - potential[other] >= 0
    for number, member in enumerate(flow.reviewers):
        assert not flow.has_room(number) or flow.next_price(number) + potential[number] >= 0
        if given := len(flow.given[number]):
            assert price(member.taken + given, member.limit) + potential[number] <= 0


@pytest.mark.parametrize(("limit", "lacks"), [(60, {Lack.NO_SPECIALIST}), (12, {*Lack} - {Lack.NOBODY, Lack.TOO_FEW})])
def test_a_large_plan_keeps_every_constraint_and_is_proven(limit: int, lacks: set[Lack]) -> None:
    articles, board = generate(200, 20, limit=limit)
    flow = Flow(articles, board)
    for number, article in enumerate(articles):
        for _ in range(article.needs):
            flow.fill(number)
    check_optimum(flow)
    found = plan(articles, board)
    check_constraints(found, articles, board)
    assert (found.cost, set(found.lacks.values())) == (flow.cost, lacks)
    assert not any(flow.fill(number) for number in range(200) if len(flow.team[number]) < 2)
    assert plan(articles, board) == found


def test_work_is_spread_in_proportion_to_what_each_can_take_on() -> None:
    board = [Reviewer(1, 2, 2, 4), Reviewer(2, 4, 0, 4), Reviewer(3, 8, 0, 8)]
    options = [Option(r.key, 0, True) for r in board]
    found = plan([Article(n, 1, 1, options) for n in range(9)], board)
    assert Counter(r for team in found.chosen.values() for r in team) == {1: 1, 2: 3, 3: 5}


ANYBODY, SPECIALIST = Option(1, 0, False), Option(2, 0, True)


@pytest.mark.parametrize(
    ("options", "specialists", "rooms", "lack"),
    [
        ([], 1, (9, 9), Lack.NOBODY),
        ([ANYBODY], 1, (9, 9), Lack.NO_SPECIALIST),
        ([SPECIALIST], 1, (9, 9), Lack.TOO_FEW),
        ([ANYBODY, SPECIALIST], 1, (9, 0), Lack.SPECIALISTS_FULL),
        ([ANYBODY, SPECIALIST], 1, (0, 9), Lack.ALL_FULL),
        ([ANYBODY, SPECIALIST], 0, (0, 0), Lack.ALL_FULL),
    ],
)
def test_what_cannot_be_met_is_said(
    options: list[Option], specialists: int, rooms: tuple[int, int], lack: Lack
) -> None:
    board = [Reviewer(1, rooms[0], 0, 9), Reviewer(2, rooms[1], 0, 9)]
    assert plan([Article(7, 2, specialists, options)], board).lacks == {7: lack}


def test_when_room_is_short_the_first_articles_are_served_whole() -> None:
    board = [Reviewer(1, 2, 0, 2), Reviewer(2, 1, 0, 2)]
    options = [Option(r.key, 0, True) for r in board]
    found = plan([Article(n, 2, 1, options) for n in range(3)], board)
    assert found.chosen == {0: [1, 2], 1: [1], 2: []}
    assert found.lacks == {1: Lack.ALL_FULL, 2: Lack.ALL_FULL}


def test_nothing_asked_is_nothing_planned() -> None:
    assert plan([], []) == Plan({}, {}, 0)
