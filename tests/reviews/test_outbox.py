"""The outbox: who sees which message, and what can be done with it."""

import re
from collections.abc import Callable
from functools import partial
from html import unescape

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Version
from people import mail as people_mail
from people.models import Invitation, Message, MessageState, Role, User
from reviews import outbox
from reviews.forms.outbox import SteerForm
from reviews.outbox import PAGE_SIZE
from tests.factories import administrator, assign, author, board_member, editor, make_person, make_version, sign
from tests.post import waiting
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.django_db
type Run = Callable[[], int]
HERE = "/desk/outbox/"
VERBS = ("hold", "release", "send-now", "send-again")


def message_of(kind: str, **about: object) -> Message:
    return Message.objects.filter(kind=kind, **about).latest("pk")


def says(user: User, message: Message) -> str:
    """The page of a message; nothing when there is none for this person."""
    response = at_desk(user).get(f"{HERE}{message.pk}/")
    return response.content.decode() if response.status_code == 200 else ""


def listed(user: User, query: str = "") -> set[int]:
    page = at_desk(user).get(f"{HERE}{query}")
    assert page.status_code == 200
    return {int(number) for number in re.findall(rf'href="{HERE}(\d+)/"', page.content.decode())}


@pytest.mark.parametrize(
    ("roles", "status"),
    [([], 403), ([Role.AUTHOR], 403), ([Role.REVIEWER], 403), ([Role.EDITOR], 200), ([Role.ADMINISTRATOR], 200)],
)
def test_outbox_is_for_editors_and_administrators(roles: list[Role], status: int) -> None:
    message = message_of("articles/new_submission", version_id=make_version("submitted", editor=editor()).pk)
    client = at_desk(make_person(roles=roles))
    assert [client.get(HERE).status_code, client.get(f"{HERE}{message.pk}/").status_code] == [status, status]
    for verb in VERBS:
        assert client.get(f"{HERE}{message.pk}/{verb}/").status_code == 405
        allowed = client.post(f"{HERE}{message.pk}/{verb}/").status_code
        assert allowed == (302 if status == 200 else 403)
    assert Client().get(HERE).status_code == 302


def test_sent_message_is_read_as_it_was(run_tasks: Run) -> None:
    version = make_version("submitted", editor=editor())
    message = message_of("articles/submission_received", version_id=version.pk)
    assert "What it would say now" in says(editor(), message)
    run_tasks()
    text = says(editor(), message)
    assert "What it said" in text
    assert "we received version 1 of “Hiccups at night”" in text
    assert version.article.owner.email in text


def entangled(how: str) -> tuple[User, Version]:
    """An editor who must not follow a review, and the version."""
    user = board_member(name="Bo Both")
    user.grant(Role.EDITOR, by=None)
    if how == "wrote it":
        user.grant(Role.AUTHOR, by=None)
        version = make_version("submitted", author=user, editor=editor())
        assign(version, [board_member(), board_member()], by=editor())
    else:
        version = make_version("submitted", editor=editor())
        assign(version, [user, board_member(), board_member()], by=editor())
    return user, version


@pytest.mark.parametrize("how", ["wrote it", "reviews it"])
def test_editor_learns_nothing_of_a_review_they_take_part_in(how: str, run_tasks: Run) -> None:
    user, version = entangled(how)
    sign(version.assignments.exclude(reviewer=user)[0])
    run_tasks()
    about = Message.objects.filter(version_id=version.pk)
    got = about.filter(person=user, state="sent").exclude(kind="reviews/decided")
    hidden, own = about.exclude(pk__in=got), set(got.values_list("pk", flat=True))
    assert hidden.filter(kind="reviews/decided").exists()
    assert listed(user) & set(about.values_list("pk", flat=True)) == own
    for query in ("?kind=reviews/decided", f"?article={version.article_id}", "?q=person"):
        assert listed(user, query) <= own
    for message in hidden:
        assert says(user, message) == ""
        assert at_desk(user).post(f"{HERE}{message.pk}/hold/").status_code == 404
    other = editor()
    assert all(says(other, message) for message in hidden)


def test_daily_mail_is_read_by_who_may_read_all_of_it(run_tasks: Run) -> None:
    user, version = entangled("reviews it")
    carrier = Message.objects.create(kind="people/digest", key="digest.1", person=editor(), at_once=True)
    said = {"subject": "1 thing to know", "text": "Dr A approves: Hiccups at night"}
    Message.objects.filter(pk=carrier.pk).settle(MessageState.SENT, **said)
    part = Message.objects.filter(version_id=version.pk, kind="articles/new_submission")
    part.update(carried_by=carrier)
    for then in (MessageState.SENT, MessageState.DROPPED):  # its part is sent again by itself, or dropped
        assert "Hiccups" in says(editor(), carrier)
        assert "Hiccups" not in says(user, carrier)
        assert "Only the person and the editors" in says(user, carrier)
        part.settle(then)
    assert "Hiccups" not in says(user, carrier)


def test_what_opens_an_account_is_read_by_nobody(run_tasks: Run) -> None:
    admin, person = administrator(), author()
    Invitation.objects.invite("new@example.org", [Role.AUTHOR], by=admin)
    people_mail.post_password_reset(person)
    run_tasks()
    secrets = re.findall(r"http://testserver(/accounts/\S+)", "".join(str(each.body) for each in mail.outbox))
    assert len(secrets) == 2
    for message in Message.objects.filter(kind__startswith="people/"):
        assert (message.state, message.text, message.html) == ("sent", "", "")
        for user in (admin, editor()):
            text = says(user, message)
            assert "kept nowhere" in text
            assert not [secret for secret in secrets if secret in text]
        assert at_desk(editor()).post(f"{HERE}{message.pk}/send-again/", {"sendings": "1"}).status_code == 403
        assert at_desk(admin).post(f"{HERE}{message.pk}/send-again/", {"sendings": "1"}).status_code == 302


def test_administrator_sees_what_became_of_it_and_no_title(run_tasks: Run) -> None:
    version = make_version("submitted", editor=editor())
    message = message_of("articles/submission_received", version_id=version.pk)
    run_tasks()
    admin = administrator()
    assert message.pk in listed(admin)
    for text in (says(admin, message), at_desk(admin).get(HERE).content.decode()):
        assert "Hiccups" not in text


def test_held_message_waits_for_its_release(run_tasks: Run) -> None:
    message = message_of("articles/submission_received", version_id=make_version("submitted", editor=editor()).pk)
    client, here = at_desk(editor(name="Ed Holding")), f"{HERE}{message.pk}/"
    assert "Held." in client.post(f"{here}hold/", follow=True).content.decode()
    assert "nothing was changed" in client.post(f"{here}hold/", follow=True).content.decode()
    run_tasks()
    assert message.person is not None
    assert message.person.email not in {each.to[0] for each in mail.outbox}
    assert "Ed Holding" in client.get(here).content.decode()
    client.post(f"{here}release/")
    client.post(f"{here}release/")
    run_tasks()
    assert [each.to[0] for each in mail.outbox].count(message.person.email) == 1


def test_sent_again_once_and_only_if_needed(run_tasks: Run) -> None:
    version = make_version("submitted", editor=editor())
    message = message_of("articles/submission_received", version_id=version.pk)
    run_tasks()
    mail.outbox.clear()
    client, here = at_desk(editor()), f"{HERE}{message.pk}/send-again/"
    for given in ("", "x", "9" * 50, "2"):
        assert client.post(here, {"sendings": given}).status_code == 302
    assert waiting() == 0
    client.post(here, {"sendings": "1"})
    run_tasks()
    client.post(here, {"sendings": "1"})  # the same button once more
    run_tasks()
    (sent,) = mail.outbox
    assert sent.message()["Message-ID"] == f"<{message.key}.again-1@testserver>"
    version.move("withdraw", by=version.article.owner, reason="Wrong text.")
    mail.outbox.clear()
    client.post(here, {"sendings": "2"})
    run_tasks()
    message.refresh_from_db()
    assert (message.state, message.why) == ("dropped", "The version is withdrawn now.")
    assert message.text


def test_message_for_the_daily_mail_is_sent_now(run_tasks: Run) -> None:
    slow = author(mail_pace="daily")
    message = message_of("articles/submission_received", version_id=make_version("submitted", author=slow).pk)
    run_tasks()
    assert slow.email not in {each.to[0] for each in mail.outbox}
    client = at_desk(editor())
    assert "for the daily mail" in client.get(f"{HERE}{message.pk}/").content.decode()
    client.post(f"{HERE}{message.pk}/send-now/")
    client.post(f"{HERE}{message.pk}/send-now/")
    run_tasks()
    assert [each.to[0] for each in mail.outbox].count(slow.email) == 1


def test_failed_ones_are_seen(run_tasks: Run) -> None:
    message = message_of("articles/new_submission", version_id=make_version("submitted", editor=editor()).pk)
    people_mail.failed(message.pk, ConnectionRefusedError("nobody there"), for_good=True)
    text = at_desk(editor()).get(HERE).content.decode()
    assert "1 message could not be sent" in text
    assert "ConnectionRefusedError: nobody there" in text
    assert listed(editor(), "?state=failed") == {message.pk}


def test_pages_follow_each_other_and_cost_the_same() -> None:
    user = editor()
    make_version("submitted", editor=user)
    client = at_desk(user)
    client.get(HERE)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(HERE)
        return len(asked)

    few = cost()
    template = Message.objects.latest("pk")
    many = [
        Message(kind=template.kind, key=f"k.{n}", person=template.person, version_id=template.version_id, at_once=False)
        for n in range(PAGE_SIZE + 5)
    ]
    Message.objects.bulk_create(many)
    assert cost() == few
    first = listed(user)
    following = re.search(r'href="(\?[^"]*before[^"]*)" rel="next"', client.get(HERE).content.decode())
    assert following is not None
    second = listed(user, following[1].replace("&amp;", "&"))
    assert (len(first), first & second) == (PAGE_SIZE, set())
    assert first | second == set(Message.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "query",
    ["before=x", "before=0", "before=" + "9" * 40, "state=gone", "kind=%00", "q=" + "x" * 3000, "article=-1"],
    ids=range(7),
)
def test_outbox_shrugs_at_what_makes_no_sense(query: str) -> None:
    assert at_desk(editor()).get(f"{HERE}?{query}").status_code == 200
    assert at_desk(editor()).get(f"{HERE}99999999/").status_code == 404


def test_hostile_words_are_words(run_tasks: Run) -> None:
    bad = "<script>alert(1)</script>"
    version = make_version("submitted", author=author(name=bad), editor=editor())
    version.move("withdraw", by=version.article.owner, reason=f"{bad} http://x.example/'onclick=alert(1)")
    run_tasks()
    assert "<script>alert" not in says(editor(), message_of("articles/withdrawn", version_id=version.pk))
    assert "<script>alert" not in at_desk(editor()).get(HERE).content.decode()


def test_many_are_held_released_and_sent_again_each_asked_for_by_itself(run_tasks: Run) -> None:
    version = make_version("submitted", editor=editor())
    ours = list(Message.objects.filter(version_id=version.pk).order_by("pk"))
    both, entangling = entangled("wrote it")
    hidden = Message.objects.filter(version_id=entangling.pk).exclude(person=both)[0]
    client = at_desk(both)

    def steer(do: str, *messages: Message, sendings: int = 1, by: Client = client) -> str:
        chosen = [f"{each.pk}-{sendings}" for each in messages]
        data = {
            "do": do,
            "message": [*chosen, "0-1", "x", "9" * 30],
            "back": "state=held&before=-1&next=//evil.example",
        }
        answer = by.post(f"{HERE}steer/", data)
        assert answer.headers["Location"] == f"{HERE}?state=held"
        return unescape(client.get(f"{HERE}?state=failed").content.decode()) if by is client else ""

    assert f"{len(ours)} messages held." in steer("hold", *ours, hidden)
    assert {each.state for each in Message.objects.filter(pk__in=[each.pk for each in ours])} == {"held"}
    assert Message.objects.get(pk=hidden.pk).state == "waiting"
    again = steer("hold", *ours)
    assert again.count("This message is “held” now: nothing was changed.") == len(ours)
    assert f"{len(ours)} messages released." in steer("release", *ours)
    run_tasks()
    mail.outbox.clear()
    steer("send_again", ours[0])
    steer("send_again", ours[0])  # the same button once more
    run_tasks()
    assert Message.objects.get(pk=ours[0].pk).sendings == 2
    assert "Choose messages" in steer("burn", *ours)
    assert "Choose messages" in steer("hold")
    assert at_desk(author()).post(f"{HERE}steer/", {"do": "hold"}).status_code == 403


def test_invitations_that_would_go_out_together_are_read_by_who_may_read_all() -> None:
    writes, asked = author(), board_member()
    writes.grant(Role.EDITOR, by=None)
    for version in (make_version("submitted", editor=editor()), make_version("submitted", author=writes)):
        assign(version, [asked, board_member()], by=editor())
    together = Message.objects.filter(kind="reviews/invited", person=asked).order_by("pk")
    user = User.objects.get(pk=writes.pk)
    assert [each.is_steerable for each in outbox.opened(editor(), together)] == [True, True]
    assert [each.is_readable or each.is_steerable for each in outbox.opened(user, together)] == [False, False]
    together[1].hold(by=administrator())
    assert [each.is_steerable for each in outbox.opened(user, together)] == [True, False]


def holding(user: User, messages: list[Message]) -> SteerForm:
    chosen = "&".join(f"message={each.pk}-1" for each in messages)
    form = SteerForm(QueryDict(f"do=hold&{chosen}"), user=user)
    assert form.is_valid()
    return form


def test_steering_many_costs_no_more_than_writing_each() -> None:
    user = editor()
    for _ in range(8):
        make_version("submitted", editor=user)
    invited = make_version("submitted", editor=user)
    assign(invited, [board_member() for _ in range(3)], by=user)
    gathering = list(Message.objects.filter(version_id=invited.pk, kind="reviews/invited"))
    others = list(Message.objects.filter(kind="articles/submission_received").order_by("pk")[:9])
    last, few, many = others[-1], [gathering[0], *others[:2]], [*gathering[1:], *others[2:8]]

    def cost(act: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as asked:
            act()
        return len(asked)

    one = cost(lambda: last.hold(by=user))
    assert user.is_editor
    assert [cost(holding(user, each).steer) - len(each) * one for each in (few, many)] == [4, 4]
    assert (len(few), len(many)) == (3, 8)
    assert {each.state for each in Message.objects.filter(pk__in=[each.pk for each in few + many])} == {"held"}


def test_right_that_ends_midway_is_told_in_words() -> None:
    make_version("submitted", editor=editor())
    user, message = editor(), message_of("articles/submission_received")
    form = holding(user, [message])
    assert user.is_editor
    User.objects.get(pk=user.pk).end_role(Role.EDITOR, by=administrator())
    steered = form.steer()
    assert (steered.done, [why for _, why in steered.refused]) == (
        0,
        ["Editors and administrators hold and send messages."],
    )
    message.refresh_from_db()
    assert message.state == "waiting"


def test_editor_holds_no_message_that_opens_an_account_among_many() -> None:
    people_mail.post_password_reset(author())
    message = Message.objects.latest("pk")
    client = at_desk(editor())
    client.post(f"{HERE}steer/", {"do": "hold", "message": [f"{message.pk}-1"]})
    assert "is not yours to hold or send" in client.get(HERE).content.decode()
    message.refresh_from_db()
    assert message.state == "waiting"


def test_message_is_steered_by_editors_and_administrators_alone() -> None:
    make_version("submitted", editor=editor())
    message = Message.objects.order_by("pk")[0]
    acts: list[Callable[..., None]] = [
        message.hold,
        message.release,
        message.send_now,
        partial(message.send_again, sendings=1),
    ]
    for stranger in (author(), board_member(), message.person):
        for act in acts:
            with pytest.raises(PermissionDenied):
                act(by=stranger)
    private = Message.objects.post("people/password_reset", [author()], key="reset")[0]
    with pytest.raises(PermissionDenied):
        private.hold(by=editor())
    private.hold(by=administrator())
    message.hold(by=editor())
    assert {each.state for each in Message.objects.filter(pk__in=[private.pk, message.pk])} == {"held"}
