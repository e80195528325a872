"""Every view says who may come in: `@policy(predicate)`, `@checked_inside(getter)` or `@public`.

The mark stays on the view as `view.policy`; a test walks the address table and fails for a view without one.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from people.models import User
from people.permissions import is_signed_in

PUBLIC = "public"


class SignedInRequest(HttpRequest):
    """A request that has passed `policy` or `checked_inside`: its user is a person."""

    user: User


type Predicate = Callable[[User], bool]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
type GuardedView[**P] = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]


def policy[**P](predicate: Predicate) -> Callable[[GuardedView[P]], View[P]]:
    """Let in whoever the predicate allows: others get 403, and a page to sign in when they have not."""
    return _guarded(predicate, mark=predicate)


def checked_inside[**P](getter: Callable[..., Any]) -> Callable[[GuardedView[P]], View[P]]:
    """Let in whoever is signed in: the getter named here loads the object and answers a stranger with 404."""
    return _guarded(is_signed_in, mark=getter)


def public[**P](view: View[P]) -> View[P]:
    """Let in everybody."""
    open_view = login_not_required(view)
    cast(Any, open_view).policy = PUBLIC
    return open_view


def _guarded[**P](predicate: Predicate, *, mark: Callable[..., Any]) -> Callable[[GuardedView[P]], View[P]]:
    def decorate(view: GuardedView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not is_signed_in(request.user):
                return redirect_to_login(request.get_full_path())
            if not predicate(request.user):
                raise PermissionDenied
            request.user = request.user.itself
            return view(cast(SignedInRequest, request), *args, **kwargs)

        cast(Any, guarded).policy = mark
        return guarded

    return decorate
