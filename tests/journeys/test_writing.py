"""The editor in a real browser: by keyboard, by dragging, without a script, and when something goes wrong."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from articles.codes import Icd10Code
from articles.models import Article, Presence, Typing, Version
from content.schema import Content
from people.models import Role
from tests.articles.browsing import Editor, address
from tests.articles.test_views_new import PAGE
from tests.factories import author, editor, make_content, make_version, reread
from tests.journeys import seeing
from tests.journeys.people import Opener, Visitor
from tests.people.factories import PASSWORD


@pytest.fixture
def version(committed_db: None) -> Version:
    return make_version()


@pytest.fixture
def writer(new_page: Opener, version: Version) -> Visitor:
    """Somebody who has the draft open; `test_every_page_is_accessible` has axe look at it."""
    visitor = Visitor(new_page(), version.author)
    visitor.page.goto(address("edit", version))
    return visitor


def field(visitor: Visitor, name: str) -> Any:
    return visitor.page.locator(f'[name="{name}"]')


def kept(visitor: Visitor) -> dict[str, Any] | None:
    """What the browser has kept of a draft."""
    found = visitor.page.evaluate(
        "JSON.stringify(Object.entries(localStorage).filter(([key]) => key.startsWith('ddx-draft-')).map(e => e[1]))"
    )
    texts = json.loads(found)
    return json.loads(texts[0]) if texts else None


def wait_until_kept(visitor: Visitor) -> None:
    """The browser writes a moment after the last letter."""
    for _ in range(300):
        if kept(visitor) is not None:
            return
        visitor.page.wait_for_timeout(100)
    pytest.fail("nothing was kept")


def save(visitor: Visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Control+s")


def test_saving_by_keyboard_comes_back_to_the_field(writer: Visitor, version: Version) -> None:
    title = field(writer, "title")
    title.focus()
    writer.page.keyboard.press("End")
    writer.page.keyboard.type(" and by day")
    writer.see("Unsaved changes.")
    save(writer)
    expect(title).to_be_focused()
    expect(writer.page.get_by_text("Unsaved changes.")).to_have_count(0)
    assert reread(version).title == "Hiccups at night and by day"
    assert kept(writer) is None
    assert "saved=1" not in writer.page.url


def test_enter_in_a_field_saves_and_moves_nothing(writer: Visitor, version: Version) -> None:
    field(writer, "title").fill("Hiccups")
    with writer.page.expect_navigation():
        field(writer, "title").press("Enter")
    assert reread(version).title == "Hiccups"
    assert [d.key for d in reread(version).document.diagnoses] == [d.key for d in version.document.diagnoses]


def says(visitor: Visitor, words: str) -> None:
    """What the bar says becomes of the text."""
    expect(visitor.page.locator("[data-state-words]")).to_contain_text(words)


def crash(visitor: Visitor, version: Version) -> Visitor:
    """The window is gone, without a word to the page; later, the network is back and the editor is opened again."""
    context = visitor.page.context
    visitor.page.evaluate("() => { window.fetch = () => new Promise(() => {}); navigator.sendBeacon = () => true; }")
    visitor.page.close(run_before_unload=False)
    context.set_offline(False)
    again = Visitor(context.new_page())
    again.page.goto(address("edit", version))
    return again


def test_text_is_saved_while_one_types(writer: Visitor, version: Version) -> None:
    field(writer, "title").fill("Hiccups by day")
    says(writer, "Saved ")
    assert reread(version).title == "Hiccups by day"
    writer.see("Nothing that is needed is missing.")
    field(writer, "title").fill("")
    writer.see("Give the article a title: the symptom in a reader’s words.")
    field(writer, "presentation_patient").fill("Intermittent contractions of the diaphragm. " * 8)
    writer.see("Too hard for many patients: aim at grade 6")
    writer.page.get_by_role("link", name="intermittent").press("Enter")
    assert field(writer, "presentation_patient").evaluate("f => f.value.slice(f.selectionStart, f.selectionEnd)") == (
        "Intermittent"
    )
    says(writer, "Saved ")
    writer.check()
    assert kept(writer) is None
    assert reread(version).title == ""


def test_network_that_is_cut_loses_nothing(writer: Visitor, version: Version) -> None:
    typed = list(Editor(version.author, version).typed.items())
    pairs = [(name, "Kept before" if name == "title" else value) for name, values in typed for value in values]
    earlier = {"typed": pairs, "based_on": version.revision, "kept_at": timezone.now()}
    Typing.objects.create(version=version, user=version.author, tab="e" * 32, **earlier)
    writer.go(address("edit", version))
    writer.see("Text that you typed here is not saved yet")  # its notice has a form, too
    writer.page.context.set_offline(True)
    field(writer, "presentation_patient").fill("A long thought.")
    says(writer, "Not saved: no connection, kept in this browser")
    writer.page.keyboard.press("Control+s")
    says(writer, "Not saved: no connection, kept in this browser")
    expect(field(writer, "presentation_patient")).to_have_value("A long thought.")
    version.typings.all().delete()
    again = crash(writer, version)
    again.see("This browser has kept text of this draft from")
    assert reread(version).content == version.content
    again.press("Show it")
    expect(field(again, "presentation_patient")).to_have_value("A long thought.")
    again.see("This is the text that was kept for you.")
    save(again)
    assert reread(version).document.presentation.patient == "A long thought."
    assert kept(again) is None
    again.page.context.set_offline(True)
    field(again, "title").fill("Typed in the tunnel")
    says(again, "no connection")
    again.page.context.set_offline(False)
    says(again, "Saved ")
    assert reread(version).title == "Typed in the tunnel"
    assert kept(again) is None


def test_kept_text_can_be_deleted(writer: Visitor, version: Version) -> None:
    writer.page.context.set_offline(True)
    field(writer, "title").fill("Not meant")
    wait_until_kept(writer)
    again = crash(writer, version)
    again.check()
    again.do("Delete it")
    assert kept(again) is None
    again.go(address("edit", version))
    expect(again.page.get_by_text("This browser has kept")).to_have_count(0)


def test_server_that_fails_is_asked_again(writer: Visitor, version: Version) -> None:
    writer.page.route("**/edit/autosave/", lambda route: route.fulfill(status=500, body="Server Error"))
    field(writer, "title").fill("Once more")
    says(writer, "Not saved: the server does not answer, kept in this browser")
    assert kept(writer) is not None
    writer.page.unroute("**/edit/autosave/")
    says(writer, "Saved ")
    assert reread(version).title == "Once more"
    assert kept(writer) is None


def test_closing_the_tab_saves_what_was_typed_last(writer: Visitor, version: Version) -> None:
    field(writer, "title").fill("The last word")
    writer.page.goto("/desk/people/me/")
    for _ in range(600):
        if reread(version).title == "The last word":
            return
        writer.page.wait_for_timeout(50)
    pytest.fail("nothing was saved")


def test_session_that_ends_in_mid_sentence_loses_nothing(writer: Visitor, version: Version) -> None:
    writer.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    field(writer, "presentation_clinician").fill("In the middle of a")
    says(writer, "You are signed out: sign in in another tab; your text is kept")
    writer.page.get_by_role("button", name="Add a diagnosis: Rare").press("Enter")
    expect(field(writer, "presentation_clinician")).to_have_value("In the middle of a")
    assert reread(version).content == version.content
    with writer.page.context.expect_page() as opened:
        writer.page.get_by_role("link", name="sign in in another tab").click()
    opened.value.get_by_label("Email").fill(version.author.email)
    opened.value.get_by_label("Password").fill(PASSWORD)
    opened.value.keyboard.press("Enter")
    expect(opened.value.get_by_role("button", name="Sign out")).to_be_attached()
    opened.value.close()
    says(writer, "Saved ")
    assert reread(version).document.presentation.clinician == "In the middle of a"
    save(writer)
    a_form_is_put_back(writer, version)


def a_form_is_put_back(writer: Visitor, version: Version) -> None:
    """It was sent when the session had ended: the sign-in leads back to it, with all that was in it."""
    chosen = f"/desk/bulk/decline/?do=decline&version={version.pk}"
    version.author.grant(Role.EDITOR, by=None)
    for path, label, words in (("/desk/site/policies/new/", "Title", "Sources"), (chosen, "Reason", "Twice here.")):
        writer.page.goto(path)
        writer.page.get_by_label(label).fill(words)
        writer.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        writer.page.locator("main form button[type=submit]").first.click()
        writer.see("What was in the form is kept in this tab.")
        writer.page.get_by_label("Email").fill(version.author.email)
        writer.page.get_by_label("Password").fill(PASSWORD)
        writer.page.keyboard.press("Enter")
        expect(writer.page.get_by_label(label)).to_have_value(words)
        writer.page.goto(path)
        expect(writer.page.get_by_label(label)).to_have_value("")


def test_signing_out_hands_over_what_was_kept(writer: Visitor, version: Version) -> None:
    writer.page.context.set_offline(True)
    field(writer, "title").fill("Private")
    wait_until_kept(writer)
    again = crash(writer, version)
    again.page.goto("/desk/people/me/")
    assert kept(again) is not None
    again.page.get_by_role("button", name="Sign out").click()
    again.page.wait_for_url("/")
    assert kept(again) is None
    assert reread(version).title == "Private"


def test_two_tabs_are_told_of_each_other_and_neither_overwrites(writer: Visitor, version: Version) -> None:
    second = Visitor(writer.page.context.new_page())
    second.go(address("edit", version))
    second.see("You have this draft open in another tab too.")
    field(second, "title").fill("From the second tab")
    says(second, "Saved ")
    field(writer, "title").fill("From the first")
    says(writer, "Not saved: You, in another tab, saved this draft at")
    field(writer, "title").press_sequentially(" tab")
    says(writer, "What you type is kept.")
    assert reread(version).title == "From the second tab"
    writer.press("See both texts")
    writer.see("1 field differs")
    assert reread(version).title == "From the second tab"
    second.page.close()
    writer.press("Keep what is typed here")
    assert reread(version).title == "From the first tab"


def test_window_that_comes_back_after_a_crash_is_no_other_tab(writer: Visitor, version: Version) -> None:
    notice = writer.page.locator('[data-live="people"]')
    presences = Presence.objects.filter(version=version, is_open=True)
    with writer.page.expect_response(lambda answer: answer.url.endswith("/pulse/")):
        pass
    writer.page.evaluate("() => { navigator.sendBeacon = () => true; }")
    with writer.page.expect_response(lambda answer: answer.url.endswith("/pulse/")) as told:
        writer.page.reload()
    assert "another tab" not in told.value.json()["people"]
    assert presences.count() == 1

    copy = Visitor(writer.page.context.new_page())
    before = writer.page.evaluate("sessionStorage.getItem('ddx-tab-')")
    copy.page.add_init_script(f"sessionStorage.setItem('ddx-tab-', '{before}')")
    copy.page.goto(address("edit", version))
    copy.see("You have this draft open in another tab too.")
    assert presences.count() == 2
    expect(notice).to_be_empty()


def test_promise_7_draft_that_another_discards_leaves_what_one_types(writer: Visitor, version: Version) -> None:
    version.discard(by=editor(name="Ed Itor"))
    field(writer, "title").fill("Typed while it was thrown away")
    link = writer.page.locator("[data-state-words] a", has_text="See the kept text")
    expect(link).to_be_visible()
    assert kept(writer) is None  # the server has it
    link.click()
    writer.see("Kept text of “Typed while it was thrown away”")
    assert "Typed while it was thrown away" in writer.page.locator("#kept_words").input_value()
    writer.check()
    writer.go("/desk/kept/")
    assert writer.page.locator("tbody tr").count() == 2  # the text as it was saved last is there, too
    writer.check()
    for count in (1, 0):
        writer.page.get_by_role("button", name="Delete").first.click()
        expect(writer.page.locator("tbody tr")).to_have_count(count)
    writer.see("Nothing is kept")


def test_refused_text_is_kept_until_it_is_saved(writer: Visitor, version: Version) -> None:
    field(writer, "title").fill("t" * 501)
    save(writer)
    writer.see("Not saved: there is a problem")
    writer.check()
    expect(writer.page.locator(".error-summary")).to_be_focused()
    assert kept(writer) is not None
    field(writer, "title").fill("Short")
    save(writer)
    assert kept(writer) is None
    assert reread(version).title == "Short"


def test_conflict_shows_both_and_keeps_mine(writer: Visitor, version: Version) -> None:
    Editor(editor(), version).put("title", "Hiccups, as the editor has it").press()
    field(writer, "title").fill("Hiccups, as the author has it")
    save(writer)
    writer.see("Not saved: this draft has been saved from elsewhere in the meantime")
    writer.check()
    writer.press("Take what is saved")
    expect(field(writer, "title")).to_have_value("Hiccups, as the editor has it")
    expect(writer.page.locator(".diff")).to_contain_text("Hiccups, as the author has it")
    Editor(editor(), version).put("title", "Once more").press()
    field(writer, "title").fill("Mine")
    save(writer)
    writer.press("Keep what is typed here")
    assert reread(version).title == "Mine"


@pytest.fixture
def long(committed_db: None) -> Version:
    base = make_content().model_dump(mode="json")
    names = ("Reflux", "Alcohol", "Anxiety")
    more = [{"key": name.lower(), "tier": "other_likely", "name": name} for name in names]
    sources = [{"key": f"r-{n}", "citation": f"Source {n}"} for n in range(3)]
    return make_version(content=Content.model_validate(base | {"diagnoses": more, "references": sources}))


def order(version: Version) -> list[str]:
    return [diagnosis.key for diagnosis in reread(version).document.diagnoses]


def test_order_by_buttons_and_by_dragging(new_page: Opener, long: Version) -> None:
    visitor = Visitor(new_page(), long.author)
    visitor.go(address("edit", long))
    visitor.do("Move up: Alcohol")
    expect(visitor.page.get_by_text("Alcohol is now 1 of 3")).to_be_attached()
    save(visitor)
    assert order(long) == ["alcohol", "reflux", "anxiety"]
    handles = visitor.page.locator(".outline [data-sort-handle]")
    start, end = handles.nth(2).bounding_box(), handles.nth(0).bounding_box()
    assert start is not None
    assert end is not None
    visitor.page.mouse.move(start["x"] + 8, start["y"] + 8)
    visitor.page.mouse.down()
    visitor.page.mouse.move(end["x"] + 8, end["y"] - 4, steps=6)
    visitor.page.mouse.up()
    save(visitor)
    assert order(long) == ["anxiety", "alcohol", "reflux"]
    visitor.do("Move down: reference 1")
    expect(visitor.page.locator(".reference-number")).to_have_text(["1", "2", "3"])
    save(visitor)
    assert [reference.key for reference in reread(long).document.references] == ["r-1", "r-0", "r-2"]


def test_code_is_found_and_taken_by_keyboard(writer: Visitor, version: Version) -> None:
    for code, title in [("R06.6", "Hiccough"), ("B02.9", "Zoster without complications")]:
        Icd10Code.objects.create(code=code, title=title, is_billable=True, release="2026")
    link = writer.page.get_by_role("link", name="Lateral medullary stroke").first
    link.press("Enter")
    expect(writer.page.locator(str(link.get_attribute("href")))).to_be_focused()
    codes = field(writer, "diagnosis-stroke_codes")
    codes.focus()
    writer.page.keyboard.type("r06.6, zost")
    expect(writer.page.get_by_role("option", name="B02.9 Zoster without complications")).to_be_visible()
    writer.check()
    writer.page.keyboard.press("ArrowDown")
    writer.page.keyboard.press("Enter")
    expect(codes).to_have_value("r06.6, B02.9")
    save(writer)
    assert reread(version).document.diagnoses[2].codes == ("R06.6", "B02.9")
    writer.see("R06.6: Hiccough")
    expect(codes).to_be_focused()


def test_preview_takes_the_place_of_the_fields_and_gives_it_back(writer: Visitor, version: Version) -> None:
    field(writer, "presentation_clinician").fill("Typed *just now*.")
    writer.do("Preview")
    pane = writer.page.locator("#preview-pane")
    expect(pane.get_by_text("Not yet reviewed: do not rely on this.")).to_be_visible()
    expect(pane).to_be_focused()
    expect(field(writer, "title")).to_be_hidden()
    writer.check()
    pane.get_by_label("Clinician").check()
    expect(pane.locator("em", has_text="just now")).to_be_visible()
    pane.get_by_label("Patient or caregiver").check()
    expect(pane.get_by_text("You wake up because you have hiccups.")).to_be_visible()
    writer.page.keyboard.press("Escape")
    expect(field(writer, "presentation_clinician")).to_be_focused()


def test_one_text_is_shown_beside_its_field(writer: Visitor) -> None:
    field(writer, "presentation_patient").fill("**Strong** words")
    writer.do("Show Introduction in plain words, for patients as readers see it")
    expect(writer.page.locator("#presentation_patient_preview strong")).to_have_text("Strong")
    writer.check()


def test_places_open_and_are_reached(writer: Visitor, version: Version) -> None:
    part = writer.page.locator('[data-part="diagnosis-stroke"]')
    expect(part).not_to_have_attribute("open", "")
    writer.page.goto(f"{address('edit', version)}#diagnosis-stroke_name")
    expect(field(writer, "diagnosis-stroke_name")).to_be_focused()
    writer.check()
    writer.page.locator('[data-part="diagnosis-reflux"] summary').first.press("Enter")
    save(writer)
    expect(part).to_have_attribute("open", "")
    expect(writer.page.locator('[data-part="diagnosis-reflux"]')).to_have_attribute("open", "")


def test_focus_is_never_under_the_bar(writer: Visitor) -> None:
    """Tab through the page: whatever has the focus is seen (WCAG 2.2, 2.4.11)."""
    writer.page.emulate_media(reduced_motion="reduce")
    writer.page.set_viewport_size({"width": 390, "height": 600})
    writer.page.locator("#title").focus()
    for _ in range(25):
        writer.page.keyboard.press("Tab")
        writer.page.wait_for_timeout(60)
        hidden = writer.page.evaluate(
            """() => {
              const at = document.activeElement.getBoundingClientRect();
              const bar = document.querySelector(".bar").getBoundingClientRect();
              const isUnder = !document.activeElement.closest(".bar") && at.top >= bar.top && at.bottom <= bar.bottom;
              return isUnder && document.activeElement.outerHTML.slice(0, 200);
            }"""
        )
        assert not hidden


@pytest.fixture
def without_script(browser: Browser, live_server: Any) -> Iterator[Callable[[], Page]]:
    contexts = []

    def open_page() -> Page:
        context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def test_form_that_came_back_puts_the_focus_on_what_is_wrong(without_script: Callable[[], Page]) -> None:
    page = Visitor(without_script(), author()).page
    page.goto("/desk/articles/new/")
    page.get_by_role("button", name="Read the page").click()
    expect(page.locator(".error-summary")).to_be_focused()


def test_whole_way_without_a_script(without_script: Callable[[], Page]) -> None:
    visitor = Visitor(without_script(), author())
    page = visitor.page
    page.goto("/desk/articles/new/")
    page.get_by_label("The page as text").fill("no article")
    page.get_by_role("button", name="Read the page").click()
    visitor.see("Line 1: no heading such as")
    page.get_by_label("The page as text").fill(PAGE)
    page.get_by_role("button", name="Read the page").click()
    version = Version.objects.get()
    page.get_by_role("button", name="Add a diagnosis: Rare").click()
    page.locator("#diagnosis-new-1_name").fill("Achalasia")
    page.locator("#diagnosis-new-1_clinician_rationale").fill("It stretches the gullet.")
    page.get_by_role("button", name="Move up: (no name yet)").click()
    assert order(version)[-2:] == ["achalasia", "phrenic-nerve-irritation"]
    page.get_by_role("button", name="Preview").click()
    visitor.see("Not yet reviewed: do not rely on this.")
    page.goto(address("edit", version))
    page.get_by_role("button", name="Submit…").click()
    page.get_by_label("Written by a person", exact=True).check()
    page.get_by_role("button", name="Submit for review").click()
    visitor.see("Submitted. The editors answer within 3 days.")
    assert reread(version).state == "submitted"


def test_every_page_is_accessible(new_page: Opener, committed_db: None) -> None:
    user = author()
    notes = [
        {"id": 0, "kind": "doubt", "line": 1, "place": "title", "message": "Check the title."},
        {"id": 1, "kind": "doubt", "line": 2, "place": "diagnosis-stroke", "message": "Check the name."},
        {"id": 2, "kind": "left_out", "line": 3, "text": "Share"},
    ]
    full = Article.objects.create_with_draft(make_content(), by=user, source=PAGE, doubts=notes)
    empty = Article.objects.create_with_draft(Content(), by=user)
    sent = make_version("submitted", author=user)
    visitor = Visitor(new_page(), user)
    addresses = ["/desk/articles/new/", address("edit", empty), address("withdraw", sent)]
    addresses += [address(name, full) for name in ("edit", "preview", "source", "submit", "discard")]
    for each in addresses:
        seeing.dress(visitor.page, {"width": 1440, "height": 844}, "light")
        assert visitor.go(each) == 200
        assert seeing.width(visitor.page) <= 1440
        seeing.dress(visitor.page, {"width": 390, "height": 844}, "dark")
        assert seeing.violations(visitor.page) == [], each
        assert seeing.width(visitor.page) <= 390
