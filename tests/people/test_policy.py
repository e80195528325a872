from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from people.models import Role, User
from people.permissions import is_signed_in, may_enter_desk, may_manage_people
from people.policy import PUBLIC, SignedInRequest, checked_inside, policy, public
from tests.people.factories import make_person

# Libraries whose views check for themselves, each by the module that its views come from.
TRUSTED = ("allauth.", "django.contrib.staticfiles.", "ninja.")


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


ROUTES = list(routes(get_resolver().url_patterns))


def module_of(view: Callable[..., Any]) -> str:
    return str(getattr(getattr(view, "view_class", view), "__module__", ""))


@pytest.mark.parametrize(("address", "view"), ROUTES, ids=[address for address, _ in ROUTES])
def test_every_route_declares_a_policy(address: str, view: Callable[..., Any]) -> None:
    if module_of(view).startswith(TRUSTED):
        return
    declared = getattr(view, "policy", None)
    assert declared == PUBLIC or callable(declared), f"/{address} says nowhere who may come in"


def test_walk_sees_every_room() -> None:
    assert {"accounts/login/", "desk/people/<int:pk>/roles/<str:role>/grant/"} <= {address for address, _ in ROUTES}


def test_walk_would_find_a_view_without_policy() -> None:
    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(AssertionError):
        test_every_route_declares_a_policy("forgotten/", forgotten)


def request_of(user: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/somewhere/?q=1")
    request.user = user
    return request


@policy(may_manage_people)
def guarded(request: SignedInRequest) -> HttpResponse:
    """Guarded."""
    return HttpResponse("in")


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def getter(request: SignedInRequest) -> None:
    return None


@checked_inside(getter)
def checked(request: SignedInRequest) -> HttpResponse:
    return HttpResponse("in")


def test_policy_sends_strangers_to_sign_in() -> None:
    response = guarded(request_of(AnonymousUser()))
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/somewhere/%3Fq%3D1")


def test_policy_refuses_without_the_right(db: None) -> None:
    with pytest.raises(PermissionDenied):
        guarded(request_of(make_person(roles=[Role.AUTHOR, Role.EDITOR, Role.REVIEWER])))


def test_policy_lets_in_with_the_right(db: None) -> None:
    assert guarded(request_of(make_person(roles=[Role.ADMINISTRATOR]))).status_code == 200


def test_policy_turns_closed_accounts_away(db: None) -> None:
    closed = make_person(is_active=False)
    assert not is_signed_in(closed)
    assert guarded(request_of(closed)).status_code == 302


def test_checked_inside_wants_a_sign_in(db: None) -> None:
    assert checked(request_of(AnonymousUser())).status_code == 302
    assert checked(request_of(make_person())).status_code == 200


def test_marks_stay_on_the_views() -> None:
    marks = [getattr(view, "policy", None) for view in (guarded, open_to_all, checked)]
    assert marks == [may_manage_people, PUBLIC, getter]
    assert guarded.__doc__ == "Guarded."
    assert getattr(open_to_all, "login_required", True) is False


@pytest.mark.parametrize("role", Role)
def test_every_role_enters_the_desk(db: None, role: Role) -> None:
    assert may_enter_desk(make_person(roles=[role]))
    assert not may_enter_desk(make_person())
