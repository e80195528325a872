"""Who reviews what, for many articles at once: the cheapest way to give each as many reviewers as it needs.

Pure: no model, no database. Articles come first come, first served: when there is not room for all, the earlier ones
are filled; among all ways to fill those, the plan is one of least cost. The cost of a pair says how well the two fit;
what a reviewer's n-th review costs rises with n, so that the work is spread in proportion to what each can take on.

This is a minimum-cost flow, found by one shortest path a place (docs/adr/0009-plans-are-a-flow.md). Only reviewers are
nodes of the search: two of them are joined by the best exchange at any article of the first. `Flow.potential` proves
the optimum, and the tests check it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

#: What filling a reviewer's whole limit adds to the price of one more review.
LOAD_COST = 100


class Reviewer(NamedTuple):
    """`taken` of `limit` reviews are in hand; `room` is how many more the plan may give."""

    key: int
    room: int
    taken: int
    limit: int


class Option(NamedTuple):
    """A reviewer who may be asked for an article; the lower the cost, the better the fit."""

    reviewer: int
    cost: int
    is_specialist: bool


class Article(NamedTuple):
    """`needs` reviewers, all different, at least `specialists` of them of its field."""

    key: int
    needs: int
    specialists: int
    options: Sequence[Option]


class Lack(StrEnum):
    """Why an article did not get all its reviewers."""

    NOBODY = "nobody"  # nobody may be asked
    TOO_FEW = "too_few"  # fewer people than places
    NO_SPECIALIST = "no_specialist"  # too few of its field
    SPECIALISTS_FULL = "specialists_full"  # there are some, without room
    ALL_FULL = "all_full"


class Plan(NamedTuple):
    """The reviewers of each article, and why some did not get enough."""

    chosen: dict[int, list[int]]
    lacks: dict[int, Lack]
    cost: int


def price(n: int, limit: int) -> int:
    """What somebody's n-th review costs: it rises, so that the total is convex in the number."""
    return LOAD_COST * (2 * n - 1) // max(limit, 1)


def plan(articles: Iterable[Article], reviewers: Iterable[Reviewer]) -> Plan:
    """Give each article its reviewers, the first articles first, at the least total cost.

    The result depends on nothing but the arguments and their order.
    """
    flow = Flow(list(articles), list(reviewers))
    for number, article in enumerate(flow.articles):
        for _ in range(article.needs):
            if not flow.fill(number):
                break
    chosen = {a.key: sorted(flow.reviewers[r].key for r in flow.team[n]) for n, a in enumerate(flow.articles)}
    lacks = {a.key: flow.lack(n) for n, a in enumerate(flow.articles) if len(flow.team[n]) < a.needs}
    return Plan(chosen, lacks, flow.cost)


class Flow:
    """The state of the search. Articles and reviewers are known by their place in the lists."""

    def __init__(self, articles: list[Article], reviewers: list[Reviewer]) -> None:
        self.articles, self.reviewers = articles, reviewers
        place = {reviewer.key: number for number, reviewer in enumerate(reviewers)}
        self.options = [{place[o.reviewer]: o.cost for o in article.options} for article in articles]
        self.specialists = [frozenset(place[o.reviewer] for o in a.options if o.is_specialist) for a in articles]
        self.team: list[dict[int, None]] = [{} for _ in articles]
        self.given: list[dict[int, None]] = [{} for _ in reviewers]
        self.potential = [0] * len(reviewers)
        self._exchanges: list[dict[int, tuple[int, int]] | None] = [None] * len(reviewers)

    @property
    def cost(self) -> int:
        """Of all pairs and all loads."""
        pairs = sum(self.options[n][r] for n, team in enumerate(self.team) for r in team)
        loads = (price(m.taken + i, m.limit) for m, given in self._loads() for i in range(1, given + 1))
        return pairs + sum(loads)

    def _loads(self) -> list[tuple[Reviewer, int]]:
        return [(member, len(given)) for member, given in zip(self.reviewers, self.given, strict=True)]

    def has_room(self, reviewer: int) -> bool:
        """Whether the plan may give one more."""
        return len(self.given[reviewer]) < self.reviewers[reviewer].room

    def next_price(self, reviewer: int) -> int:
        """What one more costs."""
        member = self.reviewers[reviewer]
        return price(member.taken + len(self.given[reviewer]) + 1, member.limit)

    def open_to(self, article: int, leaving: int | None = None) -> Iterable[int]:
        """Who may join the team, now or when somebody leaves it: the places kept for specialists stay theirs."""
        wanted = self.articles[article]
        team, special = self.team[article], self.specialists[article]
        others = sum(r not in special for r in team if r != leaving)
        all_may = others < wanted.needs - wanted.specialists
        return (r for r in self.options[article] if r not in team and (all_may or r in special))

    def exchanges(self, reviewer: int) -> dict[int, tuple[int, int]]:
        """For each other one who could take something over from this one: the least it adds, and the article."""
        if (known := self._exchanges[reviewer]) is not None:
            return known
        best: dict[int, tuple[int, int]] = {}
        for article in self.given[reviewer]:
            costs = self.options[article]
            own = costs[reviewer]
            for other in self.open_to(article, leaving=reviewer):
                added = costs[other] - own
                if other not in best or added < best[other][0]:
                    best[other] = (added, article)
        self._exchanges[reviewer] = best
        return best

    def fill(self, article: int) -> bool:
        """Give the article one more reviewer by the cheapest chain of exchanges; False when there is none."""
        search = _Search(self)
        search.start(article)
        if (last := search.run()) is None:
            return False
        search.settle()
        self._apply(article, search.chain(last))
        return True

    def _apply(self, article: int, chain: list[tuple[int, int]]) -> None:
        """Move along the chain of (reviewer, article taken over by this one)."""
        first, _ = chain[0]
        for (giver, _), (taker, moved) in pairwise(chain):
            del self.team[moved][giver], self.given[giver][moved]
            self.team[moved][taker] = self.given[taker][moved] = None
            self._forget(moved, giver)
        self.team[article][first] = self.given[first][article] = None
        self._forget(article, first)

    def _forget(self, article: int, reviewer: int) -> None:
        for each in (reviewer, *self.team[article]):
            self._exchanges[each] = None

    def lack(self, article: int) -> Lack:
        """Why the article has not got all."""
        wanted, options, special = self.articles[article], self.options[article], self.specialists[article]
        if not options:
            return Lack.NOBODY
        if len(special) < wanted.specialists:
            return Lack.NO_SPECIALIST
        if len(options) < wanted.needs:
            return Lack.TOO_FEW
        others = sum(r not in special for r in self.team[article])
        return Lack.SPECIALISTS_FULL if others == wanted.needs - wanted.specialists else Lack.ALL_FULL


class _Search:
    """Dijkstra's search over reviewers, by reduced costs; among equals the shorter chain, then the earlier reviewer."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.found: dict[int, tuple[int, int]] = {}  # reviewer: (distance, steps)
        self.came: dict[int, tuple[int, int]] = {}  # reviewer: (from whom, with which article)
        self.done: dict[int, int] = {}
        self.heap: list[tuple[int, int, int]] = []
        self.end = 0

    def start(self, article: int) -> None:
        """From the article itself to whoever may join it."""
        costs = self.flow.options[article]
        for reviewer in self.flow.open_to(article):
            self._reach(reviewer, costs[reviewer] - self.flow.potential[reviewer], 0)

    def run(self) -> int | None:
        """The last reviewer of the cheapest chain, who takes on one more; None when nobody can."""
        best: tuple[int, int, int] | None = None
        potential = self.flow.potential
        while self.heap and (best is None or self.heap[0][0] < best[0]):
            distance, steps, reviewer = heappop(self.heap)
            if reviewer in self.done:
                continue
            self.done[reviewer] = distance
            if self.flow.has_room(reviewer):
                total = (distance + self.flow.next_price(reviewer) + potential[reviewer], steps, reviewer)
                best = total if best is None else min(best, total)
            self._expand(reviewer, distance, steps, best)
        if best is None:
            return None
        self.end = best[0]
        return best[2]

    def _expand(self, reviewer: int, distance: int, steps: int, best: tuple[int, int, int] | None) -> None:
        potential, found, done = self.flow.potential, self.found, self.done
        here, steps = distance + potential[reviewer], steps + 1
        for other, (added, article) in self.flow.exchanges(reviewer).items():
            beyond = here + added - potential[other]
            if best is not None and beyond >= best[0]:
                continue
            if other not in done and (other not in found or (beyond, steps) < found[other]):
                self.came[other] = (reviewer, article)
                self._reach(other, beyond, steps)

    def _reach(self, reviewer: int, distance: int, steps: int) -> None:
        self.found[reviewer] = (distance, steps)
        heappush(self.heap, (distance, steps, reviewer))

    def settle(self) -> None:
        """Bring the potentials up to date, so that no exchange has a negative reduced cost."""
        for reviewer, distance in self.done.items():
            self.flow.potential[reviewer] += min(distance - self.end, 0)

    def chain(self, last: int) -> list[tuple[int, int]]:
        """From who joins the article to who takes on one more: each with the article that they take over."""
        chain = []
        while last in self.came:
            giver, article = self.came[last]
            chain.append((last, article))
            last = giver
        return [(last, -1), *reversed(chain)]
