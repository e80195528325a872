"""Whose turn it is: the table says what its definition says, after every step, by whatever hand and as time goes by."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from articles.models import Article, Version
from people.models import Absence, Role, User
from people.rules import today
from reviews.models import Turn, TurnSpan, standing
from reviews.rounds import Outcome
from reviews.states import Queue, Side
from tests.factories import assign, author, board_member, editor, make_version, reread, revise, sign, submit
from tests.reviews.situations import EDITING, SITUATIONS, in_view, stuck_for_reviewers

pytestmark = pytest.mark.django_db
VIEWS = {"author": "changes", "writing": "draft"}  # what the editors' views of these queues are called

WRONG = """
    SELECT coalesce(t.article_id, d.article_id) FROM reviews_turn t
    FULL JOIN (SELECT d.* FROM articles_article a, turn_of(a.id) d) d ON d.article_id = t.article_id
    WHERE t IS DISTINCT FROM d
"""


def ask(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def turn(version: Version) -> Turn:
    found: Turn = Turn.objects.get(article=version.article_id)
    return found


@pytest.fixture(autouse=True)
def right() -> Iterator[None]:
    """After every test: one row an article, as the definition says; one span that goes on, which says the same."""
    yield
    assert ask(WRONG) == []
    assert Turn.objects.count() == Article.objects.count()
    said = ("article_id", "version_id", "queue", "holder_id", "due_on")
    spans, now = TurnSpan.objects.filter(ended_at=None).values_list(*said), Turn.objects.values_list(*said)
    assert sorted(spans) == sorted(now)


#: In how many days it is due, in some of the situations.
DUE = {
    "submitted": 3,
    "all asked": 7,
    "all accepted": 21,
    "too few reviewers left": 2,
    "changes requested": 30,
    "revision": 30,
    "first draft": 90,
    "due again": 20,
    "being confirmed": 7,
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_promise_8_one_turn_and_a_due_date(name: str) -> None:
    assert DUE.keys() <= SITUATIONS.keys()
    viewer = editor()
    situation = SITUATIONS[name]
    version = situation.make()
    now = turn(version)
    assert (now.queue, now.side, now.version_id) == (situation.queue, situation.side, version.pk)
    assert (now.due_on is None) is (situation.side == Side.NOBODY)
    assert name not in DUE or now.due_on == today() + timedelta(DUE[name])
    assert now.holder == holder_of(version, now)
    if situation.side == Side.EDITORS:
        assert now.holder is not None
        assert now.holder.is_editor
    if version.is_under_review:
        assert (standing(version).outcome == Outcome.STUCK) is (now.queue == Queue.STUCK)
    of_queue = [key for key in EDITING if VIEWS.get(key, key) == situation.queue]
    assert [key for key in EDITING if version.pk in in_view(viewer, key)] == of_queue
    assert version.pk in in_view(viewer, "all")


def holder_of(version: Version, now: Turn) -> User | None:
    """Who has to act, from the side alone."""
    owed = version.assignments.filter(state__in=("invited", "accepted"))
    match now.side:
        case Side.AUTHOR:
            return version.article.owner
        case Side.EDITORS:
            return now.editor
        case Side.REVIEWERS:
            return min(owed, key=lambda assignment: (assignment.due_on, assignment.pk)).reviewer
    return None


def test_every_step_of_a_long_way() -> None:
    seen, version = [], make_version("draft")

    def note() -> None:
        assert ask(WRONG) == []
        seen.append(str(turn(version).queue))

    note()
    version = submit(version)
    note()
    first, second = assign(version)
    note()
    for each in (first, second):
        each.accept(by=each.reviewer)
    note()
    sign(first, "request_changes")
    note()
    sign(second)
    note()
    version = revise(reread(version))
    note()
    version = submit(version)
    note()
    for each in assign(version):
        sign(each)
    note()
    reread(version).move("retract", by=editor(), reason="A red flag was wrong.")
    note()
    assert seen == [
        *("draft", "unassigned", "answer", "reading", "reading", "changes"),
        *("changes", "unassigned", "public", "ended"),
    ]
    spans = TurnSpan.objects.filter(article_id=version.article_id).order_by("pk")
    assert [span.queue for span in spans][-1] == "ended"
    assert all(span.ended_at is not None for span in list(spans)[:-1])


def test_discarded_draft_leaves_no_turn() -> None:
    version = make_version("draft")
    version.discard(by=version.article.owner)
    assert not Turn.objects.exists()


def test_editor_who_is_away_has_somebody_stand_in() -> None:
    first, second = editor(), editor()
    version = make_version("submitted", editor=first)
    now = turn(version)
    assert now.holder in (first, second)
    other = second if now.holder == first else first
    absence = Absence.objects.create(user=now.holder, first_on=today(), last_on=today() + timedelta(3))
    away = turn(version)
    assert (away.holder, away.editor) == (other, now.holder)
    absence.delete()
    assert turn(version).holder == now.holder


def test_editor_who_leaves_hands_everything_on() -> None:
    first, second = editor(), editor()
    versions = [make_version("submitted", editor=first) for _ in range(4)]
    assert {turn(version).holder for version in versions} == {first, second}
    first.end_role(Role.EDITOR, by=None)
    assert {(turn(v).holder, turn(v).editor) for v in versions} == {(second, second)}
    second.end_role(Role.EDITOR, by=None)
    assert {turn(version).holder for version in versions} == {None}
    third = editor()
    assert {turn(version).holder for version in versions} == {third}


def test_editor_never_holds_what_they_wrote() -> None:
    both, owner = editor(), author()
    both.grant(Role.AUTHOR, by=None)
    draft = make_version("draft", author=owner, editor=both)
    draft.contributors.add(both)
    submit(draft)
    assert turn(draft).holder is None
    other = editor()
    assert turn(draft).holder == other


def test_review_date_moves_it_thirty_days_ahead() -> None:
    editor()
    version = make_version("approved")
    assert turn(version).queue == Queue.PUBLIC
    Version.objects.filter(pk=version.pk).update(next_review_on=today() + timedelta(30))
    assert turn(version).queue == Queue.REREVIEW
    assert ask("SELECT follow_time()") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_turn SET due_on = NULL, side = 'nobody', holder_id = NULL",
        "DELETE FROM reviews_turn",
        "INSERT INTO reviews_turn SELECT * FROM reviews_turn",
        "UPDATE reviews_turnspan SET ended_at = now()",
        "DELETE FROM reviews_turnspan",
    ],
)
def test_no_application_login_writes_a_turn(statement: str) -> None:
    make_version("draft")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ask(statement)


def test_stuck_says_the_same_in_sql_and_in_the_rule_as_the_round_goes() -> None:
    version = stuck_for_reviewers()
    assert standing(version).outcome == Outcome.STUCK
    (third,) = assign(version, [board_member()])
    assert standing(reread(version)).outcome == Outcome.WAIT
    assert turn(version).queue == Queue.ANSWER
    sign(third)
    assert turn(version).queue == Queue.PUBLIC
