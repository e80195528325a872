from people.models import Role, User
from people.rules import today
from tests.people.factories import board_member, make_person


def test_board_member_is_one_today(db: None) -> None:
    member = board_member()
    assert User.objects.board_members_on(today()).with_current_disclosure_on(today()).get() == member
    assert member.is_board_member_on(today())
    assert member.current_disclosure() is not None


def test_new_person_has_no_role(db: None) -> None:
    assert make_person().roles == frozenset()
    assert make_person(roles=[Role.AUTHOR, Role.EDITOR]).roles == {Role.AUTHOR, Role.EDITOR}
