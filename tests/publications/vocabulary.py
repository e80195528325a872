"""The terms of schema.org 30.0 that our pages use: of each property where it may stand and what it may hold.

Written down from schema.org's own definitions (release 30.0, `domainIncludes` and `rangeIncludes`).
"""

from collections.abc import Iterator
from typing import Any

PARENTS = {
    "Answer": "Comment",
    "Comment": "CreativeWork",
    "CorrectionComment": "Comment",
    "CreativeWork": "Thing",
    "Credential": "CreativeWork",
    "DDxElement": "MedicalIntangible",
    "EducationalOccupationalCredential": "Credential",
    "MedicalAudience": "Thing",
    "MedicalCode": "MedicalIntangible",
    "MedicalCondition": "MedicalEntity",
    "MedicalEntity": "Thing",
    "MedicalIntangible": "MedicalEntity",
    "MedicalSignOrSymptom": "MedicalCondition",
    "MedicalSymptom": "MedicalSignOrSymptom",
    "MedicalWebPage": "WebPage",
    "Organization": "Thing",
    "Patient": "MedicalAudience",
    "Person": "Thing",
    "PropertyValue": "Thing",
    "Question": "Comment",
    "WebPage": "CreativeWork",
    "WebPageElement": "CreativeWork",
}
# Property: the types that may have it, and what it may hold.
PROPERTIES = {
    "about": ("CreativeWork", "Thing"),
    "affiliation": ("Person", "Organization"),
    "alternateName": ("Thing", "Text"),
    "author": ("CreativeWork", "Organization Person"),
    "citation": ("CreativeWork", "CreativeWork Text"),
    "code": ("MedicalEntity", "MedicalCode"),
    "codeValue": ("MedicalCode", "Text"),
    "codingSystem": ("MedicalCode", "Text"),
    "comment": ("CreativeWork", "Comment"),
    "copyrightNotice": ("CreativeWork", "Text"),
    "correction": ("CreativeWork", "CorrectionComment Text URL"),
    "dateModified": ("CreativeWork", "Date DateTime"),
    "datePublished": ("CreativeWork", "Date DateTime"),
    "diagnosis": ("DDxElement", "MedicalCondition"),
    "differentialDiagnosis": ("MedicalCondition", "DDxElement"),
    "distinguishingSign": ("DDxElement", "MedicalSignOrSymptom"),
    "expires": ("CreativeWork", "Date DateTime"),
    "hasCredential": ("Organization Person", "Credential"),
    "hasPart": ("CreativeWork", "CreativeWork"),
    "identifier": ("Thing", "PropertyValue Text URL"),
    "inLanguage": ("CreativeWork", "Language Text"),
    "jobTitle": ("Person", "DefinedTerm Text"),
    "lastReviewed": ("WebPage", "Date"),
    "license": ("CreativeWork", "CreativeWork URL"),
    "medicalAudience": ("MedicalWebPage", "MedicalAudience MedicalAudienceType"),
    "name": ("Thing", "Text"),
    "position": ("CreativeWork", "Integer Text"),
    "propertyID": ("PropertyValue", "Text URL"),
    "publisher": ("CreativeWork", "Organization Person"),
    "publishingPrinciples": ("CreativeWork Organization Person", "CreativeWork URL"),
    "reviewedBy": ("WebPage", "Organization Person"),
    "sameAs": ("Thing", "URL"),
    "specialty": ("WebPage", "Specialty"),
    "text": ("CreativeWork", "Text"),
    "url": ("Thing", "URL"),
    "value": ("PropertyValue", "Boolean Number StructuredValue Text"),
    "version": ("CreativeWork", "Number Text"),
}
# Members of enumerations, named by their address; of the specialties `people.specialties` has all that there are.
MEMBERS = {"https://schema.org/Clinician": "MedicalAudienceType", "https://schema.org/Neurologic": "Specialty"}


def kinds(name: str) -> Iterator[str]:
    """A type and all that it is a kind of."""
    while name != "Thing":
        yield name
        name = PARENTS[name]
    yield "Thing"


def faults(node: dict[str, Any], path: str = "") -> Iterator[str]:
    """What schema.org does not allow in this node and all below it."""
    kind = node["@type"]
    for name, value in node.items():
        if name.startswith("@"):
            continue
        here = f"{path}{kind}.{name}"
        domains, ranges = (set(each.split()) for each in PROPERTIES[name])
        if domains.isdisjoint(kinds(kind)):
            yield f"{here}: no property of a {kind}"
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from faults(each, f"{here} > ")
            if ranges.isdisjoint(held(each)):
                yield f"{here}: may not hold {each!r}"


def held(value: Any) -> set[str]:
    """All that a value may be taken for."""
    if isinstance(value, dict):
        return set(kinds(value["@type"]))
    if isinstance(value, int):
        return {"Integer", "Number"}
    if value in MEMBERS:
        return {MEMBERS[value]}
    if str(value).startswith(("http://", "https://")):
        return {"URL"}
    return {"Text", "Date"} if value[:4].isdigit() and len(value) == 10 else {"Text"}
