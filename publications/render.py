"""The stored part of an article's page: everything that follows from its content alone.

`render_body` gives the same bytes for the same content, always: no date, user, setting or address
of this site goes in. Its own ids contain an underscore, which the key of a diagnosis cannot.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from content.markdown import to_html
from content.schema import Audience, Content, Diagnosis, DiagnosisText, Question, Reference, Tier
from content.terms import Glossary

UNNAMED = "(no name yet)"


class Explanation(NamedTuple):
    """What a tier means, to patients and to students."""

    patient: str
    student: str


EXPLANATIONS = {
    Tier.MOST_LIKELY: Explanation(
        "What it most often is.",
        "The diagnosis that best explains this presentation in most people. Start here, and stay ready to change "
        "your mind.",
    ),
    Tier.OTHER_LIKELY: Explanation(
        "Other common causes.",
        "Common alternatives that explain the same presentation. Weigh their distinguishing signs against the most "
        "likely one.",
    ),
    Tier.DO_NOT_MISS: Explanation(
        "Less common, but waiting can do harm. These should be ruled out.",
        "Less common, but delay does harm. Rule each one out on purpose, even when it seems improbable.",
    ),
    Tier.RARE: Explanation(
        "Seldom the cause.",
        "Seldom the cause. Think of these when the course is unusual or the common causes do not fit.",
    ),
}


class ShownText(NamedTuple):
    """One text of a diagnosis. `css` says whose it is; empty, it is everybody's."""

    css: str
    for_patient: bool
    rationale: SafeString
    red_flags: tuple[SafeString, ...]
    signs: tuple[SafeString, ...]


class Mark(NamedTuple):
    """A reference mark: the number it has in the list, and the key to link to."""

    number: str
    key: str


class ShownDiagnosis(NamedTuple):
    key: str
    name: str
    plain_name: str
    tier: Tier
    codes: tuple[str, ...]
    also_do_not_miss: bool
    lacks_patient_text: bool
    texts: tuple[ShownText, ...]
    marks: tuple[Mark, ...]


class ShownTier(NamedTuple):
    """A tier with its diagnoses; `elsewhere` are those of other tiers that must not be missed either."""

    tier: Tier
    explanation: Explanation
    diagnoses: tuple[ShownDiagnosis, ...]
    elsewhere: tuple[ShownDiagnosis, ...]
    reason_for_none: str


class FlagsOfOne(NamedTuple):
    """The red flags of one diagnosis, as clinicians read them."""

    key: str
    name: str
    flags: tuple[str, ...]


class ShownReference(NamedTuple):
    number: str
    key: str
    citation: str
    links: tuple[tuple[str, str], ...]


class ShownTerm(NamedTuple):
    """A word that the texts explain where it stands first, and what it means."""

    key: str
    term: str
    meaning: str


class ShownQuestion(NamedTuple):
    """A reader's question with its answer, which everybody reads."""

    key: str
    question: str
    answer: SafeString


def render_body(content: Content, *, is_preview: bool = False) -> str:
    """Render the stored part of the page. Valid for any content, a half-written draft included.

    A preview is the same without the links to where readers report a problem: nothing stands there yet.
    """
    html = render_to_string("publications/_body.html", page_context(content) | {"reports": not is_preview})
    return "\n".join(line for raw in html.splitlines() if (line := raw.strip())) + "\n"


def page_context(content: Content) -> dict[str, object]:
    """What `publications/_body.html` shows; a desk can show its parts one by one."""
    shown, glossary = shown_diagnoses(content), Glossary(content.terms)
    return {
        "presentation": to_safe(content.presentation.clinician, glossary),
        "presentation_patient": to_safe(content.presentation.patient, glossary),
        "has_patient_text": any(not d.lacks_patient_text for d in shown),
        "flags_by_diagnosis": flags_by_diagnosis(content),
        "flags_in_plain_words": flags_in_plain_words(content),
        "tiers": [_tier(tier, shown, content) for tier in Tier],
        "questions": [_question(each, glossary) for each in content.questions],
        "terms": [ShownTerm(each.key, each.term, each.meaning) for each in content.terms if each.term and each.meaning],
        "references": shown_references(content),
    }


def to_safe(markdown: str, glossary: Glossary, seen: set[str] | None = None) -> SafeString:
    """Markdown as HTML that a template prints as it is, with its terms explained; `content.markdown` has cleaned it."""
    return mark_safe(glossary.explain(to_html(markdown), set() if seen is None else seen))  # noqa: S308


def _lines(lines: Iterable[str], glossary: Glossary, seen: set[str]) -> tuple[SafeString, ...]:
    """Plain lines with their terms explained."""
    return tuple(mark_safe(glossary.explain_words(line, seen)) for line in lines)  # noqa: S308 - escaped there


def shown_diagnoses(content: Content) -> list[ShownDiagnosis]:
    """Every diagnosis in reading order, ready for `publications/_diagnosis.html`."""
    numbers = {r.key: str(number) for number, r in enumerate(content.references, start=1)}
    glossary = Glossary(content.terms)
    return [_diagnosis(d, numbers, glossary) for d in content.diagnoses]


def shown_references(content: Content) -> list[ShownReference]:
    """The sources as they are numbered, each with its links."""
    return [_reference(number, each) for number, each in enumerate(content.references, start=1)]


def flags_by_diagnosis(content: Content) -> list[FlagsOfOne]:
    """The red flags of every diagnosis that has some, those not to be missed first."""
    found = ((d, red_flags(d, Audience.CLINICIAN)) for d in _gravest_first(content))
    return [FlagsOfOne(d.key, d.name or UNNAMED, flags) for d, flags in found if flags]


def flags_in_plain_words(content: Content) -> list[str]:
    """All red flags as patients read them, each once, those of diagnoses not to be missed first."""
    flags = (flag for d in _gravest_first(content) for flag in red_flags(d, Audience.PATIENT))
    return list({flag.casefold(): flag for flag in flags}.values())


def _gravest_first(content: Content) -> list[Diagnosis]:
    return sorted(content.diagnoses, key=lambda d: not d.must_not_be_missed)


def red_flags(diagnosis: Diagnosis, audience: Audience) -> tuple[str, ...]:
    """An audience without a list of its own gets the other's: a red flag is never left out."""
    return diagnosis.text(audience).red_flags or diagnosis.clinician.red_flags or diagnosis.patient.red_flags


def _tier(tier: Tier, shown: Iterable[ShownDiagnosis], content: Content) -> ShownTier:
    is_miss = tier is Tier.DO_NOT_MISS
    return ShownTier(
        tier=tier,
        explanation=EXPLANATIONS[tier],
        diagnoses=tuple(d for d in shown if d.tier is tier),
        elsewhere=tuple(d for d in shown if is_miss and d.also_do_not_miss and d.tier is not tier),
        reason_for_none=content.no_do_not_miss_reason if is_miss else "",
    )


def _diagnosis(diagnosis: Diagnosis, numbers: dict[str, str], glossary: Glossary) -> ShownDiagnosis:
    lacks_patient_text = not diagnosis.patient.rationale
    clinician = _text(diagnosis, Audience.CLINICIAN, glossary, css="" if lacks_patient_text else "for-clinician")
    patient = () if lacks_patient_text else (_text(diagnosis, Audience.PATIENT, glossary, css="for-patient"),)
    marks = sorted((Mark(numbers[key], key) for key in diagnosis.references), key=lambda mark: int(mark.number))
    return ShownDiagnosis(
        key=diagnosis.key,
        name=diagnosis.name or UNNAMED,
        plain_name=diagnosis.plain_name,
        tier=diagnosis.tier,
        codes=diagnosis.codes,
        also_do_not_miss=diagnosis.also_do_not_miss and diagnosis.tier is not Tier.DO_NOT_MISS,
        lacks_patient_text=lacks_patient_text,
        texts=(*patient, clinician),
        marks=tuple(marks),
    )


def _text(diagnosis: Diagnosis, audience: Audience, glossary: Glossary, *, css: str) -> ShownText:
    text: DiagnosisText = diagnosis.text(audience)
    seen: set[str] = set()
    return ShownText(
        css=css,
        for_patient=audience is Audience.PATIENT,
        rationale=to_safe(text.rationale, glossary, seen),
        red_flags=_lines(red_flags(diagnosis, audience), glossary, seen),
        signs=_lines(text.distinguishing_signs, glossary, seen),
    )


def _question(question: Question, glossary: Glossary) -> ShownQuestion:
    return ShownQuestion(question.key, question.question or "(no question yet)", to_safe(question.answer, glossary))


def _reference(number: int, reference: Reference) -> ShownReference:
    return ShownReference(str(number), reference.key, reference.citation, tuple(_links(reference)))


def _links(reference: Reference) -> Iterator[tuple[str, str]]:
    if reference.doi:
        yield f"https://doi.org/{quote(reference.doi, safe='/:;()._-')}", f"doi:{reference.doi}"
    if reference.pmid:
        yield f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/", f"PMID {reference.pmid}"
    if reference.url:
        yield reference.url, _host(reference.url)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url
