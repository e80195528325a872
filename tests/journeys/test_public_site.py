"""The public pages in a real browser: at every width, in both colour schemes, without scripts, on paper."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from articles.codes import Icd10Code
from articles.intake import read
from articles.models import Version
from content.schema import Content
from people.specialties import MedicalSpecialty
from publications.policies import Policy
from reviews.notices import post
from tests import factories
from tests.conftest import Blocker
from tests.harness import WorkerDatabase
from tests.journeys import seeing
from tests.journeys.conftest import PATIENCE, LiveServer

DEMO = Path(__file__).resolve().parents[2] / "ddx_portal" / "demo" / "articles"
TWITCHING = "/articles/twitching-around-the-belly-button/"
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)

ANSWERS = (
    ("Why do my muscles twitch after coffee?", "What our reviewed articles say"),
    ("How many mg of magnesium should I take?", "This is not answered here"),
    ("xylophone repair", "Our reviewed articles do not answer this"),
    ("chest pain and cannot breathe", "Get help now"),
)


class Site(NamedTuple):
    """Addresses of a site that has something of everything."""

    pages: list[str]


def demonstration(name: str) -> Content:
    """One of the demonstration's articles; its codes are made known."""
    content = read((DEMO / name).read_text("utf-8")).content
    codes = {code for diagnosis in content.diagnoses for code in diagnosis.codes}
    known = [Icd10Code(code=code, title=code, is_billable=True, release="2026") for code in codes]
    Icd10Code.objects.bulk_create(known, ignore_conflicts=True)
    return content


def approved(version: Version) -> Version:
    factories.assign(version)
    return factories.approve(version)


@pytest.fixture(scope="module")
def kept_site(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[Site]:
    """One site for all journeys here; what a journey writes there is taken back."""
    sites: list[Site] = []
    with django_db_blocker.unblock(), worker_database.kept(lambda: sites.append(make_site())):
        yield sites[0]


@pytest.fixture
def site(kept_site: Site, live_server: LiveServer) -> Site:
    """That site, served."""
    return kept_site


def make_site() -> Site:
    """An article in two versions, a retracted one, and a plain one."""
    first = factories.make_version(
        "approved",
        content=demonstration("twitching-around-the-belly-button.md"),
        specialty=MedicalSpecialty.NEUROLOGIC,
    )
    second = demonstration("twitching-around-the-belly-button.v2.md")
    note = "Sharper red flags; one diagnosis added."
    approved(factories.submit(factories.revise(first, second), change_note=note))
    content = demonstration("swelling-of-one-leg.md")
    gone = factories.make_version("retracted", content=content, specialty=MedicalSpecialty.CARDIOVASCULAR)
    plain = factories.make_version("approved")
    said: dict[str, Any] = {
        "words": "Read 5 mg where it says 50 mg.",
        "reason": "A reader compared it with its source.",
    }
    for kind in ("expression_of_concern", "concern_lifted", "correction"):
        post(plain, by=factories.editor(), kind=kind, **said)
    corrections = Policy.objects.versions("corrections")[0]
    rules: dict[str, Any] = {"title": "Corrections", "body": "Otherwise.", "change_note": "Shorter."}
    rules["based_on"] = corrections.number
    Policy.objects.publish("corrections", **rules, by_id=factories.editor().pk)
    member = plain.decisions.all()[0].reviewer.board_profile.slug
    retracted = f"/articles/{gone.article.slug}/"
    ways = [
        "/",
        "/search/",
        "/search/?q=muscle",
        "/search/?q=musscle",
        "/search/?q=nothing+like+it",
        "/search/?specialty=Neurologic",
    ]
    article = [TWITCHING, f"{TWITCHING}v/1/", f"{TWITCHING}history/", retracted, f"{retracted}v/1/"]
    article.append(f"/articles/{plain.article.slug}/")
    asking = [f"{TWITCHING}report/", f"{TWITCHING}ask/", f"{TWITCHING}question/send/"]
    finding = ["/diagnoses/", "/diagnoses/amyotrophic-lateral-sclerosis/", "/search/?q=muscle&tier=do_not_miss"]
    rest = ["/board/", f"/board/{member}/", "/policies/", "/policies/editorial/", "/policies/editorial/history/"]
    rest += [corrections.get_version_url(), corrections.history_url]
    return Site([*ways, *article, *asking, *finding, *rest, "/api/v1/docs", "/there-is-no-such-page/"])


@pytest.fixture
def open_as(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a browser of that kind."""
    contexts: list[BrowserContext] = []

    def open_page(**kind: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **kind)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def complaints(page: Page) -> list[str]:
    """What the browser complains of on this page from now on, refused scripts and styles included."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    return told


def test_every_page_is_accessible_and_fits(site: Site, open_as: Callable[..., Page]) -> None:
    page = open_as(viewport=WIDE)
    told = complaints(page)
    for path in site.pages:
        seeing.dress(page, WIDE, "light")
        page.goto(path)
        assert seeing.violations(page) == [], page.url
        assert seeing.width(page) <= WIDE["width"], page.url
        assert page.locator("h1").count() == 1, page.url
        seeing.dress(page, PHONE, "dark")
        assert seeing.violations(page, *seeing.BY_LOOK) == [], page.url
        assert seeing.width(page) <= PHONE["width"], page.url
    assert [each for each in told if "404" not in each] == []


def test_every_page_is_gone_through_by_keyboard_narrow_without_scripts_and_colours(
    site: Site, open_as: Callable[..., Page]
) -> None:
    kind = {"java_script_enabled": False, "forced_colors": "active", "reduced_motion": "reduce"}
    page = open_as(viewport={"width": 320, "height": 640}, **kind)
    for path in site.pages:
        page.goto(path)
        check_narrow(page)
    page.goto(f"{TWITCHING}report/")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_role("link", name="Choose what comes nearest").click()
    expect(page.locator("input[type=radio]:target")).to_be_visible()
    check_narrow(page)
    for asked, heading in ANSWERS:
        page.goto(f"{TWITCHING}ask/")
        page.get_by_label("Have a follow-up question?").fill(asked)
        page.get_by_role("button", name="Look in reviewed articles").click()
        expect(page.locator("h1")).to_have_text(heading)
        check_narrow(page)


def check_narrow(page: Page) -> None:
    assert seeing.faults(page, has_scripts=False) == [], page.url
    assert seeing.width(page) <= 320, page.url
    assert seeing.width_of_large_text(page) <= 320, page.url


def test_audience_is_chosen_without_scripts_and_hides_no_diagnosis(site: Site, open_as: Callable[..., Page]) -> None:
    page = open_as(java_script_enabled=False)
    page.goto(TWITCHING)
    names = page.locator(".diagnosis h3").all_inner_texts()
    for label, seen, unseen in (
        ("Clinician", "local guidance and the sources", "cannot tell you what you have"),
        ("Student", "local guidance and the sources", "cannot tell you what you have"),
        ("Patient or caregiver", "cannot tell you what you have", "local guidance and the sources"),
    ):
        page.get_by_label(label, exact=True).check()
        expect(page.locator(".disclaimer")).to_contain_text(seen, use_inner_text=True)
        expect(page.locator(".disclaimer")).not_to_contain_text(unseen, use_inner_text=True)
        assert [text for text in page.locator(".diagnosis h3").all_inner_texts() if text] == names
        assert page.locator(".urgent").is_visible()


def test_audience_is_remembered_from_page_to_page(site: Site, open_as: Callable[..., Page]) -> None:
    page = open_as()
    page.goto(TWITCHING)
    page.get_by_label("Clinician", exact=True).check()
    page.goto("/articles/hiccups-at-night/")
    expect(page.get_by_label("Clinician", exact=True)).to_be_checked()


def test_trust_line_and_audience_stand_above_the_fold_of_a_phone(site: Site, open_as: Callable[..., Page]) -> None:
    page = open_as(viewport={"width": 390, "height": 844})
    page.goto(TWITCHING)
    for selector in (".trust summary", ".stepper", "fieldset.audience"):
        box = page.locator(selector).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844, selector


def test_reader_searches_by_keyboard(site: Site, open_as: Callable[..., Page]) -> None:
    page = open_as()
    page.goto("/")
    page.get_by_label("Search by symptom or diagnosis").press_sequentially("belly button")
    page.keyboard.press("Enter")
    expect(page.locator("main mark").first).to_be_visible()
    page.get_by_role("link", name="Twitching Around the Belly Button").first.press("Enter")
    expect(page.locator("h1")).to_have_text("Twitching Around the Belly Button")


def test_print_leaves_out_what_paper_cannot_use(site: Site, open_as: Callable[..., Page]) -> None:
    page = open_as(viewport={"width": 794, "height": 1123})
    page.goto(TWITCHING)
    page.emulate_media(media="print")
    for selector in (".site-header", ".site-footer nav", "fieldset.audience", ".contents", "follow-up-question"):
        expect(page.locator(selector).first).to_be_hidden()
    for selector in ("h1", ".trust", ".urgent", ".references", ".disclaimer"):
        expect(page.locator(selector).first).to_be_visible()
    assert seeing.width(page) <= 794


def test_suggestions_are_chosen_by_keyboard_alone(site: Site, open_as: Callable[..., Page]) -> None:
    page = open_as(viewport={"width": 390, "height": 844})
    told = complaints(page)
    page.goto("/")
    field = page.get_by_role("combobox")
    field.press_sequentially("amyotro")
    options = page.get_by_role("option")
    expect(options).to_have_count(1)
    assert seeing.violations(page) == []
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    page.wait_for_url("**/diagnoses/amyotrophic-lateral-sclerosis/")
    assert told == []
