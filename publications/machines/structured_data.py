"""What a page says to machines, as JSON-LD in the words of schema.org 30.0: never more than it shows to people."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from content.schema import Content, Diagnosis, Reference
from publications.licences import PUBLISHER
from publications.models import Publication
from publications.record import Notice, NoticeKind, Person

_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
SCHEMA = "https://schema.org/"


def structured_data(publication: Publication) -> SafeString:
    """JSON-LD for an approved text; nothing may be claimed of one that no longer stands."""
    if not publication.is_current:
        return SafeString("")
    return mark_safe(json.dumps(_page(publication), ensure_ascii=False).translate(_ESCAPES))  # noqa: S308


def _page(publication: Publication) -> dict[str, Any]:
    content = publication.document
    address = publication.canonical_url
    return _filled(
        {
            "@context": SCHEMA.rstrip("/"),
            "@type": "MedicalWebPage",
            "@id": address,
            "url": address,
            "name": publication.title,
            "inLanguage": "en",
            "about": {
                "@type": "MedicalSymptom",
                "name": publication.title,
                "differentialDiagnosis": [_element(each) for each in content.diagnoses],
            },
            "hasPart": [_part(address, *each, place) for place, each in enumerate(_parts(content), start=1)],
            "specialty": publication.specialty_label and SCHEMA + publication.specialty,
            "medicalAudience": _audiences(publication),
            "citation": [_citation(each) for each in content.references],
            **_review(publication),
        }
    )


def _review(publication: Publication) -> dict[str, Any]:
    """Who answers for the page, when it was read and until when that holds."""
    modified = publication.approved_at.date()
    return {
        "author": _person(publication.written_by),
        "contributor": [_person(each) for each in publication.contributors],
        "reviewedBy": [_person(each) for each in publication.reviewers],
        "lastReviewed": publication.last_reviewed_on.isoformat(),
        "expires": publication.next_review_on.isoformat(),
        "datePublished": publication.first_published_on.isoformat(),
        "dateModified": modified.isoformat(),
        "version": str(publication.number),
        "publisher": {"@type": "Organization", "name": PUBLISHER, "url": f"{settings.SITE_URL}/"},
        "publishingPrinciples": f"{settings.SITE_URL}/policies/editorial/",
        "copyrightNotice": publication.licence_statement,
        "license": publication.licence.url,
        **_notices(publication),
    }


def _notices(publication: Publication) -> dict[str, Any]:
    """The notices that stand: what was corrected, here and from version to version; a concern corrects nothing."""
    changed = [settings.SITE_URL + publication.history_url] if len(publication.editions) > 1 else []
    concerns = [notice for notice in publication.standing if notice.is_concern]
    corrections = [notice for notice in publication.standing if notice.kind == NoticeKind.CORRECTION]
    return {
        "correction": [*(_comment(publication, each, "CorrectionComment") for each in corrections), *changed],
        "comment": [_comment(publication, each, "Comment") for each in concerns],
    }


def _comment(publication: Publication, notice: Notice, kind: str) -> dict[str, Any]:
    url = f"{publication.canonical_url}#{notice.anchor}"
    said = {"name": notice.label, "text": notice.words, "datePublished": notice.on.isoformat(), "url": url}
    return {"@type": kind, "@id": url, **said}


def _element(diagnosis: Diagnosis) -> dict[str, Any]:
    """A diagnosis of the list. Its tier goes into `identifier`: a DDxElement has no other place for it."""
    signs = (*diagnosis.clinician.distinguishing_signs, *diagnosis.patient.distinguishing_signs)
    return _filled(
        {
            "@type": "DDxElement",
            "identifier": {"@type": "PropertyValue", "propertyID": "tier", "value": diagnosis.tier.value},
            "diagnosis": _filled(
                {
                    "@type": "MedicalCondition",
                    "name": diagnosis.name,
                    "alternateName": diagnosis.plain_name,
                    "code": [_code(code) for code in diagnosis.codes],
                }
            ),
            "distinguishingSign": [{"@type": "MedicalSignOrSymptom", "name": sign} for sign in dict.fromkeys(signs)],
        }
    )


def _code(value: str) -> dict[str, str]:
    return {"@type": "MedicalCode", "codeValue": value, "codingSystem": "ICD-10-CM"}


def _parts(content: Content) -> Iterator[tuple[str, str, str]]:
    """What has an address of its own on the page: kind, id, name."""
    for diagnosis in content.diagnoses:
        yield "WebPageElement", diagnosis.key, diagnosis.name
    for question in content.questions:
        yield "Question", f"question_{question.key}", question.question


def _part(address: str, kind: str, key: str, name: str, position: int) -> dict[str, Any]:
    url = f"{address}#{key}"
    return {"@type": kind, "@id": url, "url": url, "name": name, "position": position}


def _audiences(publication: Publication) -> list[Any]:
    return [f"{SCHEMA}Clinician", *([{"@type": "Patient"}] if publication.has_patient_text else [])]


def _citation(reference: Reference) -> dict[str, Any]:
    doi = reference.doi and f"https://doi.org/{quote(reference.doi, safe='/:;()._-')}"
    pmid = reference.pmid and f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/"
    links: Sequence[str] = [link for link in (doi, pmid, reference.url) if link]
    return _filled(
        {"@type": "CreativeWork", "name": reference.citation, "url": links[0] if links else "", "sameAs": links[1:]}
    )


def _person(person: Person) -> dict[str, Any]:
    credential = {"@type": "EducationalOccupationalCredential", "name": person.credentials}
    return _filled(
        {
            "@type": "Person",
            "name": person.name,
            "url": person.slug and f"{settings.SITE_URL}/board/{person.slug}/",
            "hasCredential": person.credentials and credential,
            "jobTitle": person.job_title,
            "affiliation": person.institution and {"@type": "Organization", "name": person.institution},
            "sameAs": person.orcid and f"https://orcid.org/{person.orcid}",
        }
    )


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    """The same without what is empty."""
    return {key: value for key, value in data.items() if value}
