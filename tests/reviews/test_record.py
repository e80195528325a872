"""A reviewer's own record, and the certificate that anybody can check."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.states import VersionState
from content.pdf import typeset
from people.models import User
from people.rules import today
from publications.board.certificates import Certificate
from reviews.models import Assignment
from reviews.record import Record, certificate
from tests.factories import assign, board_member, make_content, make_version, rereview, sign, submit
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.django_db
S = VersionState
TEMPLATE = Path(settings.BASE_DIR) / "templates" / "pdf" / "certificate.typ"


@pytest.fixture(scope="module")
def kept_ada(kept_db: None) -> User:
    user, other = board_member(name="Dr Ada Example"), board_member(name="Dr Other Person")
    public = make_version(S.APPROVED, content=make_content("Hiccups in public"), reviewers=[user, other])
    sign(rereview(public, [user])[0])
    secret = submit(make_version(content=make_content("Secret itch")))
    sign(assign(secret, [user])[0], "request_changes")
    declined = submit(make_version(content=make_content("Turned down")))
    assign(declined, [user])[0].decline(by=user, reason="No time.")
    return user


@pytest.fixture
def ada(db: None, kept_ada: User) -> User:
    """Somebody who approved and confirmed a public article, asked for changes to another, and declined a third."""
    return User.objects.get(pk=kept_ada.pk)


def test_record_says_what_was_asked_and_what_became_of_it(ada: User) -> None:
    lines = Record(ada).lines
    assert [(line.title, line.round_word, line.became, bool(line.url)) for line in lines] == [
        ("A manuscript in Neurology", "Review", "", False),
        ("Secret itch", "Review", "Changes requested", True),
        ("Hiccups in public", "Re-review", "Under way", True),
        ("Hiccups in public", "Review", "Approved", True),
    ]
    assert Record(ada).sum[:3] == (4, 3, 1)
    page = at_desk(ada).get("/desk/reviews/").content.decode()
    assert "4 asked, 3 signed, 1 declined" in page
    assert "Turned down" not in page
    assert "Confirmed unchanged" in page


def test_record_is_ones_own(ada: User) -> None:
    stranger = at_desk(board_member()).get("/desk/reviews/").content.decode()
    assert "Nobody has asked you for a review yet" in stranger
    assert "Hiccups in public" not in stranger
    assert Client().get("/desk/reviews/").status_code == 302


def test_record_by_year_and_page_in_the_same_number_of_queries(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    last_year = today().year - 1
    first = Assignment.objects.filter(reviewer=ada).earliest("pk")
    Assignment.objects.filter(pk=first.pk).update(invited_at=datetime(last_year, 5, 5, tzinfo=UTC))
    client = at_desk(ada)
    assert [line.assignment for line in Record(ada, year=last_year).lines] == [first]
    assert f'href="?year={last_year}"' in client.get("/desk/reviews/").content.decode()
    monkeypatch.setattr("reviews.record.PAGE_SIZE", 3)
    page = client.get("/desk/reviews/").content.decode()
    before = Record(ada).next_before
    assert f'href="?before={before}"' in page
    assert [line.assignment for line in Record(ada, before=before).lines] == [first]
    counts = set()
    for query in ("", f"?before={before}", "?year=1&before=nonsense"):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/desk/reviews/{query}").status_code == 200
        counts.add(len(seen))
    assert len(counts) == 1


def test_certificate_names_what_is_public_and_can_be_checked(ada: User) -> None:
    client, first = at_desk(ada), today().replace(month=1, day=1)
    days = {"first_on": first.isoformat(), "last_on": today().isoformat()}
    answer = client.get("/desk/reviews/certificate/", days)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="reviews-')
    assert answer.content.startswith(b"%PDF-")
    assert b"pdfuaid" in answer.content or b"StructTreeRoot" in answer.content
    found, _ = certificate(ada, first, today())
    path = found.url.removeprefix(settings.SITE_URL)
    page = Client().get(path)
    told = page.content.decode()
    assert page.status_code == 200
    assert "Dr Ada Example" in told
    assert re.search(r"<dt>Reviews</dt><dd>3</dd>", told)
    assert "Secret itch" not in told + found.code
    assert "Hiccups" not in told
    assert Client().get(path[:-3] + "x/").status_code == 404
    assert Client().get("/certificates/nonsense/").status_code == 404


def test_certificate_wants_a_period_that_is_over(ada: User) -> None:
    client = at_desk(ada)
    for first, last in (("", ""), ("2026-05-05", "2026-05-04"), ("2026-01-01", "9999-01-01"), ("x", "y")):
        assert client.get("/desk/reviews/certificate/", {"first_on": first, "last_on": last}).status_code == 422


@pytest.mark.parametrize("name", ['#read("/etc/passwd") *b* $a$ ] ) "', "王小明", "Łukasz Ñandú", "\u202e\u0000 \\ //"])
def test_certificate_of_any_name_is_set_as_it_is_written(name: str) -> None:
    data = {
        "name": name,
        "credentials": name,
        "position": name,
        "period": "from then to now",
        "count": 1,
        "lines": [{"title": name, "what": name, "on": "today"}],
        "issued": "today",
        "url": "https://example.org/",
    }
    at = datetime(2026, 11, 22, tzinfo=UTC)
    pdf = typeset(TEMPLATE, data, at=at)
    assert pdf.startswith(b"%PDF-")
    assert b"root:" not in pdf


def test_template_reads_no_file(tmp_path: Path) -> None:
    prying = tmp_path / "prying.typ"
    for path in ("/etc/passwd", "../../../../etc/passwd", str(prying)):
        prying.write_text(f'#read("{path}")')
        with pytest.raises(ValueError, match="cannot be set"):
            typeset(prying, {}, at=datetime(2026, 1, 1, tzinfo=UTC))


def test_code_carries_the_certificate_whole() -> None:
    made = Certificate("Dr Ada Example", "MD", date(2026, 1, 1), date(2026, 6, 30), 12, date(2026, 7, 1))
    assert Certificate.read(made.code) == made
