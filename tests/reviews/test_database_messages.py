"""What the database refuses the staff login to say otherwise of a message, and what the worker's login may."""

from collections.abc import Callable

from people.mail import post_password_reset
from people.models import Invitation, Message, MessageState
from tests.conftest import Connection
from tests.factories import administrator, author, editor, make_version
from tests.reviews.test_database_rules import refused


def test_message_stays_in_the_outbox_for_a_year(db: None) -> None:
    make_version("submitted", editor=editor())
    assert "stays in the outbox" in refused("DELETE FROM people_message")
    Message.objects.settle(MessageState.SENT)
    assert "stays in the outbox" in refused("DELETE FROM people_message")
    Message.objects.update(settled_at="2000-01-01T00:00Z")
    assert "stays in the outbox" in refused("DELETE FROM people_message")


SAID = ["address = 'other@example.org'", "subject = 'other'", "text = 'other'", "html = '<p>other</p>'"]


def test_message_that_went_out_stays_as_it_was_said(db: None, run_tasks: Callable[[], int]) -> None:
    make_version("submitted", editor=editor())
    user = author()
    post_password_reset(user)
    run_tasks()
    said = Message.objects.get(kind="articles/submission_received")
    private = Message.objects.get(person=user)
    carried = Message.objects.exclude(pk__in=(said.pk, private.pk))[0]
    for message in (said, private, carried):
        Message.objects.filter(pk=message.pk).settle(MessageState.SENT)
        for change in SAID:
            sql = f"UPDATE people_message SET {change} WHERE id = %s"
            assert "said, and to whom, stays" in refused(sql, message.pk), (message.kind, change)
    said.send_again(by=editor(), sendings=1)
    for change in SAID:
        again = f"UPDATE people_message SET state = 'sent', {change} WHERE id = %s"
        assert "said, and to whom, stays" in refused(again, said.pk), change


def test_message_that_waits_keeps_the_address_it_was_made_for(db: None) -> None:
    Invitation.objects.invite("new@example.org", ["author"], by=administrator())
    assert "stays" in refused("UPDATE people_message SET address = 'other@example.org'")


def test_worker_writes_what_a_message_says_when_it_is_sent_again(as_worker: Connection) -> None:
    make_version("submitted", editor=editor())
    message = Message.objects.all()[0]
    Message.objects.filter(pk=message.pk).settle(MessageState.SENT, subject="One", text="One")
    as_worker.execute("UPDATE people_message SET text = 'Two' WHERE id = %s", [message.pk])
    assert Message.objects.get(pk=message.pk).text == "Two"
