"""Days away and the most reviews a month: one's own page, and what others see of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from people.calendar import months
from people.models import Absence, BoardProfile, Role, User
from people.rules import RuleBroken, today
from tests.people.factories import administrator, author, board_member, editor, make_person

HERE = "/desk/people/me/availability/"
pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def days(first: int, last: int, **more: str) -> dict[str, str]:
    return {"first_on": str(today() + timedelta(first)), "last_on": str(today() + timedelta(last)), **more}


def test_days_away_are_added_changed_and_removed() -> None:
    reviewer = board_member()
    client = signed_in(reviewer)
    assert "No days away" in client.get(HERE).content.decode()
    assert client.post(f"{HERE}add/", days(3, 9, note=" At a\u200b congress ")).status_code == 302
    absence = Absence.objects.get(user=reviewer)
    assert (absence.last_on, absence.note) == (today() + timedelta(9), "At a congress")
    assert "At a congress" in client.get(HERE).content.decode()
    assert client.post(f"{HERE}{absence.pk}/", days(4, 5)).status_code == 302
    absence.refresh_from_db()
    assert (absence.first_on, absence.note) == (today() + timedelta(4), "")
    assert client.post(f"{HERE}{absence.pk}/remove/").status_code == 302
    assert client.post(f"{HERE}{absence.pk}/remove/").status_code == 404
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({}, "This field is required."),
        ({"first_on": "soon", "last_on": "0000-00-00"}, "Enter a valid date."),
        (days(5, 4), "The last day comes before the first."),
        (days(-5, -1), "These days are over."),
        (days(0, 400), "An absence lasts at most a year"),
        (days(1090, 1100), "ends within three"),
        (days(9, 12), "You are away on some of these days already"),
        (days(1, 2, note="x" * 300), "at most 200 characters"),
    ],
)
def test_days_must_make_sense(sent: dict[str, str], problem: str) -> None:
    reviewer = board_member()
    Absence.objects.add(reviewer, today() + timedelta(10), today() + timedelta(20))
    response = signed_in(reviewer).post(f"{HERE}add/", sent)
    assert response.status_code == 422
    assert problem in response.content.decode()
    assert Absence.objects.count() == 1


def test_entries_are_limited() -> None:
    reviewer = board_member()
    for number in range(60):
        Absence.objects.add(reviewer, today() + timedelta(2 * number), today() + timedelta(2 * number))
    with pytest.raises(RuleBroken, match="60 entries"):
        Absence.objects.add(reviewer, today() + timedelta(300), today() + timedelta(300))


@pytest.mark.parametrize(("sent", "kept"), [("3", 3), ("0", 0), ("", None), ("-1", 5), ("100", 5), ("x", 5)])
def test_the_monthly_limit_is_kept(sent: str, kept: int | None) -> None:
    reviewer = board_member()
    BoardProfile.objects.filter(user=reviewer).update(monthly_limit=5)
    response = signed_in(reviewer).post(f"{HERE}limit/", {"monthly_limit": sent})
    assert response.status_code == (422 if kept == 5 else 302)
    assert BoardProfile.objects.get(user=reviewer).monthly_limit == kept


def test_everybody_has_their_own_and_editors_see_all() -> None:
    reviewer, other = board_member(name="Dr Ada Example"), author()
    absence = Absence.objects.add(reviewer, today(), today() + timedelta(9), "No e-mail there")
    for path in (f"{absence.pk}/", f"{absence.pk}/remove/"):
        assert signed_in(other).post(HERE + path, days(1, 2)).status_code == 404
    assert signed_in(other).post(f"{HERE}limit/", {"monthly_limit": "1"}).status_code == 403
    assert signed_in(make_person()).get(HERE).status_code == 403
    assert Client().get(HERE).status_code == 302
    for user in (editor(), administrator()):
        page = signed_in(user).get(f"/desk/people/{reviewer.pk}/").content.decode()
        assert "No e-mail there" in page
        assert "At most 8 reviews a month" in page
        assert "Away" in signed_in(user).get("/desk/people/?q=ada").content.decode()
    assert "reviews a month" not in signed_in(make_person(roles=[Role.AUTHOR])).get(HERE).content.decode()


def test_calendar_shows_the_months_to_come() -> None:
    absences = [Absence(first_on=date(2026, 12, 31), last_on=date(2027, 1, 1))]
    found: Any = months(absences, date(2026, 12, 5), 2)
    assert [month.first for month in found] == [date(2026, 12, 1), date(2027, 1, 1)]
    away = [day.day for month in found for week in month.weeks for day in week if day and day.is_away]
    assert away == [date(2026, 12, 31), date(2027, 1, 1)]
    assert [len(month.weeks) for month in found] == [5, 5]
