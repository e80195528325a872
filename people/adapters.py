"""How allauth behaves here: nobody signs up uninvited, links name our own site, mail goes through the queue."""

from typing import Any, override
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from people import mail
from people.letters import Words
from people.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no annotations
    """The account side."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account begins with an invitation."""
        return False

    @override
    def is_safe_url(self, url: str | None) -> bool:
        """Only a page of this site may follow a sign-in."""
        return url_has_allowed_host_and_scheme(url, {urlsplit(settings.SITE_URL).netloc}, require_https=settings.HTTPS)

    @override
    def get_reset_password_from_key_url(self, key: str) -> str:
        """The address in a mail, at our own site whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return mail.absolute(path.replace("UID-KEY", key))

    @override
    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The address in a mail, at our own site whatever host the request named."""
        return mail.absolute(reverse("account_confirm_email", args=[emailconfirmation.key]))

    @override
    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Have the worker make the link: no way into an account stands in any table."""
        mail.post_password_reset(user)

    @override
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the message in the queue, so that it is sent if what it tells of is committed."""
        site = {"name": settings.MFA_TOTP_ISSUER, "domain": settings.SITE_URL}
        message = self.render_mail(template_prefix, email, {"email": email, "current_site": site, **context})
        mail.post_account_message(email, Words(str(message.subject), str(message.body)))
