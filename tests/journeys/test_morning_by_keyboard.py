"""A morning by keyboard: files are taken in and triaged, and what comes due is confirmed by those who signed it."""

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import FilePayload, expect

from articles import taking_in
from articles.models import Article, Priority, Version
from people.rules import today
from reviews.models import Decision, Rereview
from tests.articles.test_import_articles import PAGE
from tests.factories import author, editor, make_version, reread, sign
from tests.journeys.people import Opener, Visitor

TITLES = ("Hiccups at night", "Cramps after swimming")


def test_files_are_taken_in_and_triaged_by_keyboard(new_page: Opener) -> None:
    author(name="House Author")
    visitor = Visitor(new_page(), editor())
    page, press = visitor.page, visitor.page.keyboard.press
    visitor.go("/desk/")
    visitor.press("Triage")
    visitor.press("Intake")
    texts = [PAGE.format(title=title).encode() for title in TITLES]
    files = [FilePayload(name=f"{n}.md", mimeType="text/markdown", buffer=text) for n, text in enumerate(texts)]
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_label("House author").focus()
    page.keyboard.type("House")
    visitor.press("Take them in")
    assert taking_in.go_on() == len(TITLES)
    expect(page.get_by_text("All 2 files dealt with")).to_be_visible(timeout=15_000)  # the page looks again by itself
    visitor.press("triage what came in")
    expect(page.locator("[data-key-row]")).to_have_count(2)
    press("j")
    row = page.locator("[data-triage-row]").first
    title = row.locator("[data-key-row]").inner_text()
    press("1")
    expect(row.get_by_role("button", name="Urgent")).to_have_attribute("aria-pressed", "true")
    press("l")
    page.keyboard.type("Autumn")
    press("Enter")
    expect(row.get_by_text("Autumn")).to_be_visible()
    visitor.check()
    article = Article.objects.get(versions__title=title)
    assert (article.priority, [label.name for label in article.labels.all()]) == (Priority.URGENT, ["Autumn"])
    assert Article.objects.exclude(pk=article.pk).get().priority == Priority.NORMAL


def test_what_comes_due_is_confirmed_by_keyboard(new_page: Opener, run_tasks: Callable[[], int]) -> None:
    version = make_version("approved")
    Version.objects.filter(pk=version.pk).update(next_review_on=today() + timedelta(10))
    first, second = (decision.reviewer for decision in version.decisions.order_by("pk"))
    ed = Visitor(new_page(), editor())
    ed.go("/desk/?view=rereview&who=all")
    ed.page.keyboard.press("j")
    ed.page.keyboard.press("Enter")
    ed.page.wait_for_url(f"**{version.get_absolute_url()}")
    ed.press("Ask for confirmation")
    ed.press("Ask for confirmation")
    ed.see("Asked to confirm it, by e-mail")
    assert run_tasks() > 0
    begun = Rereview.objects.get()
    sign(begun.assignments.get(reviewer=second))

    reader = Visitor(new_page(), first)
    reader.go(f"{reverse('reviews:queue')}?view=to-confirm")
    reader.page.keyboard.press("j")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/desk/reviews/*/")
    reader.check()
    with reader.page.expect_navigation():
        reader.page.keyboard.press("a")
    reader.check()
    reader.press("Sign and confirm")
    begun.refresh_from_db()
    assert (begun.outcome, Decision.objects.filter(rereview=begun).count()) == ("confirmed", 2)
    now = reread(version)
    assert now.next_review_on is not None
    assert now.next_review_on > today() + timedelta(300)
