"""An article in the published format, extended by everything else the schema holds.

`articles.intake.read` gives back exactly the same content. Content without a diagnosis is printed too, but no
longer is an article: reading it raises `NotAnArticle`, as for every page without diagnoses.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from articles.intake.escapes import escape, protect
from articles.intake.heads import LIKE_A_SUFFIX
from articles.intake.labels import is_structure
from articles.intake.marks import REASON_LABEL
from articles.intake.references import citations, escape_identifiers
from articles.intake.sections import is_no_prose
from content.schema import Audience, Content, Diagnosis, DiagnosisText, Question, Reference, Term, Tier

TITLE = "# Differential Diagnosis"
TIERS = {
    Tier.MOST_LIKELY: "## Single Most Likely Diagnosis",
    Tier.OTHER_LIKELY: "## Other Likely Diagnoses",
    Tier.DO_NOT_MISS: "## Do Not Miss Diagnoses",
    Tier.RARE: "## Rare Diagnoses",
}
QUESTIONS = "## Readers’ Questions"
TERMS = "## Terms Explained"
_LABELS = {
    Audience.CLINICIAN: ("Red flags:", "Distinguishing signs:"),
    Audience.PATIENT: ("Red flags in plain words:", "Signs in plain words:"),
}
_LAST_MARKS = re.compile(r"[:：–—-][:：–—\- ]*$")


def to_published_format(content: Content) -> str:
    """Print an article as Markdown text that `articles.intake.read` reads back."""
    numbers = {reference.key: number for number, reference in enumerate(content.references, 1)}
    blocks = [f"{TITLE} for {_line(content.title).replace('#', '\\#')}" if content.title else TITLE]
    blocks += _presentation(content)
    for tier in Tier:
        blocks += _tier(content, tier, numbers)
    if content.questions:
        blocks += [QUESTIONS, *map(_question, content.questions)]
    if content.terms:
        blocks += [TERMS, "\n".join(map(_term, content.terms))]
    if content.references:
        blocks += ["## References", "\n".join(map(_reference, numbers.values(), content.references))]
    return "\n\n".join(blocks) + "\n"


def _line(text: str) -> str:
    return protect(escape(text), is_structure)


def _prose(text: str, is_special: Callable[[str], bool]) -> str:
    return "\n".join(protect(line, is_special) for line in text.split("\n"))


def _presentation(content: Content) -> Iterator[str]:
    if content.presentation.clinician:
        yield _prose(content.presentation.clinician, is_no_prose)
    if content.presentation.patient:
        yield "## In Plain Words"
        yield _prose(content.presentation.patient, is_no_prose)


def _tier(content: Content, tier: Tier, numbers: dict[str, int]) -> Iterator[str]:
    reason = content.no_do_not_miss_reason if tier is Tier.DO_NOT_MISS else ""
    diagnoses = content.in_tier(tier)
    if diagnoses or reason:
        yield TIERS[tier]
    if reason:
        yield REASON_LABEL + _line(reason)
    for diagnosis in diagnoses:
        yield _indented("\n\n".join(_diagnosis(diagnosis, numbers)))


def _indented(text: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join(["- " + first, *(f"  {line}" if line else "" for line in rest)])


def _diagnosis(diagnosis: Diagnosis, numbers: dict[str, int]) -> Iterator[str]:
    rationale = diagnosis.clinician.rationale
    yield _head(diagnosis) + (f": {_prose(rationale, is_structure)}" if rationale else "")
    yield from _lists(diagnosis.clinician, Audience.CLINICIAN)
    if diagnosis.patient.rationale:
        yield f"In plain words: {_prose(diagnosis.patient.rationale, is_structure)}"
    yield from _lists(diagnosis.patient, Audience.PATIENT)
    if diagnosis.references:
        yield f"References: {', '.join(str(numbers[key]) for key in diagnosis.references)}"
    elif any(citations(text) for text in _texts(diagnosis)):
        yield "References: none"


def _head(diagnosis: Diagnosis) -> str:
    parts = [f"**{_name(diagnosis.name)}**"] if diagnosis.name else []
    if diagnosis.also_do_not_miss:
        parts.append("(also do not miss)")
    if diagnosis.plain_name:
        parts.append(f"(in plain words: {re.sub(r'[()]', r'\\\g<0>', escape(diagnosis.plain_name))})")
    if diagnosis.codes:
        parts.append(f"[{', '.join(diagnosis.codes)}]")
    return " ".join([*parts, f"{{#{diagnosis.key}}}"])


def _name(name: str) -> str:
    """Escape also what a name would lose: marks at its end, and a parenthesis that says something else."""
    text = LIKE_A_SUFFIX.sub(r"\\(", escape(name))
    return _LAST_MARKS.sub(lambda marks: re.sub(r"[^ ]", r"\\\g<0>", marks[0]), text)


def _lists(text: DiagnosisText, audience: Audience) -> Iterator[str]:
    for label, entries in zip(_LABELS[audience], (text.red_flags, text.distinguishing_signs), strict=True):
        if entries:
            yield "\n".join([label, *(f"- {_line(entry)}" for entry in entries)])


def _texts(diagnosis: Diagnosis) -> Iterable[str]:
    for text in (diagnosis.clinician, diagnosis.patient):
        yield from (text.rationale, *text.red_flags, *text.distinguishing_signs)


def _question(question: Question) -> str:
    parts = [_entry(question.question, question.key), _prose(question.answer, is_structure)]
    return _indented("\n\n".join(filter(None, parts)))


def _term(term: Term) -> str:
    head = f"- {_entry(term.term, term.key)}"
    return f"{head}: {escape(term.meaning)}" if term.meaning else head


def _entry(name: str, key: str) -> str:
    return f"**{escape(name)}** {{#{key}}}" if name else f"{{#{key}}}"


def _reference(number: int, reference: Reference) -> str:
    parts = [
        f"{number}.",
        escape_identifiers(escape(reference.citation)),
        reference.url,
        reference.doi and f"doi:{reference.doi}",
        reference.pmid and f"PMID: {reference.pmid}",
        f"{{#{reference.key}}}",
    ]
    return " ".join(filter(None, parts))
