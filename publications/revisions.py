"""What changed from each approved version of an article to the next."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from content import canonical
from content.diff import Comparison, compare
from publications.models import Publication
from publications.record import Edition


class Revision(NamedTuple):
    """One approved version, and its difference to the approved one before it; None for the first."""

    publication: Publication
    edition: Edition
    before: Publication | None
    comparison: Comparison | None


def revisions(versions: Sequence[Publication]) -> list[Revision]:
    """The versions of one article, the latest first, each compared with the next in the sequence."""
    return [
        Revision(later, _edition(later), earlier, _compared(earlier.content, later.content) if earlier else None)
        for later, earlier in pairwise([*versions, None])
        if later is not None
    ]


def _edition(publication: Publication) -> Edition:
    return next(each for each in publication.editions if each.number == publication.number)


@lru_cache(maxsize=64)
def _compared(before: str, after: str) -> Comparison:
    """Approved texts never change, so that neither does their difference."""
    return compare(canonical.loads(before), canonical.loads(after))
