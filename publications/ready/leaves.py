"""What the press makes of a public row. A new kind of ready answer is put in here.

A leaf stands under its article's address and shows its own row only, for a change of that row is what throws it away.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.template.loader import render_to_string

from publications.machines.structured_data import structured_data
from publications.models import Publication
from publications.pages import Leaf
from publications.provenance.proofs import holds, proofs


class Maker(NamedTuple):
    """`leaves` gives the ready answers of a row, none where there is nothing to make. What takes longer than 50 ms or
    bears the press's signature is slow: it is made when everything else is there, by a press whose key is good.

    `holds` says of a stored body whether it is what the row says; without it, it has to be what is made now.
    """

    leaves: Callable[[Publication], Iterator[Leaf]]
    is_slow: bool = False
    holds: Callable[[Publication, Leaf, bytes], bool] | None = None


def article(publication: Publication) -> Leaf:
    """The page of a text, or the notice in its place at the article's own address."""
    if publication.is_retracted and publication.is_page:
        return _leaf(publication, "publications/retracted.html", publication.get_absolute_url())
    return version(publication)


def version(publication: Publication) -> Leaf:
    """The page of a text, at the article's address or its own, with what has become of it above."""
    return _leaf(publication, "publications/article.html", publication.url)


def _leaf(publication: Publication, template: str, path: str) -> Leaf:
    context = {"publication": publication, "structured_data": lambda: structured_data(publication)}
    return Leaf(
        path, lambda: render_to_string(template, context), publication.fingerprint, indexed=publication.is_current
    )


def articles(publication: Publication) -> Iterator[Leaf]:
    """Old versions are not made ready: they are seldom read."""
    if publication.is_page:
        yield article(publication)


MAKERS: tuple[Maker, ...] = (Maker(articles), Maker(proofs, is_slow=True, holds=holds))
