"""What approved text says to a question: passages word for word, found by their words through the public login."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from django.utils.safestring import SafeString, mark_safe

from content.markdown import to_html
from content.schema import Audience, Tier
from publications.meaning.nearest import Spot, nearest
from publications.models import Publication
from publications.prepared import confided
from publications.questions.ranking import Candidate, Stems, folded, rank
from publications.questions.reading import Question, Term

OTHER_ARTICLES = 5
MOST_LOOKED_AT = 300  # other articles that are weighed against each other
MOST_EQUAL = 20  # other words for what was typed, of those that editors keep
MOST_BESIDE = 6  # of each article that is quoted
IN_LINES = {"red_flags", "signs"}
LABELS = {"about": "About this symptom", "rationale": "What it is", "signs": "What points to it"}
LABELS |= {"answer": "A reader’s question, answered", "term": "What the word means"}

_STEMS = """
    SELECT tsvector_to_array(to_tsvector('english', word))
    FROM unnest(%s::text[]) WITH ORDINALITY AS w (word, n) ORDER BY n
"""
_EQUAL = """
    SELECT tsvector_to_array(to_tsvector('english', said.word)), tsvector_to_array(to_tsvector('english', other.word))
    FROM pub.synonym said JOIN pub.synonym other USING (group_id)
    WHERE %s::tsquery @> said.target AND other.plain <> said.plain ORDER BY said.plain, other.place LIMIT %s
"""
_CANDIDATES = """
    WITH looked_at AS (
        SELECT id, ts_rank(search, %(query)s::tsquery) AS rank FROM (
            SELECT id, search FROM pub.publication
            WHERE state = 'current' AND search @@ %(query)s::tsquery AND id <> %(here)s LIMIT %(most)s
        ) AS weighed
    ), texts AS (
        SELECT %(here)s AS id UNION SELECT unnest(%(near)s::bigint[])
        UNION (SELECT id FROM looked_at ORDER BY rank DESC, id LIMIT %(others)s)
    )
    SELECT p.id, g.place, p.slug, p.title, p.number, p.last_reviewed_at, p.next_review_on, p.notices::text,
        g.anchor, g.diagnosis, g.heading, g.tier, g.must_not_be_missed, g.kind, g.words,
        tsvector_to_array(ts_filter(g.search, '{a}')),
        tsvector_to_array(ts_filter(g.search, '{b}')), tsvector_to_array(ts_filter(g.search, '{c}'))
    FROM texts JOIN pub.publication p USING (id) JOIN pub.passage g ON g.publication_id = p.id
    WHERE p.state = 'current' AND g.audience IN ('', %(audience)s)
    ORDER BY p.id <> %(here)s, p.id, g.place
"""


class Passage(NamedTuple):
    """Words of one place of a current text, and what says where they stand."""

    publication: Publication
    anchor: str
    diagnosis: str
    heading: str
    tier: str
    must_not_be_missed: bool
    kind: str
    words: str

    @property
    def url(self) -> str:
        """Its place on the article's page."""
        return f"{self.publication.get_absolute_url()}#{self.anchor}"

    @property
    def shown_tier(self) -> Tier | None:
        return Tier(self.tier) if self.tier else None

    @property
    def label(self) -> str:
        """What kind of text it is; red flags are named by who reads them."""
        return LABELS.get(self.kind, "")

    @property
    def lines(self) -> list[str]:
        """Red flags and signs, one by one; of running text none."""
        return self.words.split("\n") if self.kind in IN_LINES else []

    @property
    def html(self) -> SafeString:
        """Running text as the page of the article shows it."""
        return mark_safe(to_html(self.words))  # noqa: S308 - cleaned there


class Beside(NamedTuple):
    """What must not be missed in one article: the first passages, and of how many diagnoses more it says so."""

    publication: Publication
    passages: list[Passage]
    more: int

    @classmethod
    def of(cls, passages: Sequence[Passage], quoted: Sequence[Passage]) -> list[Self]:
        """The red flags of diagnoses not to be missed, in each article quoted; of one without, what it is."""
        grave = [each for each in passages if each.must_not_be_missed]
        articles = {each.publication.pk: each.publication for each in quoted}
        found = []
        for pk, publication in articles.items():
            shown = _gravest([each for each in grave if each.publication.pk == pk])
            shown = [each for each in shown if each not in quoted]
            if shown:
                found.append(cls(publication, shown[:MOST_BESIDE], len(shown[MOST_BESIDE:])))
        return found


class Answer(NamedTuple):
    """At most three passages, and what must not be missed in the articles that they are from."""

    passages: list[Passage]
    beside: list[Beside]

    @classmethod
    def find(cls, publication: Publication, question: Question, audience: Audience) -> Self:
        """Look up the words of a question: in this article first, then in others that have all but one of them. With
        ranking by meaning, also in those that come near to what it means.
        """
        terms = [stems for term in _stems(question.terms) if (stems := _without_empty(term))]
        if not terms:
            return cls([], [])
        terms = _widened(terms)
        spots = nearest(publication.pk, question.plain, audience)
        found = _candidates(publication.pk, terms, spots, audience)
        passages = [passage for passage, _ in found.values()]
        near = [found[spot][1] for spot in spots if spot in found]
        quoted = [
            passages[n] for n in rank([each for _, each in found.values()], _folded(terms), question.wanted, near)
        ]
        return cls(quoted, Beside.of(passages, quoted))


def _gravest(grave: Sequence[Passage]) -> list[Passage]:
    """One passage of each diagnosis, in their order: its red flags, else what it is."""
    of: dict[str, Passage] = {}
    for kind in ("red_flags", "rationale"):
        for each in grave:
            if each.kind == kind:
                of.setdefault(each.diagnosis, each)
    return [of[key] for key in dict.fromkeys(each.diagnosis for each in grave) if key in of]


def _stems(terms: Sequence[Term]) -> list[Stems]:
    """The stems of each word of each term, as the search has them; a word that says nothing has none."""
    words = [word for term in terms for word in term]
    with confided(Publication.objects.db) as cursor:
        cursor.execute(_STEMS, [words])
        stems = iter([frozenset(row[0]) for row in cursor.fetchall()])
    return [tuple(next(stems) for _ in term) for term in terms]


def _without_empty(term: Stems) -> Stems:
    return tuple(stems for stems in term if stems)


def _widened(terms: Sequence[Stems]) -> list[Stems]:
    """With the words that editors keep as equal to those that were typed; a name of two words is equal as a whole."""
    typed = frozenset[str]().union(*(term[0] for term in terms))
    with confided(Publication.objects.db) as cursor:
        cursor.execute(_EQUAL, [" & ".join(map(_quoted, sorted(typed))), MOST_EQUAL])
        equal = [(frozenset(said), frozenset(other)) for said, other in cursor.fetchall()]
    return [
        tuple(dict.fromkeys([*term, *(other for said, other in equal if other and not term[0].isdisjoint(said))]))
        for term in terms
    ]


def _folded(terms: Sequence[Stems]) -> list[Stems]:
    return [tuple(frozenset(map(folded, stems)) for stems in term) for term in terms]


def _candidates(
    here: int, terms: Sequence[Stems], near: Sequence[Spot], audience: Audience
) -> dict[Spot, tuple[Passage, Candidate]]:
    """All passages of the articles that are looked at, in their order."""
    values: dict[str, Any] = {"here": here, "query": _query(terms), "audience": audience.value}
    values |= {"near": [pk for pk, _ in near]}
    with confided(Publication.objects.db) as cursor:
        cursor.execute(_CANDIDATES, values | {"most": MOST_LOOKED_AT, "others": OTHER_ARTICLES})
        rows = cursor.fetchall()
    found: dict[Spot, tuple[Passage, Candidate]] = {}
    for number, row in enumerate(rows):
        pk, spot, slug, title, version, reviewed_at, next_review_on, notices, *place, heading, words, article = row
        publication = Publication(pk=pk, slug=slug, title=title, number=version, last_reviewed_at=reviewed_at)
        publication.next_review_on, publication.notice_rows = next_review_on, json.loads(notices)
        passage = Passage(publication, *place)
        stems = (frozenset(map(folded, each)) for each in (heading, article, words))
        owner = (pk, passage.diagnosis or passage.anchor)
        found[pk, spot] = passage, Candidate(number, pk == here, owner, passage.kind, *stems)
    return found


def _query(terms: Sequence[Stems]) -> str:
    """All terms, or all but one of three and more, as PostgreSQL writes a query."""
    each = [" | ".join(f"({' & '.join(map(_quoted, sorted(stems)))})" for stems in term) for term in terms]
    if len(each) < 3:
        return " & ".join(f"({one})" for one in each)
    fewer = (each[:n] + each[n + 1 :] for n in range(len(each)))
    return " | ".join(f"({' & '.join(f'({one})' for one in some)})" for some in fewer)


def _quoted(stem: str) -> str:
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"
