"""A real browser against the live site. All journeys run in one process; the browser closes with the last of them."""

import os
from collections.abc import Callable, Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import chromium
from tests.journeys.people import Visitor

PATIENCE = 30_000  # ms that a busy machine may take


class LiveServer(Protocol):
    """pytest-django's server in a thread; it brings `committed_db` with it."""

    url: str


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    path = chromium.find()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, which makes Django refuse the database to the test itself.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        running = playwright.chromium.launch(executable_path=path, args=sandbox)
        expect.set_options(PATIENCE)
        yield running
        running.close()


@pytest.fixture(autouse=True)
def every_journey_has_its_pages_looked_at() -> None:
    Visitor.checked.clear()


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[[], Page]]:
    """Return a function that opens a page in a session of its own, as another person at another desk."""
    contexts: list[BrowserContext] = []

    def open_page() -> Page:
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
