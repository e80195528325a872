"""The daily mail: one a person a day, of what is still true then; none when there is nothing to say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from people.digest import send_digests
from people.mail import failed
from people.models import Message, Pace, User
from tests.factories import (
    administrator,
    assign,
    author,
    board_member,
    editor,
    make_content,
    make_version,
    sign,
    submit,
)
from tests.post import erase, forget, only, outbox, parts

pytestmark = pytest.mark.django_db
type Run = Callable[[], int]


@pytest.fixture(autouse=True)
def at_midnight(settings: Settings) -> None:
    """The hour of the daily mail has come today."""
    settings.DIGEST_HOUR = 0


def daily(user: User) -> User:
    user.mail_pace = Pace.DAILY
    user.save(update_fields=["mail_pace"])
    return user


def since_yesterday() -> None:
    """What waits has waited since yesterday."""
    Message.objects.update(created_at=timezone.now() - timedelta(1))


def a_day(run_tasks: Run) -> None:
    since_yesterday()
    send_digests()
    run_tasks()


def test_one_mail_says_what_is_ones_turn_and_then_what_happened(run_tasks: Run) -> None:
    ed = daily(editor(name="Ed"))
    first = make_version("submitted", editor=ed, content=make_content("Hiccups at night"))
    asked = assign(first, [board_member(name="Dr Ada Example"), board_member()], by=ed)
    sign(asked[0])
    second = make_version("submitted", editor=ed, content=make_content("Itching after a bath"))
    run_tasks()
    assert ("new_submission", ed.email) not in outbox()
    a_day(run_tasks)
    message = only("digest")
    assert message.to == [ed.email]
    assert message.subject == "1 thing for you to do, 1 to know: your day at DDx Portal"
    text, html = parts(message)
    for part in (text, html):
        turn, _, happened = part.partition("WHAT HAPPENED" if part is text else "What happened")
        assert f"http://testserver{second.get_absolute_url()}" in turn
        assert "New submission: Itching after a bath" in turn
        assert "Dr Ada Example approves: Hiccups at night" in happened
        assert f"http://testserver{first.get_absolute_url()}" in happened
        assert "http://testserver/desk/people/me/mail/" in happened
    assert "New submission: Hiccups at night" not in text
    assert f"(by {second.due_on:%-d %b %Y})" in text


def test_what_is_in_it_is_dealt_with_and_what_is_not_true_any_more_says_why(run_tasks: Run) -> None:
    ed = daily(editor())
    version = make_version("submitted", editor=ed)
    gone = make_version("submitted", editor=ed)
    gone.move("withdraw", by=gone.article.owner, reason="Wrong text.")
    a_day(run_tasks)
    carrier = Message.objects.get(kind="people/digest")
    states = Message.objects.filter(person=ed).exclude(pk=carrier.pk).values_list("version_id", "kind", "state", "why")
    assert set(states) == {
        (version.pk, "articles/new_submission", "sent", ""),
        (gone.pk, "articles/new_submission", "dropped", "The version is withdrawn now."),
        (gone.pk, "articles/withdrawn", "sent", ""),
    }
    assert {message.version_id for message in carrier.carried.all()} == {version.pk, gone.pk}
    assert (carrier.state, carrier.subject) == ("sent", mail.outbox[-1].subject)


def test_there_is_one_a_day_and_none_without_anything_to_say(run_tasks: Run) -> None:
    ed = daily(editor())
    version = make_version("submitted", editor=ed)
    a_day(run_tasks)
    assert only("digest").message()["Message-ID"] == f"<digest.{timezone.now():%Y%m%d}.{ed.pk}@testserver>"
    mail.outbox.clear()
    version.move("withdraw", by=version.article.owner, reason="Wrong text.")
    a_day(run_tasks)  # the same day
    assert ("digest", ed.email) not in outbox()
    erase(Message.objects.filter(kind="people/digest"))  # the next day
    Message.objects.filter(kind="articles/withdrawn").update(state="held")
    a_day(run_tasks)
    assert outbox() == []


def test_mail_that_becomes_needless_before_it_is_sent_is_not_sent(run_tasks: Run) -> None:
    ed = daily(editor())
    version = make_version("submitted", editor=ed)
    since_yesterday()
    assert send_digests() == 1
    version.move("withdraw", by=version.article.owner, reason="Wrong text.")
    Message.objects.filter(kind="articles/withdrawn", person=ed).update(state="held")
    run_tasks()
    assert ("digest", ed.email) not in outbox()
    carrier = Message.objects.get(kind="people/digest")
    assert (carrier.state, carrier.why) == ("dropped", "Nothing is left to say.")


def test_it_waits_for_its_hour(settings: Settings, run_tasks: Run) -> None:
    daily(editor())
    make_version("submitted")
    assert send_digests() == 0  # what has come since its hour waits for tomorrow
    settings.DIGEST_HOUR = 24 if datetime.now(UTC).hour == 23 else datetime.now(UTC).hour + 1
    since_yesterday()
    if settings.DIGEST_HOUR < 24:
        assert send_digests() == 0


def test_who_left_gets_none(run_tasks: Run) -> None:
    ed, other = daily(editor()), editor()
    make_version("submitted", editor=other)
    since_yesterday()
    send_digests()
    ed.deactivate(by=administrator())
    run_tasks()
    assert not [address for _, address in outbox() if address == ed.email]
    assert Message.objects.get(kind="people/digest").why == "Nothing is left to say."


def test_invitations_to_one_person_go_together_at_once(run_tasks: Run) -> None:
    reader, other, ed = daily(board_member()), board_member(), editor()
    versions = [submit(make_version(content=make_content(f"Symptom {n}"))) for n in range(3)]
    forget()
    for version in versions:
        assign(version, [reader, other] if version is versions[0] else [reader], by=ed)
    versions[2].move("withdraw", by=versions[2].article.owner, reason="Wrong text.")
    erase(Message.objects.exclude(kind="reviews/invited"))
    run_tasks()
    messages = {message.to[0]: message for message in mail.outbox}
    assert sorted(messages) == sorted([reader.email, other.email])
    assert messages[other.email].subject == "Please review: Symptom 0"
    assert messages[reader.email].subject == "Please review 2 articles"
    for part in parts(messages[reader.email]):
        assert [f"Symptom {n}" in part for n in range(3)] == [True, True, False]
    states = Message.objects.filter(person=reader).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["sent", "sent", "dropped"]
    run_tasks()
    assert len(mail.outbox) == 2


def test_pace_is_chosen_on_ones_own_page(client: Client, run_tasks: Run) -> None:
    user = daily(author())
    client.force_login(user)
    page = client.get("/desk/people/me/mail/")
    assert "Once a day" in page.content.decode()
    assert "/desk/people/me/mail/" in client.get("/desk/people/me/").content.decode()
    assert client.post("/desk/people/me/mail/", {"mail_pace": "hourly"}).status_code == 200
    assert User.objects.get(pk=user.pk).mail_pace == Pace.DAILY
    assert (
        client.post("/desk/people/me/mail/", {"mail_pace": "as_it_happens", "email": "x@example.org"}).status_code
        == 302
    )
    changed = User.objects.get(pk=user.pk)
    assert (changed.mail_pace, changed.email) == (Pace.AS_IT_HAPPENS, user.email)
    submit(make_version(author=changed, editor=editor()))
    run_tasks()
    assert ("submission_received", user.email) in outbox()


def test_digest_that_fails_for_good_loses_nothing(run_tasks: Run) -> None:
    ed = daily(editor())
    make_version("submitted", editor=ed)
    since_yesterday()
    send_digests()
    failing = Message.objects.get(kind="people/digest")
    failed(failing.pk, OSError("no route"), for_good=True)
    told = Message.objects.filter(person=ed, kind="articles/new_submission")
    assert set(told.values_list("state", "carried_by")) == {("waiting", None)}
    failing.refresh_from_db()
    failing.send_again(by=ed, sendings=1)
    run_tasks()
    assert set(told.values_list("state", "carried_by")) == {("sent", failing.pk)}
