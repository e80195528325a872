"""The browser reaches the live site, and what a test commits reaches the browser."""

from collections.abc import Callable

from django.contrib.auth import get_user_model
from playwright.sync_api import Page


def test_browser_reaches_the_live_site(new_page: Callable[[], Page]) -> None:
    get_user_model().objects.count()
    response = new_page().goto("/readyz")
    assert response is not None
    assert (response.status, response.text()) == (200, "ok")
