"""The pages of articles and versions: who may see them, and what they say."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from articles.states import VersionState
from ledger.models import Event
from people.models import Role
from reviews.models import Assignment
from tests.factories import (
    administrator,
    approve,
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
from tests.reviews.desks import TABS, InState, at_desk, whole

pytestmark = pytest.mark.django_db


# Who may come in


def test_pages_are_for_who_may_read_the_version(in_state: InState) -> None:
    strangers = {user: at_desk(user) for user in (author(), board_member(), administrator(), make_person())}
    anybody_elses = at_desk(editor())
    for state in VersionState.values:
        version = in_state(state)
        readers = {"editor": anybody_elses, "owner": at_desk(version.article.owner)}
        for address in (version.get_absolute_url(), version.article.get_absolute_url()):
            shut = {user: client.get(address).status_code for user, client in strangers.items()}
            assert shut == dict.fromkeys(strangers, 404), (state, address)
            opened = {who: client.get(address).status_code for who, client in readers.items()}
            assert opened == dict.fromkeys(readers, 200), (state, address)


def test_missing_looks_like_forbidden(in_state: InState) -> None:
    version, client = in_state("draft"), at_desk(author())
    hidden = client.get(version.get_absolute_url())
    missing = client.get("/desk/articles/999999/v/1/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.content == missing.content


@pytest.mark.parametrize(
    "address", ["/desk/articles/99999999999999999999/", "/desk/articles/1/v/99999999999999999999/"]
)
def test_absurd_numbers_are_404(address: str) -> None:
    assert at_desk(editor()).get(address).status_code == 404


def test_reviewer_sees_only_the_versions_they_were_asked_for(in_state: InState) -> None:
    first = in_state("changes_requested")
    second = submit(revise(first))
    newcomer = board_member()
    assign(second, [newcomer])
    client = at_desk(newcomer)
    assert client.get(first.get_absolute_url()).status_code == 404
    assert "Version 1" not in client.get(second.article.get_absolute_url()).content.decode()


# What the page says


def test_text_stands_under_stripes_until_it_was_public(in_state: InState) -> None:
    viewer = at_desk(editor())
    for state in VersionState.values:
        version = in_state(state)
        text = viewer.get(version.get_absolute_url()).content.decode()
        assert ("Not yet reviewed: do not rely on this." in text) is (not version.was_public)
        assert escape(version.document.diagnoses[0].clinician.rationale) in text


#: The buttons of a version by state and person, in order.
BUTTONS = {
    ("draft", "owner"): ["Edit", "Submit for review…"],
    ("draft", "editor"): ["Edit"],
    ("submitted", "owner"): ["Withdraw…"],
    ("submitted", "editor"): ["Assign reviewers", "Decline…"],
    ("submitted", "author and editor"): ["Withdraw…"],
    ("under_review", "owner"): ["Withdraw…"],
    ("under_review", "editor"): ["Assign reviewers", "Request changes…", "Decline…"],
    ("under_review", "author and editor"): ["Withdraw…"],
    ("under_review", "reviewer"): ["Read and sign"],
    ("changes_requested", "owner"): ["Make the changes"],
    ("changes_requested", "editor"): ["Make the changes yourself", "Remind the author"],
    ("changes_requested", "reviewer"): [],
    ("approved", "owner"): ["Begin a new version"],
    ("approved", "editor"): [
        *("Ask for a revision…", "Ask for confirmation", "Begin a new version", "Post a notice…", "Retract…"),
    ],
    ("approved", "author and editor"): ["Begin a new version"],
    ("approved", "reviewer"): [],
    ("superseded", "owner"): [],
    ("superseded", "editor"): ["Post a notice…"],
    ("declined", "owner"): ["Begin a new version"],
    ("withdrawn", "editor"): ["Begin a new version"],
    ("retracted", "owner"): ["Begin a new version"],
    ("retracted", "reviewer"): [],
}


@pytest.mark.parametrize(("state", "who"), BUTTONS)
def test_buttons_are_what_the_person_may_do(in_state: InState, state: str, who: str) -> None:
    version = in_state(state)
    match who:
        case "editor":
            person = editor()
        case "reviewer":
            person = version.assignments.all()[0].reviewer
        case _:
            person = version.article.owner
    if who == "author and editor":
        person.grant(Role.EDITOR, by=None)
    text = at_desk(person).get(f"{version.get_absolute_url()}?tab=history").content.decode()
    actions = re.search(r'version-actions">(.*?)</header>', text, re.DOTALL)
    labels = re.findall(r"</svg>([^<]+)</", actions[1]) if actions else []
    assert sorted(labels) == sorted(BUTTONS[state, who])


def test_each_button_leads_to_a_page(in_state: InState) -> None:
    anybody_elses = at_desk(editor())
    for state in VersionState.values:
        version = in_state(state)
        for client in (anybody_elses, at_desk(version.article.owner)):
            text = client.get(version.get_absolute_url()).content.decode()
            for address in re.findall(r'<a class="button[^"]*" href="(/desk/articles/[^"]+)"', text):
                assert client.get(address).status_code == 200, (state, address)


def test_old_version_leads_to_the_latest(in_state: InState) -> None:
    old = in_state("superseded")
    text = at_desk(editor()).get(old.get_absolute_url()).content.decode()
    assert f'<a href="/desk/articles/{old.article_id}/v/2/">see version 2</a>' in text


def test_findings_open_first_for_who_must_answer_them(in_state: InState) -> None:
    version = in_state("under_review")
    first, second = version.assignments.with_people()
    find(first)
    sign(first, "request_changes")
    sign(second)
    owner = at_desk(version.article.owner)
    assert "Findings to answer" in owner.get(version.get_absolute_url()).content.decode()
    assert "Findings to answer" not in owner.get(f"{version.get_absolute_url()}?tab=text").content.decode()


def test_history_is_told_newest_first_with_links(in_state: InState) -> None:
    version = in_state("under_review")
    first, _ = version.assignments.with_people()
    finding = find(first)
    text = at_desk(editor()).get(f"{version.get_absolute_url()}?tab=history").content.decode()
    sentences = [
        "made finding 1: should fix",
        "asked ",
        "started the review",
        "submitted it for review",
        "started version 1",
    ]
    places = [text.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert f'href="{version.get_absolute_url()}?tab=findings#finding_box_{finding.pk}"' in text
    assert f'href="{version.get_absolute_url()}#assignment_{first.pk}"' in text


def test_hostile_words_are_shown_as_words() -> None:
    bad = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    version = make_version("submitted", content=make_content(bad), author=author(name=bad))
    first, second = assign(version, [board_member(name=bad), board_member()])
    second.decline(by=second.reviewer, reason=bad)
    find(first, bad)
    sign(first, "request_changes", note=bad)
    for user in (editor(), version.article.owner, first.reviewer):
        text = whole(user, version)
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_empty_draft_can_be_looked_at() -> None:
    from content.schema import Content

    version = make_version("draft", content=Content())
    text = at_desk(version.article.owner).get(version.get_absolute_url()).content.decode()
    assert "<h1>Untitled article</h1>" in text


# The article


def test_version_at_a_glance_is_a_page_by_itself_and_a_part_beside_the_queue(in_state: InState) -> None:
    version = in_state("submitted")
    client, here = at_desk(editor()), f"{version.get_absolute_url()}peek/"
    page, part = (client.get(here, headers=headers).content.decode() for headers in ({}, {"HX-Request": "true"}))
    for once in ("<h1", "<main", "<title>", 'id="glance_title"'):
        assert (once, page.count(once)) == (once, 1)
    assert [part.count(once) for once in ("<h1", "<main", "<title>", 'id="glance_title"')] == [0, 0, 0, 1]


def test_article_lists_its_versions_and_what_is_public(in_state: InState) -> None:
    version = in_state("superseded")
    text = at_desk(editor()).get(version.article.get_absolute_url()).content.decode()
    assert text.index("Version 2") < text.index("Version 1")
    assert f'href="/articles/{version.article.slug}/"' in text


SPECIALTY = [("owner", 302), ("editor", 302), ("reviewer", 403), ("stranger", 404), ("administrator", 404)]


@pytest.mark.parametrize(("who", "status"), SPECIALTY)
def test_specialty_is_changed_by_owner_and_editors(in_state: InState, who: str, status: int) -> None:
    version = in_state("under_review")
    people = {
        "owner": version.article.owner,
        "editor": editor(),
        "reviewer": version.assignments.all()[0].reviewer,
        "stranger": author(),
        "administrator": administrator(),
    }
    address = f"{version.article.get_absolute_url()}specialty/"
    assert at_desk(people[who]).post(address, {"specialty": "Dermatology"}).status_code == status
    version.article.refresh_from_db()
    assert version.article.specialty == ("Dermatology" if status == 302 else "Neurologic")
    assert Event.objects.filter(kind="specialty_changed").count() == (status == 302)


@pytest.mark.parametrize("value", ["Astrology", "\0", "x" * 500])
def test_unknown_specialty_is_refused(in_state: InState, value: str) -> None:
    version = in_state("draft")
    address = f"{version.article.get_absolute_url()}specialty/"
    response = at_desk(version.article.owner).post(address, {"specialty": value})
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode() or "field-error" in response.content.decode()


def test_pages_cost_the_same_with_many_reviewers_and_findings() -> None:
    def cost(reviewers: int) -> list[int]:
        version = make_version("submitted")
        for assignment in assign(version, [board_member() for _ in range(reviewers)]):
            find(assignment, f"by {assignment.pk}")
            find(assignment, f"again by {assignment.pk}")
            if assignment.pk % 2:
                sign(assignment, "request_changes")
        clients = [at_desk(user) for user in (editor(), version.article.owner)]
        costs = []
        for client in clients:
            for tab in TABS:
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(f"{version.get_absolute_url()}?tab={tab}").status_code == 200
                costs.append(len(asked))
        return costs

    assert cost(2) == cost(5)


def test_article_page_costs_the_same_with_many_versions(in_state: InState) -> None:
    version, viewer = in_state("approved"), at_desk(editor())

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert viewer.get(version.article.get_absolute_url()).status_code == 200
        return len(asked)

    before = cost()
    for _ in range(2):
        latest = submit(revise(reread(version)))
        assign(latest, [a.reviewer for a in Assignment.objects.filter(version=version)])
        approve(latest)
    assert cost() == before
