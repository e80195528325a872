"""What an article still lacks before it can be submitted."""

from collections.abc import Iterator
from typing import NamedTuple

from content.schema import Content, Diagnosis, Question, Tier
from content.terms import unused


class Gap(NamedTuple):
    """One thing that is missing. `place` is the id of the editor's field; `message` says what to do.

    What does not block is advice: the author may submit without, and the reviewers see it too.
    """

    place: str
    message: str
    blocks: bool = True


def gaps(content: Content) -> list[Gap]:
    """Everything that is missing, in the order of the page; a draft can be submitted when none blocks."""
    found = [*_of_the_whole(content)]
    for diagnosis in content.diagnoses:
        found += _of_one(content, diagnosis)
    return [*found, *_of_the_questions(content.questions), *_of_the_terms(content)]


def _of_the_whole(content: Content) -> Iterator[Gap]:
    yield from _of_the_title(content.title)
    if (count := len(content.in_tier(Tier.MOST_LIKELY))) != 1:
        yield Gap("diagnoses", f"Exactly one diagnosis is the most likely; this article has {count}.")
    if not content.in_tier(Tier.OTHER_LIKELY):
        yield Gap("diagnoses", "No other likely diagnosis is named.", blocks=False)
    if not content.no_do_not_miss_reason and not any(d.must_not_be_missed for d in content.diagnoses):
        yield Gap("no_do_not_miss_reason", "Name a diagnosis not to be missed, or say why there is none.")
    if not content.references:
        yield Gap("references", "No source is cited.", blocks=False)
    for reference in content.references:
        if not reference.citation:
            yield Gap(f"reference-{reference.key}", "Say what this reference is: authors, title, publisher, year.")
    if content.diagnoses and not content.has_patient_text:
        yield Gap(
            "presentation_patient", "There is no text for patients: they would read the clinicians’.", blocks=False
        )
    if content.has_patient_text and not content.presentation.patient and content.presentation.clinician:
        yield Gap("presentation_patient", "Introduce the symptom to patients too.")


def _of_one(content: Content, diagnosis: Diagnosis) -> Iterator[Gap]:
    name = diagnosis.name or "the diagnosis without a name"
    if not diagnosis.name:
        yield Gap(f"diagnosis-{diagnosis.key}", "Give this diagnosis a name.")
    if not diagnosis.clinician.rationale:
        yield Gap(f"diagnosis-{diagnosis.key}", f"Say to clinicians why {name} is considered.")
    if diagnosis.must_not_be_missed and not diagnosis.clinician.red_flags:
        yield Gap(f"diagnosis-{diagnosis.key}", f"No red flag says when to fear {name}.", blocks=False)
    if content.has_patient_text and not diagnosis.patient.rationale:
        yield Gap(f"diagnosis-{diagnosis.key}", f"Say to patients why {name} is considered, or leave all of it out.")
    if diagnosis.patient.rationale and diagnosis.clinician.red_flags and not diagnosis.patient.red_flags:
        yield Gap(f"diagnosis-{diagnosis.key}", f"Give patients the red flags of {name} too.")


def _of_the_title(title: str) -> Iterator[Gap]:
    """A first word without a capital is asked about; “pH” and “mRNA” are written as they are."""
    if not title:
        yield Gap("title", "Give the article a title: the symptom in a reader’s words.")
    elif title[0].islower() and title.split(maxsplit=1)[0].islower():
        capital = title[0].upper() + title[1:]
        yield Gap(
            "title", f"The title begins with a small letter: write “{capital}”, unless that is meant.", blocks=False
        )


def _of_the_questions(questions: tuple[Question, ...]) -> Iterator[Gap]:
    asked: dict[str, str] = {}
    for each in questions:
        place, words = f"question-{each.key}", each.question or "the question without words"
        if not each.question:
            yield Gap(place, "Say what the reader asked.")
        elif asked.setdefault(each.question.casefold(), each.key) != each.key:
            yield Gap(place, f"“{words}” is asked twice: take one out.")
        if not each.answer:
            yield Gap(place, f"Answer “{words}”, or take the question out.")


def _of_the_terms(content: Content) -> Iterator[Gap]:
    known: dict[str, str] = {}
    never = unused(content)
    for each in content.terms:
        place = f"term-{each.key}"
        if not each.term:
            yield Gap(place, "Say which word is explained here, or take it out.")
            continue
        if not each.meaning:
            yield Gap(place, f"Say what “{each.term}” means.")
        if known.setdefault(each.term.casefold(), each.key) != each.key:
            yield Gap(place, f"“{each.term}” is explained twice: take one out.")
        elif each.key in never:
            yield Gap(place, f"“{each.term}” stands in no text, so nobody is shown its meaning.", blocks=False)
