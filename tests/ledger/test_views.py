"""The ledger's pages: who reads them, what they say, and that a long ledger costs no more than a short one."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.states import VersionState
from ledger import wording
from ledger.models import Event
from ledger.wording import tell
from people.models import Role
from tests.factories import (
    administrator,
    assign,
    author,
    board_member,
    editor,
    find,
    make_content,
    make_person,
    make_version,
    sign,
)
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.django_db
ADDRESSES = ("/desk/ledger/", "/desk/ledger/proof/")


def numbers(client: Client, query: str = "") -> list[int]:
    """The numbers of the events on a page."""
    response = client.get(f"/desk/ledger/{query}")
    assert response.status_code == 200
    return [int(number) for number in re.findall(r'class="ledger-seq">(\d+)<', response.content.decode())]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ([], 403),
        ([Role.AUTHOR], 403),
        ([Role.REVIEWER], 403),
        ([Role.EDITOR], 200),
        ([Role.ADMINISTRATOR], 200),
    ],
)
def test_ledger_is_for_editors_and_administrators(address: str, roles: list[Role], status: int) -> None:
    assert at_desk(make_person(roles=roles)).get(address).status_code == status


@pytest.mark.parametrize("address", ADDRESSES)
def test_ledger_asks_strangers_to_sign_in(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302


def test_every_event_of_every_state_is_told_in_words() -> None:
    viewer = at_desk(editor())
    for state in VersionState.values:
        make_version(state)
    first, second = assign(make_version("submitted"))
    finding = find(first)
    first.accept(by=first.reviewer)
    second.decline(by=second.reviewer, reason="Away.", conflict=True)
    finding.close(by=first.reviewer)
    told = [tell(event) for event in Event.objects.select_related("actor")]
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert kinds <= {kind for kind, _ in wording.kinds()}
    assert not [each.sentence for each in told if "…" in each.sentence or "_" in each.sentence or "{" in each.sentence]
    assert numbers(viewer) == sorted(numbers(viewer), reverse=True)


def test_unknown_kinds_are_told_too() -> None:
    event = Event.objects.append("moon_landed", by=author(name="Neil Example"), where="sea")
    assert tell(event).sentence == "Neil Example: moon landed"
    assert tell(Event.objects.append("moon_landed", by=None)).sentence == "The system: moon landed"


def test_missing_details_leave_a_gap() -> None:
    assert tell(Event.objects.append("reviewer_invited", by=None)).sentence == "The system asked … to review"


def test_line_has_hashes_and_leads_to_its_version() -> None:
    version = make_version("submitted")
    (assignment,) = assign(version, [board_member()])
    event = Event.objects.get(kind="reviewer_invited")
    text = at_desk(editor()).get("/desk/ledger/").content.decode()
    assert text.count(event.hash) == 1
    assert text.count(event.prev_hash) == 2  # of the line before, and as what stands before this one
    assert f">{event.hash[:12]}<" in text
    assert f'href="{version.get_absolute_url()}#assignment_{assignment.pk}"' in text
    assert "Hiccups at night, version 1" in text


def test_parts_of_the_ledger() -> None:
    first, second = make_version("submitted"), make_version("under_review")
    client = at_desk(editor())
    by_article = set(Event.objects.filter(article_id=first.article_id).values_list("seq", flat=True))
    assert set(numbers(client, f"?article={first.article_id}")) == by_article
    assert len(numbers(client, f"?version={second.pk}&kind=submitted")) == 1
    assert numbers(client, "?kind=retracted") == []
    assert "The ledger has no such event." in client.get("/desk/ledger/?kind=retracted").content.decode()


def test_pages_follow_each_other_without_gap_or_double(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.views.PAGE_SIZE", 4)
    for _ in range(5):
        make_version("submitted")
    client, address, seen = at_desk(editor()), "/desk/ledger/?kind=submitted", []
    while address:
        text = client.get(address).content.decode()
        seen += [int(number) for number in re.findall(r'class="ledger-seq">(\d+)<', text)]
        following = re.search(r'href="(\?[^"]*)" rel="next"', text)
        address = f"/desk/ledger/{following[1].replace('&amp;', '&')}" if following else ""
        make_version("submitted")  # what is added meanwhile moves nothing
    wanted = Event.objects.filter(kind="submitted").order_by("-seq").values_list("seq", flat=True)
    assert seen == list(wanted)[-5:]


@pytest.mark.parametrize(
    "query",
    [
        "?before=0",
        "?before=-3",
        "?before=9223372036854775808",
        "?before=99999999999999999999999999",
        "?article=x&version=%00",
        "?kind=%3Cscript%3Ealert(1)%3C/script%3E",
        "?kind=" + "x" * 3_000,
        "?article=9223372036854775807",
    ],
)
def test_ledger_shrugs_at_what_makes_no_sense(query: str) -> None:
    make_version("submitted")
    response = at_desk(editor()).get(f"/desk/ledger/{query}")
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_hostile_words_in_events_are_words() -> None:
    bad = "<script>alert(1)</script>"
    Event.objects.append("declined", by=author(name=bad), reason=bad, other={bad: [bad]})
    assert "<script>alert" not in at_desk(editor()).get("/desk/ledger/").content.decode()


def test_empty_ledger_says_what_will_stand_there() -> None:
    text = at_desk(editor()).get("/desk/ledger/").content.decode()
    assert "Nothing has happened yet." in text
    assert "The chain is empty as yet." in at_desk(administrator()).get("/desk/ledger/proof/").content.decode()


def test_proof_names_the_head_of_the_chain() -> None:
    make_version("submitted")
    head = Event.objects.order_by("-seq")[0]
    assert head.hash in at_desk(administrator()).get("/desk/ledger/proof/").content.decode()


def test_ledger_costs_the_same_at_2_events_as_at_16() -> None:
    client = at_desk(editor())

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            numbers(client)
        return len(asked)

    make_version("submitted")
    before = cost()
    for _ in range(2):
        first, _ = assign(make_version("submitted"))
        find(first)
        sign(first)
    assert len(numbers(client)) == 16
    assert cost() == before


def test_administrator_reads_the_ledger_and_no_draft() -> None:
    version = make_version("draft", content=make_content("Unwritten symptom"))
    html = at_desk(administrator()).get("/desk/ledger/").content.decode()
    assert "Version 1" in html
    assert "Unwritten symptom" not in html
    assert version.get_absolute_url() not in html
