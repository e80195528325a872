"""The board's pages: who serves as of now, what each has signed, and the numbers of the front page."""

import re
import threading
import time
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from people import icmje
from people.models import BoardProfile, BoardTerm, Disclosure
from people.rules import today
from publications.board.members import Member, Office, Standing, count_standing, standing
from tests import factories
from tests.conftest import Connection
from tests.people.factories import disclose_nothing, make_person
from tests.publications.reading import multiply, one, queries, soup, words

pytestmark = pytest.mark.usefixtures("committed_db")

DAY = timedelta(days=1)


def names(client: Client, section: str = "") -> list[str]:
    """Who is listed, in a section of the board's page or above all sections."""
    page = soup(client, "/board/")
    where = page.select("section .member a") if section else page.select("main > .members .member a")
    return [words(each) for each in where]


def end_all_terms(user: Any) -> None:
    for term in BoardTerm.objects.filter(profile__user=user):
        term.end_early(today(), by=user)


def test_board_lists_who_serves_and_who_has_served(client: Client) -> None:
    now, past = factories.board_member(name="Dr Now"), factories.board_member(name="Dr Past")
    later = factories.board_member(name="Dr Later", starts_on=today() + DAY).board_profile.slug
    make_person(name="Dr Nobody", roles=["reviewer"])
    silent = factories.board_member(name="Dr Silent")
    silent.board_profile.institution = ""
    silent.board_profile.save()
    end_all_terms(past)
    assert (names(client), names(client, "past")) == (["Dr Now"], ["Dr Past"])
    with queries(public=1):
        client.get("/board/")
    served = soup(client, f"/board/{past.board_profile.slug}/")
    assert "Past member of the Medical Advisory Board" in words(one(served, "main"))
    assert words(one(soup(client, f"/board/{now.board_profile.slug}/"), "h1")) == "Dr Now, MD"
    assert client.get("/board/nobody/").status_code == 404
    shown = [now.board_profile.slug, past.board_profile.slug]
    assert [each["slug"] for each in client.get("/api/v1/board").json()["items"]] == shown
    assert re.findall(r"/board/([-\w]+)/", client.get("/sitemap-0.xml").content.decode()) == shown
    for address in (f"/board/{later}/", f"/api/v1/board/{later}"):
        assert client.get(address).status_code == 404
        with time_machine.travel(today() + DAY, tick=False):
            assert client.get(address).status_code == 200


def test_who_has_signed_is_listed_however_little_they_said(client: Client) -> None:
    silent = factories.board_member(name="Dr Silent")
    silent.board_profile.institution = ""
    silent.board_profile.save()
    assert names(client) == []
    version = factories.make_version("approved", reviewers=[silent, factories.board_member(name="Dr Other")])
    assert names(client) == ["Dr Other", "Dr Silent"]
    page = soup(client, f"/board/{silent.board_profile.slug}/")
    assert [str(each["href"]) for each in page.select(".listing a")] == [f"/articles/{version.article.slug}/"]


def test_member_is_shown_as_of_now_and_the_signature_as_it_was(client: Client) -> None:
    version = factories.make_version("approved")
    reviewer = version.decisions.all()[0].reviewer
    profile = reviewer.board_profile
    profile.credentials, profile.orcid, profile.bio = "MD, PhD", "0000-0002-1825-0097", "Reads.\n<b>Writes.</b>"
    profile.save()
    reviewer.name = "Dr Renamed"
    reviewer.save()
    main = one(soup(client, f"/board/{profile.slug}/"), "main")
    assert words(one(main, "h1")) == "Dr Renamed, MD, PhD"
    assert "0000-0002-1825-0097 (self-asserted)" in words(main)
    assert "<b>Writes.</b>" in words(main)
    assert "Dr Renamed" not in client.get(f"/articles/{version.article.slug}/").content.decode()


def test_interests_read_as_they_were_declared(client: Client) -> None:
    reviewer = factories.board_member()
    items: dict[str, Any] = icmje.all_none()
    items["stock"] = [{"entity": "Example Holding", "what": "two shares"}]
    items["support"] = [{"entity": "Example <Fund>", "what": "a grant"}, {"entity": "Example Trust", "what": "paper"}]
    declared = Disclosure.objects.declare(reviewer, items)
    shown = Member.objects.get(slug=reviewer.board_profile.slug)
    assert shown.interests == declared.statement
    assert shown.interests == "Example <Fund>: a grant; Example Trust: paper; Example Holding: two shares"
    assert (shown.interests_declared_on, shown.interests_are_old) == (today(), False)
    assert "Example <Fund>: a grant" in words(one(soup(client, f"/board/{shown.slug}/"), "dl"))


def test_declaration_that_ran_out_says_so(client: Client) -> None:
    stale = make_person(roles=["reviewer"])
    profile = BoardProfile.objects.draft_for(stale)
    profile.add_term(today() - DAY, today() + DAY, by=stale)
    page = f"/board/{profile.slug}/"
    assert "Not declared yet" in words(one(soup(client, page), "dl"))
    disclose_nothing(stale, declared_at=timezone.now() - timedelta(days=400))
    assert Member.objects.get().interests_are_old
    assert "signs nothing until it is renewed" in words(one(soup(client, page), "dl"))


def test_terms_are_those_that_ran(client: Client) -> None:
    reviewer = factories.board_member(starts_on=today() - 10 * DAY)
    profile = reviewer.board_profile
    last_day = BoardTerm.objects.get(profile=profile).ends_on
    assert Member.objects.get().terms_served == [Office(today() - 10 * DAY, last_day)]
    BoardTerm.objects.get(profile=profile).end_early(today(), by=reviewer)
    [served] = Member.objects.get().terms_served
    assert (served, served.until) == (Office(today() - 10 * DAY, today() - DAY, today()), today())
    assert Member.objects.get().is_past
    late = factories.board_member()
    BoardTerm.objects.get(profile=late.board_profile).end_early(today() - 30 * DAY, by=late)  # on its first day
    assert [each.slug for each in Member.objects.all()] == [profile.slug]


def test_two_changes_at_once_are_both_shown(
    as_staff: Connection, as_owner: Connection, as_superuser: Connection
) -> None:
    reviewer = factories.board_member(name="Dr Old")
    first, second = as_staff, as_owner
    with first.transaction():
        first.execute("UPDATE people_boardprofile SET bio = 'New words.' WHERE user_id = %s", [reviewer.pk])
        late = threading.Thread(
            target=second.execute, args=("UPDATE people_user SET name = 'Dr New' WHERE id = %s", [reviewer.pk])
        )
        late.start()
        deadline = time.monotonic() + 10
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while as_superuser.execute(waits).fetchone() != (1,):
            assert time.monotonic() < deadline
    late.join()
    shown = Member.objects.get(slug=reviewer.board_profile.slug)
    assert (shown.name, shown.bio) == ("Dr New", "New words.")


def test_who_has_no_name_and_signed_nothing_is_not_shown(client: Client) -> None:
    nameless = factories.board_member(name="")
    assert client.get(f"/board/{nameless.board_profile.slug}/").status_code == 404
    factories.make_version("approved", reviewers=[nameless, factories.board_member()])
    nameless.board_profile.save()
    page = client.get(f"/board/{nameless.board_profile.slug}/").content.decode()
    assert "<h1>Member without a name" in page
    assert nameless.board_profile.slug not in client.get("/board/").content.decode()


def test_what_was_signed_comes_twenty_at_a_time(client: Client, as_owner: Connection) -> None:
    version = factories.make_version("approved")
    slug = version.decisions.all()[0].reviewer.board_profile.slug
    multiply(as_owner, range(1, 46))
    seen: list[str] = []
    address = f"/board/{slug}/"
    for _ in range(3):
        with queries(public=2):
            page = soup(client, address)
        seen += [str(each["href"]) for each in page.select(".listing a")]
        more = page.select_one(".pages a")
        address = str(more["href"]) if more else ""
    assert (len(seen), len(set(seen)), address) == (46, 46, "")


def test_front_page_tells_numbers_and_nothing_else(client: Client, as_owner: Connection) -> None:
    factories.make_version("approved")
    factories.make_version("submitted", content=factories.make_content("Secret hiccups"))
    factories.make_version("under_review", content=factories.make_content("Quiet hiccups"))
    assert standing() == Standing(0, 0, 0, 0)
    for _ in range(2):
        count_standing()
        assert standing() == Standing(1, 1, 1, 4)
    changes = "SELECT count(*) FROM pub.change"
    before = as_owner.execute(changes).fetchone()
    count_standing()
    assert as_owner.execute(changes).fetchone() == before  # what says the same throws nothing away
    shown = {words(one(each, "dt")): words(one(each, "dd")) for each in soup(client, "/").select(".numbers div")}
    assert shown == {
        "approved articles": "1",
        "members of the board": "4",
        "being read by the board": "1",
        "waiting to be read": "1",
    }
    assert Standing(12345, 0, 0, 1).lines[0] == ("approved articles", "12,345")


@pytest.mark.parametrize(
    "theft",
    [
        "UPDATE people_boardprofile SET slug = 'dr-other' WHERE user_id = %s",
        "UPDATE people_boardprofile SET user_id = (SELECT max(id) FROM people_user) WHERE user_id = %s",
        "DELETE FROM people_boardprofile WHERE user_id = %s",
    ],
)
def test_page_that_signatures_lead_to_stays_its_member_s(as_staff: Connection, theft: str) -> None:
    user = make_person(roles=["reviewer"])
    BoardProfile.objects.draft_for(user)
    make_person(roles=["reviewer"])
    with pytest.raises(psycopg.errors.IntegrityError):
        as_staff.execute(theft, [user.pk])
