"""The first administrator of a portal comes by the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from people.models import User
from tests.people.factories import make_person

pytestmark = pytest.mark.django_db


def add(*arguments: str) -> str:
    out = StringIO()
    call_command("add_administrator", *arguments, stdout=out)
    return out.getvalue()


def test_first_administrator_sets_a_password_at_the_printed_address() -> None:
    words = add("Ada@Example.org", "--name=Ada Example")
    user = User.objects.get(email="ada@example.org")
    assert (user.name, user.is_administrator, user.has_usable_password()) == ("Ada Example", True, False)
    address = words.split()[-1].removeprefix("http://testserver")
    page = Client().get(address, follow=True)
    assert page.status_code == 200
    assert "password" in page.content.decode()


def test_adding_twice_changes_nothing_more() -> None:
    add("ada@example.org")
    add("ada@example.org")
    assert User.objects.get().role_grants.count() == 1


def test_somebody_who_is_here_already_keeps_the_account() -> None:
    person = make_person(email="bo@example.org", roles=["author"])
    add("bo@example.org")
    assert {str(role) for role in User.objects.get(pk=person.pk).roles} == {"author", "administrator"}


@pytest.mark.parametrize("email", ["", "nobody", "a b@example.org", "x@y\n@example.org"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        add(email)
    assert not User.objects.exists()


def test_closed_account_is_not_opened() -> None:
    person = make_person(email="bo@example.org")
    person.deactivate(by=make_person(roles=["administrator"]))
    with pytest.raises(CommandError, match="closed"):
        add("bo@example.org")
