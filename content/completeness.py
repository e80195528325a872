"""What an article still lacks before it can be submitted."""

from collections.abc import Iterator
from typing import NamedTuple

from content.schema import Content, Diagnosis, Tier


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
    return found


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
