"""Where our accounts meet allauth's: confirmed addresses, links to a new password, signing in, fresh factors."""

import time

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseBase
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


def has_fresh_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether the person gave a second factor within the last few minutes (`ACCOUNT_REAUTHENTICATION_TIMEOUT`)."""
    oldest = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" and record["at"] >= oldest for record in records)


def ask_second_factor(request: HttpRequest, user: User) -> HttpResponseBase:
    """Ask for the second factor, and go on with this very request, its form included, once it is given."""
    answer: HttpResponseBase = suspend_request(request, second_factor_path(user))
    return answer


def second_factor_path(user: User) -> str:
    """The address at which the person gives their second factor again: a code if they have an app, else a passkey."""
    has_code = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
    return reverse("mfa_reauthenticate" if has_code else "mfa_reauthenticate_webauthn")
