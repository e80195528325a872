"""From the queue to the signature by keyboard alone; a clean article in three interactions: open, verdict, confirm."""

import re

from playwright.sync_api import Page, expect

from reviews.models import Decision, Finding
from tests.factories import board_member, make_version
from tests.journeys.people import Opener, Visitor

#: Counts what a person does with mouse and keys in this tab, from page to page.
COUNT = """for (const type of ["click", "keydown", "input"]) addEventListener(type, (event) => {
    const done = Number(sessionStorage.getItem("interactions"));
    if (event.isTrusted) sessionStorage.setItem("interactions", done + 1);
}, true);"""


def focused(page: Page) -> str:
    """What the focus is on, in words."""
    return str(
        page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.getAttribute('aria-label') ?? e.innerText ?? e.id ?? '').trim(); }"
        )
    )


def open_from_queue(page: Page, title: str) -> None:
    """Move to the row and open it."""
    for _ in range(5):
        page.keyboard.press("j")
        if title in focused(page):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/reviews/\d+/$"))


def test_clean_article_takes_three_interactions(new_page: Opener) -> None:
    reader, other = board_member(), board_member()
    version = make_version("under_review", reviewers=[reader, other])
    page = Visitor(new_page(), reader).page
    page.context.add_init_script(COUNT)
    page.goto("/desk/")
    page.get_by_role("link", name=version.title).first.click()
    page.get_by_role("button", name="Approve…").click()
    page.get_by_role("button", name="Sign and approve").click()
    page.wait_for_url(re.compile("/signed/$"))
    assert page.evaluate("sessionStorage.getItem('interactions')") == "3"
    decision = Decision.objects.get()
    assert (decision.reviewer, decision.approves, len(decision.checklist)) == (reader, True, 4)


def test_keyboard_alone_leads_from_the_queue_to_the_signature(new_page: Opener) -> None:
    reader, other = board_member(), board_member()
    version = make_version("under_review", reviewers=[reader, other])
    visitor = Visitor(new_page(), reader)
    page, press = visitor.page, visitor.page.keyboard.press
    page.goto("/desk/")
    open_from_queue(page, version.title)
    visitor.check()
    press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    move_to(page, version.document.diagnoses[0].name)
    press("m")
    expect(page.get_by_text("1 of 4 read").first).to_be_attached()
    press("v")
    expect(page.get_by_role("radio", name="Patients")).to_be_checked()
    press("v")
    comment_on_words(page, "explains the timing", "Too sure.")
    press("j")
    press("c")
    page.keyboard.type("Name the dose.")
    press("Control+Enter")
    expect(page.get_by_text("Name the dose.").first).to_be_visible()
    press("n")
    press("p")
    assert page.evaluate("document.activeElement.matches('.finding-box')")
    visitor.check()
    made = Finding.objects.order_by("number").values_list("diagnosis_key", "quote", "severity")
    assert list(made) == [("full-stomach", "explains the timing", "should"), ("reflux", "", "should")]
    press("r")
    page.wait_for_url(re.compile("/sign/"))
    visitor.check()
    tab_to(page, "Sign and request changes")
    press("Enter")
    page.wait_for_url(re.compile("/signed/$"))
    assert Decision.objects.get().verdict == "request_changes"


def move_to(page: Page, name: str) -> None:
    """Go on by j until the focus is there."""
    for _ in range(5):
        page.keyboard.press("j")
        if focused(page) == name:
            return
    raise AssertionError(f"j never comes to “{name}”")


def comment_on_words(page: Page, words: str, body: str) -> None:
    """Select words in the text, as caret browsing does, and comment on them."""
    page.evaluate(
        """(words) => {
            const walker = document.createTreeWalker(document.querySelector("#full-stomach"), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at >= 0) getSelection().setBaseAndExtent(node, at, node, at + words.length);
            }
        }""",
        words,
    )
    expect(page.get_by_role("button", name="Comment")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#finding_full-stomach_quote")).to_have_value(words)
    page.keyboard.type(body)
    page.keyboard.press("Control+Enter")
    expect(page.locator("mark[data-finding]").first).to_have_text(words)
    expect(page.locator(".finding-box:focus")).to_contain_text(body)


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus is there; it always gets there."""
    for _ in range(60):
        if focused(page) == words:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to “{words}”")
