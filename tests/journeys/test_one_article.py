"""One article from a pasted page to its signed public page and its second version: five people, five browsers."""

import re
from pathlib import Path

from playwright.sync_api import expect

from articles.models import Article, Version
from content.schema import Tier
from ledger.verifier import verify
from tests.factories import author, board_member, editor
from tests.journeys.people import Opener, Visitor

ROOT = Path(__file__).resolve().parent.parent.parent
#: A page as users copy it: the publisher's own where it lies beside the checkout, else one that looks like it.
PAGES = [
    ROOT.parent / "shared/content/twitching-around-the-belly-button.txt",
    ROOT / "tests/articles/pages/copied-page.txt",
]


def test_one_article_from_a_pasted_page_to_its_second_version(new_page: Opener) -> None:
    source = next(page for page in PAGES if page.exists())
    writer, chief, first, second = author(name="Ada Author"), editor(name="Eve Editor"), board_member(), board_member()
    someone_else = board_member(name="Otto Other")
    reader = Visitor(new_page())

    ada = Visitor(new_page(), writer)
    slug = write_and_submit(ada, source)
    assert reader.go(f"/articles/{slug}/") == 404

    eve = Visitor(new_page(), chief)
    eve.fit("/desk/", "/desk/triage/", "/desk/people/", "/desk/reports/throughput/", "/desk/outbox/", "/accounts/2fa/")
    assign(eve, slug, [first.name, second.name])
    one, two = Visitor(new_page(), first), Visitor(new_page(), second)
    one.fit(first.assignments.get().get_absolute_url(), "/desk/people/me/availability/")
    ask_for_changes(one)
    approve(two)
    two.fit("/desk/reviews/", f"{Article.objects.get().latest.get_absolute_url()}?tab=findings", "/board/")
    assert reader.go(f"/articles/{slug}/") == 404

    revise(ada, slug)
    assign(eve, slug, [first.name, second.name])
    second_look(one)
    approve(one)
    assert reader.go(f"/articles/{slug}/") == 404
    approve(two)
    read(reader, slug, [first.name, second.name])

    again(ada, slug)
    assert "a newer sentence" not in reader.page.content()
    assign(eve, slug, [first.name, second.name])
    approve(one)
    reader.page.reload()
    expect(reader.page.get_by_text("A newer sentence for clinicians.")).to_have_count(0)
    approve(two)
    replaced(reader, slug)

    retract(eve, slug)
    noticed(reader, slug)
    strangers(Visitor(new_page(), someone_else), slug)
    assert verify()[0] == []


# Step 1


def write_and_submit(ada: Visitor, source: Path) -> str:
    ada.go("/desk/")
    ada.press("New article")
    ada.page.get_by_label("The page as text").fill(source.read_text())
    ada.press("Read the page")
    ada.see("left out")
    article = Article.objects.get()
    diagnoses = article.latest.document.diagnoses
    assert [len([d for d in diagnoses if d.tier == tier]) for tier in ("most_likely", "other_likely")] == [1, 3]
    editor_by_keyboard(ada)
    ada.fit(ada.page.url)
    ada.press("Submit…")
    ada.page.get_by_label("Drafted by AI").check()
    ada.page.get_by_label("AI tool").fill("Example drafting tool")
    ada.press("Submit for review")
    ada.see("Submitted")
    return Article.objects.get().slug


def editor_by_keyboard(ada: Visitor) -> None:
    """Add a code and a source, move a diagnosis, look at the preview."""
    page = ada.page
    ada.press("Add a reference by hand")
    page.locator("input[id$=_citation], textarea[id$=_citation]").fill(
        "Muscle twitches. Example Institute (demonstration), 2024."
    )
    ada.press("Save")
    expect(page.get_by_text("Saved", exact=False).first).to_be_visible()
    order = [d.name for d in Article.objects.get().latest.document.in_tier(Tier.OTHER_LIKELY)]
    page.get_by_role("button", name=re.compile("^Move down")).locator("visible=true").nth(1).focus()
    page.keyboard.press("Enter")
    ada.press("Save")
    assert [d.name for d in Article.objects.get().latest.document.in_tier(Tier.OTHER_LIKELY)] != order


# Steps 2 and 3


def assign(eve: Visitor, slug: str, names: list[str]) -> None:
    version = Article.objects.get(slug=slug).latest
    eve.go("/desk/")
    eve.see(version.title)
    eve.go(version.get_absolute_url())
    eve.press("Assign reviewers")
    for name in names:
        eve.page.get_by_role("checkbox", name=re.compile(re.escape(name))).check()
    eve.press("Assign reviewers")
    assert Version.objects.get(pk=version.pk).state == "under_review"


def open_review(reviewer: Visitor) -> None:
    assert reviewer.user is not None
    assignment = reviewer.user.assignments.order_by("-pk")[0]
    reviewer.go("/desk/")
    reviewer.see(assignment.version.title)
    reviewer.go(assignment.get_absolute_url())


def ask_for_changes(reviewer: Visitor) -> None:
    open_review(reviewer)
    page = reviewer.page
    page.get_by_text("Add a finding").locator("visible=true").nth(1).click()
    page.get_by_label("Must fix").locator("visible=true").first.check()
    page.get_by_label("What you found").locator("visible=true").first.fill("Say when to seek help.")
    page.get_by_role("button", name="Add the finding").locator("visible=true").first.click()
    reviewer.see("Say when to seek help.")
    reviewer.press("Request changes")
    reviewer.press("Sign and request changes")
    reviewer.see("Signed")


def approve(reviewer: Visitor) -> None:
    open_review(reviewer)
    reviewer.press("Approve")
    reviewer.press("Sign and approve")
    reviewer.see("Signed")


# Changes asked for


def revise(ada: Visitor, slug: str) -> None:
    version = Article.objects.get(slug=slug).latest
    assert version.state == "changes_requested"
    ada.go(f"{version.get_absolute_url()}?tab=findings")
    ada.see("Say when to seek help.")
    page = ada.page
    page.get_by_text(re.compile("^Answer to")).locator("visible=true").first.click()
    page.get_by_label("Fixed").locator("visible=true").first.check()
    page.get_by_role("button", name="Send the answer").locator("visible=true").first.click()
    write_next(ada, slug, "Seek help when it spreads.")


def write_next(ada: Visitor, slug: str, sentence: str) -> None:
    ada.go(Article.objects.get(slug=slug).latest.get_absolute_url())
    ada.press(
        "Make the changes"
        if Article.objects.get(slug=slug).latest.state == "changes_requested"
        else "Begin a new version"
    )
    page = ada.page
    page.locator("details.editor-part summary").first.click()
    text = page.locator("textarea[name$=clinician_rationale]").locator("visible=true").first
    text.fill(f"{text.input_value()} {sentence}")
    ada.press("Submit…")
    page.get_by_label("What changed").fill("The first diagnosis says more.")
    ada.press("Submit for review")
    ada.see("Submitted")


def second_look(reviewer: Visitor) -> None:
    open_review(reviewer)
    reviewer.press("What changed since version 1")
    reviewer.see("Seek help when it spreads.")
    reviewer.see("Fixed")
    reviewer.do("Close")


# Step 4


def read(reader: Visitor, slug: str, names: list[str]) -> None:
    title = Article.objects.get(slug=slug).latest.title
    reader.go("/")
    reader.page.get_by_label("Search by symptom or diagnosis").fill(title.split()[0])
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    reader.check()
    reader.press(title)
    expect(reader.page).to_have_url(re.compile(f"/articles/{slug}/$"))
    reader.see("Reviewed by the Medical Advisory Board")
    reader.page.get_by_text("who and how").first.click()
    for name in names:
        reader.see(name)
    expect(reader.page.get_by_text("Example drafting tool").first).to_be_attached()
    for audience in ("Clinician", "Student", "Patient or caregiver"):
        reader.page.get_by_label(audience).check()
        reader.check()


# Step 5


def again(ada: Visitor, slug: str) -> None:
    write_next(ada, slug, "A newer sentence for clinicians.")


def replaced(reader: Visitor, slug: str) -> None:
    assert reader.go(f"/articles/{slug}/") == 200
    reader.page.get_by_label("Clinician").check()
    reader.see("A newer sentence for clinicians.")
    assert reader.go(f"/articles/{slug}/v/2/") == 200
    expect(reader.page.get_by_text("A newer sentence for clinicians.")).to_have_count(0)
    assert reader.go(f"/articles/{slug}/v/1/") == 404
    assert reader.go(f"/articles/{slug}/history/") == 200


def retract(eve: Visitor, slug: str) -> None:
    eve.go(Article.objects.get(slug=slug).latest.get_absolute_url())
    eve.press("Retract")
    eve.page.get_by_label("Reason").fill("A red flag was wrong.")
    eve.press("See the notice")
    eve.press("Retract")
    assert Article.objects.get(slug=slug).latest.state == "retracted"


def noticed(reader: Visitor, slug: str) -> None:
    assert reader.go(f"/articles/{slug}/") == 200
    reader.see("RETRACTED")
    reader.see("A red flag was wrong.")


def strangers(other: Visitor, slug: str) -> None:
    version = Article.objects.get(slug=slug).latest
    assert other.go(version.get_absolute_url()) == 404
