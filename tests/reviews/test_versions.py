"""The pages of articles and versions: who may see them, and what each may know of a review that goes on."""

import re
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from articles.models import Version
from articles.states import VersionState
from ledger.models import Event
from people.models import Role, User
from reviews.models import Assignment
from reviews.sight import Sight, sight
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
from tests.people.factories import disclose_nothing
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.django_db
TABS = ("text", "findings", "history")


def whole(user: User, version: Version) -> str:
    """Everything that the pages of a version and of its article say to this person."""
    client = at_desk(user)
    here = version.get_absolute_url()
    pages = [client.get(f"{here}?tab={tab}") for tab in TABS]
    pages += [client.get(version.article.get_absolute_url()), client.get("/desk/"), client.get("/desk/?view=all")]
    if user.is_editor:
        pages += [client.get("/desk/ledger/"), client.get(f"/desk/ledger/?version={version.pk}")]
    assert [page.status_code for page in pages] == [200] * len(pages)
    return "\n".join(page.content.decode() for page in pages)


# Who sees what of a review


@dataclass
class Round:
    """A review that goes on: Ada has signed, Ben reads, Chi is asked, Dan said no, Eli was taken off."""

    version: Version
    people: dict[str, User]


#: What there is to know, by a text that gives it away.
KNOWN = {
    "a name that signed": "Ada Signed",
    "a verdict": "Asks for changes",
    "a decision's note": "note of ada",
    "a finding that was signed": "finding of ada",
    "a name that reads": "Ben Reading",
    "a finding not yet signed": "finding of ben",
    "a name that is asked": "Chi Asked",
    "a name that said no": "Dan Declined",
    "why somebody said no": "reason of dan",
    "why somebody was taken off": "reason about eli",
    "where the round stands": "still to answer",
}
SIGNED = ["a name that signed", "a verdict", "a decision's note", "a finding that was signed"]
#: Who may know what. The ledger's pages count too.
MAY_KNOW = {
    "editor": list(KNOWN),
    "author": SIGNED,
    "editor who wrote": SIGNED,
    "ada": SIGNED,
    "ben": ["a name that reads", "a finding not yet signed"],
    "chi": ["a name that is asked"],
    "editor who reviews": [],
}


@pytest.fixture
def review() -> Round:
    people = {
        "author": author(name="Olga Owner"),
        "editor": editor(name="Eve Editor"),
        "editor who wrote": make_person(roles=[Role.AUTHOR, Role.EDITOR], name="Max Both"),
        "editor who reviews": board_member(name="Rae Both"),
        "ada": board_member(name="Ada Signed"),
        "ben": board_member(name="Ben Reading"),
        "chi": board_member(name="Chi Asked"),
        "dan": board_member(name="Dan Declined"),
        "eli": board_member(name="Eli Off"),
    }
    people["editor who reviews"].grant(Role.EDITOR, by=None)
    draft = make_version("draft", author=people["author"])
    draft = draft.save_draft(make_content("Hiccups by day"), by=people["editor who wrote"], based_on=draft.revision)
    version = submit(draft)
    names = ("ada", "ben", "chi", "dan", "eli", "editor who reviews")
    asked = dict(zip(names, assign(version, [people[name] for name in names], by=people["editor"]), strict=True))
    asked["ben"].accept(by=people["ben"])
    find(asked["ada"], "finding of ada", "must_fix")
    find(asked["ben"], "finding of ben")
    asked["ben"].keep_note("draft note of ben", by=people["ben"])
    asked["dan"].decline(by=people["dan"], reason="reason of dan")
    asked["eli"].cancel(by=people["editor"], reason="reason about eli")
    sign(asked["ada"], "request_changes", note="note of ada")
    return Round(reread(version), {name: User.objects.get(pk=user.pk) for name, user in people.items()})


@pytest.mark.parametrize("who", MAY_KNOW)
def test_each_knows_of_a_review_what_they_may(review: Round, who: str) -> None:
    text = whole(review.people[who], review.version)
    told = [what for what, words in KNOWN.items() if escape(words) in text]
    own = {"Ben Reading", "Chi Asked"} & {review.people[who].name}  # stands in the header
    assert told == [what for what in KNOWN if what in MAY_KNOW[who] or KNOWN[what] in own]


@pytest.mark.parametrize("who", [*MAY_KNOW, "dan", "eli"])
def test_nobody_reads_a_draft_note(review: Round, who: str) -> None:
    client = at_desk(review.people[who])
    for tab in TABS:
        assert "draft note of ben" not in client.get(f"{review.version.get_absolute_url()}?tab={tab}").content.decode()


@pytest.mark.parametrize("who", ["ben", "chi", "editor who reviews"])
def test_who_has_not_signed_learns_no_number_of_findings(review: Round, who: str) -> None:
    text = whole(review.people[who], review.version)
    assert not re.search(r"finding [12]\b|>1\.[12]<", text)
    assert "2 approvals are needed" not in text


def test_due_date_of_another_reviewer_is_not_told(review: Round) -> None:
    late = board_member()
    assign(review.version, [late], by=review.people["editor"], due_in=2)
    here = review.version.get_absolute_url()
    assert "due in 2 days" in at_desk(late).get(here).content.decode()
    assert "due in 2 days" not in at_desk(review.people["chi"]).get(here).content.decode()


@pytest.mark.parametrize("who", ["dan", "eli"])
def test_who_left_the_review_reads_nothing(review: Round, who: str) -> None:
    client = at_desk(review.people[who])
    assert client.get(review.version.get_absolute_url()).status_code == 404
    assert client.get(review.version.article.get_absolute_url()).status_code == 404


def test_names_wait_behind_a_number(review: Round) -> None:
    here = review.version.get_absolute_url()
    assert "3 more reviewers asked. Names are shown once they sign." in at_desk(review.people["author"]).get(
        here
    ).content.decode().replace("\n", " ")
    assert "3 more reviewers asked. Names are shown after you have signed." in at_desk(review.people["ben"]).get(
        here
    ).content.decode().replace("\n", " ")


def test_ledger_withholds_whole_events_from_who_is_part_of_them(review: Round) -> None:
    both = at_desk(review.people["editor who reviews"])
    everything = both.get("/desk/ledger/").content.decode()
    part = both.get("/desk/ledger/?kind=decision_signed").content.decode()
    assert everything.count("Withheld:") > 0
    assert everything.count("ledger-line") == Event.objects.count()
    assert "Withheld:" not in part
    assert "The ledger has no such event." in part
    assert "Withheld:" not in at_desk(review.people["editor"]).get("/desk/ledger/").content.decode()


def test_author_reads_everything_once_the_round_is_over(review: Round) -> None:
    review.version.move("request_changes", by=review.people["editor"], reason="reason of the editor")
    text = whole(review.people["author"], review.version)
    assert all(words in text for words in ("finding of ada", "finding of ben", "reason of the editor"))
    assert "reason of dan" not in text


def test_reviewer_who_never_signed_does_not_read_why_it_ended(review: Round) -> None:
    review.version.move("request_changes", by=review.people["editor"], reason="reason of the editor")
    assert "reason of the editor" not in whole(review.people["chi"], review.version)
    assert "reason of the editor" in whole(review.people["ada"], review.version)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("editor", Sight.EVERYTHING),
        ("author", Sight.AUTHOR),
        ("editor who wrote", Sight.AUTHOR),
        ("ada", Sight.SIGNED_REVIEWS),
        ("ben", Sight.OWN_REVIEW),
        ("chi", Sight.OWN_REVIEW),
        ("editor who reviews", Sight.OWN_REVIEW),
    ],
)
def test_sight(review: Round, who: str, expected: Sight) -> None:
    assert sight(review.people[who], review.version) is expected


# Who may come in


@pytest.mark.parametrize("state", VersionState.values)
def test_pages_are_for_who_may_read_the_version(state: str) -> None:
    version = make_version(state)
    strangers = [author(), board_member(), administrator(), make_person()]
    for address in (version.get_absolute_url(), version.article.get_absolute_url()):
        assert {at_desk(user).get(address).status_code for user in strangers} == {404}
        assert at_desk(editor()).get(address).status_code == 200
        assert at_desk(version.article.owner).get(address).status_code == 200


def test_missing_looks_like_forbidden() -> None:
    version, client = make_version("draft"), at_desk(author())
    hidden = client.get(version.get_absolute_url())
    missing = client.get("/desk/articles/999999/v/1/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.content == missing.content


@pytest.mark.parametrize(
    "address", ["/desk/articles/99999999999999999999/", "/desk/articles/1/v/99999999999999999999/"]
)
def test_absurd_numbers_are_404(address: str) -> None:
    assert at_desk(editor()).get(address).status_code == 404


def test_reviewer_sees_only_the_versions_they_were_asked_for() -> None:
    first = make_version("changes_requested")
    second = submit(revise(first))
    newcomer = board_member()
    assign(second, [newcomer])
    client = at_desk(newcomer)
    assert client.get(first.get_absolute_url()).status_code == 404
    assert "Version 1" not in client.get(second.article.get_absolute_url()).content.decode()


# What the page says


def test_text_stands_under_stripes_until_it_was_public() -> None:
    viewer = at_desk(editor())
    for state in VersionState.values:
        version = make_version(state)
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
    ("changes_requested", "editor"): ["Make the changes"],
    ("changes_requested", "reviewer"): [],
    ("approved", "owner"): ["Begin a new version"],
    ("approved", "editor"): ["Begin a new version", "Retract…"],
    ("approved", "author and editor"): ["Begin a new version"],
    ("approved", "reviewer"): [],
    ("superseded", "owner"): [],
    ("superseded", "editor"): [],
    ("declined", "owner"): ["Begin a new version"],
    ("withdrawn", "editor"): ["Begin a new version"],
    ("retracted", "owner"): ["Begin a new version"],
    ("retracted", "reviewer"): [],
}


@pytest.mark.parametrize(("state", "who"), BUTTONS)
def test_buttons_are_what_the_person_may_do(state: str, who: str) -> None:
    both = make_person(roles=[Role.AUTHOR, Role.EDITOR])
    disclose_nothing(both)
    reviewer = board_member()
    owner = both if who == "author and editor" else author()
    version = make_version(state, author=owner, reviewers=[reviewer, board_member()])
    person = {"owner": owner, "editor": editor(), "author and editor": both, "reviewer": reviewer}[who]
    text = at_desk(person).get(f"{version.get_absolute_url()}?tab=history").content.decode()
    actions = re.search(r'version-actions">(.*?)</header>', text, re.DOTALL)
    labels = re.findall(r"</svg>([^<]+)</", actions[1]) if actions else []
    assert sorted(labels) == sorted(BUTTONS[state, who])


def test_each_button_leads_to_a_page() -> None:
    for state in VersionState.values:
        version = make_version(state)
        for person in (editor(), version.article.owner):
            client = at_desk(person)
            text = client.get(version.get_absolute_url()).content.decode()
            for address in re.findall(r'<a class="button[^"]*" href="(/desk/articles/[^"]+)"', text):
                assert client.get(address).status_code == 200, (state, address)


def test_old_version_leads_to_the_latest() -> None:
    old = make_version("superseded")
    text = at_desk(editor()).get(old.get_absolute_url()).content.decode()
    assert f'<a href="/desk/articles/{old.article_id}/v/2/">see version 2</a>' in text


def test_findings_open_first_for_who_must_answer_them() -> None:
    version = make_version("submitted")
    first, second = assign(version)
    find(first)
    sign(first, "request_changes")
    sign(second)
    owner = at_desk(version.article.owner)
    assert "Findings to answer" in owner.get(version.get_absolute_url()).content.decode()
    assert "Findings to answer" not in owner.get(f"{version.get_absolute_url()}?tab=text").content.decode()


def test_history_is_told_newest_first_with_links() -> None:
    version = make_version("submitted")
    first, _ = assign(version)
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


def test_article_lists_its_versions_and_what_is_public() -> None:
    version = make_version("superseded")
    text = at_desk(editor()).get(version.article.get_absolute_url()).content.decode()
    assert text.index("Version 2") < text.index("Version 1")
    assert f'href="/articles/{version.article.slug}/"' in text


SPECIALTY = [("owner", 302), ("editor", 302), ("reviewer", 403), ("stranger", 404), ("administrator", 404)]


@pytest.mark.parametrize(("who", "status"), SPECIALTY)
def test_specialty_is_changed_by_owner_and_editors(who: str, status: int) -> None:
    version = make_version("under_review")
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
def test_unknown_specialty_is_refused(value: str) -> None:
    version = make_version("draft")
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

    assert cost(3) == cost(12)


def test_article_page_costs_the_same_with_many_versions() -> None:
    version, viewer = make_version("approved"), at_desk(editor())

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert viewer.get(version.article.get_absolute_url()).status_code == 200
        return len(asked)

    before = cost()
    for _ in range(4):
        latest = submit(revise(reread(version)))
        assign(latest, [a.reviewer for a in Assignment.objects.filter(version=version)])
        approve(latest)
    assert cost() == before
