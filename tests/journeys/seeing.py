"""What axe does not look at, asked of a page as it stands, one call a page."""

from playwright.sync_api import Page

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
