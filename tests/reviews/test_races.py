"""Two people in the same instant. Each race that a lock decides is also run without the lock, to see it bite."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from articles.models import Article, EditConflict, Version
from articles.querysets import VersionQuerySet
from articles.states import VersionState
from ledger.models import Event
from ledger.verifier import verify
from people.models import User
from publications.models import Publication
from reviews.models import Assignment, Decision, assignments
from reviews.models.decisions import settle
from tests.conftest import Blocker, Connection
from tests.factories import (
    approve,
    assign,
    author,
    board_member,
    editor,
    find,
    make_content,
    make_version,
    reread,
    rereview,
    sign,
    submit,
)
from tests.harness import WorkerDatabase
from tests.racing import TRIALS, at_once, refusals

S = VersionState
type Board = tuple[User, User, User, User]


def make_world() -> None:
    """An author, an editor and two reviewers; an article of theirs under review, and a public one asked about again."""
    board = author(name="Wanda"), editor(name="Eve"), board_member(name="Ada"), board_member(name="Ben")
    reviewed(board)
    rereview(approve(reviewed(board)), board[2:], by=board[1])


@pytest.fixture(scope="module")
def kept_world(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), worker_database.kept(make_world):
        yield


@pytest.fixture
def board(kept_world: None, committed_db: None) -> Board:
    """The author, the editor and the two reviewers, for any number of trials."""
    writer, chief, first, last = (User.objects.get(name=name) for name in ("Wanda", "Eve", "Ada", "Ben"))
    return writer, chief, first, last


def made(state: VersionState) -> Version:
    """Their article in that state."""
    return Version.objects.with_people().get(state=state)


def reviewed(board: Board) -> Version:
    """A new article of theirs under review."""
    writer, chief, *reviewers = board
    version = submit(make_version(S.DRAFT, author=writer))
    assign(version, reviewers, by=chief)
    return version


def signing(version: Version) -> list[Callable[[], Decision]]:
    """Each reviewer about to approve."""
    return [partial(sign, assignment) for assignment in version.assignments.select_related("version", "reviewer")]


def told(version: Version, kind: str) -> int:
    return Event.objects.about_version(version.pk).filter(kind=kind).count()


@pytest.mark.parametrize("trial", range(TRIALS))
def test_two_last_approvals_make_one_publication(board: Board, trial: int) -> None:
    version = made(S.UNDER_REVIEW)
    assert refusals(at_once(*signing(version))) == 0
    assert (reread(version).state, told(version, "approved"), told(version, "published")) == (S.APPROVED, 1, 1)
    assert verify()[0] == []


def test_two_last_approvals_without_the_locks_leave_a_round_that_never_ends(board: Board, as_owner: Connection) -> None:
    as_owner.execute("ALTER TABLE reviews_decision DISABLE TRIGGER guard")  # it locks the version's row too
    as_owner.execute("ALTER TABLE ledger_event DISABLE TRIGGER chain")  # and so does the head of the ledger, by chance
    for table in ("reviews_decision", "reviews_assignment"):  # and the row that says whose turn it is
        as_owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER turn")
    both = threading.Barrier(2, timeout=60)

    def count_both_before_either_commits(version: Version) -> None:
        settle(version)
        both.wait()

    version = made(S.UNDER_REVIEW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(VersionQuerySet, "locked", _unlocked)
        patch.setattr(assignments, "settle", count_both_before_either_commits)
        assert refusals(at_once(*signing(version))) == 0
    assert reread(version).state == S.UNDER_REVIEW


def _unlocked(self: VersionQuerySet, pk: int) -> Version:
    return self.select_related("article__owner", "author").get(pk=pk)


@pytest.mark.parametrize("trial", range(TRIALS))
@pytest.mark.parametrize("step", ["withdraw", "decline", "request_changes"])
def test_last_approval_against_an_end_by_hand(board: Board, step: str, trial: int) -> None:
    version = made(S.UNDER_REVIEW)
    first, last = signing(version)
    first()
    by = board[0] if step == "withdraw" else board[1]
    at_once(last, lambda: version.move(step, by=by, reason="Not now."))
    now = reread(version)
    is_public = Publication.objects.filter(pk=version.pk).exists()
    assert is_public == (now.state == S.APPROVED)
    assert told(version, "approved") + told(version, now.state) == (2 if now.state == S.APPROVED else 1)
    assert verify()[0] == []


@pytest.mark.parametrize("trial", range(TRIALS))
def test_eightfold_submission_is_one(board: Board, trial: int) -> None:
    draft = make_version(S.DRAFT, author=board[0])
    assert refusals(at_once(*[partial(submit, draft)] * 8)) == 7
    assert told(draft, "submitted") == 1


@pytest.mark.parametrize("trial", range(TRIALS))
def test_submission_against_an_edit_freezes_one_of_both_texts_whole(board: Board, trial: int) -> None:
    draft = make_version(S.DRAFT, author=board[0])
    edit = partial(draft.save_draft, make_content("Edited"), by=board[0], based_on=draft.revision)
    at_once(partial(submit, draft), edit)
    now = reread(draft)
    assert now.state == S.SUBMITTED
    assert verify()[0] == []


@pytest.mark.parametrize("trial", range(TRIALS))
def test_one_reviewer_signing_eight_times_signs_once(board: Board, trial: int) -> None:
    version = made(S.UNDER_REVIEW)
    one = version.assignments.select_related("version", "reviewer")[0]
    assert refusals(at_once(*[lambda: sign(Assignment.objects.get(pk=one.pk))] * 8)) == 7
    assert Decision.objects.filter(version=version).count() == 1


@pytest.mark.parametrize("trial", range(TRIALS))
def test_cancelled_reviewer_against_their_signature(board: Board, trial: int) -> None:
    version = made(S.UNDER_REVIEW)
    one = version.assignments.select_related("version", "reviewer")[0]
    taken_off = Assignment.objects.select_related("version", "reviewer").get(pk=one.pk)
    outcomes = at_once(partial(sign, one), lambda: taken_off.cancel(by=board[1], reason="Needed elsewhere."))
    assert refusals(outcomes) == 1
    assert Decision.objects.filter(version=version).exists() == (Assignment.objects.get(pk=one.pk).state == "signed")


@pytest.mark.parametrize("trial", range(TRIALS))
def test_role_ended_in_the_middle_of_the_last_approval(board: Board, trial: int) -> None:
    writer, chief, first, _ = board
    leaving = board_member()
    version = reviewed((writer, chief, first, leaving))
    one, last = signing(version)
    one()
    at_once(last, lambda: leaving.end_role("reviewer", by=None))
    now = reread(version)
    approvals = Decision.objects.filter(version=version).count()
    assert (now.state == S.APPROVED) <= (approvals == 2)
    assert verify()[0] == []


@pytest.mark.parametrize("trial", range(TRIALS))
def test_two_drafts_begun_at_once_are_one(board: Board, trial: int) -> None:
    version = made(S.UNDER_REVIEW)
    for each in signing(version):
        each()
    article = Article.objects.get(pk=version.article_id)
    assert refusals(at_once(*[lambda: article.start_draft(by=board[0])] * 4)) == 3
    assert article.versions.filter(number=2).count() == 1


@pytest.mark.parametrize("trial", range(TRIALS))
def test_two_edits_of_one_draft_lose_neither(board: Board, trial: int) -> None:
    draft = make_version(S.DRAFT, author=board[0])

    def save(title: str) -> Version:
        return draft.save_draft(make_content(title), by=board[0], based_on=draft.revision)

    outcomes = at_once(partial(save, "Mine"), partial(save, "Theirs"))
    conflicts = [each for each in outcomes if isinstance(each, EditConflict)]
    assert len(conflicts) == 1
    assert conflicts[0].theirs.document.title == reread(draft).document.title


@pytest.mark.parametrize("trial", range(TRIALS))
def test_must_fix_against_the_last_approval(board: Board, trial: int) -> None:
    writer, chief, *two = board
    version = submit(make_version(S.DRAFT, author=writer))
    third = board_member()
    asked = assign(version, [*two, third], by=chief)
    sign(asked[0])
    at_once(partial(sign, asked[1]), partial(find, asked[2], severity="must_fix"))
    now = reread(version)
    found = version.findings.exists()
    assert now.state == (S.UNDER_REVIEW if found else S.APPROVED)


def confirmations(version: Version) -> list[Callable[[], Decision]]:
    """Each reviewer about to confirm."""
    asked = version.assignments.filter(rereview__isnull=False).select_related("version", "reviewer", "rereview")
    return [partial(sign, assignment) for assignment in asked]


@pytest.mark.parametrize("trial", range(TRIALS))
def test_two_last_confirmations_move_the_date_once(board: Board, trial: int) -> None:
    version = made(S.APPROVED)
    assert refusals(at_once(*confirmations(version))) == 0
    assert (version.rereviews.get().outcome, told(version, "confirmed")) == ("confirmed", 1)
    assert len(Publication.objects.get(pk=version.pk).confirmations) == 2
    assert verify()[0] == []


@pytest.mark.parametrize("trial", range(TRIALS))
@pytest.mark.parametrize("end", ["retract", "revise", "stop"])
def test_last_confirmation_against_an_end_of_the_round(board: Board, end: str, trial: int) -> None:
    version = made(S.APPROVED)
    first, last = confirmations(version)
    first()
    acts: dict[str, Callable[[], Any]] = {
        "retract": lambda: version.move("retract", by=board[1], reason="A red flag was wrong."),
        "revise": lambda: version.article.start_draft(by=board[0]),
        "stop": lambda: version.rereviews.get().stop(by=board[1], reason="Not now."),
    }
    at_once(last, acts[end])
    outcome, public = version.rereviews.get().outcome, Publication.objects.get(pk=version.pk)
    assert (outcome == "confirmed") == bool(public.confirmations) == bool(told(version, "confirmed"))
    assert outcome in ("confirmed", "stopped")
    assert verify()[0] == []
