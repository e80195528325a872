"""How long a plan takes from the database to the database: `python -m bench.plans`.

All of it: reading the articles and the board, weighing every pair, the matching, the words, and writing the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter, process_time

from bench.measured import Measured, milliseconds
from bench.queues import throw_away_database

ARTICLES, REVIEWERS, APPROVALS = 1_000, 100, 2
MOST_SECONDS_TO_PLAN = 10.0
FEW, TOO_MANY = 12, 10_000
_FEWER = "UPDATE people_rolegrant SET ended_at = now() WHERE role = 'reviewer' AND user_id = ANY (%s)"
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
                f"{own:.1f} s of it Python’s; {found:,} of {APPROVALS * ARTICLES:,} places filled",
            )


def measure_many() -> Iterator[Measured]:
    """A small board: as many articles as a plan takes, and five times as many."""
    with throw_away_database() as superuser:
        from django.core.exceptions import ValidationError

        from bench.queues import fill
        from people.models import Role, User
        from reviews.carrying_out import carry_out
        from reviews.load import Window
        from reviews.planning import MOST, make, plannable

        fill(superuser, {"unassigned": TOO_MANY})
        board = User.objects.with_role(Role.REVIEWER).order_by("pk").values_list("pk", flat=True)
        superuser.execute(_FEWER, [list(board[FEW:])])
        editor, window = User.objects.with_role(Role.EDITOR)[0], Window.usual()
        versions = list(plannable(editor).values_list("pk", flat=True))
        make(versions[:MOST], window, "one", by=editor)
        took = milliseconds(carry_out) / 1_000
        yield Measured(f"plan of {MOST:,} articles, {FEW} reviewers", took, "s", MOST_SECONDS_TO_PLAN)
        began, said = perf_counter(), ""
        try:
            make(versions, window, "one", by=editor)
        except ValidationError as error:
            said = " ".join(error.messages)
        what = f"plan of {len(versions):,} articles, {FEW} reviewers"
        yield Measured(what, perf_counter() - began, "s", MOST_SECONDS_TO_PLAN, f"refused: {said}" if said else "")


def main() -> None:
    for each in (*measure(), *measure_many()):
        print(each.line(60))


if __name__ == "__main__":
    main()
