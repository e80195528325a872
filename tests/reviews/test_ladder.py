"""Who is reminded of what, when, and by whom; and what is not said any more when the mail goes out."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles.models import Version
from people.models import Absence, Message, User
from people.rules import today
from reviews import ladder
from reviews.models import Assignment
from reviews.models.reminders import Debt, Reminder
from tests.factories import administrator, assign, author, board_member, editor, make_version, revise, sign
from tests.post import forget, only, outbox, parts
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.django_db
type Run = Callable[[], int]
FORTNIGHT = timedelta(14)


@pytest.fixture(scope="module", autouse=True)
def kept_version(kept_db: None) -> None:
    """One that two were asked for, for `asked` to say since when."""
    by = editor(name="Ed")
    people = [board_member(name="Rea Reader"), board_member(name="Ona Other")]
    assign(make_version("submitted", editor=by), people, by=by)


def asked(days_over: int, *, state: str = "invited", version: Version | None = None) -> Assignment:
    """Rea, asked long ago, is so many days over (or, negative, ahead); the other reviewer has time."""
    version = version or Version.objects.get()
    reviewer = User.objects.get(name="Rea Reader")
    if state == "accepted":
        version.assignments.get(reviewer=reviewer).accept(by=reviewer)
    then, due = timezone.now() - timedelta(400), today() - timedelta(days_over)
    answered = (
        {"answered_at": then, "review_due_on": due} if state == "accepted" else {"review_due_on": due + FORTNIGHT}
    )
    version.assignments.filter(reviewer=reviewer).update(invited_at=then, answer_due_on=due, **answered)
    later = today() + timedelta(40)
    version.assignments.exclude(reviewer=reviewer).update(answer_due_on=later, review_due_on=later)
    forget()
    return Assignment.objects.with_people().get(version=version, reviewer=reviewer)


def editor_of(assignment: Assignment) -> User:
    found = assignment.version.article.turn.editor
    assert found is not None
    return found


def rungs() -> list[tuple[str, str]]:
    """What has been climbed, and who was told."""
    return sorted(Reminder.objects.values_list("rung", "user__name"))


@pytest.mark.parametrize(
    ("days_over", "climbed"),
    [
        (-4, []),
        (-3, ["before"]),
        (-1, ["before"]),
        (0, ["at"]),
        (2, ["at"]),
        (3, ["after"]),
        (6, ["after"]),
        (7, ["long_after"]),
        (9, ["long_after"]),
        (10, ["escalated", "long_after"]),
        (300, ["escalated", "long_after"]),
    ],
)
def test_highest_rung_is_climbed_once(days_over: int, climbed: list[str]) -> None:
    asked(days_over)
    ladder.climb()
    assert rungs() == [(rung, "Ed" if rung == "escalated" else "Rea Reader") for rung in climbed]
    assert ladder.climb() == 0
    assert Message.objects.count() == len(climbed)


def test_each_day_of_a_whole_ladder_says_each_thing_once(run_tasks: Run) -> None:
    assignment, told = asked(-5), []
    for day in range(-5, 15):
        due = today() - timedelta(day)
        # the day moves, the debt stays the same: what was climbed moves along
        Reminder.objects.update(due_on=due)
        Assignment.objects.filter(pk=assignment.pk).update(answer_due_on=due, review_due_on=due + timedelta(14))
        ladder.climb()
        run_tasks()
        told += [(day, address) for _, address in outbox()]
    reader, ed = assignment.reviewer.email, editor_of(assignment).email
    assert told == [(-3, reader), (0, reader), (3, reader), (7, reader), (10, ed)]


def test_words_of_a_reminder_and_of_what_the_editor_is_told(run_tasks: Run) -> None:
    assignment = asked(12, state="accepted")
    ladder.climb()
    run_tasks()
    to_reader = next(message for message in mail.outbox if message.to == [assignment.reviewer.email])
    to_editor = next(message for message in mail.outbox if message is not to_reader)
    assert to_reader.subject == "12 days over: sign your review – Hiccups at night"
    assert to_editor.subject == "12 days over: a review by Rea Reader – Hiccups at night"
    for part in parts(to_reader):
        assert f"http://testserver/desk/reviews/{assignment.pk}/" in part
        assert "decline on the same page" in part
    assert "You can ask somebody else, or take the reviewer off." in parts(to_editor)[0]


# Not needed any more


@pytest.mark.parametrize("change", ["answers", "declines", "gets more time", "is taken off", "leaves", "later rung"])
def test_reminder_that_does_not_hold_any_more_is_not_sent(run_tasks: Run, change: str) -> None:
    assignment = asked(0)
    ladder.climb()
    reminder = Message.objects.get(kind="reviews/reminder")
    match change:
        case "answers":
            assignment.accept(by=assignment.reviewer)
        case "declines":
            assignment.decline(by=assignment.reviewer, reason="Away.")
        case "gets more time":
            Assignment.objects.filter(pk=assignment.pk).update(answer_due_on=today() + timedelta(5))
        case "is taken off":
            assignment.cancel(by=editor_of(assignment), reason="Too late.")
        case "leaves":
            assignment.reviewer.deactivate(by=administrator())
        case "later rung":
            Reminder.objects.create(
                version=assignment.version,
                queue="answer",
                holder=assignment.reviewer,
                due_on=today(),
                rung="after",
                user=assignment.reviewer,
            )
    run_tasks()
    reminder.refresh_from_db()
    assert reminder.state == "dropped"
    assert reminder.why
    assert ("reminder", assignment.reviewer.email) not in outbox()


def test_who_is_away_is_not_reminded_but_their_editor_is_told() -> None:
    assignment = asked(11)
    absence = Absence.objects.create(user=assignment.reviewer, first_on=today(), last_on=today())
    ladder.climb()
    assert rungs() == [("escalated", "Ed")]
    absence.delete()
    ladder.climb()
    assert rungs() == [("escalated", "Ed"), ("long_after", "Rea Reader")]


# By hand


def test_editor_reminds_by_hand_once_a_day_and_all_at_once(run_tasks: Run) -> None:
    reader, ed = User.objects.get(name="Rea Reader"), User.objects.get(name="Ed")
    first, another = asked(1), make_version("submitted", editor=ed)
    assign(another, [reader, board_member()], by=ed)
    second = asked(2, version=another)
    for assignment in (first, second):
        assert ladder.remind(assignment.version.article, by=ed) == [reader]
        with pytest.raises(ValidationError, match="24 hours"):
            ladder.remind(assignment.version.article, by=ed)
    run_tasks()
    message = only("nudge")
    assert (message.subject, message.to) == ("2 things wait for you", [reader.email])
    for assignment in (first, second):
        assert assignment.get_absolute_url() in parts(message)[0]
    Reminder.objects.update(made_at=timezone.now() - timedelta(hours=25), rung="by_hand_once")
    assert ladder.remind(first.version.article, by=ed) == [reader]


def test_reminder_by_the_ladder_counts_for_the_hand() -> None:
    assignment = asked(0)
    ladder.climb()
    with pytest.raises(ValidationError, match="24 hours"):
        ladder.remind(assignment.version.article, by=editor_of(assignment))


def test_every_reviewer_who_is_late_is_reminded_by_hand() -> None:
    assignment = asked(1)
    version = assignment.version
    Assignment.objects.filter(version=version).update(answer_due_on=today() - timedelta(1))
    assert {user.name for user in ladder.remind(version.article, by=editor_of(assignment))} == {
        *("Rea Reader", "Ona Other")
    }


def test_who_may_not_remind_does_not() -> None:
    assignment, other = asked(1), editor()
    ed = editor_of(assignment)
    article = assignment.version.article
    for user in (author(), board_member(), administrator(), article.owner, assignment.reviewer):
        with pytest.raises(PermissionDenied):
            ladder.remind(article, by=user)
    with pytest.raises(PermissionDenied):
        ladder.remind(make_version("draft").article, by=ed)
    with pytest.raises(ValidationError, match="Nobody has to act"):
        ladder.remind(make_version("approved", editor=ed).article, by=ed)
    own = make_version("submitted", editor=ed)
    holder = own.article.turn.holder
    assert holder in (ed, other)
    with pytest.raises(ValidationError, match="your own turn"):
        ladder.remind(own.article, by=holder)
    assert ladder.remind(own.article, by=other if holder == ed else ed) == [holder]


def test_editor_chases_from_the_page_of_a_version(run_tasks: Run) -> None:
    assignment = asked(1)
    version, ed = assignment.version, editor_of(assignment)
    address, whom = f"{version.get_absolute_url()}remind/", {"reviewer": assignment.reviewer_id}
    for user, status in ((author(), 404), (version.article.owner, 403), (assignment.reviewer, 403)):
        assert at_desk(user).post(address, whom).status_code == status
    client = at_desk(ed)
    for page in (version.get_absolute_url(), f"{version.get_absolute_url()}peek/"):
        assert f'value="{assignment.reviewer_id}">Remind<' in client.get(page).content.decode()
    assert client.get(address).status_code == 405
    told = [client.post(address, whom, follow=True) for _ in range(2)]
    assert [page.redirect_chain for page in told] == [[(version.get_absolute_url(), 302)]] * 2
    assert "Reminded by e-mail: Rea Reader." in told[0].content.decode()
    assert "Reminded within the last 24 hours already." in told[1].content.decode()
    for said, words in ((ed.pk, "not their turn"), ("x", "no such reviewer")):
        assert words in client.post(address, {"reviewer": said}, follow=True).content.decode()
    run_tasks()
    assert only("nudge").to == [assignment.reviewer.email]


def test_editor_chases_the_author_from_the_page_of_a_version() -> None:
    version = make_version("changes_requested")
    client, name = at_desk(editor()), version.article.owner.display_name
    text = client.get(version.get_absolute_url()).content.decode()
    address = f"{version.get_absolute_url()}remind/"
    assert re.search(rf'action="{address}">.{{,200}}button-primary.*?Remind the author', text, re.DOTALL)
    assert f"Reminded by e-mail: {name}." in client.post(address, follow=True).content.decode()
    revise(version)
    assert "Nobody has to act on this version now." in client.post(address, follow=True).content.decode()


def test_debts_are_the_turns_and_every_outstanding_review() -> None:
    version = make_version("under_review")
    first, second = version.assignments.with_people()
    first.accept(by=first.reviewer)
    owed = Debt.objects.filter(version=version).values_list("queue", "holder")
    assert set(owed) == {("reading", first.reviewer_id), ("answer", second.reviewer_id)}
    sign(first)
    sign(second, "request_changes")
    owed = Debt.objects.filter(version=version).values_list("queue", "holder")
    assert list(owed) == [("changes", version.article.owner_id)]
