"""What an article lacks before it can be submitted, a row each."""

from typing import Any

import pytest

from content.completeness import gaps
from content.schema import Content

WHOLE: dict[str, Any] = {
    "title": "Cold Fingers",
    "presentation": {"clinician": "Fingers turn white.", "patient": ""},
    "diagnoses": [
        {"key": "raynaud", "tier": "most_likely", "name": "Raynaud", "clinician": {"rationale": "Spasm."}},
        {"key": "cold", "tier": "other_likely", "name": "Cold", "clinician": {"rationale": "Wind."}},
        {
            "key": "clot",
            "tier": "do_not_miss",
            "name": "Clot",
            "clinician": {"rationale": "Sudden.", "red_flags": ["Blue"]},
        },
    ],
    "references": [{"key": "nih", "citation": "NIH."}],
}


def _whole(**fields: Any) -> dict[str, Any]:
    return WHOLE | fields


def _asked(*questions: dict[str, str]) -> dict[str, Any]:
    return _whole(questions=questions)


def _diagnoses(number: int, **fields: Any) -> dict[str, Any]:
    """The whole article with other fields in one diagnosis."""
    return _whole(diagnoses=[d | fields if n == number else d for n, d in enumerate(WHOLE["diagnoses"])])


def _without(tier: str) -> dict[str, Any]:
    return _whole(diagnoses=[d for d in WHOLE["diagnoses"] if d["tier"] != tier])


TOLD = {"rationale": "Vessels close.", "red_flags": ["Blue"]}
NO_PATIENT_TEXT = ("presentation_patient", False)
TERM = {"key": "spasm", "term": "Spasm", "meaning": "A cramp."}
ASKED = {"key": "long", "question": "How long?", "answer": "An hour."}
CASES: dict[str, tuple[dict[str, Any], list[tuple[str, bool]]]] = {
    "whole": (WHOLE, [NO_PATIENT_TEXT]),
    "no title": (_whole(title=""), [("title", True), NO_PATIENT_TEXT]),
    "a small letter": (_whole(title="cold fingers"), [("title", False), NO_PATIENT_TEXT]),
    "a word that begins small": (_whole(title="pH too low"), [NO_PATIENT_TEXT]),
    "no most likely": (_without("most_likely"), [("diagnoses", True), NO_PATIENT_TEXT]),
    "two most likely": (
        _diagnoses(1, tier="most_likely"),
        [("diagnoses", True), ("diagnoses", False), NO_PATIENT_TEXT],
    ),
    "no other likely": (_without("other_likely"), [("diagnoses", False), NO_PATIENT_TEXT]),
    "nothing not to miss": (_without("do_not_miss"), [("no_do_not_miss_reason", True), NO_PATIENT_TEXT]),
    "a reason for nothing": (_without("do_not_miss") | {"no_do_not_miss_reason": "Benign."}, [NO_PATIENT_TEXT]),
    "rare and not to miss": (_diagnoses(2, tier="rare", also_do_not_miss=True), [NO_PATIENT_TEXT]),
    "a term and a question": (_whole(terms=[TERM], questions=[ASKED]), [NO_PATIENT_TEXT]),
    "a term without words": (_whole(terms=[TERM | {"term": ""}]), [NO_PATIENT_TEXT, ("term-spasm", True)]),
    "a term without a meaning": (_whole(terms=[TERM | {"meaning": ""}]), [NO_PATIENT_TEXT, ("term-spasm", True)]),
    "a term that stands nowhere": (_whole(terms=[TERM | {"term": "tic"}]), [NO_PATIENT_TEXT, ("term-spasm", False)]),
    "two equal terms": (
        _whole(terms=[TERM, TERM | {"key": "two", "term": "spasm"}]),
        [NO_PATIENT_TEXT, ("term-two", True)],
    ),
    "a question without words": (
        _whole(questions=[ASKED | {"question": ""}]),
        [NO_PATIENT_TEXT, ("question-long", True)],
    ),
    "a question without an answer": (
        _whole(questions=[ASKED | {"answer": ""}]),
        [NO_PATIENT_TEXT, ("question-long", True)],
    ),
    "two equal questions": (
        _whole(questions=[ASKED, ASKED | {"key": "two"}]),
        [NO_PATIENT_TEXT, ("question-two", True)],
    ),
    "no references": (_whole(references=[]), [("references", False), NO_PATIENT_TEXT]),
    "an empty reference": (
        _whole(references=[{"key": "nih", "pmid": "1"}]),
        [("reference-nih", True), NO_PATIENT_TEXT],
    ),
    "no name": (_diagnoses(1, name=""), [NO_PATIENT_TEXT, ("diagnosis-cold", True)]),
    "no rationale": (_diagnoses(1, clinician={}), [NO_PATIENT_TEXT, ("diagnosis-cold", True)]),
    "nothing to fear is named": (
        _diagnoses(2, clinician={"rationale": "Sudden."}),
        [NO_PATIENT_TEXT, ("diagnosis-clot", False)],
    ),
    "patients told in part": (
        _diagnoses(0, patient=TOLD),
        [("presentation_patient", True), ("diagnosis-cold", True), ("diagnosis-clot", True)],
    ),
    "patients introduced only": (
        _whole(presentation={"clinician": "White.", "patient": "Cold."}),
        [("diagnosis-raynaud", True), ("diagnosis-cold", True), ("diagnosis-clot", True)],
    ),
    "patients not warned": (
        _whole(
            presentation={"clinician": "White.", "patient": "Cold."},
            diagnoses=[
                d | {"clinician": {"rationale": "x", "red_flags": ["Sores"]}, "patient": {"rationale": "y"}}
                for d in WHOLE["diagnoses"]
            ],
        ),
        [("diagnosis-raynaud", True), ("diagnosis-cold", True), ("diagnosis-clot", True)],
    ),
    "patients told everything": (
        _whole(
            presentation={"clinician": "White.", "patient": "Cold."},
            diagnoses=[d | {"patient": TOLD} for d in WHOLE["diagnoses"]],
        ),
        [],
    ),
    "empty": (
        {},
        [
            ("title", True),
            ("diagnoses", True),
            ("diagnoses", False),
            ("no_do_not_miss_reason", True),
            ("references", False),
        ],
    ),
}


@pytest.mark.parametrize(("data", "expected"), CASES.values(), ids=CASES)
def test_gaps_of_an_article(data: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    found = gaps(Content.model_validate(data))
    assert [(gap.place, gap.blocks) for gap in found] == expected
    assert all(gap.message.endswith(".") for gap in found)


def test_small_letter_of_a_title_is_asked_about_and_left() -> None:
    content = Content.model_validate(_whole(title="cold fingers in the air"))
    assert gaps(content)[0].message.endswith("write “Cold fingers in the air”, unless that is meant.")
    assert content.title == "cold fingers in the air"
