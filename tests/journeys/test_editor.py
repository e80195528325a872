"""An editor's morning by keyboard: choose in the queue, plan reviewers for all of it, send off, chase."""

from collections.abc import Callable

from playwright.sync_api import expect

from reviews.models import Assignment, Turn
from reviews.states import Queue
from tests.factories import board_member, editor, make_content, make_version
from tests.journeys.people import Opener, Visitor

TITLES = ("Ringing in one ear", "Numb fingertips", "A hoarse voice")


def test_editor_plans_many_articles_and_chases_one(new_page: Opener, run_tasks: Callable[[], int]) -> None:
    board_member(), board_member(), board_member()
    for title in TITLES:
        make_version("submitted", content=make_content(title))
    visitor = Visitor(new_page(), editor())
    page, press = visitor.page, visitor.page.keyboard.press
    visitor.go("/desk/?view=unassigned&who=all")
    for _ in TITLES:
        press("j")
        press("x")
    expect(page.get_by_text("3 chosen")).to_be_visible()
    visitor.check()
    visitor.press("Plan reviewers")
    expect(page.get_by_role("heading", name="Plan for 3 articles")).to_be_visible()
    assert not Assignment.objects.exists()
    page.locator("form[action$='/commit/'] button").focus()
    with page.expect_navigation():
        press("Enter")
    visitor.check()
    visitor.see("Sent off")
    assert Assignment.objects.count() == 6
    assert set(Turn.objects.values_list("queue", flat=True)) == {Queue.ANSWER}
    assert run_tasks() > 0

    visitor.go("/desk/?view=answer&who=all")
    press("j")
    press("x")
    visitor.press("Remind")
    visitor.see("1 article chased")
