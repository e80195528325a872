"""The box for a follow-up question in a real browser: an answer in place, an emergency on a page of its own."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests import factories
from tests.journeys import seeing

type NewPage = Callable[[], Page]


def test_question_is_answered_in_place_and_an_emergency_is_not(new_page: NewPage) -> None:
    version = factories.make_version("approved")
    page, at = new_page(), f"/articles/{version.article.slug}/"
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(at)
    page.get_by_label("Clinician").check()
    box = page.get_by_label("Have a follow-up question?")
    box.fill("What about gastric distension?")
    page.get_by_role("button", name="Look in reviewed articles").click()
    expect(page.get_by_role("heading", name="What our reviewed articles say")).to_be_focused()
    expect(page.locator("[data-status]")).to_contain_text("found")
    expect(page.locator(".passages")).to_contain_text("Gastric distension explains the timing.")
    assert page.url.endswith(at)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert seeing.violations(page) == []
    box.fill("chest pain and cant breath")
    page.get_by_role("button", name="Look in reviewed articles").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Get help now")
    expect(page.get_by_role("banner")).to_have_count(0)
    assert seeing.violations(page) == []
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(version.title)


def test_answer_to_an_older_question_is_not_waited_for(new_page: NewPage) -> None:
    version = factories.make_version("approved")
    page, held = new_page(), list[Route]()
    page.goto(f"/articles/{version.article.slug}/")
    box, look = page.get_by_label("Have a follow-up question?"), page.get_by_role("button", name="Look in reviewed")
    page.route("**/ask/", lambda route: route.continue_() if held else held.append(route))
    box.fill("Which hiccups are older?")
    with page.expect_request("**/ask/"):
        look.click()
    box.fill("What about gastric distension?")
    with page.expect_event("requestfailed", lambda request: "older" in (request.post_data or ""), timeout=5_000):
        look.click()
    expect(page.locator("[data-status]")).to_contain_text("found")
    assert len(held) == 1
