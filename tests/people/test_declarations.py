from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from people import icmje
from people.models import Conflict, Disclosure
from people.rules import RuleBroken, today
from tests.conftest import Connection
from tests.people.factories import disclose_nothing, make_person
from tests.racing import at_once

ROWS: icmje.Items = {**icmje.all_none(), "grants": [{"entity": "Example Pharma", "what": "A grant, 2026"}]}


def test_declare_is_valid_twelve_months(db: None) -> None:
    person = make_person()
    disclosure = disclose_nothing(person, declared_at=datetime(2024, 2, 29, 23, 30, tzinfo=UTC))
    assert disclosure.valid_until == date(2025, 2, 28)
    assert Disclosure.objects.declare(person, ROWS).valid_until > today() + timedelta(days=364)


@pytest.mark.parametrize(("days", "current"), [(-1, False), (0, True), (200, True), (365, True), (366, False)])
def test_disclosure_is_current_for_a_year(db: None, days: int, current: bool) -> None:
    person = make_person()
    disclosure = disclose_nothing(person, declared_at=datetime(2025, 3, 1, 23, 59, tzinfo=UTC))
    day = date(2025, 3, 1) + timedelta(days=days)
    assert disclosure.is_current_on(day) == current
    assert (person.current_disclosure(day) is not None) == current


def test_current_disclosure_is_the_newest_valid_one(db: None) -> None:
    person = make_person()
    disclose_nothing(person, declared_at=timezone.now() - timedelta(days=10))
    newest = Disclosure.objects.declare(person, ROWS)
    assert person.current_disclosure() == newest
    assert newest.statement == "Example Pharma: A grant, 2026"
    assert disclose_nothing(person).statement == "None declared"


def test_declare_refuses_incomplete_answers(db: None) -> None:
    with pytest.raises(ValidationError):
        Disclosure.objects.declare(make_person(), {"grants": icmje.NONE})


def test_conflict_declared_withdrawn_and_declared_again(db: None) -> None:
    one, other = make_person(), make_person()
    conflict = Conflict.objects.declare(other, "Shared grant", by=one)
    assert Conflict.objects.standing().get() == conflict
    with pytest.raises(RuleBroken, match="already"):
        Conflict.objects.declare(other, "Again", by=one)
    conflict.withdraw("It has ended", by=one)
    assert not Conflict.objects.standing().exists()
    Conflict.objects.declare(other, "A new grant", by=one)
    assert one.conflicts.count() == 2


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_conflict_needs_reasons(db: None, reason: str) -> None:
    one, other = make_person(), make_person()
    with pytest.raises(RuleBroken):
        Conflict.objects.declare(other, reason, by=one)
    conflict = Conflict.objects.declare(other, "Grant", by=one)
    with pytest.raises(RuleBroken):
        conflict.withdraw(reason, by=one)


def test_conflict_with_oneself_is_refused(db: None) -> None:
    person = make_person()
    with pytest.raises(RuleBroken):
        Conflict.objects.declare(person, "Reason", by=person)


def test_withdraw_only_by_who_declared_and_once(db: None) -> None:
    one, other = make_person(), make_person()
    conflict = Conflict.objects.declare(other, "Grant", by=one)
    with pytest.raises(RuleBroken, match="Only the person"):
        conflict.withdraw("No", by=other)
    conflict.withdraw("It has ended", by=one)
    with pytest.raises(RuleBroken, match="already"):
        Conflict.objects.get(pk=conflict.pk).withdraw("Again", by=one)


def test_declare_conflict_at_once_is_one(committed_db: None) -> None:
    one, other = make_person(), make_person()
    results = at_once(*[lambda: Conflict.objects.declare(other, "Grant", by=one)] * 4)
    assert [type(result).__name__ for result in results].count("Conflict") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM people_conflict",
        "UPDATE people_conflict SET reason = 'other'",
        "UPDATE people_conflict SET person_id = user_id",
        "UPDATE people_conflict SET withdrawn_at = now()",
        "UPDATE people_conflict SET withdrawn_reason = 'because'",
        (
            "INSERT INTO people_conflict (user_id, person_id, reason, declared_at, withdrawn_reason)"
            " SELECT user_id, person_id, reason, now(), '' FROM people_conflict"
        ),
        (
            "INSERT INTO people_conflict (user_id, person_id, reason, declared_at, withdrawn_reason)"
            " SELECT user_id, user_id, reason, now(), '' FROM people_conflict"
        ),
        "DELETE FROM people_disclosure",
        'UPDATE people_disclosure SET items = items || \'{"grants": "none"}\'',
        "UPDATE people_disclosure SET declared_at = now() + interval '1 year'",
        "INSERT INTO people_disclosure (user_id, items, declared_at) SELECT id, '{}', now() FROM people_user",
        (
            "INSERT INTO people_disclosure (user_id, items, declared_at, valid_until)"
            " SELECT user_id, items, now(), '2999-01-01' FROM people_disclosure"
        ),
        "DELETE FROM people_user",
    ],
)
def test_database_keeps_declarations(as_staff: Connection, statement: str) -> None:
    one, other = make_person(), make_person()
    Conflict.objects.declare(other, "Grant", by=one)
    Disclosure.objects.declare(one, ROWS)
    with pytest.raises(psycopg.Error):
        as_staff.execute(statement)
