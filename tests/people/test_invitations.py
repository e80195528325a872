import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import psycopg
import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.signing import Signer
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import BoardProfile, Invitation, Role, User
from people.rules import RuleBroken
from tests.conftest import Connection
from tests.people.factories import PASSWORD, administrator, make_person
from tests.racing import at_once

NEW = "new@example.org"
ACCOUNT = {"name": "Nora New", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def admin(db: None) -> User:
    return administrator(name="Ada Admin")


def invite(admin: User, *roles: str, email: str = NEW) -> Invitation:
    return Invitation.objects.invite(email, roles or [Role.AUTHOR], by=admin)


def link(invitation: Invitation) -> str:
    return reverse("accept_invitation", args=[invitation.token])


def test_invitation_goes_by_mail(admin: User, client: Client, run_tasks: Callable[[], int]) -> None:
    client.force_login(admin)
    data = {"email": "New@Example.org", "name": "Nora", "roles": ["author", "reviewer"], "message": "Join <us> & read"}
    assert client.post(reverse("people:invite"), data).status_code == 302
    assert mail.outbox == []
    assert run_tasks() == 1
    invitation, [message] = Invitation.objects.get(), mail.outbox
    assert (message.to, message.subject) == ([NEW], "Ada Admin invites you to DDx Portal")
    assert f"http://testserver{link(invitation)}" in str(message.body)
    assert "Join <us> & read" in str(message.body)
    assert isinstance(message, EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    assert "Join &lt;us&gt; &amp; read" in html
    assert message.message()["Message-ID"] == f"<invitation.{invitation.pk.hex}.1@testserver>"


def test_no_mail_for_what_was_not_committed(admin: User, run_tasks: Callable[[], int]) -> None:
    with transaction.atomic():
        invite(admin)
        transaction.set_rollback(True)
    assert (run_tasks(), mail.outbox) == (0, [])


@pytest.mark.parametrize("change", ["cancel", "renew"])
def test_no_mail_for_what_has_changed_since(admin: User, run_tasks: Callable[[], int], change: str) -> None:
    invitation = invite(admin)
    getattr(invitation, change)(by=admin)
    run_tasks()
    assert len(mail.outbox) == (0 if change == "cancel" else 1)
    assert all(".2@testserver" in message.message()["Message-ID"] for message in mail.outbox)


def test_token_is_not_in_the_database(admin: User, as_text: Callable[[], str]) -> None:
    invitation = invite(admin)
    assert invitation.token.partition(":")[2] not in as_text()
    assert invitation.token_hash in as_text()


@pytest.fixture
def as_text(db: None) -> Callable[[], str]:
    def read() -> str:
        from django_tasks_db.models import DBTaskResult

        return str([list(Invitation.objects.values()), list(DBTaskResult.objects.values())])

    return read


def test_accept_opens_an_account_with_the_roles(admin: User, client: Client) -> None:
    invitation = invite(admin, Role.REVIEWER, Role.AUTHOR)
    assert "Author, Reviewer" in client.get(link(invitation)).content.decode()
    response = client.post(link(invitation), ACCOUNT)
    assert (response.status_code, response["Location"]) == (302, "/desk/people/me/")
    user = User.objects.get(email=NEW)
    assert user.name == "Nora New"
    assert user.roles == {Role.AUTHOR, Role.REVIEWER}
    assert user.role_grants.values_list("granted_by", flat=True).distinct().get() == admin.pk
    assert not user.board_profile.is_complete
    assert client.get("/desk/people/me/").status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    assert client.get(link(invitation)).status_code == 404


def test_accepted_account_signs_in_and_sets_up_a_second_factor(admin: User, client: Client) -> None:
    client.post(link(invite(admin)), ACCOUNT)
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": NEW, "password": PASSWORD})
    assert client.get("/desk/people/me/").status_code == 200
    response = client.get("/accounts/2fa/totp/activate/")
    assert response["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \u2028"),
        ("name", "x" * 121),
        ("password", ""),
        ("password", "short"),
        ("password", "password1234"),
        ("password", "new@example.org"),
        ("password", "x" * 257),
        ("password", "\x00" * 20),
        ("again", "something else entirely"),
        ("again", ""),
    ],
)
def test_accept_refuses(admin: User, client: Client, field: str, value: str) -> None:
    data = ACCOUNT | {field: value} | ({"again": value} if field == "password" else {})
    response = client.post(link(invite(admin)), data)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not User.objects.filter(email=NEW).exists()


def test_accept_ignores_fields_that_are_not_asked_for(admin: User, client: Client) -> None:
    extra = {"email": "other@example.org", "roles": ["administrator"], "is_active": "", "role": "administrator"}
    client.post(link(invite(admin)), ACCOUNT | extra)
    assert User.objects.get(email=NEW).roles == {Role.AUTHOR}


@pytest.mark.parametrize("gone", ["cancelled", "expired", "sent again", "accepted"])
def test_link_that_is_void_looks_like_one_that_never_was(admin: User, client: Client, gone: str) -> None:
    invitation = invite(admin)
    url = link(invitation)
    match gone:
        case "cancelled":
            invitation.cancel(by=admin)
        case "expired":
            Invitation.objects.update(expires_at=timezone.now())
        case "sent again":
            invitation.renew(by=admin)
        case "accepted":
            client.post(url, ACCOUNT)
            client.logout()
    never = client.get(reverse("accept_invitation", args=[Signer(salt="people.invitation").sign("0-1")]))
    for response in (client.get(url), client.post(url, ACCOUNT)):
        assert (response.status_code, response.content) == (404, never.content)


@pytest.mark.parametrize("token", ["x", "a:b", "0-1:" + "A" * 43, "%00", "é" * 50, "x" * 5000, "..%2f..", ":"])
def test_token_that_is_none(admin: User, client: Client, token: str) -> None:
    assert client.get(f"/accounts/invitation/{token}/").status_code == 404


def test_token_of_another_invitation_cannot_be_derived(admin: User, client: Client) -> None:
    mine, other = invite(admin), invite(admin, Role.ADMINISTRATOR, email="other@example.org")
    forged = f"{other.pk.hex}-1:{mine.token.partition(':')[2]}"
    assert client.get(f"/accounts/invitation/{forged}/").status_code == 404


def test_known_person_accepts_after_sign_in(admin: User, client: Client) -> None:
    person = make_person(email=NEW, roles=[Role.AUTHOR])
    url = link(invite(admin, Role.REVIEWER))
    page = client.get(url).content.decode()
    assert f"/accounts/login/?next={quote(url)}" in page
    assert client.post(url, ACCOUNT).status_code == 200
    assert User.objects.get(pk=person.pk).roles == {Role.AUTHOR}
    client.force_login(person)
    assert client.post(url).status_code == 302
    assert User.objects.get(pk=person.pk).roles == {Role.AUTHOR, Role.REVIEWER}
    assert BoardProfile.objects.filter(user=person).exists()


def test_somebody_else_cannot_accept(admin: User, client: Client) -> None:
    make_person(email=NEW)
    thief = make_person(roles=[Role.AUTHOR])
    client.force_login(thief)
    invitation = invite(admin, Role.EDITOR)
    assert "somebody else" in client.post(link(invitation)).content.decode()
    with pytest.raises(RuleBroken):
        invitation.accept(by=thief)
    assert User.objects.get(pk=thief.pk).roles == {Role.AUTHOR}


def test_invitation_falls_with_the_administrator_who_sent_it(admin: User, client: Client) -> None:
    url = link(invite(admin, Role.ADMINISTRATOR))
    admin.end_role(Role.ADMINISTRATOR, by=administrator())
    client.post(url, ACCOUNT)
    assert not User.objects.filter(email=NEW).exists()


def test_accept_at_once_is_one_account(committed_db: None) -> None:
    invitation = invite(administrator(), Role.REVIEWER)
    responses = at_once(*[lambda: Client().post(link(invitation), ACCOUNT).status_code] * 4)
    assert responses.count(302) == 1
    assert User.objects.filter(email=NEW).count() == 1


def test_cancel_against_accept(committed_db: None) -> None:
    admin = administrator()
    for number in range(5):
        invitation = invite(admin, email=f"new-{number}@example.org")
        at_once(
            lambda one=invitation: Client().post(link(one), ACCOUNT),  # type: ignore[misc]
            lambda one=invitation: Invitation.objects.get(pk=one.pk).cancel(by=admin),  # type: ignore[misc]
        )
        invitation.refresh_from_db()
        accepted = User.objects.filter(email=invitation.email).exists()
        assert accepted == (invitation.accepted_at is not None) == (invitation.cancelled_at is None)


def test_second_invitation_to_an_address_is_refused(admin: User, client: Client) -> None:
    invite(admin)
    client.force_login(admin)
    response = client.post(reverse("people:invite"), {"email": "NEW@example.org", "roles": ["author"]})
    assert "waiting already" in response.content.decode()
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": NEW},
        {"email": NEW, "roles": ["owner"]},
        {"email": "no address", "roles": ["author"]},
        {"email": "a@example.org\nBcc: b@example.org", "roles": ["author"]},
        {"email": "x" * 300 + "@example.org", "roles": ["author"]},
        {"email": NEW, "roles": ["author"], "name": "x" * 121},
        {"email": NEW, "roles": ["author"], "message": "x" * 2001},
    ],
)
def test_invite_refuses(admin: User, client: Client, data: dict[str, object]) -> None:
    client.force_login(admin)
    assert client.post(reverse("people:invite"), data).context["form"].errors
    assert not Invitation.objects.exists()


def test_invite_refuses_a_closed_account(admin: User, client: Client) -> None:
    make_person(email=NEW).deactivate(by=admin)
    client.force_login(admin)
    response = client.post(reverse("people:invite"), {"email": NEW, "roles": ["author"]})
    assert "closed" in response.content.decode()


def test_names_cannot_write_into_the_mails_head(admin: User, run_tasks: Callable[[], int]) -> None:
    User.objects.filter(pk=admin.pk).update(name="Ada\r\nBcc: all@example.org")
    Invitation.objects.invite(NEW, ["author"], by=admin, name="Nora\r\nBcc: all@example.org", message="Hi\r\nBcc: x")
    run_tasks()
    [message] = mail.outbox
    assert message.subject == "Ada Bcc: all@example.org invites you to DDx Portal"
    assert re.search(r"(?m)^Bcc:", message.message().as_string().partition("\n\n")[0]) is None
    assert message.recipients() == [NEW]


def test_send_again_and_cancel_on_the_page(admin: User, client: Client, run_tasks: Callable[[], int]) -> None:
    invitation = invite(admin)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    client.force_login(admin)
    assert "expired" in client.get(reverse("people:list")).content.decode()
    said = client.post(reverse("people:resend_invitation", args=[invitation.pk]), follow=True).content.decode()
    invitation.refresh_from_db()
    until = timezone.localdate(invitation.expires_at)
    assert f"{invitation.email} is invited again by e-mail and can accept until {until.day} {until:%b %Y}." in said
    assert (invitation.sendings, invitation.is_open) == (2, True)
    client.post(reverse("people:cancel_invitation", args=[invitation.pk]))
    page = client.post(reverse("people:resend_invitation", args=[invitation.pk]), follow=True).content.decode()
    assert "already been accepted or cancelled" in page


def test_is_open_agrees_with_open(admin: User) -> None:
    invite(admin)
    invite(admin, email="b@example.org").cancel(by=admin)
    expired = invite(admin, email="c@example.org")
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    for invitation in Invitation.objects.all():
        assert invitation.is_open == Invitation.objects.open().filter(pk=invitation.pk).exists()
    assert Invitation.objects.open().count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM people_invitation",
        "UPDATE people_invitation SET accepted_at = now()",
        "UPDATE people_invitation SET cancelled_at = now()",
        "UPDATE people_invitation SET roles = '{}'",
        "UPDATE people_invitation SET roles = '{owner}'",
        "UPDATE people_invitation SET email = 'SAME@example.org'",
        "UPDATE people_invitation SET token_hash = 'same'",
    ],
)
def test_database_keeps_invitations(as_staff: Connection, statement: str) -> None:
    admin = administrator()
    invite(admin)
    invite(admin, email="other@example.org")
    with pytest.raises(psycopg.Error):
        as_staff.execute(statement)
