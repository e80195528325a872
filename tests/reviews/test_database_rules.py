"""What the database refuses the staff login, whatever the application says: promises 2, 3, 4 and 5."""

from itertools import permutations
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from articles.models import Article, Version
from articles.states import PUBLIC_RECORD, VersionState
from articles.workflow import VersionWorkflow
from reviews.models import ChecklistItem, Conflict, Finding
from tests.factories import (
    assign,
    author,
    board_member,
    editor,
    find,
    make_content,
    reread,
    revise,
    sign,
    submit,
)
from tests.reviews.desks import Asked, InState

S = VersionState


def refused(sql: str, *values: Any) -> str:
    """Run the statement as the staff login; it must fail, and its words are returned."""
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        _execute(sql, values)
    return str(error.value)


def _execute(sql: str, values: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def steps_in_code() -> set[tuple[str, str]]:
    """Every jump that articles/workflow.py has."""
    transitions = Version._meta.get_field("state").get_all_transitions(Version)
    return {(str(step.source), str(step.target)) for step in transitions}


def test_promise_5_database_and_workflow_have_the_same_steps(db: None) -> None:
    assert issubclass(Version, VersionWorkflow)
    with connection.cursor() as cursor:
        legal = set()
        for old, new in permutations(S.values, 2):
            cursor.execute("SELECT version_step_is_legal(%s, %s)", [old, new])
            legal |= {(old, new)} if cursor.fetchone()[0] else set()
    assert legal == steps_in_code()


@pytest.mark.parametrize("state", S.values)
def test_promise_5_database_refuses_a_jump(in_state: InState, state: str) -> None:
    version = in_state(state)
    for target in set(S.values) - {state} - {new for old, new in steps_in_code() if old == state}:
        assert refused("UPDATE articles_version SET state = %s WHERE id = %s", target, version.pk)
    assert refused("UPDATE articles_version SET state = 'nonsense' WHERE id = %s", version.pk)


def test_promise_5_database_refuses_to_begin_late(in_state: InState) -> None:
    version = in_state(S.SUBMITTED)
    for state in sorted(set(S.values) - {S.DRAFT}):
        assert "begins as a draft" in refused(BEGIN_LATE, state, version.pk)


BEGIN_LATE = """
    INSERT INTO articles_version (article_id, number, state, content, content_sha256, author_id, revision,
        state_reason, change_note, origin, ai_tool, author_statement, approvals_required, source, doubts,
        created_at, updated_at, submitted_at)
    SELECT article_id, 2, %s, content, content_sha256, author_id, revision, '', '', origin, '', '{}', 1, '',
        '[]', now(), now(), now() FROM articles_version WHERE id = %s
"""
FROZEN = {
    "content": "content || ' '",
    "content_sha256": "repeat('0', 64)",
    "number": "number + 1",
    "article_id": "article_id + 1",
    "author_id": "author_id + 1",
    "author_statement": "'{}'",
    "approvals_required": "1",
    "change_note": "'other'",
    "origin": "'ai_drafted'",
    "ai_tool": "'none'",
    "submitted_at": "now()",
    "revision": "revision + 1",
    "source": "'other'",
}


@pytest.mark.parametrize("state", [S.SUBMITTED, S.UNDER_REVIEW, S.APPROVED, S.CHANGES_REQUESTED])
def test_promise_4_frozen_column_never_changes(in_state: InState, state: str) -> None:
    version = in_state(state)
    for column, other in FROZEN.items():
        assert refused(f"UPDATE articles_version SET {column} = {other} WHERE id = %s", version.pk), column


def test_promise_4_submitted_version_is_never_deleted(in_state: InState) -> None:
    version = in_state(S.SUBMITTED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert "was submitted and stays" in refused("DELETE FROM articles_version WHERE id = %s", version.pk)


def test_submission_under_another_hash_is_refused(in_state: InState) -> None:
    draft = in_state(S.DRAFT)
    sql = "UPDATE articles_version SET state = 'submitted', submitted_at = now(), content_sha256 = %s WHERE id = %s"
    assert "not that of its text" in refused(sql, "0" * 64, draft.pk)
    assert "submitted_means_hashed" in refused(
        "UPDATE articles_version SET state = 'submitted' WHERE id = %s", draft.pk
    )


@pytest.mark.parametrize("table", ["ledger_event", "reviews_decision", "reviews_finding", "articles_version"])
def test_promise_4_tables_cannot_be_emptied(two: Asked, table: str) -> None:
    find(two[0])
    sign(two[0])
    assert refused(f"TRUNCATE {table} CASCADE")
    assert refused(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "column", ["payload = '{}'", "kind = 'other'", "actor_id = NULL", "hash = ''", "seq = seq + 9"]
)
def test_promise_4_event_never_changes(in_state: InState, column: str) -> None:
    in_state(S.SUBMITTED)
    assert "permission denied" in refused(f"UPDATE ledger_event SET {column}")


def test_promise_4_nobody_writes_the_head_of_the_ledger(db: None) -> None:
    assert "permission denied" in refused("UPDATE ledger_head SET seq = 0")
    assert "permission denied" in refused("DELETE FROM ledger_head")


def test_event_is_numbered_dated_and_hashed_by_the_database(in_state: InState) -> None:
    in_state(S.SUBMITTED)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO ledger_event (seq, at, kind, content_sha256, payload, prev_hash, hash)
               VALUES (9999, '2000-01-01', 'forged', '', '{}', 'x', 'y')
               RETURNING seq, at > '2020-01-01', prev_hash, hash"""
        )
        seq, is_dated, previous, own = cursor.fetchone()
        cursor.execute("SELECT hash FROM ledger_event WHERE seq = %s", [seq - 1])
        assert (previous,) == cursor.fetchone()
    assert seq < 9999
    assert is_dated
    assert len(own) == 64


@pytest.mark.parametrize("column", ["verdict = 'request_changes'", "content_sha256 = repeat('0', 64)", "note = 'x'"])
def test_promise_4_decision_never_changes(in_state: InState, column: str) -> None:
    in_state(S.APPROVED)
    assert "append-only" in refused(f"UPDATE reviews_decision SET {column}")


INSERT_DECISION = """
    INSERT INTO reviews_decision (version_id, article_id, content_sha256, assignment_id, reviewer_id, verdict, note,
        confidential_note, checklist, statement, signed_at, key, rereview_id)
    SELECT a.version_id, v.article_id, {hash}, a.id, {reviewer}, 'approve', '', '', '[]', '{{}}', now(),
        gen_random_uuid(), {rereview}
    FROM reviews_assignment a JOIN articles_version v ON v.id = a.version_id WHERE a.id = %s"""


def decide(
    assignment: int,
    *,
    hash_: str = "v.content_sha256",
    reviewer: str = "a.reviewer_id",
    rereview: str = "a.rereview_id",
) -> str:
    return refused(INSERT_DECISION.format(hash=hash_, reviewer=reviewer, rereview=rereview), assignment)


def test_promise_2_decision_on_other_bytes_is_refused(two: Asked) -> None:
    assignment = two[0]
    assert "decision_binds_bytes" in decide(assignment.pk, hash_="repeat('0', 64)")


def test_promise_3_author_cannot_sign_their_own(two: Asked) -> None:
    owner = two[0].version.article.owner
    owner.grant("reviewer", by=None)
    assert "cannot sign this version: author" in decide(two[0].pk, reviewer=str(owner.pk))


def test_promise_3_who_handed_it_in_cannot_sign(db: None) -> None:
    chief = board_member()
    version = submit(Article.objects.create_with_draft(make_content(), by=author(), handed_in_by=chief))
    assignment = assign(version)[0]
    assert "cannot sign this version: handed_in" in decide(assignment.pk, reviewer=str(chief.pk))
    for other in ("NULL", "owner_id"):
        assert "never changes" in refused(f"UPDATE articles_article SET handed_in_by_id = {other}")
    reread(version).move("request_changes", by=editor(), reason="The red flags are incomplete.")
    asked_again = assign(submit(revise(reread(version))))[0]
    assert "cannot sign this version: handed_in" in decide(asked_again.pk, reviewer=str(chief.pk))


def test_promise_3_contributors_are_frozen_with_the_text(in_state: InState) -> None:
    version = in_state(S.SUBMITTED)
    assert "frozen" in refused("DELETE FROM articles_version_contributors WHERE version_id = %s", version.pk)
    assert "frozen" in refused("UPDATE articles_version_contributors SET user_id = user_id + 1")
    assert "frozen" in refused(
        "INSERT INTO articles_version_contributors (version_id, user_id) VALUES (%s, %s)", version.pk, board_member().pk
    )


def test_promise_3_declared_conflict_excludes(two: Asked) -> None:
    assignment = two[0]
    Conflict.objects.declare(assignment.version, by=assignment.reviewer, reason="I wrote the guideline.")
    assert "conflict_with_article" in decide(assignment.pk)


def test_promise_3_declared_conflict_stays_declared(in_state: InState) -> None:
    version = in_state(S.SUBMITTED)
    Conflict.objects.declare(version, by=board_member(), reason="I wrote the guideline.")
    assert "append-only" in refused("DELETE FROM reviews_conflict")
    for column in ("user_id = %s", "reason = 'none' || %s", "declared_at = declared_at - interval '1 day' * %s"):
        assert "never changes" in refused(f"UPDATE reviews_conflict SET {column}", board_member().pk)


def test_decision_of_somebody_who_was_not_asked_is_refused(two: Asked) -> None:
    assignment = two[0]
    assert "was not asked" in decide(assignment.pk, reviewer=str(board_member().pk))


def test_second_decision_of_one_reviewer_is_refused(two: Asked) -> None:
    assignment = two[0]
    sign(assignment)
    assert decide(assignment.pk)


def test_decision_outside_a_review_is_refused(two: Asked) -> None:
    version = two[0].version
    version.move("withdraw", by=version.article.owner, reason="Not now.")
    assert "not under review" in decide(two[0].pk)


def _nobody(version: Version) -> None:
    assert version.decisions.count() == 0


def _one_of_two(version: Version) -> None:
    sign(version.assignments.all()[0])


def _one_is_no_reviewer_any_more(version: Version) -> None:
    first, second = version.assignments.all()
    sign(first)
    first.reviewer.end_role("reviewer", by=None)
    sign(second)


def _one_has_a_conflict_since(version: Version) -> None:
    first, second = version.assignments.all()
    sign(first)
    Conflict.objects.declare(version, by=first.reviewer, reason="A grant came.")
    sign(second)


def _open_must_fix(version: Version) -> None:
    first, second = version.assignments.all()
    find(first, severity="must_fix")
    sign(second)


NO_QUORUM = [_nobody, _one_of_two, _one_is_no_reviewer_any_more, _one_has_a_conflict_since, _open_must_fix]


@pytest.mark.parametrize("prepare", NO_QUORUM)
def test_promise_2_no_quorum_no_approval_by_any_way(two: Asked, prepare: Any) -> None:
    version = two[0].version
    prepare(version)
    sql = "UPDATE articles_version SET state = 'approved', decided_at = now() WHERE id = %s"
    assert "has no quorum" in refused(sql, version.pk)
    assert "cannot be published" in refused("SELECT publish_version(%s, '<p>x</p>')", version.pk)
    assert reread(version).state == S.UNDER_REVIEW


def test_retraction_of_what_is_not_retracted_is_refused(in_state: InState) -> None:
    version = in_state(S.APPROVED)
    assert "is not retracted" in refused("SELECT retract_publication(%s)", version.pk)


def test_publishing_twice_is_refused(in_state: InState) -> None:
    version = in_state(S.APPROVED)
    assert refused("SELECT publish_version(%s, '<p>another page</p>')", version.pk)


@pytest.mark.parametrize("sql", ["SELECT 1 FROM", "DELETE FROM", "UPDATE {} SET title = 'x' --", "TRUNCATE"])
def test_staff_login_has_no_right_in_the_public_schema(db: None, sql: str) -> None:
    statement = sql.format("pub.publication") if "{}" in sql else f"{sql} pub.publication"
    assert "permission denied for schema pub" in refused(statement)


def test_one_open_version_an_article(in_state: InState) -> None:
    version = in_state(S.SUBMITTED)
    sql = """INSERT INTO articles_version (article_id, number, state, content, author_id, revision, state_reason,
                 change_note, origin, ai_tool, author_statement, approvals_required, source, doubts, created_at,
                 updated_at)
             SELECT article_id, 2, 'draft', content, author_id, 1, '', '', 'human', '', '{}', 1, '', '[]', now(), now()
             FROM articles_version WHERE id = %s"""
    assert "one_open_version" in refused(sql, version.pk)


def test_one_public_version_an_article(in_state: InState) -> None:
    """Even a superseded version cannot come back beside its follower."""
    version = in_state(S.SUPERSEDED)
    assert "does not go from superseded" in refused(
        "UPDATE articles_version SET state = 'approved' WHERE id = %s", version.pk
    )
    assert Version.objects.filter(article=version.article, state__in=PUBLIC_RECORD).count() == 2


def test_finding_stays_as_it_was_made(two: Asked) -> None:
    finding = find(two[0])
    assert "stays as it was made" in refused("UPDATE reviews_finding SET body = 'other'")
    assert "stays as it was made" in refused("UPDATE reviews_finding SET severity = 'optional'")
    finding.close(by=finding.reviewer)
    assert "stays closed" in refused("UPDATE reviews_finding SET closed_at = NULL, closed_by_id = NULL")
    assert Finding.objects.get().closed_at is not None


def test_assignment_keeps_its_version_and_reviewer(two: Asked) -> None:
    stays = "an assignment keeps its version and reviewer"
    assert stays in refused("UPDATE reviews_assignment SET reviewer_id = reviewer_id + 1 WHERE id = %s", two[0].pk)
    assert stays in refused("DELETE FROM reviews_assignment WHERE id = %s", two[0].pk)


def test_closed_finding_changes_in_nothing(two: Asked) -> None:
    finding = find(two[0])
    finding.respond("rebutted", "The dose stands in the label.", by=finding.version.article.owner)
    finding.close(by=finding.reviewer)
    for change in ("closed_reason = 'other'", "closed_at = now()", "response_note = 'other'", "draft_note = 'x'"):
        assert "stays closed" in refused(f"UPDATE reviews_finding SET {change}"), change


@pytest.mark.parametrize("answer", ["signed", "declined"])
def test_answer_of_a_reviewer_stays(two: Asked, answer: str) -> None:
    assignment = two[0]
    if answer == "signed":
        sign(assignment)
    else:
        assignment.decline(by=assignment.reviewer, reason="No time.")
    for state in ({"invited", "accepted", "declined", "cancelled", "signed"}) - {answer}:
        answered_at = "NULL" if state == "invited" else "now()"
        sql = f"UPDATE reviews_assignment SET state = '{state}', answered_at = {answered_at} WHERE id = %s"
        assert "stays" in refused(sql, assignment.pk), state


def test_nobody_has_signed_without_a_signature(two: Asked) -> None:
    assignment = two[0]
    sql = "UPDATE reviews_assignment SET state = 'signed', answered_at = now() WHERE id = %s"
    assert "has no signature" in refused(sql, assignment.pk)


@pytest.mark.parametrize(
    ("state", "change"),
    [
        (S.RETRACTED, "state_reason = 'other'"),
        (S.DECLINED, "state_reason = 'other'"),
        (S.APPROVED, "decided_at = now() - interval '1 year'"),
        (S.UNDER_REVIEW, "review_started_at = NULL"),
        (S.DRAFT, "decided_at = now()"),
    ],
)
def test_when_and_why_a_version_came_where_it_is_stays(in_state: InState, state: str, change: str) -> None:
    version = in_state(state)
    assert "stays as it was said" in refused(f"UPDATE articles_version SET {change} WHERE id = %s", version.pk)


def test_public_address_stays(in_state: InState) -> None:
    public, hidden = in_state(S.APPROVED), in_state(S.SUBMITTED)
    sql = "UPDATE articles_article SET slug = 'another' WHERE id = %s"
    assert "is public and stays" in refused(sql, public.article_id)
    _execute(sql, (hidden.article_id,))


def test_retired_statement_stays_retired(db: None) -> None:
    ChecklistItem.objects.all()[0].retire(by=editor())
    assert "append-only" in refused("UPDATE reviews_checklistitem SET retired_at = NULL")


def test_which_migrations_ran_is_the_owners_to_say(db: None) -> None:
    assert "permission denied" in refused("DELETE FROM django_migrations")


def test_no_session_setting_switches_a_guard_off(in_state: InState) -> None:
    version = in_state(S.APPROVED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{guard_update,append_only,chain}', true)")
    assert refused("SET session_replication_role = replica")
    assert refused("ALTER TABLE articles_version DISABLE TRIGGER ALL")
    assert refused("UPDATE articles_version SET content = content || ' ' WHERE id = %s", version.pk)
