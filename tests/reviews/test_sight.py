"""What each person may know of a review that goes on, on every page that could tell."""

import re
from dataclasses import dataclass

import pytest
from django.utils.html import escape

from articles.models import Version
from ledger.models import Event
from people.models import Role, User
from reviews.sight import Sight, sight
from tests.factories import (
    assign,
    author,
    board_member,
    editor,
    find,
    make_content,
    make_person,
    make_version,
    reread,
    sign,
    submit,
)
from tests.reviews.desks import TABS, at_desk, whole

pytestmark = pytest.mark.django_db


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
def review(db: None, kept_review: Round) -> Round:
    """The review as it stands, read anew."""
    people = User.objects.in_bulk([user.pk for user in kept_review.people.values()])
    return Round(reread(kept_review.version), {name: people[user.pk] for name, user in kept_review.people.items()})


@pytest.fixture(scope="module")
def kept_review(kept_db: None) -> Round:
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
    asked["ben"].keep(note="draft note of ben", by=people["ben"])
    asked["dan"].decline(by=people["dan"], reason="reason of dan")
    asked["eli"].cancel(by=people["editor"], reason="reason about eli")
    sign(asked["ada"], "request_changes", note="note of ada")
    return Round(version, people)


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
