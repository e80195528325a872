"""The queue: who has which views, what stands in them, whose turn it is, and that it costs the same at any length."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Version
from articles.states import VersionState
from people.models import Role, User
from people.rules import today
from reviews import desk
from reviews.desk_rows import row, standing
from reviews.desk_views import VIEWS, views_for
from reviews.models import standing as standing_of
from reviews.rounds import Outcome
from reviews.turns import Side, side_of
from reviews.version_page import VersionPage
from tests.factories import (
    administrator,
    assign,
    author,
    board_member,
    editor,
    find,
    make_content,
    make_person,
    make_version,
    reread,
    revise,
    sign,
    submit,
)
from tests.people.factories import disclose_nothing
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.django_db
EDITING = ["unassigned", "stuck", "under-review", "author", "approved"]


def in_view(user: User, key: str) -> set[int]:
    view = next(view for view in VIEWS if view.key == key)
    return {version.pk for version in desk.rows(user).filter(view.holds)}


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/desk/{query}")
    assert response.status_code == 200
    return response.content.decode()


# Who has which views


@pytest.mark.parametrize(
    ("roles", "keys"),
    [
        ([], []),
        ([Role.ADMINISTRATOR], []),
        ([Role.AUTHOR], ["drafts", "changes", "in-review", "mine-approved", "ended"]),
        ([Role.REVIEWER], ["to-answer", "to-read", "signed"]),
        ([Role.EDITOR], EDITING),
        ([Role.REVIEWER, Role.EDITOR], ["to-answer", "to-read", "signed", *EDITING]),
    ],
)
def test_views_follow_the_roles(roles: list[Role], keys: list[str]) -> None:
    assert [view.key for view in views_for(make_person(roles=roles))] == [*keys, "all"]


@pytest.mark.parametrize(("roles", "status"), [([], 403), ([Role.ADMINISTRATOR], 200), ([Role.AUTHOR], 200)])
@pytest.mark.parametrize("address", ["/desk/", "/desk/articles/"])
def test_queue_is_for_who_has_a_role(roles: list[Role], status: int, address: str) -> None:
    assert at_desk(make_person(roles=roles)).get(address).status_code == status


@pytest.mark.parametrize("address", ["/desk/", "/desk/articles/"])
def test_queue_asks_strangers_to_sign_in(client: Client, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={address}")


# Promise 8: exactly one whose turn it is, and a due date


def stuck_for_reviewers() -> Version:
    version = make_version("submitted")
    first, second = assign(version)
    sign(first)
    second.decline(by=second.reviewer, reason="Away.")
    return reread(version)


def stuck_with_some_left() -> Version:
    version = make_version("submitted")
    (only,) = assign(version, [board_member()])
    only.accept(by=only.reviewer)
    return reread(version)


def stuck_for_a_finding() -> Version:
    version = make_version("submitted")
    first, second = assign(version)
    find(first, severity="must_fix")
    sign(first, "request_changes")
    sign(second)
    second_version = submit(revise(reread(version)))
    for assignment in assign(second_version):
        sign(assignment)
    return reread(second_version)


def partly_signed() -> Version:
    version = make_version("submitted")
    sign(assign(version)[0])
    return reread(version)


def one_against() -> Version:
    version = make_version("submitted")
    sign(assign(version)[0], "request_changes")
    return reread(version)


def signer_lost_the_role() -> Version:
    version = make_version("submitted")
    first, _ = assign(version)
    sign(first)
    first.reviewer.end_role(Role.REVIEWER, by=None)
    return reread(version)


def revision() -> Version:
    return revise(make_version("changes_requested"))


SITUATIONS: dict[str, tuple[Callable[[], Version], Side, str]] = {
    "first draft": (lambda: make_version("draft"), Side.AUTHOR, ""),
    "submitted": (lambda: make_version("submitted"), Side.EDITORS, "unassigned"),
    "under review": (lambda: make_version("under_review"), Side.REVIEWERS, "under-review"),
    "partly signed": (partly_signed, Side.REVIEWERS, "under-review"),
    "one against": (one_against, Side.REVIEWERS, "under-review"),
    "too few reviewers left": (stuck_for_reviewers, Side.EDITORS, "stuck"),
    "too few asked": (stuck_with_some_left, Side.EDITORS, "stuck"),
    "signer lost the role": (signer_lost_the_role, Side.EDITORS, "stuck"),
    "must-fix open": (stuck_for_a_finding, Side.EDITORS, "stuck"),
    "changes requested": (lambda: make_version("changes_requested"), Side.AUTHOR, "author"),
    "revision": (revision, Side.AUTHOR, "author"),
    "approved": (lambda: make_version("approved"), Side.NOBODY, "approved"),
    "superseded": (lambda: make_version("superseded"), Side.NOBODY, ""),
    "declined": (lambda: make_version("declined"), Side.NOBODY, ""),
    "withdrawn": (lambda: make_version("withdrawn"), Side.NOBODY, ""),
    "retracted": (lambda: make_version("retracted"), Side.NOBODY, ""),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_promise_8_one_turn_and_a_due_date(name: str) -> None:
    make, side, view = SITUATIONS[name]
    version, viewer = make(), editor()
    found = desk.with_reviews(desk.rows(viewer)).get(pk=version.pk)
    assert side_of(version.state, is_stuck=VersionPage(viewer, version).is_stuck) is side
    assert side_of(found.state, is_stuck=standing(found).outcome == Outcome.STUCK) is side
    assert [key for key in EDITING if version.pk in in_view(viewer, key)] == ([view] if view else [])
    needs_date = side is not Side.NOBODY and name != "first draft"
    assert (found.due is not None) is needs_date


@pytest.mark.parametrize("name", SITUATIONS)
def test_stuck_is_the_same_in_sql_and_in_the_rule(name: str) -> None:
    version = SITUATIONS[name][0]()
    found = desk.with_reviews(desk.rows(editor())).get(pk=version.pk)
    is_stuck = version.is_under_review and standing_of(version).outcome == Outcome.STUCK
    assert found.is_stuck is is_stuck
    if version.is_under_review:
        assert standing(found) == standing_of(version)


def test_row_says_why_a_round_is_stuck() -> None:
    version, viewer = stuck_for_reviewers(), editor()
    shown = row(desk.with_reviews(desk.rows(viewer)).get(pk=version.pk), viewer)
    assert shown.flags[1:] == ["1 of 2 approvals: assign more reviewers."]
    assert [reviewer.answered for reviewer in shown.reviewers] == [True]


def test_who_has_yet_to_sign_does_not_learn_that_a_round_is_stuck() -> None:
    both = board_member()
    both.grant(Role.EDITOR, by=None)
    (assignment,) = assign(make_version("submitted"), [both])
    viewer = User.objects.get(pk=both.pk)
    shown = row(desk.with_reviews(desk.rows(viewer)).get(pk=assignment.version_id), viewer)
    assert (shown.turn, shown.url) == ("Your turn", f"/desk/reviews/{assignment.pk}/")
    assert not in_view(viewer, "stuck")
    assert in_view(editor(), "stuck") == {assignment.version_id}


# What stands where


@pytest.mark.parametrize(
    ("state", "view"),
    [
        ("draft", "drafts"),
        ("submitted", "in-review"),
        ("under_review", "in-review"),
        ("changes_requested", "changes"),
        ("approved", "mine-approved"),
        ("superseded", None),
        ("declined", "ended"),
        ("withdrawn", "ended"),
        ("retracted", "ended"),
    ],
)
def test_author_finds_each_article_in_one_view(state: str, view: str | None) -> None:
    version = make_version(state)
    owner = version.article.owner
    keys = [
        each.key for each in views_for(owner) if each.role == Role.AUTHOR and version.pk in in_view(owner, each.key)
    ]
    assert keys == ([view] if view else [])
    assert not in_view(author(), "all")


def test_reviewer_finds_each_article_in_one_view() -> None:
    version = make_version("under_review")
    invited, accepted = version.assignments.select_related("version", "reviewer")
    accepted.accept(by=accepted.reviewer)
    assert in_view(invited.reviewer, "to-answer") == {version.pk}
    assert in_view(accepted.reviewer, "to-read") == {version.pk}
    assert not in_view(accepted.reviewer, "to-answer")
    sign(invited)
    assert in_view(invited.reviewer, "signed") == {version.pk}
    assert not in_view(invited.reviewer, "to-answer") | in_view(invited.reviewer, "to-read")


def test_reviewer_is_due_when_the_assignment_says() -> None:
    version = make_version("submitted")
    first, second = board_member(), board_member()
    assign(version, [first], due_in=2)
    assign(version, [second], due_in=9)
    assert desk.rows(second).get().due == today() + timedelta(9)
    assert desk.rows(first).get().due == today() + timedelta(2)
    assert desk.rows(editor()).get().due == today() + timedelta(2)


def test_reviewer_is_sent_to_read_and_sees_nobody_else() -> None:
    ada, ben = board_member(name="Ada Example"), board_member(name="Ben Sample")
    version = make_version("under_review", reviewers=[ada, ben])
    first, second = version.assignments.select_related("version", "reviewer")
    sign(first)
    text = page(at_desk(ben))
    assert f'href="/desk/reviews/{second.pk}/"' in text
    assert "Your turn" in text
    assert "Ada Example" not in text
    sign(second, "request_changes")
    assert "Ada Example" in page(at_desk(ben), "?view=signed")


def test_author_learns_names_from_signatures() -> None:
    ada, ben = board_member(name="Ada Example"), board_member(name="Ben Sample")
    version = make_version("under_review", reviewers=[ada, ben])
    client = at_desk(version.article.owner)
    assert "2 reviewers asked" in page(client)
    assert "Ada Example" not in page(client)
    sign(version.assignments.select_related("version", "reviewer")[0])
    text = page(client)
    assert "Waiting for 1 of 2 reviewers" in text
    assert ("Ada Example" in text, "Ben Sample" in text) == (True, False)


def test_editor_who_wrote_is_told_that_another_handles_it() -> None:
    both = make_person(roles=[Role.AUTHOR, Role.EDITOR], name="Max Both")
    disclose_nothing(both)
    make_version("submitted", author=both)
    assert "yours: another editor handles it" in page(at_desk(both), "?view=unassigned")


def test_overdue_is_said_in_words() -> None:
    version = make_version("submitted")
    Version.objects.filter(pk=version.pk).update(due_on=today() - timedelta(2))
    text = page(at_desk(editor()))
    assert '<span class="over">2 days over</span>' in text


# Looking about


def test_everyone_lands_where_something_waits() -> None:
    version = make_version("under_review")
    assert "<h1>To answer</h1>" in page(at_desk(version.assignments.all()[0].reviewer))
    assert "<h1>With the editors</h1>" in page(at_desk(version.article.owner))
    assert "<h1>Under review</h1>" in page(at_desk(editor()))
    assert "<h1>To answer</h1>" in page(at_desk(board_member()))
    assert "<h1>All articles</h1>" in at_desk(editor()).get("/desk/articles/").content.decode()


@pytest.mark.parametrize("view", [view.key for view in VIEWS])
def test_empty_views_say_what_would_appear(view: str) -> None:
    somebody = make_person(roles=[Role.AUTHOR, Role.EDITOR, Role.REVIEWER])
    chosen = next(each for each in VIEWS if each.key == view)
    text = page(at_desk(somebody), f"?view={view}")
    assert chosen.empty_title in text
    assert chosen.empty_text in text


def test_queue_says_what_keeps_a_newcomer_from_the_work() -> None:
    newcomer = make_person(roles=[Role.AUTHOR, Role.REVIEWER])
    text = page(at_desk(newcomer))
    assert 'href="/desk/people/me/disclosure/"' in text
    assert "No board term of yours runs now" in text
    disclose_nothing(newcomer)
    assert "without it nothing can be submitted or signed" not in page(at_desk(newcomer))
    ready = page(at_desk(board_member()))
    assert "Declare your interests" not in ready
    assert "No board term" not in ready
    assert "Declare your interests" not in page(at_desk(editor()))


def test_administrator_is_shown_to_people() -> None:
    text = page(at_desk(administrator()))
    assert 'href="/desk/people/"' in text


def test_search_finds_all_words_of_a_title() -> None:
    owner = author()
    for title in ("Ringing in one ear", "Pain in one ear", "Ringing 100% of the time"):
        make_version("submitted", author=owner, content=make_content(title))
    client = at_desk(owner)
    assert "Ringing in one ear" in page(client, "?q=EAR+ring")
    assert "Pain in one ear" not in page(client, "?q=EAR+ring")
    assert "Ringing in one ear" not in page(client, "?q=100%25")
    assert "No title here has these words." in page(client, "?q=%25%25")


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?q=" + "x" * 5_000,
        "?q=<script>alert(1)</script>",
        "?q=%F0%9F%92%8A%E2%80%AE",
        "?view=nothing",
        "?view=unassigned%00",
        "?page=0",
        "?page=-1",
        "?page=99999999999999999999999",
        "?page=two",
        "?page=1000",
        "?q=a&q=b&view=all&view=drafts",
    ],
)
def test_queue_shrugs_at_what_makes_no_sense(query: str) -> None:
    assert "<script>alert" not in page(at_desk(author()), query)


def test_author_cannot_open_an_editors_view() -> None:
    make_version("submitted")
    text = page(at_desk(author()), "?view=unassigned")
    assert "Unassigned" not in text
    assert "Hiccups" not in text


def test_long_lists_have_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.views.queue.PAGE_SIZE", 2)
    owner = author()
    for number in range(5):
        make_version("draft", author=owner, content=make_content(f"Article {number} of five"))
    client, seen = at_desk(owner), []
    for number in (1, 2, 3):
        text = page(client, f"?view=drafts&page={number}")
        seen += [title for title in (f"Article {n} of five" for n in range(5)) if title in text]
        assert (f"page={number + 1}" in text) is (number < 3)
    assert sorted(seen) == [f"Article {n} of five" for n in range(5)]
    assert "The list is not that long." in page(client, "?view=drafts&page=4")


@pytest.mark.parametrize("who", ["editor", "author", "reviewer"])
def test_queue_costs_the_same_at_3_rows_as_at_30(who: str) -> None:
    owner, reader, other, viewer = author(), board_member(), board_member(), editor()
    client = at_desk({"editor": viewer, "author": owner, "reviewer": reader}[who])

    def fill(count: int) -> int:
        for _ in range(count):
            make_version("under_review", author=owner, editor=viewer, reviewers=[reader, other])
        with CaptureQueriesContext(connection) as asked:
            text = page(client, "?view=all")
        assert text.count('class="queue-row"') == Version.objects.count()
        return len(asked)

    assert fill(3) == fill(27)


def test_every_state_has_a_row() -> None:
    viewer = editor()
    for state in VersionState.values:
        make_version(state, editor=viewer)
    text = page(at_desk(viewer), "?view=all")
    assert text.count('class="queue-row"') == len(VersionState.values)  # superseded shows by its successor
