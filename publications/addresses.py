"""Where things stand on the public site."""

from functools import cache
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *arguments: str | int) -> str:
    """The address of a view as others open it, with the site's own."""
    return settings.SITE_URL + reverse(name, args=arguments)


def article_url(slug: str) -> str:
    """Where an article stands; every line of a list has one, so the address list is asked once."""
    return _article_url().replace("@", slug)


def search_url(**query: str) -> str:
    """The search, or the list of what is public and fits, by query, specialty or letter."""
    return f"{_search_url()}?{urlencode(query)}" if query else _search_url()


@cache
def _search_url() -> str:
    return reverse("publications:search")


@cache
def _article_url() -> str:
    return reverse("publications:article", args=("0",)).replace("/0/", "/@/")
