"""Notices: who posts what on which text, where it shows at once, who is told, and what the database refuses."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from articles.models import IllegalMove, Version
from ledger.models import Event
from ledger.verifier import verify
from people import permissions
from people.models import Role, RoleGrant, User
from publications.models import Publication
from publications.record import Notice
from reviews.forms.notices import NoticeForm
from reviews.notices import post, standing_concern
from tests.conftest import Connection
from tests.factories import (
    approve,
    assign,
    author,
    board_member,
    editor,
    make_content,
    make_person,
    make_version,
    reread,
    rereview,
    revise,
    submit,
)
from tests.people.factories import disclose_nothing
from tests.publications.reading import one, soup, words
from tests.reviews.desks import at, at_desk

PAGE = "/articles/hiccups-at-night/"
WORDS = "Under “Full stomach”, 50 mg should read 5 mg."
REASON = "A reader compared it with its source."
SAID: dict[str, Any] = {"words": WORDS, "reason": REASON}


def shown(path: str = PAGE) -> str:
    return words(one(soup(Client(), path), "main"))


def test_correction_is_shown_before_it_is_posted_and_everywhere_after(committed_db: None, run_tasks: Any) -> None:
    version, eve = make_version("approved"), editor(name="Eve Editor")
    client, form = at_desk(eve), {"kind": "correction", **SAID}
    mail.outbox.clear()
    preview = client.post(at(version, "notice"), form)
    assert WORDS in words(one(soup_of(preview), ".notice-preview"))
    assert WORDS in client.post(at(version, "notice"), form | {"confirmed": "on", "change": "on"}).content.decode()
    assert WORDS not in shown()
    before = Client().get(PAGE)

    sent = form | {"confirmed": "on", "number": "1"}
    assert client.post(at(version, "notice"), sent).status_code == 302
    late = client.post(at(version, "notice"), sent)  # twice at once posts it once
    assert (late.status_code, WORDS in late.content.decode(), REASON in late.content.decode()) == (409, True, True)

    page = soup(Client(), PAGE)
    notice = words(one(page, "#notice_1"))
    assert notice.startswith(f"Correction {WORDS} Why this notice: {REASON} Eve Editor")
    assert Client().get(PAGE)["ETag"] != before["ETag"]
    data = json.loads(one(page, "script[type='application/ld+json']").get_text())
    assert WORDS in json.dumps(data["correction"], ensure_ascii=False)
    for path in ("/search/?q=hiccups", "/"):
        assert "Corrected" in shown(path)
    feed = Client().get("/feed.atom").content.decode()
    assert "Correction" in feed
    noticed_at = Publication.objects.get().noticed_at
    assert noticed_at
    assert noticed_at.isoformat() in feed
    assert WORDS in shown(f"{PAGE}history/")
    assert json.loads(Client().get(f"{PAGE}provenance.json").content)["notices"][0]["words"] == WORDS
    assert "Correction" in client.get(f"/desk/articles/{version.article_id}/").content.decode()
    run_tasks()
    told = {version.article.owner.email, *(d.reviewer.email for d in version.decisions.select_related("reviewer"))}
    sent_out = [message for message in mail.outbox if message.subject.startswith("Correction: ")]
    assert sorted(to for message in sent_out for to in message.to) == sorted(told)
    assert all(WORDS in str(message.body) and REASON in str(message.body) for message in sent_out)
    assert verify()[0] == []


def soup_of(response: Any) -> Any:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


def test_concern_stands_until_a_later_notice_ends_it(committed_db: None) -> None:
    version, by = make_version("approved"), editor()
    dates = Publication.objects.values_list("last_reviewed_at", "approved_at").get()
    post(version, by=by, kind="expression_of_concern", **SAID)
    assert "Expression of concern" in shown("/search/?q=hiccups")
    assert soup(Client(), PAGE).select_one(".trust-caution")
    with pytest.raises(ValidationError, match="already"):
        post(version, by=by, kind="expression_of_concern", **SAID)
    assert [each[0] for each in choices(version, by)] == ["correction", "concern_lifted"]
    post(version, by=by, kind="correction", ends_concern=True, **SAID)
    publication = Publication.objects.get()
    assert [notice.kind for notice in publication.standing] == ["correction"]
    assert "ended by the correction" in shown()
    assert not soup(Client(), PAGE).select_one(".trust-caution")
    assert "Expression of concern" not in shown("/search/?q=hiccups")
    assert (publication.last_reviewed_at, publication.approved_at) == dates

    post(version, by=by, kind="expression_of_concern", **SAID)
    post(version, by=by, kind="concern_lifted", **SAID)
    assert [notice.kind for notice in Publication.objects.get().standing] == ["correction"]
    for asked in ("concern_lifted", "correction"):
        with pytest.raises(ValidationError, match="No expression of concern stands"):
            post(version, by=by, kind=asked, ends_concern=True, **SAID)
    post(version, by=by, kind="expression_of_concern", **SAID)
    reread(version).move("retract", by=by, reason="The source was withdrawn.")
    retracted = Publication.objects.get()
    assert [notice.kind for notice in retracted.standing] == ["retraction", "correction"]
    assert retracted.notices[0].ends == 5
    assert words(one(soup(Client(), PAGE), "h1")) == "RETRACTED: Hiccups at night"
    assert verify()[0] == []


def choices(version: Version, by: User) -> list[Any]:
    return list(NoticeForm(version=version, user=by).fields["kind"].choices)  # type: ignore[attr-defined]


@pytest.mark.parametrize("state", ["draft", "under_review", "retracted"])
def test_nothing_is_posted_on_what_is_not_public(db: None, state: str) -> None:
    version, by = make_version(state), editor()
    with pytest.raises(IllegalMove):
        post(version, by=by, kind="correction", **SAID)
    assert "is not public" in refused(version, by)


def test_only_editors_post_and_never_on_a_text_of_their_own(db: None) -> None:
    version = make_version("approved")
    for who in (author(), version.article.owner, version.decisions.all()[0].reviewer):
        with pytest.raises(PermissionDenied):
            post(version, by=who, kind="correction", **SAID)
        assert "posts no notice" in refused(version, who)
    writing = make_person(roles=[Role.AUTHOR, Role.EDITOR])
    disclose_nothing(writing)
    assert "posts no notice: author" in refused(make_version("approved", author=writing), writing)
    asked = board_member()
    RoleGrant.objects.create(user=asked, role=Role.EDITOR)
    rereview(version, [asked])
    with pytest.raises(PermissionDenied):
        post(version, by=asked, kind="correction", **SAID)
    assert "posts no notice: reviewing" in refused(version, asked)
    assert refused(version, editor()) == ""  # the same words by who may


BAD: dict[str, dict[str, Any]] = {
    "another name": {"name": "Somebody Else"},
    "no words": {"words": ""},
    "no reason": {"reason": None},
    "a kind that there is not": {"notice": "retraction"},
    "another number": {"number": 2},
    "no number": {"number": None},
    "an end of nothing": {"ends": 1},
    "an end of number nought": {"ends": 0},
    "lifting nothing": {"notice": "concern_lifted"},
}


def test_database_makes_no_notice_of_an_event_that_does_not_hold(db: None) -> None:
    version, by = make_version("approved"), editor()
    for what, wrong in BAD.items():
        assert "makes no notice" in refused(version, by, **wrong), what
    assert "posts no notice: withdrawn" in refused(version, by, event="withdrawn")
    assert "is not public" in refused(version, by, content_sha256="0" * 64)
    event = told(version, by)
    Publication.objects.post_notice(event.pk)
    with pytest.raises(IntegrityError, match="makes no notice"), transaction.atomic():
        Publication.objects.post_notice(event.pk)


def test_staff_login_changes_no_notice_itself(db: None) -> None:
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE pub.publication SET notices = '[]'")


def told(version: Version, by: User, *, event: str = "notice_posted", **changed: Any) -> Event:
    """An event as the desk writes it, or with something changed."""
    about = version.reference | {key: changed.pop(key) for key in ("content_sha256",) if key in changed}
    said = {"notice": "correction", "number": 1, "ends": None, "name": by.name, **SAID} | changed
    return Event.objects.append(event, by=by, **about, **said)


def refused(version: Version, by: User, **changed: Any) -> str:
    """What the database says to that; "" when it does it."""
    try:
        with transaction.atomic():
            Publication.objects.post_notice(told(version, by, **changed).pk)
    except IntegrityError as error:
        return str(error)
    return ""


# What stands in SQL and in Python says the same


def with_editor_role(user: User) -> User:
    RoleGrant.objects.create(user=user, role=Role.EDITOR)
    return user


def people_and_texts() -> list[tuple[str, User, Version]]:
    """Everybody who could stand in some relation to a public text, and that text."""
    draft, wrote = make_version("draft"), editor()
    draft = draft.save_draft(make_content("Other words"), by=wrote, based_on=draft.revision)
    version = submit(draft)
    assign(version, [board_member(), board_member()])
    version = approve(version)
    inactive, left, asked, accepted = editor(), editor(), board_member(), board_member()
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    left.end_role(Role.EDITOR, by=None)
    rereview(version, [asked, accepted])
    version.assignments.get(reviewer=accepted).accept(by=accepted)
    signed = [each.reviewer for each in version.decisions.select_related("reviewer").order_by("pk")]
    return [
        ("", editor(), version),
        ("", with_editor_role(signed[0]), version),
        ("not_an_editor", signed[1], version),
        ("not_an_editor", author(), version),
        ("not_an_editor", make_person(roles=[Role.ADMINISTRATOR]), version),
        ("not_an_editor", inactive, version),
        ("not_an_editor", left, version),
        ("author", wrote, version),
        ("author", with_editor_role(version.article.owner), version),
        ("reviewing", with_editor_role(asked), version),
        ("reviewing", with_editor_role(accepted), version),
    ]


def test_database_and_desk_let_the_same_people_post(committed_db: None, as_owner: Connection) -> None:
    table = people_and_texts()
    for why_not, user, version in table:
        assert refusal(as_owner, user, version) == why_not, user
    second = submit(revise(version, make_content("Words anew")))
    assign(second, [board_member(), board_member()])
    approve(second)
    for why_not, user, version in table:  # who was still to read the old text is not waited for any more
        assert refusal(as_owner, user, version) == why_not.replace("reviewing", ""), user


def refusal(as_owner: Connection, user: User, version: Version) -> str:
    """Why the database would let this person post nothing, when the desk says the same."""
    asked = "SELECT coalesce(notice_ineligibility(%s, %s), '')", [user.pk, version.pk]
    (why_not,) = as_owner.execute(*asked).fetchone() or ("",)
    assert permissions.may_post_notice(User.objects.get(pk=user.pk), reread(version)) == (not why_not), why_not
    return str(why_not)


E = ("expression_of_concern", None)
KINDS: list[list[tuple[str, int | None]]] = [
    [],
    [("correction", None)],
    [E],
    [E, ("concern_lifted", 1)],
    [E, ("correction", 1)],
    [E, ("correction", None)],
    [("correction", None), E, ("concern_lifted", 2), E],
    [E, ("retraction", 1)],
    [E, ("concern_lifted", 1), E, ("correction", None), ("correction", 3)],
]


def test_database_and_desk_see_the_same_concern_standing(committed_db: None, as_owner: Connection) -> None:
    for kinds in KINDS:
        rows = [{"number": n, "kind": kind, "ends": ends} for n, (kind, ends) in enumerate(kinds, 1)]
        standing = standing_concern(Notice.read_all(row | {"on": "2026-01-01"} for row in rows))
        found = as_owner.execute("SELECT standing_concern(%s::jsonb)", [json.dumps(rows)]).fetchone()
        assert found == (standing and standing.number,), kinds
