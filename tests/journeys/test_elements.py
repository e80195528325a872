"""The custom elements and the frames in a real browser, served from templates and files alone: no database."""

import mimetypes
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.test import override_settings
from playwright.sync_api import Browser, Page, Route, expect

from content.schema import Content
from ddx_portal.gallery import DEMONSTRATION, gallery_context
from publications.render import render_body
from tests.journeys import seeing

pytestmark = pytest.mark.journey

STATIC = Path(__file__).parents[2] / "ddx_portal/static"
PLAIN_STORAGE = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
CODES = '{"results": [{"code": "R25.3", "name": "Fasciculation"}, {"code": "R06.6", "name": "<b>Hiccough"}]}'
#: A width, colours, and the rules of axe that look there: all of them once.
LOOKS: tuple[tuple[int, Literal["light", "dark"], tuple[str, ...]], ...] = (
    (1280, "light", ()),
    (1280, "dark", seeing.BY_LOOK),
    (320, "light", seeing.BY_LOOK),
)
SIGNED = datetime(2026, 8, 8, 10, 42, tzinfo=UTC)


def publication() -> SimpleNamespace:
    """An approved article with a text for patients, as the public page is given it."""
    one = DEMONSTRATION["diagnoses"][0] | {"patient": {"rationale": "You ate a lot.", "red_flags": ["You vomit blood"]}}
    content = Content.model_validate(DEMONSTRATION | {"diagnoses": [one | {"tier": "most_likely"}]})
    signer = {"name": "Dr Ada Example", "slug": "ada", "signed_at": SIGNED, "disclosures_none": True}
    version = {"number": 1, "approved_on": SIGNED.date(), "url": "#", "is_current": True}
    return SimpleNamespace(
        title=content.title,
        slug="hiccups",
        number=1,
        specialty_label="Gastroenterology",
        body_html=render_body(content),
        state="current",
        submitted_at=SIGNED,
        review_started_at=SIGNED,
        approved_at=SIGNED,
        last_reviewed_on=SIGNED.date(),
        next_review_on=date(2027, 8, 8),
        signers=[signer, signer | {"name": "Dr Ben Sample", "slug": "ben"}],
        author={"name": "Chris Placeholder"},
        origin_sentence="Written by a person.",
        content_sha256="9f2c" * 16,
        history=[version],
        has_patient_text=True,
    )


def pages() -> dict[str, str]:
    user = SimpleNamespace(display_name="Eve Editor", is_authenticated=True, is_editor=True)
    with override_settings(STORAGES=PLAIN_STORAGE):
        return {
            "/article": render_to_string("publications/article.html", {"publication": publication()}),
            "/gallery": render_to_string("gallery.html", gallery_context() | {"user": user, "csrf_token": "x" * 64}),
            "/home": render_to_string("publications/home.html"),
            "/missing": render_to_string("404.html"),
        }


@pytest.fixture(scope="module")
def served() -> dict[str, str]:
    return pages()


@pytest.fixture
def visit(browser: Browser, served: dict[str, str]) -> Iterator[Callable[..., Page]]:
    """Open one of the pages; anything that the console complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path in served:
            route.fulfill(body=served[path], content_type="text/html", headers={"Content-Security-Policy": CSP})
        elif path == "/desk/codes/":
            route.fulfill(body=CODES, content_type="application/json")
        else:
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file)[0])

    def go(path: str, **options: Any) -> Page:
        context = browser.new_context(
            base_url="http://portal.test", **{"viewport": {"width": 1280, "height": 900}, **options}
        )
        contexts.append(context)
        context.route("**/*", answer)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("path", ["/article", "/gallery", "/home", "/missing"])
def test_page_is_accessible_and_fits(visit: Callable[..., Page], path: str) -> None:
    page = visit(path)
    for width, scheme, rules in LOOKS:
        seeing.dress(page, {"width": width, "height": 800}, scheme)
        assert seeing.violations(page, *rules) == [], (width, scheme)
        assert seeing.width(page) <= width, (width, scheme)


def test_trust_line_and_audience_choice_stand_above_the_fold_of_a_phone(visit: Callable[..., Page]) -> None:
    page = visit("/article", viewport={"width": 390, "height": 844})
    for part in ("details.trust > summary", "audience-choice"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 844


def test_audience_choice_works_without_a_script(visit: Callable[..., Page]) -> None:
    page = visit("/article", java_script_enabled=False)
    expect(page.get_by_text("You ate a lot.")).to_be_visible()
    expect(page.get_by_text("An invented text")).to_be_hidden()
    page.get_by_label("Clinician").check()
    expect(page.get_by_text("You ate a lot.")).to_be_hidden()
    expect(page.get_by_text("An invented text")).to_be_visible()


@pytest.mark.parametrize("audience", ["Patient or caregiver", "Clinician", "Student"])
def test_audience_choice_never_hides_a_tier_a_name_or_the_red_flags(visit: Callable[..., Page], audience: str) -> None:
    page = visit("/article")
    page.get_by_label(audience).check()
    for tier in ("Most likely", "Other likely", "Do not miss", "Rare"):
        expect(page.get_by_role("heading", name=tier, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Gastric distension")).to_be_visible()
    expect(page.locator(".urgent li:visible").first).to_be_visible()


def test_audience_choice_is_remembered(visit: Callable[..., Page]) -> None:
    page = visit("/article")
    page.get_by_label("Student").check()
    page.reload()
    expect(page.get_by_label("Student")).to_be_checked()


def positions(page: Page) -> list[tuple[str, str]]:
    items = page.locator("[data-sort-item]")
    return [
        (item.locator(".sort-name").inner_text(), item.locator("[data-sort-position]").input_value())
        for item in items.all()
    ]


def test_sortable_list_by_buttons_renumbers_and_says_so(visit: Callable[..., Page]) -> None:
    page = visit("/gallery")
    page.get_by_role("button", name="Move Reflux down").click()
    assert positions(page) == [("Alcohol", "1"), ("Reflux", "2")]
    expect(page.locator("sortable-list [role=status]")).to_have_text("Reflux is now 2 of 2")
    expect(page.get_by_role("button", name="Move Reflux down")).to_be_focused()


def test_sortable_list_by_dragging(visit: Callable[..., Page]) -> None:
    page = visit("/gallery")
    handle = page.locator("[data-sort-handle]").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] + 80, steps=6)
    page.mouse.up()
    assert positions(page) == [("Alcohol", "1"), ("Reflux", "2")]


def test_code_search_replaces_the_part_at_the_caret(visit: Callable[..., Page]) -> None:
    page = visit("/gallery")
    field = page.get_by_label("ICD-10-CM codes")
    field.press_sequentially("A00, hicc")
    expect(page.locator("code-search [role=option]")).to_have_text(["R25.3 Fasciculation", "R06.6 <b>Hiccough"])
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("A00, R06.6")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_markdown_toolbar_wraps_and_can_be_undone(visit: Callable[..., Page]) -> None:
    page = visit("/gallery")
    field = page.get_by_label("Why it is considered", exact=True)
    field.fill("one\ntwo")
    field.press("Control+a")
    page.get_by_role("button", name="Numbered list").click()
    expect(field).to_have_value("1. one\n2. two")
    field.press("Control+z")
    expect(field).to_have_value("one\ntwo")


def test_key_list_moves_and_can_be_switched_off(visit: Callable[..., Page]) -> None:
    page = visit("/gallery")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Dizziness on standing up", exact=True)).to_be_focused()
    page.keyboard.press("?")
    page.get_by_label("Single keys are on in this browser").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Hiccups that will not stop", exact=True)).not_to_be_focused()
