"""Who could review a version, ranked, with what speaks for and against each."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone

from articles.models import Article, Version
from people.models import Absence, BoardProfile, Conflict, Role, User
from people.rules import today
from reviews.candidates import Candidate, candidates_for, candidates_for_many
from reviews.eligibility import ReviewExclusions, ReviewIneligibility
from reviews.load import Window, away
from reviews.models import Assignment
from reviews.models import Conflict as ArticleConflict
from reviews.states import Ineligible
from tests.factories import (
    assign,
    author,
    board_member,
    editor,
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


def named(version: Version) -> dict[str, Candidate]:
    return {each.user.name: each for each in candidates_for(version)}


def test_candidates_are_ranked_with_reasons() -> None:
    version = make_version("submitted")
    busy, free = board_member(name="Ada"), board_member(name="Ben")
    other = board_member(name="Chi", specialties=["Dermatology"])
    assign(make_version("submitted"), [busy], due_in=3)
    former = board_member(name="Dan")
    former.board_profile.terms.update(ends_on=today() - timedelta(1), starts_on=today() - timedelta(400))
    found = candidates_for(version)
    assert [each.user for each in found] == [free, busy, other, former]
    assert [each.specialty for each in found] == ["Neurology", "Neurology", "", "Neurology"]
    untouched = ["No open review", "0 of 8 this month", "Never asked yet"]
    assert [each.reasons for each in found] == [
        untouched,
        ["1 open review", "1 of 8 this month", "Asked today"],
        ["Not in Neurology", *untouched],
        untouched,
    ]
    assert [each.why_not for each in found] == ["", "", "", "No board term is running"]


def test_a_full_month_is_a_warning_and_what_was_turned_down_does_not_count() -> None:
    ada, ben = board_member(name="Ada"), board_member(name="Ben")
    BoardProfile.objects.filter(user__in=[ada, ben]).update(monthly_limit=1)
    (first,), (second,) = assign(make_version("submitted"), [ada]), assign(make_version("submitted"), [ben])
    second.decline(by=ben, reason="On leave.")
    found = named(make_version("submitted"))
    assert found["Ada"].warnings == ["Has 1 of 1 reviews for this month"]
    assert found["Ben"].warnings == []
    sign(first)
    Assignment.objects.filter(pk=first.pk).update(invited_at=timezone.now() - timedelta(days=40))
    assert named(make_version("submitted"))["Ada"].warnings == []


def test_an_old_review_still_open_takes_room() -> None:
    ada = board_member(name="Ada")
    (old,) = assign(make_version("submitted"), [ada])
    Assignment.objects.filter(pk=old.pk).update(invited_at=timezone.now() - timedelta(days=40))
    load = named(make_version("submitted"))["Ada"].member.load
    assert (load.open, load.asked, load.taken, load.limit) == (1, 0, 1, settings.MONTHLY_REVIEWS)


@pytest.mark.parametrize(
    ("days", "text", "is_long"),
    [
        ([(-9, -1)], None, False),
        ([(22, 30)], None, False),
        ([(9, 10)], "away", False),
        ([(0, 7)], "away until", True),  # all days to answer
        ([(8, 21)], "away", True),  # more than half
        ([(1, 2), (9, 12)], " and away ", False),
    ],
)
def test_absence_in_the_days_of_the_review(days: list[tuple[int, int]], text: str | None, is_long: bool) -> None:
    window = Window(today() + timedelta(7), today() + timedelta(21))
    absences = [Absence(first_on=today() + timedelta(a), last_on=today() + timedelta(b)) for a, b in days]
    found = away(absences, window)
    assert (found is not None) == (text is not None)
    if found is not None:
        assert (str(text) in found.text, found.is_long) == (True, is_long)


def test_who_is_away_for_long_is_last_of_those_who_can() -> None:
    for name in ("Ada", "Ben"):
        board_member(name=name)
    board_member(name="Chi", specialties=["Dermatology"])
    gone = User.objects.get(name="Ada")
    Absence.objects.create(user=gone, first_on=today(), last_on=today() + timedelta(60))
    found = candidates_for(make_version("submitted"))
    assert [each.user.name for each in found] == ["Ben", "Chi", "Ada"]
    assert found[2].warnings == [f"Away until {(today() + timedelta(60)).day} {today() + timedelta(60):%b}"]


def test_who_signed_the_last_version_comes_first_and_who_declined_it_later() -> None:
    ada, ben, chi = board_member(name="Ada"), board_member(name="Ben"), board_member(name="Chi")
    version = make_version("submitted")
    first, second = assign(version, [chi, ada])
    second.decline(by=ada, reason="Too busy.")
    sign(first, "request_changes")
    found = candidates_for(submit(revise(reread(version))))
    assert [each.user for each in found] == [chi, ben, ada]
    assert (found[0].reasons[0], found[2].cautions) == ("Signed version 1", ["Declined version 1"])


def test_same_institution_is_a_warning_that_needs_a_reason() -> None:
    owner = author()
    profile = BoardProfile.objects.draft_for(owner)
    profile.institution = "Example  University hospital"
    profile.save()
    version, reviewer = make_version("submitted", author=owner), board_member()
    BoardProfile.objects.filter(user=reviewer).update(institution="EXAMPLE University Hospital")
    (found,) = candidates_for(version)
    assert (found.warnings, found.needs_a_reason) == (["Same institution as the author"], True)


def test_promise_3_exclusions_of_many_are_those_of_each() -> None:
    versions = [make_version() for _ in range(3)]
    versions[0].contributors.add(make_person(roles=[Role.REVIEWER]))
    versions.append(Article.objects.create_with_draft(make_content(), by=author(), handed_in_by=board_member()))
    versions = [submit(version) for version in versions]
    versions[1].article.owner.grant(Role.REVIEWER, by=None)
    conflicted = [board_member() for _ in range(4)]
    Conflict.objects.create(user=conflicted[0], person=versions[0].article.owner, reason="Married.")
    Conflict.objects.create(user=versions[1].article.owner, person=conflicted[1], reason="Married.")
    withdrawn = Conflict.objects.create(user=conflicted[2], person=versions[2].article.owner, reason="Was.")
    withdrawn.withdraw(by=conflicted[2], reason="It is over.")
    ArticleConflict.objects.declare(versions[2], by=conflicted[3], reason="Wrote the paper it cites.")
    ArticleConflict.objects.declare(versions[0], by=conflicted[0], reason="Twice.")
    disclose_nothing(make_person(roles=[Role.REVIEWER]))
    early = board_member()
    early.board_profile.terms.update(ended_early_on=today())
    late = make_person(roles=[Role.REVIEWER])
    BoardProfile.objects.draft_for(late).add_term(today(), today() + timedelta(90), by=None)
    disclose_nothing(late, declared_at=timezone.now() - timedelta(days=400))
    people = list(User.objects.with_role(Role.REVIEWER))
    found = ReviewExclusions.of([version.pk for version in versions])
    for version in versions:
        each = Version.objects.filter(pk=version.pk)
        for person in people:
            one = each.values_list(ReviewIneligibility(person.pk, F("pk")), flat=True).get()
            assert (found.get((version.pk, person.pk)) or found.get((None, person.pk))) == one
    assert {*found.values()} == {*Ineligible.values} - {Ineligible.INACTIVE, Ineligible.NOT_A_REVIEWER}


def test_promise_3_who_handed_it_in_is_no_candidate() -> None:
    editor = board_member(name="Ed")
    version = submit(Article.objects.create_with_draft(make_content(), by=author(), handed_in_by=editor))
    (found,) = candidates_for(version)
    assert (found.user, found.why_not) == (editor, "Handed it in")
    with pytest.raises(ValidationError, match="Ed cannot review this: handed it in"):
        assign(version, [editor])


def test_candidates_of_many_are_those_of_each_by_as_many_queries() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for name in ("Ada", "Ben", "Chi"):
        board_member(name=name)
    versions = [make_version("submitted") for _ in range(3)]
    assign(versions[0], [User.objects.get(name="Ada")])

    def cost(count: int) -> int:
        wanted = list(Version.objects.with_people().filter(pk__in=[v.pk for v in versions[:count]]))
        with CaptureQueriesContext(connection) as asked:
            found = candidates_for_many(wanted, Window.usual())
        for version in wanted:
            assert sorted(found[version.pk], key=lambda c: c.rank) == candidates_for(version)
        return len(asked)

    assert cost(1) == cost(3)


def test_each_is_told_why_they_stand_below_the_one_above() -> None:
    for name in ("Ada", "Ben", "Dan"):
        board_member(name=name)
    board_member(name="Chi", specialties=["Dermatology"])
    gone, busy = User.objects.get(name="Dan"), User.objects.get(name="Ada")
    Absence.objects.create(user=gone, first_on=today(), last_on=today() + timedelta(60))
    assign(make_version("submitted"), [busy])
    version = make_version("submitted")
    ranked = candidates_for(version)
    assert [each.user.name for each in ranked] == ["Ben", "Ada", "Chi", "Dan"]
    assert [each.why_below(above) for above, each in pairwise(ranked)] == [
        "they were asked more lately",
        "it is not their field",
        "they are away",
    ]
    assert ranked[0].why_below(ranked[0]) == "they fit as well; the name comes later"
    page = at_desk(editor()).get(f"{version.get_absolute_url()}assign/").content.decode()
    assert page.count("Below the one above: ") == 3
    assert "Below the one above: it is not their field." in page
