"""The article's page where axe does not look: keyboard alone, narrow, large text, forced colours, no script, no motion.

Served from the template and the files alone: no database.
"""

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route, expect

from articles.intake import read
from publications.machines.structured_data import structured_data
from tests.journeys.conftest import PATIENCE
from tests.publications.rows import publication

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "ddx_portal/static"
ARTICLE = ROOT / "ddx_portal/demo/articles/twitching-around-the-belly-button.v2.md"
HERE = "http://localhost/articles/hiccups/"
BIG = {"standard": 32, "fixed": 26}  # what a reader who wants text twice as large has set

# What has the focus: its words, and whether it is seen: not under the band at the top, and with a ring around it.
FOCUSED = """() => {
    const it = document.activeElement, box = (it.closest(".audience-option") ?? it).getBoundingClientRect();
    const band = document.querySelector(".site-header"), sticky = getComputedStyle(band).position === "sticky";
    const top = sticky && !band.contains(it) && !it.matches(".skip-link") ? band.getBoundingClientRect().bottom : 0;
    const ring = getComputedStyle(it.closest(".audience-option") ?? it).outlineStyle;
    return { name: it.innerText || it.value || it.getAttribute("aria-label") || it.title, id: it.id, kind: it.tagName,
             isSeen: box.top >= top - 1 && box.bottom <= innerHeight + 1 && box.width > 0, ring };
}"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter((it) => {
    const box = it.getBoundingClientRect();
    return box.width > 1 && box.right > innerWidth + 1 && !it.closest(".visually-hidden, .skip-link");
}).map((it) => `${it.tagName} ${it.className} ${it.innerText}`)"""


@pytest.fixture(scope="module")
def html() -> str:
    row = publication(read(ARTICLE.read_text("utf-8")).content)
    return render_to_string("publications/article.html", {"publication": row, "structured_data": structured_data(row)})


@pytest.fixture
def visit(browser: Browser, html: str) -> Iterator[Callable[..., Page]]:
    """Open the page in a browser of that kind."""
    contexts = []

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file)[0])
        else:
            route.fulfill(body=html, content_type="text/html")

    def go(*, big: bool = False, width: int = 1280, height: int = 800, **kind: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **kind)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.route("**/*", answer)
        page = context.new_page()
        if big:
            context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": BIG})
        page.goto(HERE)
        return page

    yield go
    for context in contexts:
        context.close()


def tabbed(page: Page) -> list[dict[str, Any]]:
    """Whatever the tab key comes to, from the top of the page to its end."""
    stops: list[dict[str, Any]] = []
    for _ in range(250):
        page.keyboard.press("Tab")
        stop: dict[str, Any] = page.evaluate(FOCUSED)
        if stop["kind"] == "BODY" or (stops and stop["name"] == stops[0]["name"]):
            break
        stops.append(stop)
    return stops


def test_everything_is_reached_and_seen_by_keyboard(visit: Callable[..., Page]) -> None:
    page = visit(reduced_motion="reduce")
    stops = tabbed(page)
    names = [stop["name"] for stop in stops]
    assert names[0] == "Skip to the main content"
    assert [stop["name"] for stop in stops if not stop["isSeen"]] == []
    assert [stop["name"] for stop in stops if stop["ring"] == "none"] == []
    for one, other in (("Neurology", "audience_patient"), ("audience_patient", "On this page")):
        order = [stop["id"] or stop["name"] for stop in stops]
        assert order.index(one) < order.index(other)
    assert sum("Report a problem" in name for name in names) == page.locator(".diagnosis").count() + 1


def test_the_choice_and_the_panel_work_by_keyboard(visit: Callable[..., Page]) -> None:
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main_content")).to_be_focused()
    page.locator("#audience_patient").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Clinician", exact=True)).to_be_checked()
    expect(page.locator("#get_help_now")).to_contain_text("Red flags", use_inner_text=True)
    page.locator(".trust > summary").press("Enter")
    expect(page.locator(".trust-panel")).to_be_visible()


@pytest.mark.parametrize(("width", "big"), [(320, False), (1280, True), (390, True)])
def test_nothing_is_cut_off(visit: Callable[..., Page], width: int, big: bool) -> None:
    page = visit(width=width, big=big)
    assert page.evaluate(TOO_WIDE) == []
    page.locator(".trust > summary").click()
    page.get_by_label("Clinician", exact=True).check()
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_tiers_keep_their_shapes_in_forced_colours(visit: Callable[..., Page]) -> None:
    page = visit(forced_colors="active")
    marks = page.evaluate(
        """() => [...document.querySelectorAll(".glance > li > .tier .tier-mark")].map((it) => {
            const { clipPath, maskImage, backgroundColor } = getComputedStyle(it);
            return [clipPath + maskImage, backgroundColor];
        })"""
    )
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert len({shape for shape, _ in marks}) == 4
    assert all(colour != ground for _, colour in marks)
    edge = page.locator('.glance > [data-tier="do_not_miss"]').evaluate("it => getComputedStyle(it).borderLeftStyle")
    assert edge == "solid"


def test_page_is_whole_without_scripts(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False, width=390)
    expect(page.get_by_role("button", name="Print")).to_have_count(0)
    expect(page.locator(".tools").get_by_role("link", name="PDF for patients")).to_be_visible()
    expect(page.locator(".diagnosis").first.get_by_role("link", name="Report a problem")).to_be_visible()
    page.locator(".contents > summary").click()
    page.locator(".contents").get_by_role("link", name="Do not miss").click()
    expect(page.locator("#tier_do_not_miss")).to_be_in_viewport()


def test_address_of_a_diagnosis_is_copied_and_leads_there(visit: Callable[..., Page]) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    last = page.locator(".diagnosis").last
    last.locator(".anchor").click()
    expect(last.get_by_role("status")).to_have_text("Link copied")
    address = f"{HERE}#{last.get_attribute('id')}"
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert page.url == address
    expect(last).to_be_in_viewport()


def test_diagnosis_leads_to_the_articles_that_name_it(visit: Callable[..., Page]) -> None:
    listed = "/diagnoses/amyotrophic-lateral-sclerosis/"
    plain = visit(java_script_enabled=False)
    expect(plain.locator(f'.elsewhere-list a[href="{listed}"]')).to_be_visible()
    beside = visit().locator(".diagnosis").get_by_role("link", name="Articles that name it (Amyotrophic")
    expect(beside).to_have_attribute("href", f"http://localhost{listed}")


def test_contents_tell_which_part_is_read_and_nothing_moves(visit: Callable[..., Page]) -> None:
    page = visit(reduced_motion="reduce")
    page.locator(".trust > summary").click()
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    contents = page.locator(".contents")
    for name in ("References", "Other likely"):
        contents.get_by_role("link", name=name).click()
        expect(contents.locator("[aria-current=location]")).to_contain_text(name)
        expect(contents.locator("[aria-current]")).to_have_count(1)
