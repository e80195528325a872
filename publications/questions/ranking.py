"""Which passages of approved text fit a question best: by shared words alone, rare ones counting more."""

import math
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from publications.finding.spelling import distance
from publications.questions.spelling import LONG

MOST = 3
ENOUGH = 0.5  # of the weight of the question’s words that a passage must share
NEAR_THE_BEST = 0.6
NAMED, HEADING, TITLE = 2.0, 1.5, 0.35  # what a word counts as a name, in one, in the title, against 1 in the passage
SYNONYM = 0.75  # what another word for it counts, against 1 for the word that was typed
HERE, WANTED, STATED, EXPLAINED = 1.25, 1.2, 1.08, 0.6  # the last: what a word means, when more is asked
SHORTEST_MISTYPED = 5
FUSED = 61  # what the first place is divided by when rankings become one (reciprocal rank fusion has 60 before it)

#: The word stems of each alternative, what was typed first; a term is met when all stems of one alternative are there.
type Stems = tuple[frozenset[str], ...]


class Candidate(NamedTuple):
    """A passage as it is compared; `number` is the caller's."""

    number: int
    is_here: bool
    diagnosis: tuple[int, str]
    kind: str
    heading: frozenset[str]
    title: frozenset[str]
    words: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.heading | self.title | self.words


def folded(stem: str) -> str:
    """British and American spellings as one."""
    return stem.replace("ae", "e").replace("oe", "e").replace("our", "or")


def rank(
    candidates: Sequence[Candidate], terms: Iterable[Stems], wanted: Collection[str], near: Sequence[Candidate] = ()
) -> list[int]:
    """The numbers of the passages to quote, at most three: those of this article first, each group the best first.
    `near` are those that come near in meaning, where that is known, the nearest first.
    """
    chosen = _varied(_fused(_by_words(candidates, terms, wanted), near))
    return [each.number for each in sorted(chosen, key=lambda each: not each.is_here)]


def _by_words(candidates: Sequence[Candidate], terms: Iterable[Stems], wanted: Collection[str]) -> list[Candidate]:
    """Those that share enough words, the best first."""
    known = frozenset().union(*(each.all for each in candidates))
    asked = [_as_known(term, known) for term in terms]
    weights = [_rarity(term, candidates) for term in asked]
    scored = [(_score(each, asked, weights, wanted), each) for each in candidates]
    scored = sorted(((score, each) for score, each in scored if score), key=lambda pair: (-pair[0], pair[1].number))
    return [each for score, each in scored if score >= NEAR_THE_BEST * scored[0][0]]


def _fused(*rankings: Sequence[Candidate]) -> list[Candidate]:
    """Several rankings as one: a place counts little less than the one above it, so what stands in both comes first."""
    scores: dict[Candidate, float] = {}
    for ranking in rankings:
        for place, each in enumerate(ranking):
            scores[each] = scores.get(each, 0.0) + 1 / (FUSED + place)
    return sorted(scores, key=lambda each: (-scores[each], each.number))


def _as_known(term: Stems, known: frozenset[str]) -> Stems:
    """A mistyped stem as the nearest one that stands in a passage."""
    if any(stems <= known for stems in term):
        return term
    return tuple(frozenset(_nearest(stem, known) for stem in stems) for stems in term)


def _nearest(stem: str, known: frozenset[str]) -> str:
    if stem in known or len(stem) < SHORTEST_MISTYPED:
        return stem
    most = 2 if len(stem) >= LONG else 1
    near = (other for other in known if other[:1] == stem[:1] and abs(len(other) - len(stem)) <= most)
    ranked = sorted((count, other) for other in near if (count := distance(stem, other)) <= most)
    return ranked[0][1] if ranked else stem


def _rarity(term: Stems, candidates: Sequence[Candidate]) -> float:
    """How much a term tells: the fewer passages have it, the more. Titles stand over all, so they do not count."""
    holders = sum(_is_met(term, each.heading | each.words) for each in candidates)
    return math.log(1 + (len(candidates) - holders + 0.5) / (holders + 0.5))


def _score(passage: Candidate, terms: Sequence[Stems], weights: Sequence[float], wanted: Collection[str]) -> float:
    """0 when too little is shared."""
    met = [_place(term, passage) for term in terms]
    shared = sum(weight for weight, place in zip(weights, met, strict=True) if place)
    if not shared or shared < ENOUGH * sum(weights):
        return 0.0
    score = sum(weight * place for weight, place in zip(weights, met, strict=True))
    kinds = {"rationale": STATED, "term": EXPLAINED}
    score *= WANTED if passage.kind in wanted else kinds.get(passage.kind, 1.0)
    return score * (HERE if passage.is_here else 1.0)


def _place(term: Stems, passage: Candidate) -> float:
    """What a term counts in this passage: 0 when it is not there."""
    above = NAMED if term[0] <= passage.heading else HEADING * _closeness(term, passage.heading)
    place = above + _closeness(term, passage.words)
    return place or TITLE * _closeness(term, passage.all)


def _closeness(term: Stems, stems: frozenset[str]) -> float:
    """1 for what was typed, less for another word for it, 0 for none."""
    if term[0] <= stems:
        return 1.0
    return SYNONYM if _is_met(term, stems) else 0.0


def _is_met(term: Stems, stems: frozenset[str]) -> bool:
    return any(alternative <= stems for alternative in term)


def _varied(passages: Iterable[Candidate]) -> list[Candidate]:
    """The first few, no diagnosis more than once while others are there to be quoted."""
    ordered = list(passages)
    first: dict[tuple[int, str], Candidate] = {}
    for each in ordered:
        first.setdefault(each.diagnosis, each)
    return list(first.values())[:MOST]
