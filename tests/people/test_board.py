from datetime import date, timedelta

import psycopg
import pytest

from people.models import BoardProfile, Role
from people.models.board import years_after
from people.rules import RuleBroken
from people.specialties import MedicalSpecialty
from tests.conftest import Connection
from tests.people.factories import administrator, board_member, make_person
from tests.racing import at_once

START = date(2024, 2, 29)


def profile_of_reviewer() -> BoardProfile:
    return BoardProfile.objects.draft_for(make_person(roles=[Role.REVIEWER]))


def test_specialties_are_schema_orgs_41() -> None:
    assert len(MedicalSpecialty.values) == 41
    assert MedicalSpecialty("PrimaryCare").label == "Primary care"


def test_draft_for_makes_one_profile_with_a_free_slug(db: None) -> None:
    first, second = make_person(name="Ada Example"), make_person(name="Ada  EXAMPLE")
    assert BoardProfile.objects.draft_for(first) == BoardProfile.objects.draft_for(first)
    assert first.board_profile.slug == "ada-example"
    assert BoardProfile.objects.draft_for(second).slug == "ada-example-2"
    assert BoardProfile.objects.draft_for(make_person(name="张伟")).slug == "member"


def test_profile_is_complete_only_with_all_parts(db: None) -> None:
    profile = board_member().board_profile
    assert profile.is_complete
    profile.institution = ""
    assert not profile.is_complete


def test_byline_and_position(db: None) -> None:
    profile = board_member(name="Ada Example").board_profile
    assert profile.byline == "Ada Example, MD"
    assert profile.position.startswith("Consultant, Example Hospital")


@pytest.mark.parametrize(
    ("starts", "ends", "message"),
    [
        (START, START, "ends after it starts"),
        (START, START - timedelta(days=1), "ends after it starts"),
        (START, date(2027, 3, 1), "at most 3 years"),
    ],
)
def test_add_term_refuses(db: None, starts: date, ends: date, message: str) -> None:
    with pytest.raises(RuleBroken, match=message):
        profile_of_reviewer().add_term(starts, ends, by=None)


def test_add_term_two_at_most_and_no_overlap(db: None) -> None:
    profile = profile_of_reviewer()
    first = profile.add_term(date(2020, 1, 1), date(2022, 12, 31), by=None)
    with pytest.raises(RuleBroken, match="overlaps"):
        profile.add_term(date(2022, 12, 31), date(2024, 1, 1), by=None)
    first.end_early(date(2022, 6, 1), by=administrator())
    profile.add_term(date(2022, 6, 1), date(2024, 1, 1), by=None)
    with pytest.raises(RuleBroken, match="at most 2 terms"):
        profile.add_term(date(2025, 1, 1), date(2026, 1, 1), by=None)


def test_add_term_at_once_adds_one(committed_db: None) -> None:
    profile = profile_of_reviewer()
    results = at_once(*[lambda: BoardProfile.objects.get(pk=profile.pk).add_term(START, date(2026, 1, 1), by=None)] * 4)
    assert [type(result).__name__ for result in results].count("BoardTerm") == 1
    assert profile.terms.count() == 1


def test_leap_day_is_the_same_here_and_in_the_database(db: None) -> None:
    assert years_after(START, 3) == date(2027, 2, 28)
    profile_of_reviewer().add_term(START, date(2027, 2, 28), by=None)


@pytest.mark.parametrize(
    "day", [date(2019, 12, 31), date(2020, 1, 1), date(2021, 6, 30), date(2022, 12, 31), date(2023, 1, 1)]
)
@pytest.mark.parametrize("ended", [None, date(2020, 1, 1), date(2021, 6, 30), date(2022, 12, 31)])
def test_term_runs_from_its_first_day_to_its_last(db: None, day: date, ended: date | None) -> None:
    term = profile_of_reviewer().add_term(date(2020, 1, 1), date(2022, 12, 31), by=None)
    if ended:
        term.end_early(ended, by=administrator())
    expected = date(2020, 1, 1) <= day <= date(2022, 12, 31) and (ended is None or day < ended)
    assert term.is_running_on(day) == expected


def test_end_early_only_once_and_within(db: None) -> None:
    admin = administrator()
    term = profile_of_reviewer().add_term(date(2020, 1, 1), date(2022, 12, 31), by=admin)
    for day in (date(2019, 12, 31), date(2023, 1, 1)):
        with pytest.raises(RuleBroken, match="outside"):
            term.end_early(day, by=admin)
    term.end_early(date(2021, 1, 1), by=admin)
    with pytest.raises(RuleBroken, match="already"):
        term.end_early(date(2021, 1, 2), by=admin)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_boardterm SET ends_on = starts_on",
        "UPDATE people_boardterm SET ends_on = starts_on + interval '3 years 1 day'",
        "UPDATE people_boardterm SET ended_early_on = starts_on - 1",
        "UPDATE people_boardterm SET ended_early_on = ends_on + 1",
        "UPDATE people_boardterm SET ended_by_id = (SELECT min(id) FROM people_user)",
        "DELETE FROM people_boardterm",
        "UPDATE people_boardprofile SET orcid = '0000-0002-1825-009'",
        "UPDATE people_boardprofile SET orcid = '0000-0002-1825-0097'",
        "UPDATE people_boardprofile SET slug = 'same'",
        "UPDATE people_boardprofile SET specialties = '{Astrology}'",
    ],
)
def test_database_keeps_the_rules_of_the_board(as_staff: Connection, statement: str) -> None:
    board_member()
    board_member()
    with pytest.raises(psycopg.Error):
        as_staff.execute(statement)
