"""Quoted words marked in HTML that `content.markdown` has cleaned: the marks are added, nothing else changes."""

import html
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from typing import NamedTuple, override

from content.folding import fold

_BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote", "br"})


class Quote(NamedTuple):
    """Words to mark, after these words before them; `name` tells the marks of one quote from those of another."""

    name: str
    words: str
    before: str = ""


class Pieces(HTMLParser):
    """The tags of clean HTML as they are written, and the text between them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[bool, str]] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        self.pieces.append((False, self.get_starttag_text() or ""))

    @override
    def handle_endtag(self, tag: str) -> None:
        self.pieces.append((False, f"</{tag}>"))
        self._break(tag)

    @override
    def handle_data(self, data: str) -> None:
        self.pieces.append((True, data))

    def _break(self, tag: str) -> None:
        """Words of two blocks are two words."""
        if tag in _BLOCKS:
            self.pieces.append((False, ""))


def mark(clean: str, quotes: Sequence[Quote]) -> str:
    """The HTML with `<mark data-finding="names">` around each quote that is found in it."""
    if not quotes:
        return clean
    parser = Pieces()
    parser.feed(clean)
    parser.close()
    text = "".join(piece if is_text else " " * (not piece) for is_text, piece in parser.pieces)
    spans = list(_spans(text, quotes))
    return "".join(_written(parser.pieces, spans)) if spans else clean


def mark_words(words: str, quotes: Sequence[Quote]) -> str:
    """Plain words as HTML, with the marks."""
    return mark(html.escape(words, quote=False), quotes)


def _spans(text: str, quotes: Iterable[Quote]) -> Iterable[tuple[int, int, str]]:
    read = fold(text)
    for quote in quotes:
        words, before = fold(quote.words, is_quote=True).text, fold(quote.before).text.rstrip()
        best, position = (-1, -1), -1
        while words and (position := read.text.find(words, position + 1)) >= 0:
            best = max(best, (_agrees(read.text[:position].rstrip(), before), -position))
        if best[0] >= 0:
            first = -best[1]
            yield read.at[first], read.at[first + len(words) - 1] + 1, quote.name


def _agrees(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((n for n in range(length) if one[-1 - n] != other[-1 - n]), length)


def _written(pieces: Iterable[tuple[bool, str]], spans: Sequence[tuple[int, int, str]]) -> Iterable[str]:
    position = 0
    for is_text, piece in pieces:
        if not is_text:
            yield piece
            position += not piece
            continue
        yield from _marked(piece, position, spans)
        position += len(piece)


def _marked(piece: str, offset: int, spans: Sequence[tuple[int, int, str]]) -> Iterable[str]:
    """One text, cut where a mark begins or ends."""
    end = offset + len(piece)
    cuts = {offset, end} | {cut for first, last, _ in spans for cut in (first, last) if offset < cut < end}
    edges = sorted(cuts)
    for first, last in pairwise(edges):
        names = [name for begin, finish, name in spans if begin <= first and last <= finish]
        words = html.escape(piece[first - offset : last - offset], quote=False).replace("\xa0", "&nbsp;")
        yield (
            f'<mark data-finding="{html.escape(" ".join(names))}">{words}</mark>' if names and words.strip() else words
        )
