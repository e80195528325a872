"""Somebody at a browser: signs in, goes on, and has every page that they pass looked at by axe."""

import re
from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from people.models import User
from tests.journeys import seeing
from tests.reviews.desks import at_desk

NARROW = 320  # px


class Visitor:
    """A browser session of one person. `user` is None for a reader."""

    #: What axe has seen in this journey: the roles of who was there, and the page.
    checked: ClassVar[set[tuple[frozenset[str], str]]] = set()

    def __init__(self, page: Page, user: User | None = None) -> None:
        self.page, self.user = page, user
        self.roles = frozenset(user.roles) if user else frozenset()
        page.on("dialog", lambda dialog: dialog.accept())
        if user is not None:
            self._sign_in(user)

    def _sign_in(self, user: User) -> None:
        """By a session that is there already; `test_passkeys` and `test_writing` sign in by the form."""
        self.page.goto("/livez")
        session = at_desk(user).cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.page.url}])

    def see(self, words: str) -> Locator:
        """The first place where these words are seen."""
        found = self.page.get_by_text(words).locator("visible=true").first
        expect(found).to_be_visible()
        return found

    def check(self) -> None:
        """Have axe look at the page, the first time that one of their role meets it; nothing may be wrong with it."""
        page = (self.roles, re.sub(r"\d+", "", self.page.url) + self.page.title())
        if page in self.checked:
            return
        self.checked.add(page)
        problems = seeing.violations(self.page)
        assert not problems, f"{self.page.url}\n" + "\n".join(problems)

    def go(self, address: str) -> int:
        """Load an address, have it looked at, return its status."""
        response = self.page.goto(address)
        assert response is not None
        self.check()
        return response.status

    def fit(self, *addresses: str) -> None:
        """Have pages shown in the narrowest window, with text twice as large: nothing may hang out of them."""
        wide = self.page.viewport_size
        assert wide is not None
        self.page.set_viewport_size({"width": NARROW, "height": 640})
        for address in addresses:
            self.page.goto(address)
            assert seeing.width_of_large_text(self.page) <= NARROW, address
        self.page.set_viewport_size(wide)

    def press(self, name: str) -> None:
        """Press a button or follow a link that leads to a page, by keyboard; have that page looked at."""
        self._focus(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.check()

    def do(self, name: str) -> None:
        """Press a button that changes the page in place, by keyboard."""
        self._focus(name)
        self.page.keyboard.press("Enter")

    def _focus(self, name: str) -> None:
        target = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        target.locator("visible=true").first.focus()


type Opener = Callable[[], Page]
