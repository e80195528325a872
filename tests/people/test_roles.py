import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from people.models import Closure, Role, RoleGrant, User
from people.rules import RuleBroken
from tests.conftest import Connection
from tests.people.factories import administrator, make_person
from tests.racing import at_once


def test_grant_and_end_leave_history(db: None) -> None:
    admin, person = administrator(), make_person()
    person.grant(Role.AUTHOR, by=admin)
    person.end_role(Role.AUTHOR, by=admin)
    person.grant(Role.AUTHOR, by=admin)
    grants = list(person.role_grants.all())
    assert [grant.is_running for grant in grants] == [False, True]
    assert (grants[0].granted_by, grants[0].ended_by) == (admin, admin)


def test_grant_twice_is_one_grant(db: None) -> None:
    person = make_person()
    assert person.grant(Role.EDITOR, by=None) == person.grant(Role.EDITOR, by=None)


def test_end_role_not_held_changes_nothing(db: None) -> None:
    person = make_person(roles=[Role.AUTHOR])
    person.end_role(Role.EDITOR, by=None)
    assert person.roles == {Role.AUTHOR}


@pytest.mark.parametrize("role", Role)
def test_has_role_agrees_with_with_role(db: None, role: Role) -> None:
    holder, ended, closed = make_person(roles=[role]), make_person(roles=[role]), make_person(roles=[role])
    make_person()
    administrator()
    ended.end_role(role, by=administrator())
    closed.deactivate(by=administrator())
    for person in User.objects.all():
        assert person.has_role(role) == User.objects.with_role(role).filter(pk=person.pk).exists(), person
    assert holder.has_role(role)
    assert not ended.has_role(role)
    assert not closed.has_role(role)


def test_roles_are_read_once_and_again_after_refresh(db: None) -> None:
    person = make_person(roles=[Role.AUTHOR])
    same = User.objects.get(pk=person.pk)
    assert same.is_author
    person.end_role(Role.AUTHOR, by=administrator())
    assert same.is_author
    same.refresh_from_db()
    assert not same.is_author


def test_last_administrator_stays(db: None) -> None:
    admin = administrator()
    with pytest.raises(RuleBroken, match="last administrator"):
        admin.end_role(Role.ADMINISTRATOR, by=admin)
    with pytest.raises(RuleBroken, match="last administrator"):
        admin.deactivate(by=admin)
    assert User.objects.get(pk=admin.pk).is_administrator
    other = administrator()
    admin.end_role(Role.ADMINISTRATOR, by=other)
    assert not admin.is_administrator


def test_two_administrators_end_each_other_at_once(committed_db: None) -> None:
    for _ in range(5):
        first, second = administrator(), administrator()
        for old in User.objects.with_role(Role.ADMINISTRATOR).exclude(pk__in=[first.pk, second.pk]):
            old.end_role(Role.ADMINISTRATOR, by=first)
        results = at_once(
            lambda a=first, b=second: a.end_role(Role.ADMINISTRATOR, by=b),  # type: ignore[misc]
            lambda a=first, b=second: b.end_role(Role.ADMINISTRATOR, by=a),  # type: ignore[misc]
        )
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "RuleBroken"]
        assert User.objects.with_role(Role.ADMINISTRATOR).count() == 1


def test_grant_at_once_is_one_grant(committed_db: None) -> None:
    person = make_person()
    results = at_once(*[lambda: User.objects.get(pk=person.pk).grant(Role.AUTHOR, by=None).pk] * 4)
    assert len(set(results)) == 1


def test_deactivate_ends_every_role_and_activate_gives_none_back(db: None) -> None:
    admin, person = administrator(), make_person(roles=[Role.AUTHOR, Role.EDITOR])
    person.deactivate(by=admin)
    assert (person.is_active, person.roles) == (False, frozenset())
    assert not RoleGrant.objects.running().filter(user=person).exists()
    with pytest.raises(RuleBroken):
        person.grant(Role.AUTHOR, by=admin)
    with pytest.raises(RuleBroken):
        person.deactivate(by=admin)
    person.activate(by=admin)
    assert (person.is_active, User.objects.get(pk=person.pk).roles) == (True, frozenset())
    with pytest.raises(RuleBroken):
        person.activate(by=admin)
    closure = Closure.objects.get(user=person)
    assert (closure.closed_by, closure.reopened_by) == (admin, admin)


def test_new_user_has_no_role(db: None) -> None:
    user = User.objects.create_user("Somebody@Example.ORG", "x")
    assert (user.email, user.roles, user.has_usable_password()) == ("somebody@example.org", frozenset(), True)
    assert not User.objects.create_user("other@example.org").has_usable_password()


def test_email_is_unique_in_any_case(db: None) -> None:
    make_person(email="one@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(email="ONE@example.org")
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute(
            "INSERT INTO people_user (password, email, name, is_active, joined_at)"
            " VALUES ('', 'One@Example.org', '', true, now())"
        )


def test_display_name_never_shows_the_whole_address(db: None) -> None:
    assert str(make_person(name="", email="quiet.person@example.org")) == "quiet.person"
    assert str(make_person(name="Ada Example")) == "Ada Example"


@pytest.mark.parametrize(
    "name", ["Ada\r\nBcc: all@example.org", "  Ada \t Bcc:\x00 all@example.org ", "Ada\u2028Bcc: all@example.org"]
)
def test_names_stand_on_one_line(db: None, name: str) -> None:
    user = User.objects.create_user("ada@example.org", name=name)
    assert user.name == "Ada Bcc: all@example.org"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM people_rolegrant",
        "UPDATE people_rolegrant SET role = 'administrator'",
        "UPDATE people_rolegrant SET granted_by_id = NULL, granted_at = now()",
        "UPDATE people_rolegrant SET ended_at = NULL, ended_by_id = NULL WHERE ended_at IS NOT NULL",
        "UPDATE people_rolegrant SET ended_at = granted_at - interval '1 day' WHERE ended_at IS NULL",
        "UPDATE people_rolegrant SET ended_by_id = user_id WHERE ended_at IS NULL",
        (
            "INSERT INTO people_rolegrant (user_id, role, granted_at)"
            " SELECT user_id, role, now() FROM people_rolegrant WHERE ended_at IS NULL"
        ),
        "INSERT INTO people_rolegrant (user_id, role, granted_at) SELECT user_id, 'owner', now() FROM people_rolegrant",
        "TRUNCATE people_rolegrant CASCADE",
        "DELETE FROM people_closure",
        "UPDATE people_closure SET closed_at = now() - interval '1 day'",
    ],
)
def test_database_keeps_the_record_of_roles(as_staff: Connection, statement: str) -> None:
    admin, person = administrator(), make_person(roles=[Role.AUTHOR, Role.REVIEWER])
    person.end_role(Role.AUTHOR, by=admin)
    make_person(roles=[Role.AUTHOR]).deactivate(by=admin)
    with pytest.raises(psycopg.Error):
        as_staff.execute(statement)
