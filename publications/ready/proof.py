"""The proof of the ready pages: each that can be given out is, byte for byte, what its public row says."""

import zlib
from collections.abc import Iterator
from itertools import groupby

from ledger.evidence import Problem
from publications.models import Publication
from publications.pages import Leaf, packable
from publications.ready.answers import Page
from publications.ready.leaves import MAKERS, Maker


def pages_hold() -> Iterator[Problem]:
    """Make every page once more and compare. Those of another release are given out by nobody, and are passed over."""
    pages = Page.objects.good().order_by("publication_id").iterator(chunk_size=100)
    for pk, group in groupby(pages, key=lambda page: page.publication_id):
        publication = Publication.objects.filter(pk=pk).first()
        made = (
            {leaf.path: (maker, leaf) for maker in MAKERS for leaf in maker.leaves(publication)} if publication else {}
        )
        for page in group:
            if publication is None or page.path not in made or not _holds(publication, page, *made[page.path]):
                yield Problem(f"page {page.path}", "is not what its row says")


def _holds(publication: Publication, page: Page, maker: Maker, leaf: Leaf) -> bool:
    now = publication.revision, leaf.etag, leaf.own_headers, publication.good_until
    if (page.revision, page.etag, page.headers, page.good_until) != now:
        return False
    try:
        body = page.plain
    except zlib.error:  # it is not even compressed
        return False
    return maker.holds(publication, leaf, body) if maker.holds else body == packable(leaf.make())
