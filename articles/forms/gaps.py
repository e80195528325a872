"""What a draft still lacks: what every article needs, a specialty, and codes that exist."""

from articles.codes import Icd10Code
from articles.models import Version
from content import completeness
from content.completeness import Gap
from content.schema import Content, Diagnosis


def gaps_of(version: Version) -> list[Gap]:
    """What is still missing before this draft can be submitted, what blocks first."""
    return gaps_in(version.document, version.article.specialty)


def gaps_in(content: Content, specialty: str) -> list[Gap]:
    found = completeness.gaps(content)
    if not specialty:
        found.insert(0, Gap("specialty", "No specialty is chosen: reviewers are found by it.", blocks=False))
    unknown = Icd10Code.objects.unknown_in(content)
    for diagnosis in content.diagnoses:
        for code in sorted(unknown.intersection(diagnosis.codes)):
            found.append(Gap(f"diagnosis-{diagnosis.key}_codes", _unknown(code, diagnosis)))
    return sorted(found, key=lambda gap: not gap.blocks)


def _unknown(code: str, diagnosis: Diagnosis) -> str:
    return f"{code} of {diagnosis.name or 'the diagnosis without a name'} is not in ICD-10-CM: find the right code."


def by_place(gaps: list[Gap]) -> dict[str, list[Gap]]:
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.place.partition("_codes")[0], []).append(gap)
    return found
