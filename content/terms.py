"""Where the terms of an article are explained: in each text at the first place where a term is read.

Terms are found as whole words, in any case, with or without the “s” of a plural, the longest first. A term is not
found inside a link or code, nor where a mark of Markdown begins or ends in it.
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from content.markdown import to_html
from content.marking import Pieces
from content.schema import Content, Diagnosis, Term

_PLAIN = frozenset({"a", "code", "button"})
_TAG = re.compile(r"</?([a-z0-9]+)")


class Hit(NamedTuple):
    """A term in a text: from `start` to before `end`."""

    start: int
    end: int
    key: str


class Glossary:
    """The terms that have a meaning, ready to be found."""

    def __init__(self, terms: Iterable[Term]) -> None:
        known = [each for each in terms if each.term and each.meaning]
        ordered = sorted(known, key=lambda each: -len(each.term))
        self._keys = [each.key for each in ordered]
        found = "|".join(f"(?P<t{at}>{_wording(each.term)})" for at, each in enumerate(ordered))
        self._pattern = re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE) if found else None

    def hits(self, text: str) -> list[Hit]:
        """Every place of every term, the longest where several begin."""
        if self._pattern is None:
            return []
        return [Hit(*m.span(), self._keys[int((m.lastgroup or "t0")[1:])]) for m in self._pattern.finditer(text)]

    def explain(self, clean: str, seen: set[str]) -> str:
        """Clean HTML in which each term that is not in `seen` is a button that opens its explanation.

        `seen` takes up the keys of those that were marked: one set goes through all the pieces of a text.
        """
        if self._pattern is None:
            return clean
        parser = Pieces()
        parser.feed(clean)
        parser.close()
        hits = self.hits("".join(piece if is_text else " " * (not piece) for is_text, piece in parser.pieces))
        return "".join(_written(parser.pieces, hits, seen)) if hits else clean

    def explain_words(self, words: str, seen: set[str]) -> str:
        """Plain words as HTML, explained in the same way."""
        return self.explain(html.escape(words), seen)


def _wording(term: str) -> str:
    """What a term may look like in a text: other spaces and apostrophes, and the plural of its last word."""
    words = r"\s+".join(re.sub("['’]", "['’]", re.escape(word)) for word in term.split())
    plural = words[:-1] + "(?:y|ies)" if words[-1:] in {"y", "Y"} else words + "(?:e?s)?"
    return plural if words[-1:].isalpha() else words


def _written(pieces: Iterable[tuple[bool, str]], hits: list[Hit], seen: set[str]) -> Iterator[str]:
    position = depth = 0
    for is_text, piece in pieces:
        if is_text:
            end = position + len(piece)
            inside = [hit for hit in hits if not depth and position <= hit.start and hit.end <= end]
            yield from _explained(piece, position, inside, seen)
            position = end
            continue
        yield piece
        position += not piece
        if (tag := _TAG.match(piece)) and tag[1] in _PLAIN:
            depth += -1 if piece.startswith("</") else 1


def _explained(piece: str, offset: int, hits: Iterable[Hit], seen: set[str]) -> Iterator[str]:
    at = 0
    for hit in hits:
        if hit.key in seen:
            continue
        seen.add(hit.key)
        start, end = hit.start - offset, hit.end - offset
        yield _text(piece[at:start])
        yield f'<button type="button" class="term" popovertarget="term_{hit.key}">{_text(piece[start:end])}</button>'
        at = end
    yield _text(piece[at:])


def _text(words: str) -> str:
    return html.escape(words, quote=False).replace("\xa0", "&nbsp;")


def unused(content: Content) -> set[str]:
    """The keys of the terms that are explained nowhere, because no text has them where they can be."""
    glossary = Glossary(term.model_copy(update={"meaning": term.meaning or term.term}) for term in content.terms)
    seen: set[str] = set()
    if content.terms:
        for text in _running(content):
            glossary.explain(to_html(text), seen)
        for line in _lines(content.diagnoses):
            glossary.explain_words(line, seen)
    return {term.key for term in content.terms} - seen


def _running(content: Content) -> Iterator[str]:
    yield from (content.presentation.clinician, content.presentation.patient)
    for diagnosis in content.diagnoses:
        yield from (diagnosis.clinician.rationale, diagnosis.patient.rationale)
    yield from (question.answer for question in content.questions)


def _lines(diagnoses: Iterable[Diagnosis]) -> Iterator[str]:
    for diagnosis in diagnoses:
        for text in (diagnosis.clinician, diagnosis.patient):
            yield from (*text.red_flags, *text.distinguishing_signs)
