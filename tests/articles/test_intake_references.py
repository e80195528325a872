"""How references are written, and cited in the text."""

import pytest

from articles.intake import Intake, read


def _read(diagnoses: str, after: str) -> Intake:
    return read(f"Differential Diagnosis for Hiccups\n\nSingle Most Likely Diagnosis\n\n{diagnoses}\n{after}")


REFERENCES = {
    "Lee A. Hiccups. J Hic. 2020;1:2. doi:10.1000/x.1": ("Lee A. Hiccups. J Hic. 2020;1:2.", "10.1000/x.1", "", ""),
    "Lee A. Hiccups. https://doi.org/10.1000/x.1.": ("Lee A. Hiccups.", "10.1000/x.1", "", ""),
    "Lee A. Hiccups. doi: https://doi.org/10.1000/X": ("Lee A. Hiccups.", "10.1000/X", "", ""),
    "Lee A. Hiccups. 10.1016/S0140-6736(05)12345-6": ("Lee A. Hiccups.", "10.1016/S0140-6736(05)12345-6", "", ""),
    "Lee A. Hiccups (doi:10.1000/x).": ("Lee A. Hiccups.", "10.1000/x", "", ""),
    "Lee A. Hiccups. PMID: 123; PMCID: PMC45.": (
        "Lee A. Hiccups.", "", "123", "https://pmc.ncbi.nlm.nih.gov/articles/PMC45/",
    ),
    "Lee A. Hiccups. PMID 123": ("Lee A. Hiccups.", "", "123", ""),
    "Lee A. Hiccups. https://pubmed.ncbi.nlm.nih.gov/123/": ("Lee A. Hiccups.", "", "123", ""),
    "Hiccups. Available from: https://example.org/a_b?c=1.": ("Hiccups.", "", "", "https://example.org/a_b?c=1"),
    "[Hiccups](https://example.org/a_(b)). NIH": ("Hiccups. NIH", "", "", "https://example.org/a_(b)"),
    "Hiccups <https://example.org/ü>": ("Hiccups", "", "", "https://example.org/%C3%BC"),
    "*Hiccups*. NIH.": ("Hiccups. NIH.", "", "", ""),
    "https://example.org/a": ("", "", "", "https://example.org/a"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), REFERENCES.items(), ids=REFERENCES)
@pytest.mark.parametrize("marker", ["1. ", "[1] ", "- ", "• ", ""])
def test_identifiers_are_taken_out_of_a_reference(line: str, expected: tuple[str, ...], marker: str) -> None:
    (reference,) = _read("- Gas: air", f"\nReferences\n\n{marker}{line}\n").content.references
    assert (reference.citation, reference.doi, reference.pmid, reference.url) == expected


@pytest.mark.parametrize(
    "heading", ["References", "## References", "**References**", "Sources:", "Bibliography", "REFERENCES"]
)
def test_references_have_many_headings(heading: str) -> None:
    intake = _read("- Gas: air [2], belching [1].", f"\n{heading}\n\n1. One\n2. Two,\n   with more\nand more\n")
    assert [r.citation for r in intake.content.references] == ["One", "Two, with more and more"]
    assert intake.doubts == ()


@pytest.mark.parametrize(
    ("text", "rationale", "cited"),
    [
        ("air [1].", "air.", ("one",)),
        ("air. [1]", "air.", ("one",)),
        ("air.[2][1]", "air.", ("two", "one")),
        ("air [1-3]", "air", ("one", "two", "three")),
        ("air [1], more [3].", "air [1], more.", ("one", "three")),
        ("air", "air", ()),
        ("air [1]\n  References: none", "air [1]", ()),
        ("air\n  References: 3, two", "air", ("three", "two")),
    ],
)
def test_citations_in_the_text_are_linked(text: str, rationale: str, cited: tuple[str, ...]) -> None:
    (diagnosis,) = _read(f"- Gas: {text}", "\nReferences\n1. One\n2. Two\n3. Three\n").content.diagnoses
    assert (diagnosis.clinician.rationale, diagnosis.references) == (rationale, cited)
