"""Whoever holds a role signs in with a second factor."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from people.accounts import has_second_factor
from people.permissions import is_signed_in, may_enter_desk
from people.policy import PUBLIC

ALWAYS_OPEN = "/accounts/"


class SecondFactorMiddleware:
    """Sends a person with a role and no second factor to set one up, from every page but the public ones.

    Works after the authentication middleware. allauth asks for the factor itself at sign-in once there is one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: list[Any], _kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Answer in the view's place where a second factor is missing."""
        if getattr(view, "policy", None) == PUBLIC or request.path_info.startswith(ALWAYS_OPEN):
            return None
        if not settings.REQUIRE_SECOND_FACTOR or not is_signed_in(request.user):
            return None
        if not may_enter_desk(request.user) or has_second_factor(request.user):
            return None
        messages.warning(request, "Your role needs a second factor. Set up an authenticator app or a passkey first.")
        return redirect("mfa_index")
