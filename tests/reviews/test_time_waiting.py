"""How long versions waited: the report's figures are what adding up all spans one by one comes to."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.utils import timezone
from psycopg import Connection

from articles.models import Version
from people.models import User
from people.rules import today
from reviews.models import TurnSpan
from reviews.reports import waiting
from reviews.reports.asked import Asked
from reviews.reports.tally import Tally, listed, tally
from reviews.states import Queue
from tests.factories import author, editor, make_version

SIDES = {
    Queue.DRAFT: "author",
    Queue.CHANGES: "author",
    Queue.ANSWER: "reviewers",
    Queue.READING: "reviewers",
    Queue.STUCK: "editors",
    Queue.PUBLIC: "nobody",
}
MINUTE = 1 / (24 * 60)  # of a day: figures are exact to one
SETTLED = ("queue_seconds", "queue_more_at", "side_seconds", "side_more_at", "holder_seconds", "holder_more_at")


class Span(NamedTuple):
    version: int
    queue: str
    side: str
    holder: int | None
    ended_at: datetime
    took: timedelta


def spans_at_random(dice: random.Random, first: datetime) -> Iterator[tuple[int, Span]]:
    """Versions that wander between queues and people, back and forth; some steps take no time."""
    people = [author().pk for _ in range(3)]
    for article, version in Version.objects.values_list("article_id", "pk"):
        ended_at = first + timedelta(days=dice.randrange(60))
        for _ in range(dice.randrange(1, 12)):
            queue = dice.choice(list(SIDES))
            took = timedelta(minutes=dice.choice((0, 0.4, 7, 90, 1_000, 12_345.6)))
            ended_at += took
            holder = None if SIDES[queue] in ("editors", "nobody") and dice.random() < 0.5 else dice.choice(people)
            yield article, Span(version, queue, SIDES[queue], holder, ended_at, took)


def write(owner: Connection[Any], article: int, span: Span) -> None:
    """As the queue writes it: it goes on, then it ends."""
    begun = (article, *span[:4], span.ended_at - span.took)
    owner.execute(
        "INSERT INTO reviews_turnspan (article_id, version_id, queue, side, holder_id, began_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        begun,
    )
    owner.execute(
        "UPDATE reviews_turnspan SET ended_at = %s WHERE article_id = %s AND ended_at IS NULL", [span.ended_at, article]
    )


def added_up(spans: list[Span], group: str, asked: Asked) -> dict[str, Tally]:
    """The figures of one table, the slow way."""
    begin = datetime.combine(asked.since, datetime.min.time(), UTC)
    end = datetime.combine(asked.until, datetime.min.time(), UTC) + timedelta(1)
    found: dict[tuple[int, str], list[Span]] = defaultdict(list)
    for span in spans:
        if span.took and span.side != "nobody" and span.ended_at < end and getattr(span, group) is not None:
            found[span.version, str(getattr(span, group))].append(span)
    days: dict[str, list[float]] = defaultdict(list)
    for (_, row), of_one in found.items():
        if max(span.ended_at for span in of_one) >= begin:
            days[row].append(sum((span.took for span in of_one), timedelta()) / timedelta(1))
    return {row: Tally(len(each), percentile(0.5, each), percentile(0.9, each)) for row, each in days.items()}


def percentile(share: float, values: list[float]) -> float:
    ordered, place = sorted(values), share * (len(values) - 1)
    below, above = ordered[int(place)], ordered[min(int(place) + 1, len(values) - 1)]
    return below + (above - below) * (place - int(place))


def settled() -> list[tuple[Any, ...]]:
    return list(TurnSpan.objects.order_by("pk").values_list("pk", *SETTLED))


@pytest.fixture
def reader(committed_db: None, as_owner: Connection[Any]) -> User:
    for _ in range(25):
        make_version("draft")
    as_owner.execute("DELETE FROM reviews_turnspan")
    return editor()


@pytest.mark.parametrize("seed", range(3))
def test_figures_are_all_spans_added_up(reader: User, as_owner: Connection[Any], seed: int) -> None:
    history = list(spans_at_random(random.Random(seed), timezone.now() - timedelta(100)))
    for article, span in history:
        write(as_owner, article, span)
    spans = [span for _, span in history]
    for since, until in ((0, 90), (10, 100), (30, 31), (45, 60), (60, 61)):
        day = today() - timedelta(100)
        asked = Asked(reader, day + timedelta(since), day + timedelta(until))
        tables = tally(waiting.FACTS, asked)
        for group in waiting.FACTS.groups:
            naive = added_up(spans, group, asked)
            found = {row: columns["ended"] for row, columns in tables[group].items() if "ended" in columns}
            assert {row: each.total for row, each in found.items()} == {row: each.total for row, each in naive.items()}
            for row, each in found.items():
                assert each.median == pytest.approx(naive[row].median, abs=MINUTE), (group, row)
                assert each.p90 == pytest.approx(naive[row].p90, abs=MINUTE), (group, row)
                line = listed(waiting.FACTS, asked, group=group, row=row, column="ended", after=None, limit=100)
                assert len(line) == each.total
                assert percentile(0.5, [fact.days or 0 for fact in line]) == pytest.approx(naive[row].median, abs=1e-6)


def test_spans_of_before_come_to_the_same(reader: User, as_owner: Connection[Any]) -> None:
    for article, span in spans_at_random(random.Random(7), timezone.now() - timedelta(100)):
        write(as_owner, article, span)
    as_they_ended = settled()
    as_owner.execute("UPDATE reviews_turnspan SET " + ", ".join(f"{column} = NULL" for column in SETTLED))
    as_owner.execute("SELECT settle_spans(0, (SELECT max(article_id) FROM reviews_turnspan))")
    for before, after in zip(as_they_ended, settled(), strict=True):
        assert after[2::2] == before[2::2]
        assert after[1::2] == pytest.approx(before[1::2])


def test_spans_of_a_draft_thrown_away_count_nowhere(reader: User, as_owner: Connection[Any]) -> None:
    for article, span in spans_at_random(random.Random(8), timezone.now() - timedelta(100)):
        write(as_owner, article, span)
    first = Version.objects.order_by("pk")[0]
    assert TurnSpan.objects.filter(article_id=first.article_id, queue_seconds__isnull=False).exists()
    first.discard(by=first.author)
    assert not TurnSpan.objects.filter(article_id=first.article_id, queue_seconds__isnull=False).exists()
