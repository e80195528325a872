"""Triage: what was submitted, and the imported drafts, in the order in which it is to be looked at, and what like it is
here already. The rows come the queue's way (`reviews.desk`): fifty at a time, flat, only what this editor runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse

from people.models import User
from people.specialties import MedicalSpecialty
from publications.prepared import prepared
from reviews import desk
from reviews.desk import Line
from reviews.desk_rows import Row, ask_of_round, place
from reviews.desk_sql import COUNT_TO, RUNS, Part, Piece, all_of
from reviews.desk_views import DeskView
from reviews.desk_wanted import Wanted
from reviews.states import Queue

#: It looks like another article, whoever may read that.
_DOUBLE = "EXISTS (SELECT FROM articles_fingerprint f WHERE f.version_id = t.version_id AND f.closest_id IS NOT NULL)"
_BY_AI = "EXISTS (SELECT FROM articles_version v WHERE v.id = t.version_id AND v.origin <> 'human')"
_IMPORTED = "EXISTS (SELECT FROM articles_version v WHERE v.id = t.version_id AND v.source <> '')"
#: One of the files of a batch became this article.
_OF_BATCH = """EXISTS (
    SELECT FROM articles_intakefile i WHERE i.article_id = t.article_id AND i.batch_id = %s
    AND i.state IN ('imported', 'submitted', 'incomplete')
)"""

SUBMITTED = DeskView(
    "submitted",
    "Submitted",
    "inbox",
    None,
    "Nothing waits for triage.",
    "What authors submit appears here until you assign reviewers.",
    runs="t.queue = 'unassigned'",
    order="priority",
)
IMPORTED = DeskView(
    "imported",
    "Imported drafts",
    "file-text",
    None,
    "No imported draft waits.",
    "Articles that were taken in as files appear here until their author submits them.",
    runs=f"t.queue = 'draft' AND {_IMPORTED}",
    order="priority",
)
VIEWS = (SUBMITTED, IMPORTED)


@dataclass(frozen=True)
class Triage(Wanted):
    """What an editor wants to see of what waits for triage; see `reviews.desk_wanted.Wanted`."""

    double: bool = False
    by_ai: bool = False
    nowhere: bool = False
    batch: int = 0

    @property
    def desk_view(self) -> DeskView:
        return next((view for view in VIEWS if view.key == self.view), SUBMITTED)

    @property
    def is_filtered(self) -> bool:
        return super().is_filtered or bool(self.double or self.by_ai or self.nowhere or self.batch)

    def without_filters(self) -> Triage:
        return Triage(view=self.view, sort=self.sort)

    @property
    def url(self) -> str:
        return f"{reverse('reviews:triage')}?{self.query}"

    def parts(self, user: User) -> list[Part]:
        """The rows asked for, of those that this editor may handle."""
        every = [Piece(self.desk_view.runs or "true"), *(self._conditions(RUNS, user) or ())]
        extra = ((self.double, _DOUBLE), (self.by_ai, _BY_AI), (self.nowhere, "t.specialty = ''"))
        every += [Piece(sql) for is_wanted, sql in extra if is_wanted]
        every += [Piece(_OF_BATCH, (self.batch,))] if self.batch else []
        return [Part(RUNS, user.pk, all_of(every), all_of(self._scattered(RUNS)))]


class Twin(NamedTuple):
    """The other article that one looks most like, whoever may read that; so much of the two texts is the same."""

    title: str
    url: str
    percent: int


class Facts(NamedTuple):
    """What triage tells of a line beside the queue."""

    specialty: str
    since: datetime
    doubts: int
    twin: Twin | None


class TriageRow(NamedTuple):
    """What the tag `triage_rows` shows. `priorities` and `specialties` are the row's buttons and options, as HTML."""

    line: Row
    pk: int
    facts: Facts
    priorities: str
    specialties: str
    risk: int
    traffic: int | None
    may_decline: bool
    is_open: bool


def counts(user: User) -> dict[str, int]:
    """How much stands in each view: one query."""
    return desk.counts(user, {view.key: Triage(view=view.key) for view in VIEWS})


_FIELDS = """
SELECT NULL::bigint, s.specialty, NULL::timestamptz, (
    SELECT count(*) FROM (SELECT FROM reviews_turn t WHERE {runs} AND t.specialty = s.specialty LIMIT {limit}) x
), NULL::text, NULL::bigint, NULL::integer, NULL::integer
FROM unnest(%s::text[]) s (specialty) UNION ALL
"""
_FACTS = """
SELECT t.version_id, t.specialty, coalesce(v.submitted_at, v.created_at),
    (SELECT count(*) FROM jsonb_array_elements(v.doubts) d WHERE d ->> 'kind' = 'doubt'),
    w.title, w.article_id, w.number, f.percent
FROM reviews_turn t JOIN articles_version v ON v.id = t.version_id
LEFT JOIN articles_fingerprint f ON f.version_id = v.id LEFT JOIN articles_version w ON w.id = f.closest_id
WHERE t.version_id = ANY(%s)
"""


def facts(lines: list[Line], view: DeskView | None = None) -> tuple[dict[int, Facts], dict[str, int]]:
    """By version, what triage tells beside the queue; and how much stands in each specialty of a view. One query."""
    sql, params = _FACTS, [[line["version_id"] for line in lines]]
    if view:
        sql = _FIELDS.format(runs=view.runs, limit=COUNT_TO + 1) + sql
        params.insert(0, ["", *MedicalSpecialty.values])
    with prepared() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    fields = {row[1]: row[3] for row in rows if row[0] is None and row[3]}
    return {row[0]: Facts(row[1], row[2], row[3], _twin(*row[4:])) for row in rows if row[0]}, fields


def rounds(lines: list[Line]) -> dict[int, Line]:
    """As `reviews.desk.rounds`; without a query for what waits for triage, of which nobody has been asked yet."""
    begun = [ask_of_round(line) for line in lines if line["queue"] not in (Queue.UNASSIGNED, Queue.DRAFT)]
    none: Line = {"asked": [], "must_fix": 0, "signed": []}
    return {line["version_id"]: none for line in lines} | desk.rounds(begun)


def _twin(title: str | None, article_id: int, number: int, percent: int) -> Twin | None:
    if title is None:
        return None
    return Twin(title, place(article_id, number), percent)


def line_of(user: User, version_id: int) -> list[Line]:
    """The line of one version that this editor runs, wherever it stands."""
    wanted = _One(version_id=version_id)
    return desk.found(user, wanted).lines


@dataclass(frozen=True)
class _One(Wanted):
    version_id: int = 0

    def parts(self, user: User) -> list[Part]:
        return [Part(RUNS, user.pk, Piece("t.version_id = %s", (self.version_id,)))]


def shown(count: int) -> dict[str, Any]:
    """A count for a rail."""
    return {"count": desk.in_words(count), "is_empty": not count}
