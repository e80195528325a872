"""The queue: who has which views, what stands in them, what they are told, and how one finds one's way."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client

from articles.models import Version
from people.models import Role, User
from people.rules import today
from reviews import desk
from reviews.desk_views import VIEWS, views_for
from reviews.desk_wanted import Wanted, prefixes
from reviews.forms.queue import QueueForm
from reviews.models import Rereview
from tests.factories import (
    administrator,
    assign,
    author,
    board_member,
    editor,
    make_content,
    make_person,
    make_version,
    rereview,
    sign,
)
from tests.people.factories import disclose_nothing
from tests.reviews.desks import at_desk
from tests.reviews.situations import EDITING, in_view, stuck_for_reviewers

pytestmark = pytest.mark.django_db
REVIEWING = ["to-answer", "to-read", "to-confirm", "signed"]
WRITING = ["drafts", "changes", "in-review", "mine-approved", "ended"]


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
        ([Role.AUTHOR], WRITING),
        ([Role.REVIEWER], REVIEWING),
        ([Role.EDITOR], [*WRITING, *EDITING]),
        ([Role.REVIEWER, Role.EDITOR], [*REVIEWING, *WRITING, *EDITING]),
    ],
)
def test_views_follow_the_roles(roles: list[Role], keys: list[str]) -> None:
    assert [view.key for view in views_for(make_person(roles=roles))] == [*keys, "all"]


@pytest.mark.parametrize(("roles", "status"), [([], 403), ([Role.ADMINISTRATOR], 200), ([Role.AUTHOR], 200)])
@pytest.mark.parametrize("address", ["/desk/", "/desk/articles/"])
def test_queue_is_for_who_has_a_role(roles: list[Role], status: int, address: str) -> None:
    assert at_desk(make_person(roles=roles)).get(address).status_code == status


@pytest.mark.parametrize("address", ["/desk/", "/desk/articles/", "/desk/views/"])
def test_queue_asks_strangers_to_sign_in(client: Client, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={address}")


# What stands where


@pytest.mark.parametrize(
    ("state", "view"),
    [
        ("draft", "drafts"),
        ("submitted", "in-review"),
        ("under_review", "in-review"),
        ("changes_requested", "changes"),
        ("approved", "mine-approved"),
        ("declined", "ended"),
        ("retracted", "ended"),
    ],
)
def test_author_finds_each_article_in_one_view(state: str, view: str) -> None:
    version = make_version(state)
    owner = version.article.owner
    assert [key for key in WRITING if version.pk in in_view(owner, key)] == [view]


def test_reviewer_finds_each_article_in_one_view() -> None:
    version = make_version("under_review")
    invited, accepted = version.assignments.select_related("version", "reviewer")
    accepted.accept(by=accepted.reviewer)
    assert [key for key in REVIEWING if in_view(invited.reviewer, key)] == ["to-answer"]
    assert [key for key in REVIEWING if in_view(accepted.reviewer, key)] == ["to-read"]
    sign(invited)
    assert [key for key in REVIEWING if in_view(invited.reviewer, key)] == ["signed"]
    sign(accepted)
    rereview(version, [invited.reviewer])
    assert [key for key in REVIEWING if in_view(invited.reviewer, key)] == ["to-confirm", "signed"]


def test_overdue_is_whatever_is_past_its_day() -> None:
    viewer, version = editor(), make_version("changes_requested")
    late = make_version("submitted")
    make_version("submitted")
    Version.objects.filter(pk__in=(version.pk, late.pk)).update(due_on=today() - timedelta(2))
    assert in_view(viewer, "overdue") == {version.pk, late.pk}
    assert in_view(viewer, "author-overdue") == {version.pk}
    assert in_view(viewer, "author", overdue=True) == {version.pk}
    assert in_view(version.article.owner, "changes", overdue=True) == {version.pk}
    assert '<span class="over"' in page(at_desk(viewer), "?view=overdue")
    assert "2 days over" in page(at_desk(viewer), "?view=overdue")


def test_mine_is_what_i_handle() -> None:
    first, second = editor(), editor()
    versions = [make_version("submitted", editor=first) for _ in range(2)]
    mine = [in_view(who, "unassigned", who="mine") for who in (first, second)]
    assert sorted(map(len, mine)) == [1, 1]
    assert mine[0] | mine[1] == {version.pk for version in versions}
    assert in_view(first, "all", editor=second.pk) == mine[1]
    assert in_view(first, "all", who="mine") == mine[0]


def test_reviewer_is_due_when_the_assignment_says() -> None:
    version = make_version("submitted")
    first, second = board_member(), board_member()
    assign(version, [first], due_in=2)
    assign(version, [second], due_in=9)
    dues = [desk.found(who, Wanted(view="all")).lines[0]["due"] for who in (second, first, editor())]
    assert dues == [today() + timedelta(days) for days in (9, 2, 2)]


# What a row tells


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


def test_row_says_why_a_round_is_stuck_and_what_stands_out() -> None:
    viewer, version = editor(), stuck_for_reviewers()
    version.article.prioritise(1, by=viewer)
    version.article.label("cardiology first", by=viewer)
    text = page(at_desk(viewer), "?view=stuck")
    assert "1 of 2 approvals: assign more reviewers." in text
    assert "Urgent" in text
    assert "cardiology first" in text


def test_row_and_preview_say_that_a_public_version_is_to_be_revised() -> None:
    version = make_version("approved")
    client = at_desk(version.article.owner)
    peek = f"/desk/articles/{version.article_id}/v/{version.number}/peek/"
    assert "revision asked for" not in page(client, "?view=all") + client.get(peek).content.decode()
    Rereview.objects.request_revision(version, by=editor(), reason="The guideline changed.")
    assert "revision asked for" in page(client, "?view=changes")
    assert "revision asked for" in client.get(peek).content.decode()


def test_editor_who_wrote_is_told_that_another_handles_it() -> None:
    both = make_person(roles=[Role.AUTHOR, Role.EDITOR], name="Max Both")
    disclose_nothing(both)
    make_version("submitted", author=both, editor=both)
    assert "yours: another editor handles it" in page(at_desk(both), "?view=all")
    assert not in_view(both, "unassigned")


# Looking about


def test_everyone_lands_where_something_waits() -> None:
    assert "<h1>Unassigned " in page(at_desk(editor()))
    version = make_version("under_review")
    assert "<h1>To answer " in page(at_desk(version.assignments.all()[0].reviewer))
    assert "<h1>With the editors " in page(at_desk(version.article.owner))
    assert "<h1>Waiting for answer " in page(at_desk(editor()))
    assert "<h1>To answer " in page(at_desk(board_member()))
    assert "<h1>All articles " in at_desk(editor()).get("/desk/articles/").content.decode()


def test_editor_lands_among_their_own() -> None:
    first, second = editor(), editor()
    make_version("submitted", editor=first)
    answers = [at_desk(who).get("/desk/") for who in (first, second)]
    assert sorted(answer.context["wanted"].who for answer in answers) == ["", "mine"]
    assert all("Hiccups at night" in answer.content.decode() for answer in answers)


def test_empty_views_say_what_would_appear() -> None:
    client = at_desk(make_person(roles=[Role.AUTHOR, Role.EDITOR, Role.REVIEWER]))
    for view in VIEWS:
        text = page(client, f"?view={view.key}")
        assert view.empty_title in text
        assert view.empty_text in text
        next_steps = {"drafts": "Begin an article", "unassigned": "Take articles in"}
        assert [words for words in next_steps.values() if words in text] == [*filter(None, [next_steps.get(view.key)])]


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


def test_administrator_is_shown_to_people_and_to_no_list_that_stays_empty() -> None:
    text = page(at_desk(administrator()))
    assert 'href="/desk/people/"' in text
    assert 'href="/desk/articles/"' not in text
    assert ">Office</a>" in text
    own = page(at_desk(author()))
    assert 'href="/desk/articles/"' in own
    assert ">Queue</a>" in own


def test_search_finds_words_by_their_beginning() -> None:
    owner = author()
    for title in ("Ringing in one ear", "Pain in one ear", "Ringing 100% of the time"):
        make_version("submitted", author=owner, content=make_content(title))
    assert len(in_view(owner, "all", q="EAR ring")) == 1
    assert len(in_view(owner, "all", q="ring")) == 2
    assert len(in_view(owner, "all", q="100%")) == 1
    assert in_view(owner, "all", q="%%") == set()
    assert in_view(owner, "all", q="inging") == set()
    assert "Nothing here fits." in page(at_desk(owner), "?q=%25%25")


def test_search_takes_hostile_words() -> None:
    viewer = editor()
    make_version("draft", editor=viewer)
    for hostile in ("'", "a' | 'b", "!!!", "a & !b <-> c:*", "\\", "💊", "_", "²", "ﬁ", "&" * 199):
        in_view(viewer, "all", q=hostile)
        assert not set(prefixes(hostile)) & set("'|!<>\\")


NONSENSE = [
    "?q=%00",
    "?q=" + "x" * 100_000,
    "?q=<script>alert(1)</script>",
    "?q=%F0%9F%92%8A%E2%80%AE",
    "?view=nothing",
    "?view=unassigned%00",
    "?after=0",
    "?after=99999999999999999999999_1",
    "?after=1_2_3_4_5&before=two",
    "?sort=due&after=999999999999999999_1",
    "?sort=nothing&specialty=nothing&overdue=perhaps&who=nobody",
    "?label=-1&editor=99999999999999999999999&priority=9&risk=x&side=middle",
    "?q=a&q=b&view=all&view=drafts",
]


def test_queue_shrugs_at_what_makes_no_sense() -> None:
    client = at_desk(make_person(roles=[Role.AUTHOR, Role.EDITOR]))
    for query in NONSENSE:
        assert "<script>alert" not in page(client, query)


def test_author_cannot_open_an_editors_view() -> None:
    make_version("submitted")
    for query in ("?view=unassigned", "?view=all&who=all&label=1&editor=1&sort=priority"):
        text = page(at_desk(author()), query)
        assert "Unassigned" not in text
        assert "Hiccups" not in text


ORDERS = {
    "due": [1, 3, 2, 0, 4],
    "priority": [3, 0, 1, 4, 2],
    "risk": [1, 3, 2, 0, 4],
    "traffic": [2, 3, 0, 4, 1],
    "newest": [4, 3, 2, 1, 0],
}


def test_pages_go_on_and_back_in_each_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.desk.PAGE_SIZE", 2)
    viewer, owner = editor(), author()
    made = [make_version("submitted", author=owner, editor=viewer) for _ in range(5)]
    for number, version in enumerate(made):
        version.article.prioritise(1 + number % 3, by=viewer)
        version.article.note_traffic([10, None, 30, 10, 5][number], by=viewer)
        Version.objects.filter(pk=version.pk).update(due_on=today() + timedelta([3, 1, 2, 1, 4][number]))
    place = {version.pk: number for number, version in enumerate(made)}
    for sort, order in ORDERS.items():
        pages, addresses = walk(viewer, Wanted(view="unassigned", sort=sort))
        assert [place[pk] for each in pages for pk in each] == order
        assert [len(each) for each in pages] == [2, 2, 1]
        back, _ = walk(viewer, asked(viewer, addresses[-1]), backwards=True)
        assert back == [pages[1], pages[0]]


def walk(viewer: User, wanted: Wanted, *, backwards: bool = False) -> tuple[list[list[int]], list[str]]:
    """Every page from here on, and the address of the page before each."""
    pages, before = [], []
    while True:
        found = desk.found(viewer, wanted)
        pages.append([line["version_id"] for line in found.lines])
        before.append(found.previous)
        onward = found.previous if backwards else found.next
        if not onward:
            return pages, before
        wanted = asked(viewer, onward)


def asked(viewer: User, address: str) -> Wanted:
    return QueueForm(QueryDict(address.partition("?")[2]), user=viewer).wanted


def test_list_that_moved_on_says_so() -> None:
    client = at_desk(author())
    assert "The list ends here." in page(client, "?view=drafts&after=739000_1")


def test_filters_of_the_editors() -> None:
    viewer = editor()
    first, second = (make_version("submitted", editor=viewer) for _ in range(2))
    make_version("draft", specialty="Renal", editor=viewer)
    first.article.prioritise(2, by=viewer)
    first.article.label("heart", by=viewer)
    label = first.article.labels.get().pk
    assert in_view(viewer, "unassigned", label=label) == {first.pk}
    assert in_view(viewer, "all", priority=2) == {first.pk}
    assert in_view(viewer, "all", specialty="Neurologic", side="editors") == {first.pk, second.pk}
    assert in_view(viewer, "all", risk=25) == in_view(viewer, "all")
    assert in_view(viewer, "all", risk=50) == set()
    assert "1 fit" in page(at_desk(viewer), f"?view=all&label={label}")
