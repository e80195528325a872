"""A second factor by passkey: set up, sign in with it alone, as the second step. The key is Chromium's virtual one."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django import Settings

from people.accounts import confirm_email
from people.models import Role
from tests.people.factories import PASSWORD, make_person

KEY = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
READY = {"isUserVerified": True, "automaticPresenceSimulation": True}


def plug_in_a_key(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | READY})


def sign_in_by_password(page: Page) -> None:
    page.goto("/accounts/login/?next=/desk/people/me/")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_passkey_from_first_sign_in_to_second_step(new_page: Callable[[], Page], settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    confirm_email(make_person(email="ada@example.org", name="Ada Example", roles=[Role.EDITOR]))
    page = new_page()
    plug_in_a_key(page)

    sign_in_by_password(page)
    expect(page.get_by_text("Your role needs a second factor")).to_be_visible()
    page.get_by_role("link", name="Add").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Second factor on")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/?next=/desk/people/me/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Ada Example")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    sign_in_by_password(page)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("heading", name="Ada Example")).to_be_visible()
