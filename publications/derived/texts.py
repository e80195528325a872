"""The passages, the names and the words of a signed text, as its rows must have them.

By other means than those of the database (`publish_version`, `enlist`, `write_passages`), so that a mistake in one of
them cannot hide in both.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import NamedTuple

from content.schema import Audience, Content, Diagnosis, DiagnosisText

_DOT = " · "
_NAMES_AT_MOST, _PROSE_AT_MOST = 100_000, 500_000  # characters


class Passage(NamedTuple):
    """A row of `pub.passage`, but for its search."""

    place: int
    anchor: str
    diagnosis: str
    heading: str
    tier: str
    must_not_be_missed: bool
    audience: str
    kind: str
    words: str


def passages(content: Content) -> Iterator[Passage]:
    """In reading order: the symptom, answers, terms, then each diagnosis; for patients what is written for them."""
    places = count(1)
    for anchor, heading, audience, kind, words in _about(content):
        yield Passage(next(places), anchor, "", heading, "", False, audience, kind, words)
    for each in content.diagnoses:
        grave = each.must_not_be_missed
        for kind, audience, words in _said_of(each):
            yield Passage(next(places), each.key, each.key, each.name, each.tier.value, grave, audience, kind, words)


def _about(content: Content) -> Iterator[tuple[str, str, str, str, str]]:
    for audience, words in _for_whom(content.presentation.clinician, content.presentation.patient):
        for paragraph in _paragraphs(words):
            yield "about_symptom", content.title, audience, "about", paragraph
    for question in sorted(content.questions, key=lambda each: each.key):
        if question.answer:
            yield f"question_{question.key}", question.question, "", "answer", question.answer
    for term in sorted(content.terms, key=lambda each: each.key):
        if term.meaning:
            yield f"meaning_{term.key}", term.term, "", "term", term.meaning


def _said_of(diagnosis: Diagnosis) -> Iterator[tuple[str, str, str]]:
    """Kind, audience, words. Who writes nothing about it for patients has one text for everybody; red flags alone may
    stand on one side.
    """
    clinician, patient = diagnosis.clinician, diagnosis.patient
    sides = [("", clinician)]
    if patient.rationale:
        sides = [(Audience.CLINICIAN.value, clinician), (Audience.PATIENT.value, patient)]
    for audience, text in sides:
        yield from (("rationale", audience, each) for each in _paragraphs(text.rationale))
    for audience, words in _for_whom("\n".join(clinician.red_flags), "\n".join(patient.red_flags)):
        yield "red_flags", audience, words
    for audience, text in sides:
        if text.distinguishing_signs:
            yield "signs", audience, "\n".join(text.distinguishing_signs)


def _for_whom(clinician: str, patient: str) -> list[tuple[str, str]]:
    """The texts that there are, for both when there is one."""
    both = [(Audience.CLINICIAN.value, clinician), (Audience.PATIENT.value, patient)]
    said = [(audience, words) for audience, words in both if words]
    return said if len(said) == len(both) else [("", words) for _, words in said]


def _paragraphs(words: str) -> list[str]:
    return [paragraph for paragraph in re.split(r"\n\n+", words) if paragraph]


def names(content: Content) -> str:
    """Every name and code of a diagnosis, for the search."""
    diagnoses = content.diagnoses
    codes = (code for each in diagnoses for code in each.codes)
    parts = (each.name for each in diagnoses), (each.plain_name for each in diagnoses), codes
    return "".join(map(_dotted, parts))[:_NAMES_AT_MOST]


def prose(content: Content) -> str:
    """All the rest of the text, for the search and its snippets."""
    about = content.presentation
    written = _dotted((about.patient, about.clinician))
    written += _dotted(line for each in content.diagnoses for line in _lines(each.clinician))
    written += _dotted(line for each in content.diagnoses for line in _lines(each.patient))
    later = [each.term for each in content.terms] + [each.meaning for each in content.terms]
    later += [each.question for each in content.questions] + [each.answer for each in content.questions]
    return _DOT.join([written[:_PROSE_AT_MOST], *later])[:_PROSE_AT_MOST]


def _lines(text: DiagnosisText) -> Iterator[str]:
    yield text.rationale
    yield from text.red_flags
    yield from text.distinguishing_signs


def _dotted(parts: Iterable[str]) -> str:
    return "".join(part + _DOT for part in parts if part)
