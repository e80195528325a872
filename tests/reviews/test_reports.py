"""Reports: each figure is the length of its list, and nobody learns from one what the pages hide."""

import csv
import re
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Version
from people.models import Role, User
from people.rules import today
from people.specialties import MedicalSpecialty
from reviews.reports import charts
from reviews.reports.kinds import KINDS
from reviews.reports.table import Figure, Line, Table, as_csv, duration
from tests.factories import (
    administrator,
    approve,
    assign,
    author,
    board_member,
    editor,
    find,
    make_version,
    sign,
)
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<td class="number[^>]*><a href="(/desk/reports/[^"]+)">([0-9,]+)</a>')
LINE = re.compile(r"<time ")


@pytest.fixture(scope="module")
def kept_world(kept_db: None) -> dict[str, User]:
    """Articles in every state, and a reviewer who is silent."""
    people = {"editor": editor(name="Eve Editor"), "ada": board_member(name="=Ada Formula"), "author": author()}
    for state in ("draft", "submitted", "under_review", "changes_requested", "approved", "declined", "retracted"):
        make_version(state, author=people["author"], editor=people["editor"])
    version = make_version("submitted", author=people["author"], specialty=MedicalSpecialty.DERMATOLOGY)
    first, second = assign(version, [people["ada"], board_member(name="Ben Silent")], by=people["editor"])
    find(first, "one", "must_fix")
    sign(first, "request_changes")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reviews_assignment SET invited_at = now() - interval '20 days', answer_due_on = %s,"
            " review_due_on = %s WHERE id = %s",
            [today() - timedelta(6), today() - timedelta(1), second.pk],
        )
    return people


@pytest.fixture
def world(db: None, kept_world: dict[str, User]) -> dict[str, User]:
    found = User.objects.in_bulk([user.pk for user in kept_world.values()])
    return {name: found[user.pk] for name, user in kept_world.items()}


def page(user: User, path: str) -> str:
    response = at_desk(user).get(path)
    assert response.status_code == 200, path
    return unescape(response.content.decode())


@pytest.mark.parametrize("key", KINDS)
def test_every_figure_is_the_length_of_its_list(world: dict[str, User], key: str) -> None:
    client = at_desk(world["editor"])
    figures = set(FIGURE.findall(unescape(client.get(f"/desk/reports/{key}/").content.decode())))
    assert figures
    for url, figure in figures:
        assert len(LINE.findall(client.get(url).content.decode())) == int(figure), url


def test_reports_say_what_happened(world: dict[str, User]) -> None:
    text = page(world["editor"], "/desk/reports/")
    assert "7 came in; 2 approved and 1 declined went out" in text
    assert "1 finding, 1 of them must-fix; 1 still open." in text
    assert "1 stayed without an answer" in text
    assert "1 is overdue, 1 in “Waiting for answer”" in text


def test_csv_has_the_figures_and_no_formula(world: dict[str, User]) -> None:
    response = at_desk(world["editor"]).get("/desk/reports/reviewers/csv/")
    lines = {line[0]: line[1:] for line in csv.reader(StringIO(response.content.decode()))}
    assert lines["'=Ada Formula"][:5] == ["1", "1", "0", "0", "1"]
    assert lines["Ben Silent"][:5] == ["1", "0", "0", "1", "0"]
    assert lines["All"][3] == "1"
    assert response["Content-Disposition"].endswith('.csv"')


def test_answer_is_what_a_reviewer_said_first(world: dict[str, User]) -> None:
    """All were asked six days ago: a yes came after two days, a no after five, a signature today."""
    names = ("Yes", "Then no", "No", "Signs", "Asked anew")
    version = make_version("submitted", author=world["author"])
    yes, then_no, no, signs, anew = assign(version, [board_member(name=name) for name in names], by=world["editor"])
    for each in (yes, then_no, anew):
        each.accept(by=each.reviewer)
    for each in (then_no, no):
        each.decline(by=each.reviewer, reason="No time.")
    anew.cancel(by=world["editor"], reason="Asked us for later dates.")
    assign(version, [anew.reviewer], by=world["editor"])
    for each in (yes, signs):
        sign(each, "request_changes")
    ago = {"invited": timedelta(6), "accepted": timedelta(4), "answered": timedelta(1)}
    for step, days in ago.items():
        past = {f"{step}_at": timezone.now() - days}
        version.assignments.filter(**{f"{step}_at__isnull": False}).update(**past)

    response = at_desk(world["editor"]).get("/desk/reports/reviewers/csv/")

    lines = {line[0]: line[1:8] for line in csv.reader(StringIO(response.content.decode()))}
    assert {name: lines[name] for name in names} == {
        "Yes": ["1", "1", "0", "0", "1", "2.0", "4.0"],
        "Then no": ["1", "1", "1", "0", "0", "2.0", ""],
        "No": ["1", "0", "1", "0", "0", "5.0", ""],
        "Signs": ["1", "1", "0", "0", "1", "6.0", "0.0"],
        "Asked anew": ["1", "0", "0", "0", "0", "", ""],
    }


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "plain", "1-2"])
def test_no_cell_is_a_formula(cell: str) -> None:
    out = as_csv([Table("", cell, [cell], [Line(cell, [Figure("-1", -1.0)])])])
    harmless = cell if cell in ("plain", "1-2") else f"'{cell}"
    assert next(csv.reader(StringIO(out, newline=""))) == [harmless, harmless]


def test_who_takes_part_finds_it_in_no_figure(world: dict[str, User]) -> None:
    """Whatever the filters narrow a figure to, it says nothing of what this editor must not know."""
    version = make_version("submitted", specialty=MedicalSpecialty.GENETIC)
    both = board_member(name="Rae Both")
    both.grant(Role.EDITOR, by=None)
    other = board_member(name="Cy Signed")
    _, theirs = assign(version, [both, other], by=world["editor"])
    find(theirs, "hidden")
    sign(theirs, "request_changes")
    for key in KINDS:
        here = f"/desk/reports/{key}/?specialty=Genetic"
        assert not FIGURE.findall(page(both, here)), key
        assert "Cy Signed" not in page(both, here).replace("<option", "")
        assert "Cy Signed" not in page(both, f"/desk/reports/{key}/csv/?specialty=Genetic")
        assert FIGURE.findall(page(world["editor"], here)) or key in ("overdue", "rereviews"), key
    here = f"/desk/reports/reviewers/list/?by=reviewer&row={other.pk}&col=signed"
    assert not LINE.findall(page(both, here))
    assert len(LINE.findall(page(world["editor"], here))) == 1


def test_who_may_not_read_an_article_reads_no_title(world: dict[str, User]) -> None:
    text = page(administrator(), "/desk/reports/throughput/list/?by=week&col=submitted")
    assert len(LINE.findall(text)) == 7
    assert not any(title in text for title in Version.objects.values_list("title", flat=True))


@pytest.mark.parametrize("path", ["", "waiting/", "waiting/csv/", "waiting/list/?by=queue&col=now"])
def test_reports_are_for_editors_and_administrators(world: dict[str, User], path: str) -> None:
    assert Client().get(f"/desk/reports/{path}").status_code == 302
    for person in (world["author"], world["ada"]):
        assert at_desk(person).get(f"/desk/reports/{path}").status_code == 403
    for person in (world["editor"], administrator()):
        assert at_desk(person).get(f"/desk/reports/{path}").status_code == 200


NONSENSE = [
    "days=x&since=2026-13-01&until=never&specialty=None&editor=x&label=-1",
    "since=0001-01-01&until=9999-12-31",
    "since=2026-02-01&until=2026-01-01",
    "editor=99999999999999999999&label=9223372036854775807",
    "specialty=%00&days=0",
]


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_in_the_address_counts_as_not_said(world: dict[str, User], query: str) -> None:
    page(world["editor"], f"/desk/reports/throughput/?{query}")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing/", 404),
        ("waiting/list/", 404),
        ("waiting/list/?by=nothing&col=now", 404),
        ("waiting/list/?by=queue;DROP&col=now", 404),
        ("waiting/list/?by=queue&row=%27%22--&col=nothing", 200),
        ("waiting/list/?by=holder&row=99999999999999999999&col=now", 200),
        ("throughput/list/?by=week&row=never&col=approved&after=999999999999999999_1", 200),
    ],
)
def test_list_of_nothing(world: dict[str, User], path: str, status: int) -> None:
    assert at_desk(world["editor"]).get(f"/desk/reports/{path}").status_code == status


def test_empty_period_says_so(world: dict[str, User]) -> None:
    text = page(world["editor"], "/desk/reports/throughput/?since=2020-01-01&until=2020-01-31")
    assert "Nothing was submitted, approved, declined or retracted in this time." in text
    assert '<svg class="chart-plot"' not in text


@pytest.mark.parametrize(("key", "is_asked"), [("overdue", False), ("rereviews", True)])
def test_period_is_asked_for_where_it_matters(world: dict[str, User], key: str, is_asked: bool) -> None:
    text = page(world["editor"], f"/desk/reports/{key}/")
    assert ('type="date"' in text) is is_asked


def test_list_goes_on_page_by_page(world: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.views.reports.PAGE_SIZE", 3)
    url, seen = "/desk/reports/throughput/list/?by=week&col=submitted", list[int]()
    while url:
        text = page(world["editor"], url)
        seen.append(len(LINE.findall(text)))
        more = re.search(r'href="([^"]+)" rel="next"', text)
        url = more[1] if more else ""
    assert seen == [3, 3, 1]


def test_queries_do_not_grow(world: dict[str, User]) -> None:
    client = at_desk(world["editor"])

    def cost(key: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/desk/reports/{key}/").status_code == 200
        return len(queries)

    before = {key: cost(key) for key in KINDS}
    for _ in range(2):
        approve(make_version("under_review", reviewers=[board_member(), board_member()]))
    assert {key: cost(key) for key in KINDS} == before


def test_chart_fits_its_room() -> None:
    drawn = charts.bars(
        "t", "d", [("a", "3", (1, 2)), ("b", "0", (0, 0))], [charts.Key("x", "X"), charts.Key("y", "Y")]
    )
    assert drawn is not None
    assert [(part.x, part.width) for part in drawn.bars[0].parts] == [(0, 33.33), (33.33, 66.67)]
    assert [bar.label for bar in drawn.bars] == ["a"]
    assert charts.bars("t", "d", [("a", "0", (0,))], [charts.Key("x", "X")]) is None
    columns = charts.columns("t", "d", "x", [(str(n), n) for n in range(13)]).columns
    assert max(column.height for column in columns) == charts.PLOT
    assert all(column.x + column.width <= 100 and column.y >= 0 for column in columns)
    assert [column.label for column in columns if column.label] == ["0", "3", "6", "9"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "under a minute"),
        (1 / 1440, "1 minute"),
        (0.03, "43 minutes"),
        (1 / 24, "1 hour"),
        (0.5, "12 hours"),
        (0.99, "1 day"),
        (2.25, "2.2 days"),
        (12.4, "12 days"),
    ],
)
def test_times_below_a_day_are_told_in_hours_and_minutes(days: float, words: str) -> None:
    assert duration(days) == words


def test_a_week_without_anything_draws_no_column() -> None:
    drawn = charts.columns("Signed", "", "signed", [("Mon", 0), ("Tue", 2)])
    html = render_to_string("reviews/reports/_columns.html", {"chart": drawn, "number": 1})
    assert html.count("<rect") == 1
