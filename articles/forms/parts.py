"""The three kinds of form that the editor is made of: the whole, one diagnosis, one reference.

The id of a field is its name: `title`, `diagnosis-<key>_name`. A key has no underscore, so no two can meet.
What is too long or misspelt is found by `content.schema`, not here.
"""

import re
from typing import Any

from django import forms

from articles.codes import Icd10Code
from articles.forms.fields import PartForm, many_lines, one_line
from content.citing import Kind, Unrecognised, recognise
from content.schema import ICD10CM_CODE, Content, Diagnosis, DiagnosisText, Reference, Tier
from people.specialties import MedicalSpecialty


class WholeForm(PartForm):
    """What belongs to the article as a whole."""

    title = one_line("Title", "The symptom in a reader’s words, for example “Hiccups that last for days”.")
    specialty = forms.ChoiceField(
        label="Specialty", choices=[("", "Not chosen yet"), *MedicalSpecialty.by_label()], required=False
    )
    specialty_before = forms.CharField(required=False, widget=forms.HiddenInput)
    presentation_clinician = many_lines("Introduction for clinicians", rows=5)
    presentation_patient = many_lines("Introduction in plain words, for patients", rows=5)
    no_do_not_miss_reason = one_line(
        "Why there is nothing not to be missed", "Only when no diagnosis must not be missed."
    )

    @classmethod
    def of(cls, content: Content, specialty: str) -> "WholeForm":
        initial = {
            "title": content.title,
            "specialty": specialty,
            "specialty_before": specialty,
            "presentation_clinician": content.presentation.clinician,
            "presentation_patient": content.presentation.patient,
            "no_do_not_miss_reason": content.no_do_not_miss_reason,
        }
        return cls(initial=initial)

    def as_content(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "title": typed["title"],
            "presentation": {
                "clinician": typed["presentation_clinician"],
                "patient": typed["presentation_patient"],
            },
            "no_do_not_miss_reason": typed["no_do_not_miss_reason"],
        }


class DiagnosisForm(PartForm):
    """One diagnosis. `key` is its lasting name inside the article."""

    tier = forms.ChoiceField(label="Tier", choices=[(tier.value, tier.label) for tier in Tier])
    also_do_not_miss = forms.BooleanField(label="Also do not miss", required=False)
    name = one_line("Name")
    plain_name = one_line("Name in plain words")
    codes = one_line("ICD-10-CM codes", "Type a code or a word; several are parted by commas.", spellcheck="false")
    clinician_rationale = many_lines("Why it is considered", rows=5)
    clinician_red_flags = many_lines("Red flags", "One a line.")
    clinician_distinguishing_signs = many_lines("What points to it", "One a line.")
    patient_rationale = many_lines("Why it is considered, in plain words", rows=5)
    patient_red_flags = many_lines("Red flags in plain words", "One a line.")
    patient_distinguishing_signs = many_lines("What points to it, in plain words", "One a line.")

    def __init__(
        self, data: Any = None, *, key: str, known: list[str], cited: list[str] | None = None, **options: Any
    ) -> None:
        super().__init__(data, prefix=f"diagnosis-{key}", **options)
        self.key = key
        self.place = f"diagnosis-{key}"
        self.known_references = known
        self._cited = cited or []
        self.code_rows: dict[str, Icd10Code] = {}
        self.references: list[ReferenceForm] = []

    @classmethod
    def of(cls, diagnosis: Diagnosis, known: list[str]) -> "DiagnosisForm":
        initial: dict[str, Any] = {
            "tier": diagnosis.tier.value,
            "also_do_not_miss": diagnosis.also_do_not_miss,
            "name": diagnosis.name,
            "plain_name": diagnosis.plain_name,
            "codes": ", ".join(diagnosis.codes),
        }
        for audience, text in (("clinician", diagnosis.clinician), ("patient", diagnosis.patient)):
            initial |= {f"{audience}_{name}": value for name, value in _text_as_typed(text).items()}
        return cls(key=diagnosis.key, known=known, cited=list(diagnosis.references), initial=initial)

    @property
    def cited(self) -> list[str]:
        """The references that are ticked, in the order of the list of references."""
        ticked = set(self.data.getlist(f"{self.place}_references") if self.is_bound else self._cited)  # type: ignore[attr-defined]
        return [key for key in self.known_references if key in ticked]

    @property
    def choices_of_references(self) -> list[tuple["ReferenceForm", bool]]:
        """Every reference of the article, and whether this diagnosis cites it."""
        ticked = set(self.cited)
        return [(reference, reference.key in ticked) for reference in self.references]

    @property
    def cited_numbers(self) -> str:
        ticked = set(self.cited)
        return ", ".join(str(n) for n, key in enumerate(self.known_references, start=1) if key in ticked)

    @property
    def shown_name(self) -> str:
        return " ".join(str(self["name"].value() or "").split()) or "(no name yet)"

    @property
    def tier_now(self) -> Tier:
        """The tier it stands in on the page, whatever was sent."""
        value = str(self["tier"].value() or "")
        return Tier(value) if value in Tier else Tier.OTHER_LIKELY

    @property
    def typed_codes(self) -> list[str]:
        typed = re.split(r"[\s,;]+", str(self["codes"].value() or "").upper())
        return [code for code in dict.fromkeys(typed) if code]

    @property
    def code_notes(self) -> list[tuple[str, str]]:
        """What the stored release of ICD-10-CM has to say about the codes: (kind, sentence)."""
        return [self._note(code) for code in self.typed_codes if ICD10CM_CODE.fullmatch(code)]

    def _note(self, code: str) -> tuple[str, str]:
        row = self.code_rows.get(code)
        if row is None:
            return "unknown", f"{code} is not in ICD-10-CM. Type a word of the name to find the code."
        if not row.is_billable:
            return "heading", f"{code} ({row.title}) is a heading: a longer code below it says more."
        return "known", f"{code}: {row.title}"

    def as_content(self, key: str) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "key": key,
            "tier": typed["tier"],
            "also_do_not_miss": typed["also_do_not_miss"],
            "name": typed["name"],
            "plain_name": typed["plain_name"],
            "codes": self.typed_codes,
            "clinician": self._text("clinician"),
            "patient": self._text("patient"),
            "references": self.cited,
        }

    def _text(self, audience: str) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "rationale": typed[f"{audience}_rationale"],
            "red_flags": lines(typed[f"{audience}_red_flags"]),
            "distinguishing_signs": lines(typed[f"{audience}_distinguishing_signs"]),
        }


class ReferenceForm(PartForm):
    """One source."""

    citation = one_line("Citation")
    doi = one_line("DOI", spellcheck="false")
    pmid = one_line("PMID", inputmode="numeric")
    url = one_line("Web address", inputmode="url", spellcheck="false")

    def __init__(self, data: Any = None, *, key: str, **options: Any) -> None:
        super().__init__(data, prefix=f"reference-{key}", **options)
        self.key = key
        self.place = f"reference-{key}"

    @classmethod
    def of(cls, reference: Reference) -> "ReferenceForm":
        return cls(key=reference.key, initial=reference.model_dump(exclude={"key"}))

    @property
    def shown_citation(self) -> str:
        return " ".join(str(self["citation"].value() or "").split()) or "(no citation yet)"

    def as_content(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "key": self.key,
            "citation": typed["citation"],
            "doi": _spelled(Kind.DOI, typed["doi"].strip()),
            "pmid": _spelled(Kind.PMID, typed["pmid"].strip()),
            "url": typed["url"].strip(),
        }


class LookupForm(PartForm):
    """What a reference is looked up by. It is no part of the article."""

    lookup = one_line(
        "DOI, PMID or address",
        "For example 10.1000/182, PMID 12345678, an ISBN, or https://… What articles here call it is filled in.",
        spellcheck="false",
    )
    place = "lookup"

    def refuse(self, reason: str) -> None:
        """Say at the field why nothing was added."""
        self.full_clean()
        self.add_error("lookup", reason)


def lines(text: str) -> list[str]:
    """The lines that have something in them."""
    return [line for line in text.splitlines() if line.strip()]


def _spelled(kind: Kind, typed: str) -> str:
    """An identifier in its proper spelling; one that has it, or is no such identifier, as it is typed."""
    if typed[:3] == "10." or typed.isdigit():
        return typed
    try:
        found = recognise(typed)
    except Unrecognised:
        return typed
    return found.value if found.kind is kind else typed


def _text_as_typed(text: DiagnosisText) -> dict[str, str]:
    return {
        "rationale": text.rationale,
        "red_flags": "\n".join(text.red_flags),
        "distinguishing_signs": "\n".join(text.distinguishing_signs),
    }
