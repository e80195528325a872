"""Settings as the environment says them: text, whole numbers, yes or no, where mail goes."""

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str) -> str:
    """Return the environment variable ``name``; without it the process must not start."""
    if value := os.environ.get(name):
        return value
    raise ImproperlyConfigured(f"{name} is not set. See docs/operations.md, or run `make demo` for a ready-made set.")


def number(name: str, default: int) -> int:
    """Return the environment variable ``name`` as a whole number, zero or more."""
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def switch(name: str, *, default: bool) -> bool:
    """Return the environment variable ``name`` as yes or no."""
    value = (os.environ.get(name) or ("1" if default else "0")).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def mailer(url: str) -> dict[str, Any]:
    """Return the mailer for ``file:///folder``, ``smtp://user:password@host:port?tls=1`` (or ``ssl=1``)."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        options: dict[str, Any] = {"file_path": unquote(parts.path)}
        return {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": options}
    if parts.scheme != "smtp" or not parts.hostname:
        raise ImproperlyConfigured("DDX_MAIL_URL must be file:///folder or smtp://user:password@host:port?tls=1.")
    query = parse_qs(parts.query)
    options = {
        "host": parts.hostname,
        "port": parts.port or 25,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": query.get("tls") == ["1"],
        "use_ssl": query.get("ssl") == ["1"],
        "timeout": 20,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
