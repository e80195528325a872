"""The schema's limits, each tried at its edge, and what it makes of texts."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from content import text
from content.schema import Content, Diagnosis, Reference, Tier


def _diagnosis(**fields: Any) -> dict[str, Any]:
    return {"key": "a", "tier": "rare", **fields}


def _reference(**fields: Any) -> dict[str, Any]:
    return {"key": "r", **fields}


AT_THE_EDGE = {
    "title": {"title": "x" * 500},
    "presentation": {"presentation": {"clinician": "x" * 20_000}},
    "name": {"diagnoses": [_diagnosis(name="x" * 500)]},
    "rationale": {"diagnoses": [_diagnosis(patient={"rationale": "x" * 20_000})]},
    "red flag": {"diagnoses": [_diagnosis(clinician={"red_flags": ["x" * 1_000]})]},
    "red flags": {"diagnoses": [_diagnosis(clinician={"red_flags": ["x"] * 30})]},
    "codes": {"diagnoses": [_diagnosis(codes=["A00"] * 30)]},
    "key": {"diagnoses": [_diagnosis(key="x" * 80)]},
    "diagnoses": {"diagnoses": [_diagnosis(key=f"d-{n}") for n in range(60)]},
    "references": {"references": [_reference(key=f"r-{n}") for n in range(200)]},
    "citation": {"references": [_reference(citation="x" * 500)]},
    "doi": {"references": [_reference(doi="10.1000/" + "x" * 292)]},
    "pmid": {"references": [_reference(pmid="9" * 9)]},
    "url": {"references": [_reference(url="https://" + "x" * 1_992)]},
    "characters": {
        "diagnoses": [_diagnosis(key=f"d-{n:02}", clinician={"rationale": "x" * 20_000}) for n in range(12)],
        "presentation": {"patient": "x" * (10_000 - 12 * (4 + len("rare")))},
    },
    "lines": {
        "diagnoses": [_diagnosis(key=f"d-{n}", clinician={"rationale": "x\n" * 4_990 + "x"}) for n in range(4)],
        "presentation": {"clinician": "x\n" * 27 + "x"},
    },
}
OVER = {
    "title": {"title": "x" * 501},
    "presentation": {"presentation": {"clinician": "x" * 20_001}},
    "name": {"diagnoses": [_diagnosis(name="x" * 501)]},
    "rationale": {"diagnoses": [_diagnosis(patient={"rationale": "x" * 20_001})]},
    "red flag": {"diagnoses": [_diagnosis(clinician={"red_flags": ["x" * 1_001]})]},
    "red flags": {"diagnoses": [_diagnosis(clinician={"red_flags": ["x"] * 31})]},
    "empty red flag": {"diagnoses": [_diagnosis(clinician={"red_flags": [" \u200b "]})]},
    "codes": {"diagnoses": [_diagnosis(codes=["A00"] * 31)]},
    "key": {"diagnoses": [_diagnosis(key="x" * 81)]},
    "diagnoses": {"diagnoses": [_diagnosis(key=f"d-{n}") for n in range(61)]},
    "references": {"references": [_reference(key=f"r-{n}") for n in range(201)]},
    "citation": {"references": [_reference(citation="x" * 501)]},
    "doi": {"references": [_reference(doi="10.1000/" + "x" * 293)]},
    "pmid": {"references": [_reference(pmid="9" * 10)]},
    "url": {"references": [_reference(url="https://" + "x" * 1_993)]},
    "characters": {
        "diagnoses": [_diagnosis(key=f"d-{n:02}", clinician={"rationale": "x" * 20_000}) for n in range(12)],
        "presentation": {"patient": "x" * (10_001 - 12 * (4 + len("rare")))},
    },
    "lines": {
        "diagnoses": [_diagnosis(key=f"d-{n}", clinician={"rationale": "x\n" * 4_990 + "x"}) for n in range(4)],
        "presentation": {"clinician": "x\n" * 28 + "x"},
    },
    "unknown field": {"subtitle": "x"},
    "unknown tier": {"diagnoses": [_diagnosis(tier="common")]},
    "same key twice": {"diagnoses": [_diagnosis(), _diagnosis(tier="other_likely")]},
    "same reference twice": {"references": [_reference(), _reference()]},
    "cites what is not there": {"diagnoses": [_diagnosis(references=["r"])]},
    "another version": {"schema_version": 2},
}


@pytest.mark.parametrize("data", AT_THE_EDGE.values(), ids=AT_THE_EDGE)
def test_content_at_its_limit_is_accepted(data: dict[str, Any]) -> None:
    Content.model_validate(data)


@pytest.mark.parametrize("data", OVER.values(), ids=OVER)
def test_content_over_its_limit_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Content.model_validate(data)


@pytest.mark.parametrize("key", ["", "A", "a_b", "-a", "a-", "a--b", "a\n", "é", "١"])
def test_a_key_is_lower_case_ascii_words(key: str) -> None:
    with pytest.raises(ValidationError):
        Reference(key=key)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("doi", "https://doi.org/10.1000/x"),
        ("doi", "10.1000/a b"),
        ("doi", "10.1000/é"),
        ("doi", "10.1000/<x>"),
        ("doi", "10.١٢٣٤/x"),
        ("pmid", "012"),
        ("pmid", "1٢"),
        ("pmid", "12\n"),
        ("url", "ftp://example.org"),
        ("url", "javascript:alert(1)"),
        ("url", "https://example.org/a b"),
        ("url", 'https://example.org/"'),
        ("url", "https://example.org/\\"),
        ("url", "//example.org"),
    ],
)
def test_an_identifier_that_is_none_is_refused(field: str, value: str) -> None:
    with pytest.raises(ValidationError):
        Reference.model_validate({"key": "r", field: value})


def test_an_address_is_percent_encoded_once() -> None:
    once = Reference(key="r", url=" https://example.org/ü?a=%20#ö ").url
    assert once == "https://example.org/%C3%BC?a=%20#%C3%B6"
    assert Reference(key="r", url=once).url == once


@pytest.mark.parametrize(("code", "stored"), [(" r25.3 ", "R25.3"), ("M1A.0", "M1A.0"), ("T50.905A", "T50.905A")])
def test_a_code_is_stored_in_capitals(code: str, stored: str) -> None:
    assert Diagnosis(key="a", tier=Tier.RARE, codes=(code,)).codes == (stored,)


@pytest.mark.parametrize("code", ["", "R2", "25.3", "R25.", "R25.33333", "R25,3", "R25.3 R25.4"])
def test_what_is_written_unlike_a_code_is_refused(code: str) -> None:
    with pytest.raises(ValidationError, match="not written like an ICD-10-CM code"):
        Diagnosis(key="a", tier=Tier.RARE, codes=(code,))


def test_diagnoses_are_sorted_by_tier_and_stay_in_their_order() -> None:
    order = ["rare", "do_not_miss", "most_likely", "rare", "other_likely"]
    content = Content.model_validate({"diagnoses": [_diagnosis(key=f"d-{n}", tier=t) for n, t in enumerate(order)]})
    assert [d.key for d in content.diagnoses] == ["d-2", "d-4", "d-1", "d-0", "d-3"]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\t \nb", "a\nb"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("\n a\n  b\n", "a\n  b"),
        ("a\u00a0b\u2009c\u3000d", "a b c d"),
        ("\ufeffa\u200bb\u202ec\u2066d\u00ade\u200df\x00g\x85h", "abcdefgh"),
        ("a\U000e0041\ufdd0\U0001ffffb", "ab"),
        ("a\ud800b", "ab"),
        ("e\u200b\u0301", "é"),
        ("\u212b", "Å"),
        ("naïve ﬁ — “x”", "naïve ﬁ — “x”"),
    ],
)
def test_prose_is_spelled_one_way(written: str, stored: str) -> None:
    assert text.prose(written) == stored


def test_a_line_has_single_spaces() -> None:
    assert text.line(" a \n b\t\u00a0c ") == "a b c"


@given(st.text())
def test_normalising_twice_changes_nothing(written: str) -> None:
    assert text.prose(text.prose(written)) == text.prose(written)
    assert text.line(text.line(written)) == text.line(written)


def test_no_character_changes_on_a_second_pass() -> None:
    once = text.visible("\n".join(f"a{chr(n)}\u0301" for n in range(sys.maxunicode + 1)))
    assert [a for a, b in zip(once.split("\n"), text.visible(once).split("\n"), strict=True) if a != b] == []
