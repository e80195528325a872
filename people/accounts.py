"""Where our accounts meet allauth's: confirmed addresses, links to a new password, signing in, proving it again."""

import time
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.forms import default_token_generator

# private to allauth, which has no public name for it
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
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


def record_proof(request: HttpRequest, user: User) -> None:
    """Count the password that a person has just typed once more as a sign-in of this moment."""
    record_authentication(request, user, method="password", reauthenticated=True)


def is_fresh(request: HttpRequest, user: User) -> bool:
    """Whether the person has proved who they are within the last minutes (`ACCOUNT_REAUTHENTICATION_TIMEOUT`).

    Where a second factor is required, only that one counts.
    """
    oldest = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    fresh = [record for record in get_authentication_records(request, user) if record["at"] >= oldest]
    return any(not settings.REQUIRE_SECOND_FACTOR or record.get("method") == "mfa" for record in fresh)


def path_to_prove(user: User, back: str) -> str:
    """The address at which the person proves again who they are, and then goes on to `back`.

    By a code if they have an app, else a passkey; by the password where no second factor is required.
    """
    page = "account_reauthenticate"
    if settings.REQUIRE_SECOND_FACTOR:
        page = "mfa_reauthenticate" if has_app(user) else "mfa_reauthenticate_webauthn"
    return f"{reverse(page)}?{urlencode({'next': back})}"


def has_app(user: User) -> bool:
    """Whether the person has an authenticator app, and so codes to type."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists())


def has_second_factor(user: User) -> bool:
    """Whether the person has an authenticator app or a passkey (recovery codes alone do not count)."""
    second = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=second).exists())
