from people.models import Role
from tests.people.factories import board_member, make_person


def test_board_member_is_one_today(db: None) -> None:
    member = board_member()
    assert member.is_reviewer
    assert member.board_term_now is not None
    assert member.current_disclosure() is not None


def test_new_person_has_no_role(db: None) -> None:
    assert make_person().roles == frozenset()
    assert make_person(roles=[Role.AUTHOR, Role.EDITOR]).roles == {Role.AUTHOR, Role.EDITOR}
