"""Whoever comes to the desk signs in, with a second factor where they hold a role, and is led on from every answer."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from people.accounts import has_second_factor
from people.permissions import is_signed_in, may_enter_desk
from people.policy import PUBLIC

ALWAYS_OPEN = "/accounts/"
READING = ("GET", "HEAD")
SIGN_IN_AFTER_A_FORM = "/accounts/login/?sent=1"  # the page says that nothing was done


def form_page(request: HttpRequest) -> str:
    """The page on which the form stood that was sent here, to go on at; this address where it is not told."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    page = came_from.partition(request.get_host())[2] if ours else ""
    return page if page.startswith("/desk/") else request.get_full_path()


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's, but whoever sent a form after their session had ended is told so, and goes on at that form's page."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """Lead to the sign-in."""
        if request.method in READING:
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(form_page(request), SIGN_IN_AFTER_A_FORM)


def page_where_only_forms_go(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer whoever opens the address of a form's button with a page that leads on, not with an empty one."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or request.method not in READING:
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware


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
