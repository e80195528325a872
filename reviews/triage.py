"""Triage: what was submitted, and the imported drafts, in the order in which it is to be looked at, and what like it is
here already. The rows come the queue's way (`reviews.desk`): fifty at a time, flat, only what this editor runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse

from articles.models import Version
from content.similarity import likeness
from people.models import User
from reviews import desk
from reviews.desk import Line
from reviews.desk_sql import COUNT_TO, RUNS, Part, Piece
from reviews.desk_views import DeskView
from reviews.desk_wanted import Wanted

#: Another article on the same subject, or with near-same words, whoever may read it.
_OTHERS = """
FROM articles_fingerprint f JOIN articles_fingerprint g ON {same}
JOIN articles_version w ON w.id = g.version_id AND w.article_id <> t.article_id AND w.state <> 'superseded'
WHERE f.version_id = t.version_id
"""
_SAME_SUBJECT = _OTHERS.format(same="g.subject = f.subject AND f.subject <> ''")
_SHARED = "cardinality(ARRAY(SELECT unnest(g.bands) INTERSECT SELECT unnest(f.bands)))"
#: Two bands: of texts that are half the same 24 in 25 share so many, of texts that are a tenth the same 1 in 1,000.
_NEAR_WORDS = _OTHERS.format(same="g.bands && f.bands") + f" AND {_SHARED} > 1"
_DOUBLE = f"(EXISTS (SELECT {_SAME_SUBJECT}) OR EXISTS (SELECT {_NEAR_WORDS}))"
_BY_AI = "EXISTS (SELECT FROM articles_version v WHERE v.id = t.version_id AND v.origin <> 'human')"
_IMPORTED = "EXISTS (SELECT FROM articles_version v WHERE v.id = t.version_id AND v.source <> '')"

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

    @property
    def desk_view(self) -> DeskView:
        return next((view for view in VIEWS if view.key == self.view), SUBMITTED)

    @property
    def is_filtered(self) -> bool:
        return super().is_filtered or self.double or self.by_ai or self.nowhere

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
        holds = Piece(
            " AND ".join(f"({piece.sql})" for piece in every), tuple(v for piece in every for v in piece.params)
        )
        return [Part(RUNS, user.pk, holds)]


class Twin(NamedTuple):
    """Another article that a line looks like; `percent` of the two texts is the same."""

    title: str
    url: str
    percent: int


class Facts(NamedTuple):
    """What triage tells of a line beside the queue."""

    specialty: str
    since: datetime
    doubts: int
    twin: Twin | None


def counts(user: User, wanted: Triage) -> tuple[dict[str, int], dict[str, int]]:
    """How much stands in each view, and in each specialty of the one looked at: two queries."""
    every: dict[str, Wanted] = {view.key: Triage(view=view.key) for view in VIEWS}
    if wanted.is_filtered:
        every["filtered"] = wanted
    sums = desk.counts(user, every)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT specialty, count(*) FROM reviews_turn t WHERE {wanted.desk_view.runs} GROUP BY 1")  # noqa: S608 - fixed pieces
        return sums, dict(cursor.fetchall())


_FACTS = f"""
SELECT t.version_id, t.specialty, coalesce(v.submitted_at, v.created_at),
    (SELECT count(*) FROM jsonb_array_elements(v.doubts) d WHERE d ->> 'kind' = 'doubt'),
    coalesce(
        (SELECT w.id {_NEAR_WORDS} ORDER BY {_SHARED} DESC, w.id DESC LIMIT 1),
        (SELECT w.id {_SAME_SUBJECT} ORDER BY w.id DESC LIMIT 1))
FROM reviews_turn t JOIN articles_version v ON v.id = t.version_id WHERE t.version_id = ANY(%s)
"""  # noqa: S608 - fixed pieces


def facts(lines: list[Line]) -> dict[int, Facts]:
    """By version, what triage tells beside the queue: two queries, and the texts of those with a twin compared."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [[line["version_id"] for line in lines]])
        rows = cursor.fetchall()
    twins = _compared({version: other for version, *_, other in rows if other})
    return {row[0]: Facts(row[1], row[2], row[3], twins.get(row[0])) for row in rows}


def _compared(pairs: dict[int, int]) -> dict[int, Twin]:
    """The twin of each version, with how much is the same."""
    texts = Version.objects.in_bulk({*pairs, *pairs.values()}) if pairs else {}
    documents = {pk: version.document for pk, version in texts.items()}
    found = {}
    for pk, other in pairs.items():
        if pk in documents and other in documents:
            twin = texts[other]
            percent = round(100 * likeness(documents[pk], documents[other]))
            found[pk] = Twin(twin.title or "Untitled article", twin.get_absolute_url(), percent)
    return found


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
    return {"count": desk.in_words(min(count, COUNT_TO + 1)), "is_empty": not count}
