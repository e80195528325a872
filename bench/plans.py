"""How long a plan takes from the database to the database: `python -m bench.plans`.

All of it: reading the articles and the board, weighing every pair, the matching, the words, and writing the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time

from bench.measured import Measured, milliseconds
from bench.queues import throw_away_database

ARTICLES, REVIEWERS, APPROVALS = 1_000, 100, 2
MOST_SECONDS_TO_PLAN = 10.0
#: Reviews a month that each reviewer takes on.
LIMITS = ((40, "room to spare"), (25, "just enough room"), (10, "too little room"))


def measure() -> Iterator[Measured]:
    """Make one plan for all articles that wait, as the chore does it, with more and with less room on the board."""
    with throw_away_database() as superuser:
        from bench.queues import ARTICLES_A_PERSON, fill
        from people.models import BoardProfile, Role, User
        from reviews.carrying_out import carry_out
        from reviews.load import Window
        from reviews.planning import make, plannable

        fill(superuser, {"unassigned": ARTICLES, "public": REVIEWERS * ARTICLES_A_PERSON - ARTICLES})
        editor, board = User.objects.with_role(Role.EDITOR)[0], User.objects.with_role(Role.REVIEWER)
        if board.count() != REVIEWERS:
            raise RuntimeError(f"{board.count()} reviewers instead of {REVIEWERS}")
        fields = sorted(set(plannable(editor).values_list("article__specialty", flat=True)))
        for n, profile in enumerate(BoardProfile.objects.filter(user__in=board).order_by("pk")):
            profile.specialties = [fields[n % len(fields)], fields[n // 2 % len(fields)]]
            profile.save(update_fields=("specialties",))
        for limit, says in LIMITS:
            BoardProfile.objects.update(monthly_limit=limit)
            plan, _ = make(plannable(editor).values_list("pk", flat=True), Window.usual(), "one", by=editor)
            began = process_time()
            took, own = milliseconds(carry_out) / 1_000, process_time() - began
            found = plan.items.exclude(reviewer=None).count()
            yield Measured(
                f"plan of {ARTICLES:,} articles, {REVIEWERS} reviewers, {says}",
                took,
                "s",
                MOST_SECONDS_TO_PLAN,
                f"{own:.1f} s of it Python's; {found:,} of {APPROVALS * ARTICLES:,} places filled",
            )


def main() -> None:
    for each in measure():
        print(each.line(60))


if __name__ == "__main__":
    main()
