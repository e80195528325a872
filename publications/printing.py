"""What an article is on paper and beside a shared link: set by Typst from the signed text and from who signed it when.

The same row gives the same bytes: the moment that a file names is that of its last review or notice.
"""

import json
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from content.counting import counted
from content.markdown import to_nodes
from content.pdf import draw, typeset
from content.schema import Audience, Content, Diagnosis, Tier
from publications.models import Publication
from publications.record import Person, Signature
from publications.render import (
    EXPLANATIONS,
    ShownDiagnosis,
    flags_by_diagnosis,
    flags_in_plain_words,
    red_flags,
    shown_diagnoses,
    shown_references,
)

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "pdf"
KEPT = 32  # files that a process keeps: one takes some 30 ms to set


class Reader(StrEnum):
    """Who a PDF is for; the value is the name of its file."""

    CLINICIAN = "article"
    PATIENT = "patient"
    STUDENT = "student"

    @property
    def label(self) -> str:
        return {"article": "clinicians", "patient": "patients and caregivers", "student": "students"}[self]


def pdf(publication: Publication, reader: Reader) -> bytes:
    """The article for this reader, as a tagged PDF (PDF/UA-1)."""
    return _set("article.typ", json.dumps(_article(publication, reader)), publication.changed_at)


def card(publication: Publication) -> bytes:
    """The picture beside a shared link: a PNG of 1200 by 630."""
    return _set("card.typ", json.dumps(_card(publication)), None)


@lru_cache(maxsize=KEPT)
def _set(template: str, data: str, at: datetime | None) -> bytes:
    """Set a PDF of that moment; a picture when there is none."""
    path, values = TEMPLATES / template, json.loads(data)
    return typeset(path, values, at=at) if at else draw(path, values)


def _card(publication: Publication) -> dict[str, Any]:
    return {
        "title": publication.title,
        "specialty": publication.specialty_label,
        "reviewers": counted(len(publication.reviewers), "reviewer"),
        "reviewed": _day(publication.last_reviewed_on),
        "notices": [each.label for each in publication.standing],
        "site": settings.SITE_PARTS.netloc,
    }


def _article(publication: Publication, reader: Reader) -> dict[str, Any]:
    content = publication.document
    lacks = reader is Reader.PATIENT and not content.has_patient_text
    return {
        "title": publication.title,
        "reader": reader.value,
        "for": reader.label,
        "lacks_text": lacks,
        "about": _about(content, reader),
        "urgent": _urgent(content, reader),
        "tiers": _tiers(content, reader),
        "terms": [{"term": each.term, "meaning": each.meaning} for each in content.terms],
        "questions": [{"question": each.question, "answer": to_nodes(each.answer)} for each in content.questions],
        "references": [{"citation": each.citation, "links": each.links} for each in shown_references(content)],
        **_provenance(publication),
    }


def _about(content: Content, reader: Reader) -> list[dict[str, Any]]:
    clinician, patient = content.presentation.clinician, content.presentation.patient
    own, other = (patient, clinician) if reader is Reader.PATIENT else (clinician, patient)
    return to_nodes(own or other)


def _urgent(content: Content, reader: Reader) -> list[dict[str, Any]]:
    if reader is Reader.PATIENT:
        plain = flags_in_plain_words(content)
        return [{"name": "", "flags": plain}] if plain else []
    return [{"name": each.name, "flags": each.flags} for each in flags_by_diagnosis(content)]


def _tiers(content: Content, reader: Reader) -> list[dict[str, Any]]:
    """The four tiers; `elsewhere` are those of other tiers that must not be missed either."""
    pairs = list(zip(content.diagnoses, shown_diagnoses(content), strict=True))
    return [
        {
            "tier": tier.value,
            "label": tier.label,
            "help": {"patient": EXPLANATIONS[tier].patient, "student": EXPLANATIONS[tier].student}.get(reader, ""),
            "diagnoses": [_diagnosis(each, shown, content, reader) for each, shown in pairs if each.tier is tier],
            "elsewhere": [
                {"key": shown.key, "name": shown.name, "tier": shown.tier.label.lower()}
                for _, shown in pairs
                if tier is Tier.DO_NOT_MISS and shown.also_do_not_miss
            ],
            "none": (tier is Tier.DO_NOT_MISS and content.no_do_not_miss_reason)
            or "No diagnosis is named in this tier.",
        }
        for tier in Tier
    ]


def _diagnosis(diagnosis: Diagnosis, shown: ShownDiagnosis, content: Content, reader: Reader) -> dict[str, Any]:
    for_patient = reader is Reader.PATIENT
    audience = Audience.PATIENT if shown.texts[0 if for_patient else -1].for_patient else Audience.CLINICIAN
    text = diagnosis.text(audience)
    return {
        "key": shown.key,
        "name": shown.name,
        "plain_name": shown.plain_name if for_patient else "",
        "codes": () if for_patient else shown.codes,
        "also": shown.also_do_not_miss,
        "lacks_text": for_patient and shown.lacks_patient_text and content.has_patient_text,
        "text": to_nodes(text.rationale),
        "red_flags": red_flags(diagnosis, audience),
        "signs": text.distinguishing_signs,
        "marks": [each.number for each in shown.marks],
    }


def _provenance(publication: Publication) -> dict[str, Any]:
    """Who stands behind the text, since when, under which hash and where it can be checked."""
    return {
        "number": publication.number,
        "is_superseded": publication.is_superseded,
        "notices": [
            {"label": each.label, "words": each.words, "reason": each.reason, "by": each.by, "on": _day(each.on)}
            for each in publication.standing
        ],
        **_dates(publication),
        "licence": publication.licence_statement,
        "licence_url": publication.licence.url,
        "reviewers": counted(len(publication.reviewers), "reviewer"),
        "signed": [_signature(each, "approved") for each in publication.signatures]
        + [_signature(each, "confirmed unchanged") for each in publication.confirmed_by],
        "author": _named(publication.written_by),
        "contributors": [_named(each) for each in publication.contributors],
        "origin": publication.origin_sentence,
        "interests": [{"name": each.name, "words": each.declaration} for each in publication.everybody],
        "sha256": publication.content_sha256,
        "address": publication.canonical_url,
        "current": settings.SITE_URL + publication.get_absolute_url(),
        "proof": settings.SITE_URL + publication.provenance_url,
    }


def _dates(publication: Publication) -> dict[str, Any]:
    return {
        "published": _day(publication.first_published_on),
        "approved": _day(publication.approved_at.date()),
        "reviewed": _day(publication.last_reviewed_on),
        "next_review": _day(publication.next_review_on),
        "is_overdue": publication.is_overdue,
        "changed": [
            {"number": each.number, "on": _day(each.approved_on), "note": each.change_note}
            for each in publication.editions
        ],
    }


def _signature(signature: Signature, what: str) -> dict[str, str]:
    specialties = ", ".join(signature.by.specialties)
    return {
        "name": _named(signature.by),
        "specialties": specialties,
        "what": what,
        "on": _day(signature.signed_at.date()),
    }


def _named(person: Person) -> str:
    return f"{person.name}, {person.credentials}" if person.credentials else person.name


def _day(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"
