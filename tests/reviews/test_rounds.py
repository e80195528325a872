"""How a round ends, as a table; and the same in the database, which counts on its own."""

from itertools import product

import pytest
from django.db import connection

from articles.models import Version
from reviews.models import Decision, standing
from reviews.rounds import Outcome, Signed, resolve
from reviews.states import Verdict
from tests.factories import board_member, find, make_version, reread, sign

YES, NO = Verdict.APPROVE, Verdict.REQUEST_CHANGES
APPROVE, CHANGES, WAIT, STUCK = Outcome.APPROVE, Outcome.REQUEST_CHANGES, Outcome.WAIT, Outcome.STUCK

#: verdicts (a lower-case one does not count any more), outstanding, open must-fix, required → outcome, its words
TABLE = [
    ("", 0, 0, 2, STUCK, "0 of 2 approvals: assign more reviewers."),
    ("", 2, 0, 2, WAIT, "0 of 2 approvals; waiting for reviewers."),
    ("", 1, 0, 2, STUCK, "0 of 2 approvals: assign more reviewers."),
    ("Y", 1, 0, 2, WAIT, "1 of 2 approvals; waiting for reviewers."),
    ("Y", 0, 0, 2, STUCK, "1 of 2 approvals: assign more reviewers."),
    ("Y", 0, 0, 1, APPROVE, "1 of 1 approvals."),
    ("YY", 0, 0, 2, APPROVE, "2 of 2 approvals."),
    ("YY", 1, 0, 2, APPROVE, "2 of 2 approvals."),
    ("YYY", 0, 0, 2, APPROVE, "3 of 2 approvals."),
    ("YY", 0, 1, 2, STUCK, "Approved by enough, but 1 must-fix finding must be closed first."),
    ("YY", 0, 3, 2, STUCK, "Approved by enough, but 3 must-fix findings must be closed first."),
    ("Yy", 0, 0, 2, STUCK, "1 of 2 approvals: assign more reviewers."),
    ("Yy", 1, 0, 2, WAIT, "1 of 2 approvals; waiting for reviewers."),
    ("N", 0, 0, 2, CHANGES, "All reviewers have answered and changes were asked for."),
    ("N", 1, 0, 2, WAIT, "Changes were asked for; 1 reviewer still to answer."),
    ("N", 2, 0, 2, WAIT, "Changes were asked for; 2 reviewers still to answer."),
    ("YYN", 0, 0, 2, CHANGES, "All reviewers have answered and changes were asked for."),
    ("YYN", 1, 0, 2, WAIT, "Changes were asked for; 1 reviewer still to answer."),
    ("n", 0, 0, 2, CHANGES, "All reviewers have answered and changes were asked for."),
    ("YYn", 0, 0, 2, CHANGES, "All reviewers have answered and changes were asked for."),
]


@pytest.mark.parametrize(("verdicts", "outstanding", "must_fix", "required", "outcome", "why"), TABLE)
def test_resolve(  # noqa: PLR0917 - one argument a column
    verdicts: str, outstanding: int, must_fix: int, required: int, outcome: Outcome, why: str
) -> None:
    signed = [Signed(n, YES if v.upper() == "Y" else NO, counts=v.isupper()) for n, v in enumerate(verdicts)]
    found = resolve(signed, outstanding=outstanding, open_must_fix=must_fix, approvals_required=required)
    assert found == (outcome, why)


def test_resolve_counts_people_and_not_signatures() -> None:
    twice = [Signed(1, YES), Signed(1, YES)]
    assert resolve(twice, outstanding=0, open_must_fix=0, approvals_required=2).outcome == STUCK


@pytest.fixture(scope="module")
def kept_three(kept_db: None) -> Version:
    return make_version("under_review", reviewers=[board_member() for _ in range(3)])


@pytest.mark.parametrize(("first", "second", "must_fix", "leaves"), list(product((YES, NO), (YES, NO), (0, 1), (0, 1))))
def test_database_counts_the_quorum_as_the_round_does(  # noqa: PLR0917 - fixtures
    db: None, kept_three: Version, first: Verdict, second: Verdict, must_fix: int, leaves: int
) -> None:
    """Two sign, a third has made a finding and stays silent; one of the two may leave the board."""
    version = reread(kept_three)
    one, other, third = version.assignments.with_people()
    if must_fix:
        find(third, severity="must_fix")
    for assignment, verdict in ((one, first), (other, second)):
        if reread(version).is_under_review:
            sign(assignment, verdict)
    if leaves:
        one.reviewer.end_role("reviewer", by=None)
    now = reread(version)
    agreed = first == second == YES
    assert database_says(now) == (agreed and not must_fix and not leaves)
    assert (standing(now).outcome == APPROVE) == database_says(now)


def database_says(version: Version) -> bool:
    assert Decision.objects.filter(version=version).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT quorum_is_met(%s)", [version.pk])
        return bool(cursor.fetchone()[0])
