"""Other solvers for the plan of `reviews.matching`, to measure it against; they need networkx and SciPy."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from reviews.matching import Article, Reviewer, price


def with_networkx(articles: list[Article], reviewers: list[Reviewer]) -> int:
    """The least cost by the network simplex of networkx."""
    networkx: Any = import_module("networkx")
    graph = networkx.DiGraph()
    lost = 10**6 * len(articles)
    for rank, article in enumerate(articles):
        graph.add_node(("a", rank), demand=-article.needs)
        graph.add_edge(("a", rank), ("special", rank), capacity=article.needs)
        graph.add_edge(("a", rank), ("any", rank), capacity=article.needs - article.specialists)
        graph.add_edge(("a", rank), "end", weight=lost + 10**6 * (len(articles) - rank))
        for option in article.options:
            side = "special" if option.is_specialist else "any"
            graph.add_edge((side, rank), ("r", option.reviewer), weight=option.cost, capacity=1)
    for member in reviewers:
        for n in range(1, member.room + 1):
            graph.add_edge(
                ("r", member.key), ("n", member.key, n), weight=price(member.taken + n, member.limit), capacity=1
            )
            graph.add_edge(("n", member.key, n), "end", capacity=1)
    graph.add_node("end", demand=sum(a.needs for a in articles))
    cost, flow = networkx.network_simplex(graph)
    lost_ones = sum(flow["a", n]["end"] * (lost + 10**6 * (len(articles) - n)) for n in range(len(articles)))
    return int(cost - lost_ones)


def with_highs(articles: list[Article], reviewers: list[Reviewer]) -> int:
    """The least cost by linear programming (HiGHS in SciPy): a flow's corners are whole numbers."""
    program, lost = _Program(), []
    total, place = len(articles), {m.key: n for n, m in enumerate(reviewers)}
    for n, article in enumerate(articles):
        lost.append(program.column(10**6 + 10**4 * (total - n), [n], article.needs))
        for o in article.options:
            at = [n, 2 * total + place[o.reviewer]]
            program.column(o.cost, at if o.is_specialist else [*at, total + n], 1)
    for n, member in enumerate(reviewers):
        for i in range(1, member.room + 1):
            program.column(price(member.taken + i, member.limit), [2 * total + n], 1, sign=-1)
    bounds = [a.needs for a in articles], [a.needs - a.specialists for a in articles], [0] * len(reviewers)
    chosen = program.solve(*bounds)
    return int(round(sum(chosen * program.costs)) - round(sum(chosen[n] * program.costs[n] for n in lost)))


class _Program:
    """A linear program, column by column."""

    def __init__(self) -> None:
        self.costs: list[int] = []
        self.most: list[int] = []
        self.entries: list[tuple[int, int, int]] = []

    def column(self, cost: int, rows: list[int], most: int, sign: int = 1) -> int:
        number = len(self.costs)
        self.costs.append(cost)
        self.most.append(most)
        self.entries += [(row, number, sign) for row in rows]
        return number

    def solve(self, needs: list[int], caps: list[int], members: list[int]) -> Any:
        """Rows: what articles need, at most so many of another field, and what reviewers take on."""
        optimize, sparse = import_module("scipy.optimize"), import_module("scipy.sparse")
        rows, columns, values = zip(*self.entries, strict=True)
        total, height = len(needs), len(needs) + len(caps) + len(members)
        matrix = sparse.coo_array((values, (rows, columns)), shape=(height, len(self.costs))).tocsr()
        equal = [*range(total), *range(2 * total, height)]
        result = optimize.linprog(
            self.costs,
            A_eq=matrix[equal],
            b_eq=[*needs, *members],
            A_ub=matrix[total : 2 * total],
            b_ub=caps,
            bounds=[(0, most) for most in self.most],
            method="highs-ds",
        )
        return result.x.round()
