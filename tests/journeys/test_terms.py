"""Terms explained on demand, in a real browser with and without scripts: by keyboard, at 320 px, in print."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from content.schema import Content
from ddx_portal.storage import PRINT_STYLES, STYLES
from publications.render import render_body
from tests.journeys import seeing
from tests.journeys.test_elements import STATIC

pytestmark = pytest.mark.journey

CONTENT = Content.model_validate(
    {
        "presentation": {"clinician": "It starts with singultus, a spasm of the diaphragm."},
        "diagnoses": [{"key": "reflux", "tier": "most_likely", "name": "Reflux", "clinician": {"rationale": "Acid."}}],
        "terms": [
            {"key": "diaphragm", "term": "diaphragm", "meaning": "The muscle of breathing. " * 6},
            {"key": "singultus", "term": "singultus", "meaning": "The hiccups."},
        ],
        "questions": [{"key": "long", "question": "How long may it last?", "answer": "Until the *diaphragm* rests."}],
    }
)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the body of an article under the styles of the site."""
    styles = "".join((STATIC / name).read_text() for name in STYLES)
    printed = f"@media print {{ {(STATIC / PRINT_STYLES).read_text()} }}"
    head = f"<title>Hiccups</title><meta name=viewport content=width=device-width><style>{styles}{printed}</style>"
    html = f'<!doctype html><html lang="en"><head>{head}</head><main><h1>Hiccups</h1>{render_body(CONTENT)}</main>'
    contexts = []

    def go(**options: Any) -> Page:
        contexts.append(browser.new_context(**{"viewport": {"width": 320, "height": 640}, **options}))
        page = contexts[-1].new_page()
        page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto("http://portal.test/")
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("has_script", [False, True])
def test_meaning_opens_by_keyboard_takes_the_focus_and_gives_it_back(
    visit: Callable[..., Page], has_script: bool
) -> None:
    page = visit(java_script_enabled=has_script)
    word = page.get_by_role("button", name="diaphragm", exact=True).first
    word.focus()
    page.keyboard.press("Enter")
    meaning = page.get_by_role("dialog", name="diaphragm", exact=True)
    expect(meaning).to_be_focused()
    expect(meaning).to_contain_text("The muscle of breathing.")
    box = meaning.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(word).to_be_focused()
    word.press("Enter")
    meaning.get_by_role("button", name="Close").click()
    expect(word).to_be_focused()


def test_one_meaning_at_a_time_and_axe_finds_nothing(visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 1280, "height": 900})
    for name in ("singultus", "diaphragm"):
        page.get_by_role("button", name=name, exact=True).first.click()
        assert page.locator(".term-meaning:popover-open").count() == 1
        assert seeing.violations(page) == []
    page.mouse.click(5, 5)
    assert page.locator(".term-meaning:popover-open").count() == 0


def test_paper_has_the_list_and_no_popover(visit: Callable[..., Page]) -> None:
    page = visit()
    page.get_by_role("button", name="singultus", exact=True).first.click()
    page.emulate_media(media="print")
    expect(page.locator("#term_singultus")).to_be_hidden()
    expect(page.locator("#meaning_singultus")).to_be_visible()
    expect(page.locator("#question_long")).to_be_visible()
