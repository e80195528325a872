"""A quarter with 200 articles: people act at random, go silent, are away and leave; every day the chores are done.

Nobody is mailed twice for the same thing, nothing is forgotten, and each open article has one owner every day.
"""

import os
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from articles.fingerprints import Due, Fingerprint
from articles.models import Article, Version
from people import mail as people_mail
from people.models import Absence, Message, Pace, User
from people.rules import today
from reviews.chores import tend
from reviews.ladder import ESCALATION, HOLDER_RUNGS
from reviews.models import Assignment, Reminder, Turn
from reviews.models.reminders import Debt
from reviews.states import Queue, Side
from tests.ageing import Calendar
from tests.factories import administrator, author, board_member, editor, make_content, sign, submit
from tests.post import erase

DAYS, ARTICLES = int(os.environ.get("DDX_DAYS", "90")), int(os.environ.get("DDX_ARTICLES", "200"))
ACTS = 2  # of people a day, beside a draft that is submitted every third day


class World:
    """Everybody, and what they do in a day. Who is silent does nothing at all."""

    def __init__(self) -> None:
        self.random = Random(20260808)
        quick: dict[str, Any] = {"mail_pace": Pace.DAILY}
        self.admin = administrator(**quick)
        self.editors = [editor(name=f"Editor {n}", **quick) for n in range(2)]
        self.authors = [author(name=f"Author {n}", **quick) for n in range(4)]
        self.board = [board_member(name=f"Reviewer {n}", **quick) for n in range(10)]
        User.objects.filter(pk__in=[self.editors[0].pk, self.authors[0].pk]).update(mail_pace=Pace.AS_IT_HAPPENS)
        self.silent = {user.pk for user in (*self.board[:2], self.authors[1])}
        self.gone: set[int] = set()
        contents = [make_content(f"Symptom {n}") for n in range(ARTICLES)]
        for n, content in enumerate(contents):
            version = Article.objects.create_with_draft(content, by=self.authors[n % 4])
            if n % 7 == 0:
                submit(version)
        Fingerprint.objects.update(due=Due.NO)  # what they look like does not matter here
        erase(Message.objects.all())  # of this everybody knows
        DBTaskResult.objects.all().delete()

    def go_on(self, day: int) -> None:
        """One day of work."""
        if day in (25, 50):
            leaving = self.board[9] if day == 25 else self.authors[3]
            leaving.deactivate(by=self.admin)
            self.gone.add(leaving.pk)
        if day % 9 == 0:
            away = self.random.choice(self.board[2:] + self.editors)
            first = today() + timedelta(self.random.randint(0, 3))
            Absence.objects.create(user=away, first_on=first, last_on=first + timedelta(self.random.randint(1, 9)))
        quiet = self.silent | self.gone
        debts = [debt for debt in Debt.objects.order_by("version", "holder") if debt.holder_id not in quiet]
        drafts = [debt for debt in debts if debt.queue == Queue.DRAFT][: int(day % 3 == 0)]
        others = [debt for debt in debts if debt.queue != Queue.DRAFT]
        for debt in drafts + self.random.sample(others, min(ACTS, len(others))):
            self.act(debt)

    def act(self, debt: Debt) -> None:
        """Somebody does what they owe, one way or another."""
        version = Version.objects.with_people().get(pk=debt.version_id)
        holder = User.objects.get(pk=debt.holder_id)
        match debt.queue:
            case Queue.DRAFT:
                submit(version)
            case Queue.CHANGES:
                draft = version if version.is_draft else version.article.start_draft(by=holder)
                submit(draft)
            case Queue.UNASSIGNED | Queue.STUCK:
                self.assign(version, holder)
            case Queue.ANSWER | Queue.READING:
                self.review(Assignment.objects.with_people().get(version=version, reviewer=holder), holder)

    def assign(self, version: Version, by: User) -> None:
        asked = set(version.assignments.values_list("reviewer", flat=True))
        free = [user for user in self.board if user.pk not in asked | self.gone]
        if version.is_submitted or version.is_under_review:
            answer, review = today() + timedelta(5), today() + timedelta(14)
            two = self.random.sample(free, 2)
            Assignment.objects.invite(version, two, by=by, answer_due_on=answer, review_due_on=review)

    def review(self, assignment: Assignment, by: User) -> None:
        dice = self.random.random()
        if dice < 0.15:
            assignment.decline(by=by, reason="No time for it now.")
        elif assignment.is_unanswered:
            assignment.accept(by=by)
        else:
            sign(assignment, "approve" if dice < 0.8 else "request_changes")


class Post:
    """What is sent, and what must be true of it."""

    def __init__(self) -> None:
        self.digests: Counter[tuple[int, str]] = Counter()
        self.seen: Counter[str] = Counter()

    def deliver(self, day: int) -> None:
        """The worker's part: everything that goes at once."""
        for pk in list(Message.objects.waiting().filter(at_once=True).order_by("pk").values_list("pk", flat=True)):
            people_mail.send.call(pk)
        for message in mail.outbox:
            name = message.extra_headers["Message-ID"]
            self.seen[f"{name} {day}" if "digest" in name else name] += 1
            if name.startswith("<digest"):
                self.digests[day, message.to[0]] += 1
        mail.outbox.clear()
        DBTaskResult.objects.all().delete()

    def check(self) -> None:
        assert set(self.digests.values()) == {1}
        assert set(self.seen.values()) == {1}
        said = Message.objects.filter(state="sent").exclude(kind="people/digest")
        assert not [row for row in Counter(said.values_list("key", flat=True)).values() if row > 1]
        reminded = said.filter(kind__in=("reviews/reminder", "reviews/escalation"))
        once = Counter(reminded.values_list("person", "arguments__reminder"))
        assert set(once.values()) == {1}
        rungs = Counter(Reminder.objects.values_list("version", "queue", "holder", "due_on", "rung", "user"))
        assert set(rungs.values()) == {1}
        assert not Message.objects.filter(state="failed").exists()


def check_owners() -> None:
    """Each article has one turn, and each open one an owner."""
    assert Turn.objects.count() == Article.objects.count()
    assert not Turn.objects.exclude(side=Side.NOBODY).filter(holder=None).exists()


def check_definition() -> None:
    """The table of turns is what its definition says."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH now_ AS MATERIALIZED (SELECT t.* FROM articles_article a, turn_of(a.id) t)
            SELECT count(*) FROM (
                (TABLE now_ EXCEPT TABLE reviews_turn) UNION ALL (TABLE reviews_turn EXCEPT TABLE now_)
            ) difference
            """
        )
        assert cursor.fetchone() == (0,)


def check_nothing_is_forgotten() -> None:
    """Every debt has had each rung that it has reached; whoever was ever away may have been spared some."""
    day = today()
    made: dict[tuple[Any, ...], set[str]] = {}
    for *owed, rung in Reminder.objects.values_list("version", "queue", "holder", "due_on", "rung"):
        made.setdefault(tuple(owed), set()).add(rung)
    spared = set(Absence.objects.values_list("user", flat=True))
    for debt in Debt.objects.all():
        key = (debt.version_id, debt.queue, debt.holder_id, debt.due_on)
        reached = [
            rung.name
            for rung in (*HOLDER_RUNGS, ESCALATION)
            if debt.queue not in rung.but_not and debt.began_on < debt.due_on + timedelta(rung.days) <= day
        ]
        wanted = {name for name in reached if name == ESCALATION.name or debt.holder_id not in spared}
        assert wanted <= made.get(key, set()), (debt, reached, made.get(key))
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert not Message.objects.filter(state="waiting", created_at__lt=midnight, at_once=False).exists()


def test_quarter(committed_db: None, as_superuser: psycopg.Connection[Any], settings: Settings) -> None:
    settings.DIGEST_HOUR = 0
    world, post, calendar = World(), Post(), Calendar(as_superuser)
    rungs: Counter[str] = Counter()
    for day in range(DAYS):
        calendar.next_day()
        tended = tend()
        assert tended is not None
        assert tended.failed == []
        post.deliver(day)
        check_owners()
        check_nothing_is_forgotten()
        if day % 5 == 4:
            check_definition()
        if day % 10 == 9:
            # twice a day is once a day
            again = tend()
            assert again is not None
            assert (again.done["reminders"], again.done["daily mail"]) == (0, 0)
        world.go_on(day)
    check_definition()
    post.check()
    rungs.update(Reminder.objects.values_list("rung", flat=True))
    assert set(rungs) == {rung.name for rung in (*HOLDER_RUNGS, ESCALATION)}
    assert Turn.objects.filter(queue=Queue.PUBLIC).exists()


@pytest.fixture(autouse=True)
def no_alternates_asked_in_vain(settings: Settings) -> None:
    """Silence ends an invitation only after its ladder has been climbed, so that all of it is seen."""
    settings.SILENCE_DAYS = 12
