"""What is wrong with a page as it stands: what axe sees, and what it does not look at."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

#: The rules of axe for which it matters how wide a page is, and in which colours.
BY_LOOK = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
_AXE = Axe().axe_script
_VIOLATIONS = """async (rules) => {
    const options = { resultTypes: ["violations"], ...(rules.length ? { runOnly: rules } : {}) };
    const told = await axe.run(document, options);
    return told.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join(" ")}`);
}"""

TWICE = {"standard": 32, "fixed": 26}  # the sizes of somebody who wants text twice as large
ONCE = {"standard": 16, "fixed": 13}

# Each thing that takes the focus is given it: it must show a ring, and stand beside the band at the top, not under it.
# What is out of the order of the text, or does nothing where scripts do not run, is told as well.
_FAULTS = """(hasScripts) => {
    const band = document.querySelector(".site-header"), told = [];
    const under = band && getComputedStyle(band).position === "sticky" ? band.getBoundingClientRect().bottom : 0;
    for (const it of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
        if (it.type === "hidden" || it.tabIndex < 0 || !it.checkVisibility({ visibilityProperty: true })) continue;
        const say = (fault) => told.push(`${fault}: ${it.outerHTML.slice(0, 120)}`);
        it.focus();
        const shown = it.closest(".audience-option") ?? it, box = shown.getBoundingClientRect();
        if (document.activeElement !== it) say("takes no focus");
        if (getComputedStyle(shown).outlineStyle === "none") say("no ring");
        if (!band?.contains(it) && !it.matches(".skip-link") && box.bottom < under + 1) say("under the band");
        if (it.tabIndex > 0) say("out of order");
        if (!hasScripts && it.matches("button[type=button]:not([popovertarget])")) say("dead without scripts");
    }
    return told;
}"""


def dress(page: Page, size: ViewportSize, scheme: Literal["light", "dark"]) -> None:
    """Show the page, as it stands and from now on, in a window of this size and in these colours."""
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong, by all its rules or by these alone. Nothing else of its long answer is brought here."""
    page.evaluate(_AXE)
    found: list[str] = page.evaluate(_VIOLATIONS, list(rules))
    return found


def faults(page: Page, *, has_scripts: bool = True) -> list[str]:
    """What somebody meets who goes through the page by keyboard."""
    page.keyboard.press("Tab")  # from now on a focus is shown as one from the keyboard
    found: list[str] = page.evaluate(_FAULTS, has_scripts)
    return found


def width(page: Page) -> int:
    """How wide the page is, with what hangs out of it."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


def width_of_large_text(page: Page) -> int:
    """The same with text twice as large."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": TWICE})
    found = width(page)
    session.send("Page.setFontSizes", {"fontSizes": ONCE})
    session.detach()
    return found
