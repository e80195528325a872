import re
import time
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from people.accounts import confirm_email, is_fresh, path_to_prove
from people.models import Message, Role, User
from tests.people.factories import PASSWORD, administrator, make_person

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def nothing_counted_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def person(db: None) -> User:
    user = make_person(email="ada@example.org", name="Ada Example", roles=[Role.EDITOR])
    confirm_email(user)
    return user


def sign_in(client: Client, password: str = PASSWORD, login: str = "ada@example.org", **more: str) -> HttpResponse:
    return client.post(LOGIN, {"login": login, "password": password, **more})  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def with_app(user: User) -> str:
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def test_sign_in_and_out(person: User, client: Client) -> None:
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert client.get(reverse("people:me")).status_code == 200
    client.post("/accounts/logout/")
    assert not is_in(client)


def test_sign_in_however_the_address_is_written(person: User, client: Client) -> None:
    sign_in(client, login=" ADA@Example.ORG ")
    assert is_in(client)


def test_closed_account_cannot_sign_in(person: User, client: Client) -> None:
    person.deactivate(by=administrator())
    sign_in(client)
    assert not is_in(client)


def plain(response: HttpResponse) -> str:
    """The page without what differs in each answer."""
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", response.content.decode())


def test_unknown_and_known_account_get_the_same_answer(person: User) -> None:
    known, unknown = sign_in(Client(), "wrong password"), sign_in(Client(), "wrong password", "eve@example.org")
    assert known.status_code == unknown.status_code == 200
    assert plain(known).replace("ada@", "x@") == plain(unknown).replace("eve@", "x@")


@pytest.mark.parametrize("email", ["ada@example.org", "eve@example.org"])
def test_reset_answers_alike(person: User, client: Client, email: str) -> None:
    response = client.post(RESET, {"email": email})
    assert (response.status_code, response["Location"]) == (302, "/accounts/password/reset/done/")


def test_five_failures_close_the_door_for_a_while(person: User) -> None:
    for _ in range(5):
        sign_in(Client(), "wrong password")
    late = Client()
    response = sign_in(late)
    assert not is_in(late)
    assert "Too many failed" in response.content.decode()
    other = make_person(email="bo@example.org")
    assert other.pk
    sign_in(late, login="bo@example.org")
    assert is_in(late)


def test_failures_count_whatever_the_forwarded_address_says(person: User) -> None:
    for number in range(5):
        Client(headers={"X-Forwarded-For": f"10.0.0.{number}"}).post(
            LOGIN, {"login": "ada@example.org", "password": "x"}
        )
    late = Client(headers={"X-Forwarded-For": "10.9.9.9"})
    sign_in(late)
    assert not is_in(late)


@pytest.mark.parametrize("login", ["ada@example.org", "eve@example.org", "ADA@EXAMPLE.ORG"])
def test_failures_close_the_door_of_known_and_unknown_accounts_alike(person: User, login: str) -> None:
    for _ in range(5):
        sign_in(Client(), "wrong password", login)
    assert "Too many failed" in sign_in(Client(), "wrong password", login).content.decode()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "http://testserver@evil.example/",
        "http://testserver.evil.example/",
        "\x00//evil.example",
        pytest.param("x" * 10_000 + "://", id="long"),
    ],
)
def test_sign_in_leads_nowhere_else(person: User, client: Client, target: str) -> None:
    assert not re.search("evil|javascript|xxx", sign_in(client, next=target)["Location"])


def test_sign_in_leads_to_where_one_was_going(person: User, client: Client) -> None:
    assert sign_in(client, next="/desk/people/?q=a")["Location"] == "/desk/people/?q=a"


@pytest.mark.parametrize("headers", [{}, {"Host": "localhost"}, {"X-Forwarded-Host": "evil.example"}])
def test_reset_link_names_our_site_whatever_the_host(
    person: User, client: Client, run_tasks: Callable[[], int], headers: dict[str, str]
) -> None:
    client.post(RESET, {"email": "ada@example.org"}, headers=headers)
    run_tasks()
    [message] = mail.outbox
    assert message.to == ["ada@example.org"]
    [url] = re.findall(r"https?://\S+/key/\S+", str(message.body))
    assert url.startswith("http://testserver/accounts/password/reset/key/")
    assert message.message()["Message-ID"].startswith("<password-reset.")


def test_foreign_host_is_refused(person: User, client: Client) -> None:
    assert client.post(RESET, {"email": "ada@example.org"}, headers={"Host": "evil.example"}).status_code == 400


def test_reset_sets_a_password_once(person: User, client: Client, run_tasks: Callable[[], int]) -> None:
    client.post(RESET, {"email": "ada@example.org"})
    run_tasks()
    path = re.findall(r"http://testserver(/\S+/key/\S+)", str(mail.outbox[0].body))[0]
    page = client.get(path, follow=True)
    new = "another long and quiet one"
    done = client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done.status_code == 302
    sign_in(client, new)
    assert is_in(client)
    assert "no longer works" in Client().get(path, follow=True).content.decode()


def test_reset_link_stands_in_no_table(person: User, client: Client, run_tasks: Callable[[], int]) -> None:
    from django_tasks_db.models import DBTaskResult

    client.post(RESET, {"email": "ada@example.org"})
    run_tasks()
    message = Message.objects.get(person=person)
    assert (message.state, message.subject) == ("sent", "Set a new password for DDx Portal")
    assert (message.text, message.html, message.arguments) == ("", "", {})
    assert DBTaskResult.objects.get().args_kwargs == {"args": [message.pk], "kwargs": {}}


def test_reset_of_unknown_and_closed_accounts_sends_nothing(
    person: User, client: Client, run_tasks: Callable[[], int]
) -> None:
    client.post(RESET, {"email": "eve@example.org"})
    client.post(RESET, {"email": "ada@example.org"})
    person.deactivate(by=administrator())
    run_tasks()
    assert mail.outbox == []


def test_signing_up_is_closed(db: None, client: Client) -> None:
    data = {"email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD}
    assert "by invitation" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", data)
    assert not User.objects.exists()


@pytest.mark.parametrize("page", ["login/", "signup/", "password/reset/", "password/reset/done/", "inactive/"])
def test_pages_for_strangers_are_ours(db: None, client: Client, page: str) -> None:
    response = client.get(f"/accounts/{page}")
    assert response.status_code == 200
    assert "DDx Portal" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "page", ["email/", "password/change/", "logout/", "reauthenticate/", "2fa/", "2fa/webauthn/", "2fa/recovery-codes/"]
)
def test_pages_of_ones_own_account_are_ours(person: User, client: Client, page: str) -> None:
    with_app(person)
    client.force_login(person)
    response = client.get(f"/accounts/{page}", follow=True)
    assert response.status_code in {200, 404}
    assert "<main" in response.content.decode()


def prove(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_message_of_allauth_goes_through_the_queue(person: User, client: Client, run_tasks: Callable[[], int]) -> None:
    client.force_login(person)
    prove(client)
    client.post("/accounts/email/", {"action_add": "", "email": "ada.new@example.org"})
    assert mail.outbox == []
    run_tasks()
    [message] = mail.outbox
    assert message.to == ["ada.new@example.org"]
    assert "http://testserver/accounts/confirm-email/" in str(message.body)
    assert message.message()["Message-ID"].startswith("<account.")


def test_open_browser_alone_changes_no_address(person: User, client: Client) -> None:
    """Who finds one would have a new password sent to an address of their own, and sign with it."""
    mine = EmailAddress.objects.create(user=person, email="mine@example.org", verified=True)
    client.force_login(person)
    for action, email in (("add", "eve@example.org"), ("primary", mine.email), ("remove", mine.email)):
        response = client.post("/accounts/email/", {f"action_{action}": "", "email": email})
        assert response["Location"].startswith("/accounts/reauthenticate/"), action
    person.refresh_from_db()
    assert person.email == "ada@example.org"
    assert set(EmailAddress.objects.filter(user=person).values_list("email", flat=True)) == {
        "ada@example.org",
        mine.email,
    }


def test_unconfirmed_address_does_not_become_ones_own(person: User, client: Client) -> None:
    client.force_login(person)
    prove(client)
    make_person(email="bo@example.org")
    for email in ("ada.new@example.org", "bo@example.org"):
        client.post("/accounts/email/", {"action_add": "", "email": email})
        client.post("/accounts/email/", {"action_primary": "", "email": email})
    person.refresh_from_db()
    assert person.email == "ada@example.org"


# The second factor


@pytest.fixture
def required(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def test_role_without_second_factor_leads_to_setting_one_up(required: None, person: User, client: Client) -> None:
    sign_in(client)
    for page in ("list", "me", "disclosure"):
        response = client.get(reverse(f"people:{page}"))
        assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/")
    assert client.post(reverse("people:conflicts"), {}).status_code == 302
    assert client.get("/accounts/2fa/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(required: None, person: User, client: Client) -> None:
    Authenticator.objects.create(user=person, type="recovery_codes", data={})
    client.force_login(person)
    assert client.get(reverse("people:me"))["Location"] == "/accounts/2fa/"


def test_person_without_role_needs_no_second_factor(required: None, client: Client) -> None:
    client.force_login(make_person())
    assert client.get(reverse("people:me")).status_code == 403


def test_setting_up_the_app_opens_the_desk(required: None, person: User, client: Client) -> None:
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert "Set up an authenticator app" in page.content.decode()
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(page.context["form"].secret)})
    assert done.status_code == 302
    assert client.get(reverse("people:me")).status_code == 200


def test_recovery_codes_are_shown_and_sign_in_once(required: None, person: User, client: Client) -> None:
    with_app(person)
    client.force_login(person)
    client.post(
        "/accounts/2fa/reauthenticate/", {"code": code_of(Authenticator.objects.get().wrap().instance.data["secret"])}
    )
    assert "Ten codes" in client.get("/accounts/2fa/recovery-codes/generate/").content.decode()
    client.post("/accounts/2fa/recovery-codes/generate/")
    page = client.get("/accounts/2fa/recovery-codes/")
    code = page.context["unused_codes"][0]
    assert code in page.content.decode()
    for expected in (True, False):
        other = Client()
        sign_in(other)
        other.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_in(other) == expected


def test_sign_in_with_second_factor(required: None, person: User, client: Client) -> None:
    secret = with_app(person)
    assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    assert "One more step" in client.get("/accounts/2fa/authenticate/").content.decode()
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get(reverse("people:me")).status_code == 200


def test_wrong_code_does_not_sign_in(required: None, person: User, client: Client) -> None:
    with_app(person)
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_in(client)


def request_of(client: Client) -> HttpRequest:
    request = RequestFactory().get("/")
    request.session = client.session
    return request


def test_second_factor_is_fresh_for_five_minutes(
    required: None, person: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = with_app(person)
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_fresh(request_of(client), person)
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert not is_fresh(request_of(client), person)
    assert path_to_prove(person, back="/desk/sign/") == "/accounts/2fa/reauthenticate/?next=%2Fdesk%2Fsign%2F"


def test_password_is_not_enough_where_a_factor_is_required(person: User, client: Client, settings: Settings) -> None:
    sign_in(client)
    assert is_fresh(request_of(client), person)
    settings.REQUIRE_SECOND_FACTOR = True
    assert not is_fresh(request_of(client), person)


def test_password_proves_where_no_factor_is_required(person: User) -> None:
    assert path_to_prove(person, back="/desk/") == "/accounts/reauthenticate/?next=%2Fdesk%2F"


@pytest.mark.parametrize("login", ["ada@example.org", "eve@example.org"])
def test_known_and_unknown_accounts_cost_one_hash(
    person: User, settings: Settings, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    person.set_password(PASSWORD)
    person.save()
    hashed = []
    verify, encode = Argon2PasswordHasher.verify, Argon2PasswordHasher.encode

    def counted(hasher: Argon2PasswordHasher, password: str, other: str) -> bool | str:
        hashed.append(password)
        return (verify if other.startswith("argon2") else encode)(hasher, password, other)

    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted)
    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)
    sign_in(Client(), "wrong password", login)
    assert hashed == ["wrong password"]
