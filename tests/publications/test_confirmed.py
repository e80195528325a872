"""A public page whose text was read again and confirmed: its dates follow, its bytes do not."""

import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from articles.states import VersionState
from ledger.verifier import verify
from publications.models import Publication
from tests.factories import board_member, make_version, rereview, sign
from tests.publications.reading import one, soup, words

ATOM = "{http://www.w3.org/2005/Atom}"


def test_confirmation_moves_the_dates_and_nothing_else(committed_db: None) -> None:
    version = make_version(VersionState.APPROVED)
    client, before = Client(), Publication.objects.get(pk=version.pk)
    address = before.get_absolute_url()
    tag = client.get(address).headers["ETag"]
    second, third = version.decisions.all()[1].reviewer, board_member(name="Dr New Eyes")
    with override_settings(REVIEW_INTERVAL_MONTHS=18):
        for assignment in rereview(version, [second, third]):
            sign(assignment)
    after = Publication.objects.get(pk=version.pk)
    assert (after.body_sha256, after.content_sha256, after.signers) == (
        before.body_sha256,
        before.content_sha256,
        before.signers,
    )
    assert after.approved_at == before.approved_at < after.last_reviewed_at
    assert after.next_review_on > before.next_review_on
    assert {each.content_sha256 for each in after.confirmed_by} == {version.content_sha256}
    assert len(after.reviewers) == 3
    assert verify()[0] == []

    assert client.get(address).headers["ETag"] != tag
    read = soup(client, address)
    assert "3 reviewers" in words(one(read, ".trust"))
    assert "Who read it again and confirmed it unchanged" in words(one(read, ".trust"))
    assert "Dr New Eyes" in words(one(read, ".trust"))
    data = json.loads(one(read, 'script[type="application/ld+json"]').text)
    assert data["lastReviewed"] == after.last_reviewed_on.isoformat()
    assert data["dateModified"] == after.approved_at.date().isoformat()
    assert data["expires"] == after.next_review_on.isoformat()
    assert "Dr New Eyes" in {person["name"] for person in data["reviewedBy"]}

    proof = client.get(f"{address}provenance.json").json()
    assert [each["verdict"] for each in proof["confirmed_by"]] == ["confirm", "confirm"]
    assert {each["content_sha256"] for each in proof["confirmed_by"]} == {proof["content_sha256"]}
    assert proof["dates"]["next_review_on"] == after.next_review_on.isoformat()
    entry = ET.fromstring(client.get("/feed.atom").content).find(f"{ATOM}entry")
    assert entry is not None
    assert "Read again and confirmed unchanged" in str(entry.findtext(f"{ATOM}summary"))
    assert (entry.findtext(f"{ATOM}published"), entry.findtext(f"{ATOM}updated")) == (
        after.approved_at.isoformat(),
        after.last_reviewed_at.isoformat(),
    )
    assert "Dr New Eyes" in client.get("/board/").content.decode()
    assert version.title in client.get(f"/board/{third.board_profile.slug}/").content.decode()


def test_confirmations_follow_one_another(committed_db: None) -> None:
    version = make_version(VersionState.APPROVED)
    with time_machine.travel(timezone.now(), tick=False):  # the public sees seconds: these are alike
        for _ in range(2):
            for assignment in rereview(version):
                sign(assignment)
    found = Publication.objects.get(pk=version.pk)
    assert len(found.confirmed_by) == 4
    assert len(found.reviewers) == 2
    assert found.last_reviewed_at - found.approved_at < timedelta(minutes=5)
    assert verify()[0] == []
