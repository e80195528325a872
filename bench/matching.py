"""How long a plan for many articles takes, and what else could make it: `python -m bench.matching`.

No database: articles and reviewers are drawn from a seed. Other solvers are measured beside ours where they are
installed (`pip install networkx scipy`): they must come to the same cost.
"""

from __future__ import annotations

import random
import sys
import time
from typing import Any

from bench.solvers import with_highs, with_networkx
from reviews.matching import Article, Option, Plan, Reviewer, plan

SPECIALTIES = 20
OTHER_FIELD, NOT_QUITE = 400, 40  # what pairs cost at random: of another field, and small differences


def generate(articles: int, reviewers: int, *, limit: int = 25, seed: int = 1) -> tuple[list[Article], list[Reviewer]]:
    """Articles of 20 specialties in unequal numbers, two reviewers each; 1 pair in 20 is excluded."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    fields = [set(dice.sample(range(SPECIALTIES), dice.choice((1, 1, 2, 3)))) for _ in range(reviewers)]
    limits = [max(1, limit + dice.randint(-limit // 2, limit // 2)) for _ in range(reviewers)]
    taken = [dice.randint(0, most // 3) for most in limits]
    board = [Reviewer(n, most - had, had, most) for n, (most, had) in enumerate(zip(limits, taken, strict=True))]
    wanted = []
    for key in range(articles):
        field = min(dice.randrange(SPECIALTIES), dice.randrange(SPECIALTIES))
        options = [
            Option(n, dice.choice((0, NOT_QUITE)) + (0 if field in fields[n] else OTHER_FIELD), field in fields[n])
            for n in range(reviewers)
            if dice.random() > 0.05
        ]
        wanted.append(Article(key, 2, 1, options))
    return wanted, board


def timed(solve: Any, *problem: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    found = solve(*problem)
    return time.perf_counter() - began, found


def seconds(articles: int = 1_000, reviewers: int = 100, *, limit: int = 25) -> tuple[float, Plan]:
    """How long our own plan takes on generated data, and the plan."""
    return timed(plan, *generate(articles, reviewers, limit=limit))


def main(articles: int = 1_000, reviewers: int = 100) -> None:
    for limit, says in ((40, "room to spare"), (25, "just enough"), (10, "too little room")):
        problem = generate(articles, reviewers, limit=limit)
        took, found = timed(plan, *problem)
        print(f"{articles} x {reviewers}, {says}: {took:.2f} s, cost {found.cost}, {len(found.lacks)} not met")
        for solve in (with_highs, with_networkx):
            try:
                took, cost = timed(solve, *problem)
            except ImportError as missing:
                print(f"  {solve.__name__}: {missing}")
            else:
                print(f"  {solve.__name__}: {took:.2f} s, cost {cost}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
