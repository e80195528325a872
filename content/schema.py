"""The document of a version, as data.

`Content` accepts every unfinished draft that has the right shape; what must still be there before
a submission is the business of `content.completeness`. Limits are caps against hostile input, far
above what any article needs. Lengths are in characters.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Self
from urllib.parse import quote

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

from content import text

SCHEMA_VERSION = 1
MAX_DIAGNOSES = 60
MAX_REFERENCES = 200
MAX_TERMS = 100
MAX_QUESTIONS = 40
MAX_LIST_ITEMS = 30
MAX_PROSE = 20_000
# Of the whole document, so that its printed form stays below the caps of the intake.
MAX_CHARACTERS = 250_000
MAX_LINES = 20_000

ICD10CM_CODE = re.compile(r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.[0-9A-Z]{1,4})?")


def _address(value: str) -> str:
    return quote(value.strip(), safe="".join(map(chr, range(0x20, 0x7F))))


def _code(value: str) -> str:
    value = value.strip().upper()
    if not ICD10CM_CODE.fullmatch(value):
        raise ValueError(f"“{value[:20]}” is not written like an ICD-10-CM code, for example R25.3")
    return value


Line = Annotated[str, AfterValidator(text.line), StringConstraints(max_length=500)]
Prose = Annotated[str, AfterValidator(text.prose), StringConstraints(max_length=MAX_PROSE)]
Lines = Annotated[
    tuple[Annotated[str, AfterValidator(text.line), StringConstraints(min_length=1, max_length=1_000)], ...],
    Field(max_length=MAX_LIST_ITEMS),
]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Code = Annotated[str, AfterValidator(_code)]
Url = Annotated[
    str,
    AfterValidator(_address),
    StringConstraints(pattern=r"^(https?://[!#-;=?-\[\]-~]+)?$", max_length=2_000),
]


class Tier(StrEnum):
    """The four groups of a differential diagnosis, in reading order."""

    MOST_LIKELY = "most_likely"
    OTHER_LIKELY = "other_likely"
    DO_NOT_MISS = "do_not_miss"
    RARE = "rare"

    @property
    def label(self) -> str:
        return _TIER_LABELS[self]

    @property
    def position(self) -> int:
        return list(Tier).index(self)


_TIER_LABELS = {
    Tier.MOST_LIKELY: "Most likely",
    Tier.OTHER_LIKELY: "Other likely",
    Tier.DO_NOT_MISS: "Do not miss",
    Tier.RARE: "Rare",
}


class Audience(StrEnum):
    """Whom a text addresses. Students read the clinicians' text."""

    CLINICIAN = "clinician"
    PATIENT = "patient"

    @property
    def label(self) -> str:
        return "Clinician" if self is Audience.CLINICIAN else "Patient or caregiver"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class DiagnosisText(_Part):
    """What one audience reads about one diagnosis. `rationale` is Markdown, the lists are plain."""

    rationale: Prose = ""
    red_flags: Lines = ()
    distinguishing_signs: Lines = ()

    @property
    def is_empty(self) -> bool:
        return not (self.rationale or self.red_flags or self.distinguishing_signs)


class Diagnosis(_Part):
    """One diagnosis. `key` is its lasting name inside the article: findings and links hold on to it."""

    key: Key
    tier: Tier
    also_do_not_miss: bool = False
    name: Line = ""
    plain_name: Line = ""
    codes: Annotated[tuple[Code, ...], Field(max_length=MAX_LIST_ITEMS)] = ()
    clinician: DiagnosisText = DiagnosisText()
    patient: DiagnosisText = DiagnosisText()
    references: Annotated[tuple[Key, ...], Field(max_length=MAX_LIST_ITEMS)] = ()

    @property
    def must_not_be_missed(self) -> bool:
        return self.also_do_not_miss or self.tier is Tier.DO_NOT_MISS

    def text(self, audience: Audience) -> DiagnosisText:
        return self.patient if audience is Audience.PATIENT else self.clinician


class Reference(_Part):
    """One source. `doi` like 10.1000/x, `pmid` digits, `url` http(s) in ASCII (others are percent-encoded)."""

    key: Key
    citation: Line = ""
    doi: Annotated[str, StringConstraints(pattern=r"^(10\.[0-9]{4,9}/[!#-;=?-\[\]-~]+)?$", max_length=300)] = ""
    pmid: Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]{0,8})?$")] = ""
    url: Url = ""


class Presentation(_Part):
    """What the symptom is, for each audience. Markdown."""

    clinician: Prose = ""
    patient: Prose = ""


class Term(_Part):
    """A word of the texts that is explained where it stands. `meaning` is plain text, for every audience."""

    key: Key
    term: Annotated[str, AfterValidator(text.line), StringConstraints(max_length=100)] = ""
    meaning: Annotated[str, AfterValidator(text.line), StringConstraints(max_length=1_000)] = ""


class Question(_Part):
    """What a reader asked about the article, and the answer, which is Markdown for every audience."""

    key: Key
    question: Line = ""
    answer: Prose = ""


class Content(_Part):
    """The whole document. Diagnoses stand in reading order: by tier, then as the author ordered them."""

    schema_version: Annotated[int, Field(ge=SCHEMA_VERSION, le=SCHEMA_VERSION)] = SCHEMA_VERSION
    title: Line = ""
    presentation: Presentation = Presentation()
    diagnoses: Annotated[tuple[Diagnosis, ...], Field(max_length=MAX_DIAGNOSES)] = ()
    no_do_not_miss_reason: Line = ""
    references: Annotated[tuple[Reference, ...], Field(max_length=MAX_REFERENCES)] = ()
    terms: Annotated[tuple[Term, ...], Field(max_length=MAX_TERMS)] = ()
    questions: Annotated[tuple[Question, ...], Field(max_length=MAX_QUESTIONS)] = ()

    @property
    def has_patient_text(self) -> bool:
        """Whether any of it is written for patients."""
        return bool(self.presentation.patient) or any(not each.patient.is_empty for each in self.diagnoses)

    @property
    def later_parts(self) -> dict[str, tuple[_Part, ...]]:
        """What stands behind the diagnoses and has something in it, under names that no diagnosis can have."""
        parts: dict[str, tuple[_Part, ...]] = {"reader_questions": self.questions, "terms_list": self.terms}
        return {name: part for name, part in parts.items() if part}

    @model_validator(mode="before")
    @classmethod
    def _in_reading_order(cls, data: object) -> object:
        """Sort the diagnoses by tier (stable), so that equal articles have equal bytes."""
        if isinstance(data, dict) and isinstance(data.get("diagnoses"), list | tuple):
            tiers = [tier.value for tier in Tier]

            def position(item: object) -> int:
                tier = item.get("tier") if isinstance(item, dict) else getattr(item, "tier", None)
                return tiers.index(tier) if isinstance(tier, str) and tier in tiers else len(tiers)

            return data | {"diagnoses": sorted(data["diagnoses"], key=position)}
        return data

    @model_validator(mode="after")
    def _keys_hold(self) -> Self:
        for what, keys in (
            ("diagnoses", [d.key for d in self.diagnoses]),
            ("references", [r.key for r in self.references]),
            ("terms", [t.key for t in self.terms]),
            ("questions", [q.key for q in self.questions]),
        ):
            if len(set(keys)) != len(keys):
                raise ValueError(f"two {what} have the same key")
        known = {r.key for r in self.references}
        for diagnosis in self.diagnoses:
            if missing := [key for key in diagnosis.references if key not in known]:
                raise ValueError(f"diagnosis “{diagnosis.name}” cites {missing[0]}, which is not in the list")
        return self

    @model_validator(mode="after")
    def _is_no_flood(self) -> Self:
        texts = list(_texts(self))
        if sum(map(len, texts)) > MAX_CHARACTERS:
            raise ValueError(f"an article has at most {MAX_CHARACTERS:,} characters")
        if len(texts) + sum(text.count("\n") for text in texts) > MAX_LINES:
            raise ValueError(f"an article has at most {MAX_LINES:,} lines")
        return self

    @model_serializer(mode="wrap")
    def _without_empty_parts(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what older articles never had, so that their bytes and hashes stay as they are."""
        return {name: part for name, part in write(self).items() if part or name not in _LATER}

    def in_tier(self, tier: Tier) -> list[Diagnosis]:
        return [d for d in self.diagnoses if d.tier is tier]

    def diagnosis(self, key: str) -> Diagnosis | None:
        return next((d for d in self.diagnoses if d.key == key), None)


#: Parts that came after articles had been signed: written only when there is something in them.
_LATER = frozenset({"terms", "questions"})


def _texts(part: object) -> Iterator[str]:
    """Every text in a part of the document that is not empty."""
    if isinstance(part, str) and part:
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _texts(item)
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _texts(getattr(part, name))
