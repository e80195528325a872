"""JSON-LD against schema.org's own definitions, and against what the page shows."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import override_settings

from content import canonical
from publications.machines.structured_data import structured_data
from publications.models import Publication
from tests.factories import make_content
from tests.publications.vocabulary import faults

AT = datetime(2026, 3, 2, tzinfo=UTC)
PERSON = {
    "name": "Ana Example",
    "slug": "ana-example",
    "credentials": "MD",
    "job_title": "Consultant",
    "institution": "Example Hospital",
    "orcid": "0000-0002-1825-0097",
}
NOTICES = [
    {"number": 1, "kind": "correction", "words": "Read 5 mg.", "by": "Ed", "on": "2026-03-05"},
    {"number": 2, "kind": "expression_of_concern", "words": "We look into it.", "by": "Ed", "on": "2026-03-06"},
]


def publication() -> Publication:
    """A row that has everything which a page can say; it stands in no database."""
    codes = make_content().model_dump(mode="json")
    codes["diagnoses"][0]["codes"] = ["K31.89"]
    codes["questions"] = [{"key": "how-long", "question": "How long is too long?", "answer": "Two days."}]
    codes["references"][0] |= {"doi": "10.1000/a#b", "pmid": "12", "url": "https://example.org/"}
    text = canonical.dumps(make_content(**codes))
    edition = {"state": "current", "change_note": "", "content_sha256": canonical.sha256(text)}
    signed = PERSON | {"signed_at": AT.isoformat(), "content_sha256": canonical.sha256(text)}
    return Publication(
        slug="hiccups-at-night",
        number=2,
        is_page=True,
        state="current",
        title="Hiccups at night",
        specialty="Neurologic",
        content=text,
        content_sha256=canonical.sha256(text),
        has_patient_text=True,
        author=PERSON | {"slug": ""},
        signers=[signed],
        confirmations=[],
        notice_rows=NOTICES,
        history=[edition | {"number": n, "approved_on": f"2026-03-0{n}"} for n in (2, 1)],
        approved_at=AT,
        last_reviewed_at=AT,
        next_review_on=AT.date() + timedelta(365),
    )


def data() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(structured_data(publication()))
    return told


def strings(value: Any) -> Iterator[tuple[str, str]]:
    """Each text in the data with its property."""
    for name, each in value.items():
        for one in each if isinstance(each, list) else [each]:
            if isinstance(one, dict):
                yield from strings(one)
            elif isinstance(one, str):
                yield name, one


@pytest.mark.parametrize("licence", ["all-rights-reserved", "CC-BY-4.0"])
def test_every_property_stands_where_schema_org_allows_it(licence: str) -> None:
    with override_settings(CONTENT_LICENSE=licence):
        told = data()
    assert list(faults(told)) == []
    used = {name for name, _ in strings(told)} | set(told)
    assert {"correction", "comment", "codeValue", "copyrightNotice", "sameAs", "text"} <= used
    assert ("license" in told) == (licence == "CC-BY-4.0")


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"medicalAudience": "Clinicians"}, "may not hold"),
        ({"about": {"@type": "MedicalSymptom", "name": "x", "lastReviewed": "2026-01-01"}}, "no property of"),
        ({"author": {"@type": "DDxElement"}}, "may not hold"),
        ({"lastReviewed": "yesterday"}, "may not hold"),
        ({"hasPart": [{"@type": "MedicalCondition", "name": "x"}]}, "may not hold"),
    ],
)
def test_the_table_bites(wrong: dict[str, Any], fault: str) -> None:
    found = list(faults(data() | wrong))
    assert len(found) == 1
    assert fault in found[0]


def test_nothing_is_claimed_that_no_page_shows() -> None:
    """Whatever is meant to be read stands in the parts of the page that are made of the same row."""
    from django.template.loader import render_to_string

    from publications.render import render_body

    row = publication()
    row.body_html = render_body(row.document)
    page = BeautifulSoup(render_to_string("publications/article.html", {"publication": row}), "lxml")
    shown = " ".join(page.get_text(" ").split())
    read = {"name", "alternateName", "text", "copyrightNotice", "codeValue", "jobTitle"}
    missing = {text for name, text in strings(data()) if name in read and text not in shown}
    assert missing <= {"DDx Portal", "Consultant", "Example Hospital", "Read 5 mg.", "We look into it."}
    ids = {each["id"] for each in page.select("[id]")}
    assert {part["url"].partition("#")[2] for part in data()["hasPart"]} <= ids
