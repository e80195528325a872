"""Proving again who one is in the very form that asks for it: by a code from the app, or the password.

The forms are allauth’s own, so that its limits, signals and records hold as on its pages. A passkey needs its own page.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.core import ratelimit
from allauth.mfa.base.forms import ReauthenticateForm as CodeForm
from django.conf import settings
from django.forms import BoundField, Form
from django.http import HttpRequest

from people.accounts import has_app, is_fresh, record_proof
from people.models import User


class Proof:
    """One field beside the others of a form. Nothing of it is shown again."""

    def __init__(self, request: HttpRequest, user: User, name: str) -> None:
        self.request, self.user, self.name = request, user, name
        self.form: Form = self._form(None)

    @property
    def field(self) -> BoundField:
        return self.form[self.name]

    @property
    def was_sent(self) -> bool:
        """Whether the form came with the field."""
        return self.name in self.request.POST

    def holds(self) -> bool:
        """Take what was typed: whether it is right, and then it counts as a sign-in of this moment."""
        self.form = self._form(self.request.POST)
        if not ratelimit.consume(self.request, action="reauthenticate", user=self.user):
            self.form.add_error(None, get_adapter().validation_error("too_many_login_attempts"))
            return False
        if not self.form.is_valid():
            return False
        if self.name == "password":
            record_proof(self.request, self.user)
        else:
            self.form.save()  # type: ignore[attr-defined]  # of allauth
        return True

    def _form(self, data: Any) -> Form:
        made: Form = (PasswordForm if self.name == "password" else CodeForm)(data, user=self.user)
        field = made.fields[self.name]
        field.label = "Your password" if self.name == "password" else "Code from your app"
        field.widget.attrs.pop("placeholder", None)
        return made


def proof_for(request: HttpRequest, user: User) -> Proof | None:
    """What the person has to type so that they are fresh; None for who is, and for who has only a passkey."""
    if is_fresh(request, user):
        return None
    if settings.REQUIRE_SECOND_FACTOR:
        return Proof(request, user, "code") if has_app(user) else None
    return Proof(request, user, "password") if user.has_usable_password() else None
