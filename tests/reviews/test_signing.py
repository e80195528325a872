"""Signing: what is signed is what was on the screen, once, by whom it was asked of, freshly signed in."""

import re
import uuid
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.exceptions import ValidationError
from django.utils import timezone

from people.models import BoardTerm, User
from people.record import NoDisclosure
from reviews.models import Assignment, Conflict, Decision, Finding
from reviews.outcome import aftermath
from tests import factories
from tests.factories import find, make_version, reread, sign
from tests.people.factories import PASSWORD, board_member
from tests.reviews.desks import HTMX, Asked, address, at_desk, signature

pytestmark = pytest.mark.django_db


def confirmation(assignment: Assignment, verdict: str = "approve", content_sha256: str = "") -> str:
    """Where the reading page's buttons lead."""
    known = {"verdict": verdict, "content_sha256": content_sha256 or assignment.version.content_sha256}
    return address(assignment, f"sign/?{urlencode(known)}")


def test_confirmation_repeats_what_is_signed(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    reading = client.get(address(assignment)).content.decode()
    assert f'name="content_sha256" value="{assignment.version.content_sha256}"' in reading
    text = client.get(confirmation(assignment)).content.decode()
    version = assignment.version
    assert "Approve version 1" in text
    assert version.title in text
    assert f"<code>{(version.content_sha256 or '')[:12]}</code>" in text
    assert "I have no conflict of interest" in text


def test_confirmation_without_the_text_leads_to_reading(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    for given in ("", "?verdict=approve", "?verdict=love&content_sha256=" + "0" * 64, "?content_sha256=xyz"):
        assert client.get(address(assignment, f"sign/{given}")).headers["Location"] == address(assignment)


def test_approval_and_what_is_next(two: Asked) -> None:
    first, second = two
    client = at_desk(first.reviewer)
    answer = client.post(address(first, "sign/"), signature(first, note="Well done.\r\nTruly."))
    assert answer.headers["Location"] == address(first, "signed/")
    made = Decision.objects.get()
    assert (made.verdict, made.note, made.content_sha256) == (
        "approve",
        "Well done.\nTruly.",
        first.version.content_sha256,
    )
    assert "1 more approval is needed." in client.get(address(first, "signed/")).content.decode()
    at_desk(second.reviewer).post(address(second, "sign/"), signature(second))
    text = at_desk(second.reviewer).get(address(second, "signed/")).content.decode()
    assert "The article is public now." in text
    assert f"/articles/{first.version.article.slug}/" in text
    assert reread(first.version).is_public


def test_request_for_changes_and_what_is_next(two: Asked) -> None:
    first, second = two
    client = at_desk(first.reviewer)
    assert client.post(address(first, "sign/"), signature(first, "request_changes")).status_code == 422
    client.post(address(first, "sign/"), signature(first, "request_changes", note="Name the dose."))
    text = client.get(address(first, "signed/")).content.decode()
    assert "Changes were asked for; 1 reviewer still to answer. Then the author is told." in text
    sign(second)
    text = client.get(address(first, "signed/")).content.decode()
    assert "Changes were asked for; the author has been told." in text


def test_aftermath_of_a_stuck_round(two: Asked) -> None:
    first, second = two
    find(first, "Name the dose.", "must_fix")
    first.cancel(by=factories.editor(), reason="Away.")
    decision = sign(second)
    assert aftermath(decision).text.endswith("assign more reviewers. The editors see to it.")
    version = decision.version
    version.move("withdraw", by=version.article.owner, reason="A mistake.")
    assert aftermath(Decision.objects.get()).text == "This version is withdrawn now."


def test_signed_leads_to_the_next_review(two: Asked) -> None:
    first, _ = two
    later = make_version("under_review", reviewers=[first.reviewer, board_member()])
    client = at_desk(first.reviewer)
    client.post(address(first, "sign/"), signature(first))
    assert (
        later.assignments.get(reviewer=first.reviewer).get_absolute_url()
        in client.get(address(first, "signed/")).content.decode()
    )


def test_sent_twice_it_is_one_decision_and_one_page(two: Asked) -> None:
    assignment, _ = two
    client, form = at_desk(assignment.reviewer), signature(assignment)
    answers = [client.post(address(assignment, "sign/"), form).headers["Location"] for _ in range(3)]
    assert answers == [address(assignment, "signed/")] * 3
    assert Decision.objects.count() == 1
    assert client.get(confirmation(assignment)).headers["Location"] == address(assignment, "signed/")


def test_sent_twice_after_publication_it_is_still_one(two: Asked) -> None:
    first, second = two
    sign(first)
    client, form = at_desk(second.reviewer), signature(second)
    for _ in range(2):
        assert client.post(address(second, "sign/"), form).headers["Location"] == address(second, "signed/")
    assert Decision.objects.count() == 2


def test_another_verdict_after_signing_is_refused(two: Asked) -> None:
    assignment, _ = two
    sign(assignment)
    form = signature(assignment, "request_changes", note="On second thoughts")
    answer = at_desk(assignment.reviewer).post(address(assignment, "sign/"), form)
    assert answer.status_code == 409
    assert "On second thoughts" in answer.content.decode()
    assert Decision.objects.get().verdict == "approve"


def test_forged_hash_is_refused_and_the_note_kept(two: Asked) -> None:
    assignment, _ = two
    form = signature(assignment, content_sha256="0" * 64, note="Kept words")
    client = at_desk(assignment.reviewer)
    answer = client.post(address(assignment, "sign/"), form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "not the text of this version" in text
    assert "Kept words" in text
    assert "Kept words" in client.get(confirmation(assignment)).content.decode()
    assert Decision.objects.count() == 0


def test_confirmation_of_another_text_cannot_be_signed(two: Asked) -> None:
    assignment, _ = two
    page = at_desk(assignment.reviewer).get(confirmation(assignment, content_sha256="0" * 64))
    text = page.content.decode()
    assert f'name="content_sha256" value="{"0" * 64}"' in text
    assert str(assignment.version.content_sha256) not in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"no_conflict": ""}, "Confirm that you have no conflict of interest"),
        ({"verdict": "love"}, "Select a valid choice"),
        ({"key": "x"}, "Enter a valid UUID"),
        ({"content_sha256": "x"}, "Enter a valid value"),
        ({"note": "Kept" + "x" * 20_000}, "at most 20000 characters"),
    ],
)
def test_what_is_wrong_is_said_and_the_note_kept(two: Asked, changes: dict[str, str], words: str) -> None:
    assignment, _ = two
    answer = at_desk(assignment.reviewer).post(
        address(assignment, "sign/"), signature(assignment, note="Kept words") | changes
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "Kept" in text
    assert Decision.objects.count() == 0


def test_open_must_fix_is_closed_from_the_confirmation(two: Asked) -> None:
    assignment, _ = two
    finding = find(assignment, "Name the dose.", "must_fix")
    client, form = at_desk(assignment.reviewer), signature(assignment, note="Kept words")
    answer = client.post(address(assignment, "sign/"), form)
    assert answer.status_code == 422
    assert "You have 1 open must-fix finding" in answer.content.decode()
    answer = client.post(address(assignment, f"sign/close/{finding.pk}/"), form)
    assert answer.headers["Location"] == confirmation(assignment)
    text = client.get(answer.headers["Location"]).content.decode()
    assert "Kept words" in text
    assert re.search(r'name="no_conflict" value="True"', text)
    assert client.post(address(assignment, "sign/"), form).status_code == 302


def test_others_findings_are_not_closed_from_the_confirmation(two: Asked) -> None:
    assignment, other = two
    finding = find(other, "Name the dose.", "must_fix")
    form = signature(assignment)
    assert at_desk(assignment.reviewer).post(address(assignment, f"sign/close/{finding.pk}/"), form).status_code == 404
    assert Finding.objects.get().is_open


def test_missing_disclosure_is_said_with_the_way_out(two: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    assignment, _ = two
    monkeypatch.setattr(User, "current_disclosure", lambda _: None)
    monkeypatch.setattr("reviews.models.signatures.why_not", lambda _: str(NoDisclosure()))
    client = at_desk(assignment.reviewer)
    assert "/desk/people/me/disclosure/" in client.get(confirmation(assignment)).content.decode()
    answer = client.post(address(assignment, "sign/"), signature(assignment, note="Kept words"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "/desk/people/me/disclosure/" in text
    assert "Kept words" in text
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("why", ["term", "conflict"])
def test_who_may_not_review_any_more_is_told_why(two: Asked, why: str) -> None:
    assignment, _ = two
    if why == "term":
        BoardTerm.objects.filter(profile__user=assignment.reviewer).update(ended_early_on=timezone.now().date())
    else:
        Conflict.objects.declare(assignment.version, by=assignment.reviewer, reason="The author is my cousin.")
    answer = at_desk(assignment.reviewer).post(address(assignment, "sign/"), signature(assignment))
    assert answer.status_code == 422
    assert "You cannot sign this version" in answer.content.decode()
    assert Decision.objects.count() == 0


def test_key_of_another_signature_signs_nothing(two: Asked) -> None:
    mine, theirs = two
    again = make_version("under_review", reviewers=[mine.reviewer, board_member()])
    other = again.assignments.with_people().get(reviewer=mine.reviewer)
    signed, foreign = sign(mine), sign(theirs)
    for key in (signed.key, foreign.key):
        answer = at_desk(mine.reviewer).post(address(other, "sign/"), signature(other, key=str(key)))
        assert answer.status_code == 409
    assert not Decision.objects.filter(assignment=other).exists()


@pytest.mark.parametrize("ending", ["cancelled", "withdrawn", "declined"])
def test_signing_too_late_gives_the_note_back(two: Asked, ending: str) -> None:
    assignment, _ = two
    version = assignment.version
    match ending:
        case "cancelled":
            assignment.cancel(by=factories.editor(), reason="Not needed.")
        case "withdrawn":
            version.move("withdraw", by=version.article.owner, reason="A mistake.")
        case _:
            assignment.decline(by=assignment.reviewer, reason="No time.")
    answer = at_desk(assignment.reviewer).post(address(assignment, "sign/"), signature(assignment, note="Kept words"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Kept words" in text
    assert "Gastric distension" not in text
    assert Decision.objects.count() == 0


def test_signing_with_the_role_ended(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    assignment.reviewer.end_role("reviewer", by=None)
    assert client.post(address(assignment, "sign/"), signature(assignment)).status_code == 404
    assert Decision.objects.count() == 0


def test_unlisted_fields_have_no_effect(two: Asked) -> None:
    assignment, other = two
    form = signature(assignment, reviewer=str(other.reviewer_id), by="1", signed_at="2001-01-01", statement="{}")
    at_desk(assignment.reviewer).post(address(assignment, "sign/"), form)
    made = Decision.objects.get()
    assert (made.reviewer, made.signed_at.year) == (assignment.reviewer, timezone.now().year)
    assert made.statement["name"] == assignment.reviewer.display_name


def test_stale_sign_in_is_asked_again_and_nothing_lost(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer, minutes_ago=6)
    form = signature(assignment, "request_changes", note="Kept words")
    answer = client.post(address(assignment, "sign/"), form)
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert Decision.objects.count() == 0
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    back = confirmation(assignment, "request_changes")
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": back})
    assert answer.headers["Location"] == back
    text = client.get(back).content.decode()
    assert "Request changes to version 1" in text
    assert "Kept words" in text
    assert re.search(r'name="no_conflict" value="True"', text)
    assert client.post(address(assignment, "sign/"), form).headers["Location"] == address(assignment, "signed/")


def test_stale_sign_in_is_proved_in_the_confirmation(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer, minutes_ago=6)
    page = client.get(confirmation(assignment)).content.decode()
    assert 'type="password"' in page
    form = signature(assignment, "request_changes", note="Kept words")
    for wrong, words in (("not-the-password-1", "Incorrect password"), ("", "This field is required")):
        answer = client.post(address(assignment, "sign/"), form | {"password": wrong})
        text = answer.content.decode()
        assert (answer.status_code, Decision.objects.count()) == (422, 0)
        assert words in text
        assert "Kept words" in text
        assert 'type="password"' in text
        assert "not-the-password-1" not in text
    answer = client.post(address(assignment, "sign/"), form | {"password": PASSWORD})
    assert answer.headers["Location"] == address(assignment, "signed/")
    (old, new) = client.session[AUTHENTICATION_METHODS_SESSION_KEY]
    assert (new["method"], new["reauthenticated"], new["at"] > old["at"]) == ("password", True, True)


def test_what_was_proved_counts_though_the_signature_fails(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer, minutes_ago=6)
    answer = client.post(address(assignment, "sign/"), signature(assignment, no_conflict="") | {"password": PASSWORD})
    assert (answer.status_code, Decision.objects.count()) == (422, 0)
    assert 'type="password"' not in answer.content.decode()
    assert client.post(address(assignment, "sign/"), signature(assignment)).status_code == 302
    assert Decision.objects.count() == 1


def test_guessing_in_the_confirmation_is_stopped_as_at_sign_in(two: Asked) -> None:
    assignment, _ = two
    EmailAddress.objects.create(user=assignment.reviewer, email=assignment.reviewer.email, verified=True, primary=True)
    client, here = at_desk(assignment.reviewer, minutes_ago=6), address(assignment, "sign/")
    for _n in range(5):
        assert client.post(here, signature(assignment) | {"password": "not-the-password-1"}).status_code == 422
    answer = client.post(here, signature(assignment, note="Kept words") | {"password": PASSWORD})
    assert (answer.status_code, Decision.objects.count()) == (422, 0)
    assert "Too many failed login attempts" in answer.content.decode()
    assert "Kept words" in answer.content.decode()


def test_proof_of_somebody_else_or_for_nobody_is_worth_nothing(two: Asked) -> None:
    assignment, other = two
    fresh, stranger = at_desk(assignment.reviewer), at_desk(factories.author(), minutes_ago=6)
    assert 'type="password"' not in fresh.get(confirmation(assignment)).content.decode()
    form = signature(assignment) | {"password": PASSWORD}
    assert stranger.post(address(assignment, "sign/"), form).status_code == 404
    assert len(stranger.session[AUTHENTICATION_METHODS_SESSION_KEY]) == 1
    assert Decision.objects.count() == 0
    assert other.pk


def test_code_of_the_app_is_typed_in_the_confirmation(two: Asked, settings: Any) -> None:
    assignment, _ = two
    settings.REQUIRE_SECOND_FACTOR = True
    person, secret = assignment.reviewer, generate_totp_secret()
    TOTP.activate(person, secret)
    client, here = at_desk(person), address(assignment, "sign/")
    page = client.get(confirmation(assignment)).content.decode()
    assert 'name="code"' in page
    assert 'type="password"' not in page
    elsewhere = client.post(here, signature(assignment) | {"code": "", "prove_elsewhere": "1"})
    assert elsewhere.headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert client.post(here, signature(assignment) | {"password": PASSWORD}).status_code == 302
    assert client.post(here, signature(assignment) | {"code": "000000"}).status_code == 422
    assert Decision.objects.count() == 0
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    answer = client.post(here, signature(assignment) | {"code": code})
    assert answer.headers["Location"] == address(assignment, "signed/")
    assert client.session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["method"] == "mfa"


def test_who_has_only_a_passkey_is_led_to_its_page_and_back(two: Asked, settings: Any) -> None:
    assignment, _ = two
    settings.REQUIRE_SECOND_FACTOR = True
    Authenticator.objects.create(user=assignment.reviewer, type=Authenticator.Type.WEBAUTHN, data={})
    here = at_desk(assignment.reviewer).get(confirmation(assignment)).headers["Location"]
    assert here.startswith("/accounts/2fa/webauthn/reauthenticate/?next=%2Fdesk%2Freviews%2F")


def test_second_factor_is_asked_where_it_is_required(two: Asked, settings: Any) -> None:
    assignment, _ = two
    settings.REQUIRE_SECOND_FACTOR = True
    client = at_desk(assignment.reviewer)
    Authenticator.objects.create(user=assignment.reviewer, type=Authenticator.Type.TOTP, data={"secret": "x"})
    answer = client.post(address(assignment, "sign/"), signature(assignment))
    assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")


def test_note_is_kept_while_it_is_written(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    form = {"note": "Half a sent", "confidential_note": "Between us"}
    assert client.post(address(assignment, "note/"), form, headers=HTMX).content == b"Saved."
    assert client.post(address(assignment, "note/"), {"note": "Half a sent"}).status_code == 302
    assert "Half a sent" in client.get(confirmation(assignment)).content.decode()
    assert client.post(address(assignment, "note/"), {"note": "x" * 20_001}).status_code == 422
    kept = Assignment.objects.get(pk=assignment.pk)
    assert (kept.draft_note, kept.draft_confidential_note) == ("Half a sent", "Between us")


def test_hostile_note_is_only_words(two: Asked) -> None:
    assignment, _ = two
    client, note = at_desk(assignment.reviewer), "</textarea><script>alert(1)</script>\u202e"
    client.post(address(assignment, "note/"), {"note": note})
    assert "<script>alert" not in client.get(confirmation(assignment)).content.decode()
    client.post(address(assignment, "sign/"), signature(assignment, note=note))
    assert "<script>alert" not in client.get(address(assignment)).content.decode()
    assert "\u202e" not in Decision.objects.get().note


def test_domain_refuses_a_key_that_signed_something_else(two: Asked) -> None:
    mine, _ = two
    other = make_version("under_review", reviewers=[mine.reviewer, board_member()]).assignments.get(
        reviewer=mine.reviewer
    )
    key = sign(mine).key
    with pytest.raises(ValidationError):
        other.sign(
            "approve",
            content_sha256=other.version.content_sha256 or "",
            by=mine.reviewer,
            no_conflict=True,
            key=uuid.UUID(str(key)),
        )
