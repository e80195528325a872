"""Rows of the public schema that stand nowhere: what a page or a file shows, without a database."""

from datetime import UTC, date, datetime
from typing import Any

from content import canonical
from content.schema import Content
from ddx_portal.gallery import DEMONSTRATION
from publications.models import Publication
from publications.render import render_body

SIGNED = datetime(2026, 8, 8, 10, 42, tzinfo=UTC)


def person(name: str) -> dict[str, Any]:
    return {"name": name, "slug": name.lower(), "credentials": "MD", "specialties": ["Neurology"], "interests": "None"}


def content(**changes: Any) -> Content:
    """One diagnosis with a text for patients, one without."""
    one = DEMONSTRATION["diagnoses"][0]
    patient = {"rationale": "You ate a *lot*.", "red_flags": ["You vomit blood"], "distinguishing_signs": ["It burns"]}
    first = one | {"tier": "most_likely", "patient": patient, "plain_name": "a full belly"}
    return Content.model_validate(
        DEMONSTRATION | {"diagnoses": [first, one | {"key": "other", "tier": "other_likely"}]} | changes
    )


def publication(document: Content, **changes: Any) -> Publication:
    """A row of the public schema that stands nowhere."""
    signature = {"signed_at": SIGNED.isoformat(), "content_sha256": "9f2c" * 16}
    edition = {"number": 2, "state": "current", "change_note": "Sharper.", "approved_on": "2026-08-08"}
    return Publication(
        **{
            "slug": "hiccups",
            "number": 2,
            "is_page": True,
            "state": "current",
            "title": document.title,
            "specialty": "Neurologic",
            "content": canonical.dumps(document),
            "content_sha256": "9f2c" * 16,
            "body_html": render_body(document),
            "has_patient_text": document.has_patient_text,
            "origin": "human",
            "ai_tool": "",
            "author": person("Chris") | {"contributors": [person("Eve") | {"interests": ""}]},
            "signers": [person("Ada") | signature, person("Ben") | signature],
            "confirmations": [],
            "submitted_at": SIGNED,
            "review_started_at": SIGNED,
            "approved_at": SIGNED,
            "last_reviewed_at": SIGNED,
            "next_review_on": date(2099, 8, 8),
            "history": [edition | {"content_sha256": "9f2c" * 16}],
            "notice_rows": [],
        }
        | changes
    )
