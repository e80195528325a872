"""Where our accounts meet allauth's: confirmed addresses, links to a new password, signing in."""

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse

from people.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def confirm_email(user: User) -> None:
    """Record that the person's e-mail address is theirs: an invitation that came there was accepted."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def password_reset_path(user: User) -> str:
    """The address, good once and for a limited time, at which the person sets a new password."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign in a person who has just set their password."""
    record_authentication(request, user, method="password", email=user.email)
    login(request, user, backend=BACKEND)
