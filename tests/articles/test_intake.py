"""Habits of people who write articles, a row each."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from articles.intake import Intake, NotAnArticle, read
from content.schema import Content, Diagnosis, Tier

DEMO = sorted((Path(__file__).parents[2] / "ddx_portal" / "demo" / "articles").glob("*.md"))
TITLE = "Differential Diagnosis for Hiccups\n\n"


def _read(diagnoses: str, after: str = "") -> Intake:
    return read(f"{TITLE}Single Most Likely Diagnosis\n\n{diagnoses}\n{after}")


def _only(diagnoses: str, after: str = "") -> Diagnosis:
    (diagnosis,) = _read(diagnoses, after).content.diagnoses
    return diagnosis


def _messages(intake: Intake) -> list[tuple[str, str]]:
    return [(doubt.place, doubt.message) for doubt in intake.doubts]


HEADS = {
    "• Gas: swallowed air.": ("Gas", "swallowed air."),
    "- Gas: swallowed air.": ("Gas", "swallowed air."),
    "* Gas: swallowed air.": ("Gas", "swallowed air."),
    "+ Gas: swallowed air.": ("Gas", "swallowed air."),
    "– Gas: swallowed air.": ("Gas", "swallowed air."),
    "— Gas: swallowed air.": ("Gas", "swallowed air."),
    "◦ Gas: swallowed air.": ("Gas", "swallowed air."),
    "‣ Gas: swallowed air.": ("Gas", "swallowed air."),
    "· Gas: swallowed air.": ("Gas", "swallowed air."),
    "●Gas: swallowed air.": ("Gas", "swallowed air."),
    "•Gas: swallowed air.": ("Gas", "swallowed air."),
    "-Gas: swallowed air.": ("Gas", "swallowed air."),
    "o Gas: swallowed air.": ("Gas", "swallowed air."),
    "1. Gas: swallowed air.": ("Gas", "swallowed air."),
    "1) Gas: swallowed air.": ("Gas", "swallowed air."),
    "(1) Gas: swallowed air.": ("Gas", "swallowed air."),
    "a. Gas: swallowed air.": ("Gas", "swallowed air."),
    "a) Gas: swallowed air.": ("Gas", "swallowed air."),
    "iv) Gas: swallowed air.": ("Gas", "swallowed air."),
    "•\nGas: swallowed air.": ("Gas", "swallowed air."),
    "Gas: swallowed air.": ("Gas", "swallowed air."),
    "### Gas\n\nswallowed air.": ("Gas", "swallowed air."),
    "Gas\n---\nswallowed air.": ("Gas", "swallowed air."),
    "**Gas**\n\nswallowed air.": ("Gas", "swallowed air."),
    "- **Gas**: swallowed air.": ("Gas", "swallowed air."),
    "- **Gas:** swallowed air.": ("Gas", "swallowed air."),
    "- __Gas__: swallowed air.": ("Gas", "swallowed air."),
    "- *Gas*: swallowed air.": ("Gas", "swallowed air."),
    "- ***Gas***: swallowed air.": ("Gas", "swallowed air."),
    "- **Gas** - swallowed air.": ("Gas", "swallowed air."),
    "- **Gas** swallowed air.": ("Gas", "swallowed air."),
    "- **Gas** (aerophagia): swallowed air.": ("Gas (aerophagia)", "swallowed air."),
    "- Gas - swallowed air.": ("Gas", "swallowed air."),
    "- Gas -- swallowed air.": ("Gas", "swallowed air."),
    "- Gas – swallowed air.": ("Gas", "swallowed air."),
    "- Gas — swallowed air.": ("Gas", "swallowed air."),
    "- Gas—swallowed air.": ("Gas", "swallowed air."),
    "- Gas:swallowed air.": ("Gas", "swallowed air."),
    "- Gas： swallowed air.": ("Gas", "swallowed air."),
    "- Gas\n  swallowed air.": ("Gas", "swallowed air."),
    "- Gas\nswallowed air.": ("Gas", "swallowed air."),
    "- Gas:\n  swallowed air.": ("Gas", "swallowed air."),
    "- Gas\n\n  swallowed air.": ("Gas", "swallowed air."),
    "- Gas\n\nswallowed air.": ("Gas", "swallowed air."),
    "Gas\nswallowed air.": ("Gas", "swallowed air."),
    "Gas\n\nswallowed air.": ("Gas", "swallowed air."),
    "- Gas": ("Gas", ""),
    "- Gas: swallowed\n  air.": ("Gas", "swallowed\nair."),
    "- Gas: swallowed\nair.": ("Gas", "swallowed\nair."),
    "- Gas: air.\n\n  More of it.": ("Gas", "air.\n\nMore of it."),
    "- Gas: air.\n  - beer\n  - haste": ("Gas", "air.\n- beer\n- haste"),
    "- Guillain-Barré syndrome: ascending.": ("Guillain-Barré syndrome", "ascending."),
    "- COVID-19: a cough.": ("COVID-19", "a cough."),
    "- Shingles (Herpes Zoster): a rash.": ("Shingles (Herpes Zoster)", "a rash."),
    "- Root pain (C5: deltoid): weak.": ("Root pain (C5: deltoid)", "weak."),
    "- Diabetes – type 2: thirst.": ("Diabetes – type 2", "thirst."),
    "- E. coli enteritis: cramps.": ("E. coli enteritis", "cramps."),
    "- Trauma: blunt: a fall.": ("Trauma", "blunt: a fall."),
    "- [Gas](https://example.org/gas): swallowed air.": ("Gas", "swallowed air."),
    "- \\*Gas: swallowed air.": ("*Gas", "swallowed air."),
    "- G\u200bas\u202e: swall\u00adowed air.": ("Gas", "swallowed air."),
    "- Crohn’s disease: “cobbles”.": ("Crohn’s disease", "“cobbles”."),
}


@pytest.mark.parametrize(("text", "expected"), HEADS.items(), ids=map(repr, HEADS))
def test_name_and_rationale_are_told_apart(text: str, expected: tuple[str, str]) -> None:
    diagnosis = _only(text)
    assert (diagnosis.name, diagnosis.clinician.rationale) == expected


def test_dashes_separate_where_the_page_sets_dashes() -> None:
    content = _read("- Gas – air\n- Reflux – acid\n- Stroke – brainstem: medulla\n").content
    assert [(d.name, d.clinician.rationale) for d in content.diagnoses][2] == ("Stroke", "brainstem: medulla")


TIERS = {
    "Single Most Likely Diagnosis": Tier.MOST_LIKELY,
    "Most Likely Diagnosis": Tier.MOST_LIKELY,
    "## Most likely": Tier.MOST_LIKELY,
    "**The Single Most Likely Diagnosis:**": Tier.MOST_LIKELY,
    "1. Most Likely Diagnosis": Tier.MOST_LIKELY,
    "Most Probable Cause": Tier.MOST_LIKELY,
    "Other Likely Diagnoses": Tier.OTHER_LIKELY,
    "###### OTHER LIKELY DIAGNOSES ######": Tier.OTHER_LIKELY,
    "Also Likely": Tier.OTHER_LIKELY,
    "Likely Diagnoses": Tier.OTHER_LIKELY,
    "Other Possible Causes:": Tier.OTHER_LIKELY,
    "Other Diagnoses\n===============": Tier.OTHER_LIKELY,
    "Do Not Miss Diagnoses": Tier.DO_NOT_MISS,
    "Do Not Miss": Tier.DO_NOT_MISS,
    "Don't Miss Diagnoses": Tier.DO_NOT_MISS,
    "Don’t Miss Diagnoses": Tier.DO_NOT_MISS,
    "Can't-miss diagnoses": Tier.DO_NOT_MISS,
    "Must-Not-Miss Diagnoses": Tier.DO_NOT_MISS,
    "⚠️ Diagnoses not to miss": Tier.DO_NOT_MISS,
    "Life-Threatening / Do Not Miss": Tier.DO_NOT_MISS,
    "- **Do not miss:**": Tier.DO_NOT_MISS,
    "Rare Diagnoses": Tier.RARE,
    "Rare": Tier.RARE,
    "Rare but…": Tier.RARE,
    "Rare but serious diagnoses (3)": Tier.RARE,
    "Rare/Uncommon Causes": Tier.RARE,
    "Zebras": Tier.RARE,
}


@pytest.mark.parametrize(("heading", "tier"), TIERS.items(), ids=TIERS)
def test_headings_of_tiers_have_many_wordings(heading: str, tier: Tier) -> None:
    (diagnosis,) = read(f"{TITLE}{heading}\n\n  - Gas: air\n").content.diagnoses
    assert (diagnosis.tier, diagnosis.name) == (tier, "Gas")


@pytest.mark.parametrize(
    "line", ["Rare things happen", "Most likely a virus.", "Do not miss a dose", "Critical illness myopathy", "Likely"]
)
def test_other_lines_are_no_tiers(line: str) -> None:
    with pytest.raises(NotAnArticle, match="no heading such as"):
        read(f"{TITLE}{line}\n\n- Gas: air\n")


def test_a_tier_may_name_its_diagnosis_on_its_own_line() -> None:
    content = read(f"{TITLE}Most Likely Diagnosis: Gas\n\nRare Diagnoses\n- Stroke: x\n").content
    assert [(d.tier, d.name) for d in content.diagnoses] == [(Tier.MOST_LIKELY, "Gas"), (Tier.RARE, "Stroke")]


TITLES = {
    "Differential Diagnosis for Hiccups": ("Hiccups", 0),
    "# Differential Diagnosis of Hiccups #": ("Hiccups", 0),
    "**Differential Diagnoses for Hiccups**": ("Hiccups", 0),
    "DDx: Hiccups": ("Hiccups", 0),
    "# Hiccups: Differential Diagnosis": ("Hiccups", 0),
    "# Hiccups": ("Hiccups", 0),
    "Hiccups\n=======": ("Hiccups", 0),
    "Home > Articles > Hiccups\n\nDifferential Diagnosis for Hiccups": ("Hiccups", 0),
    "## Hiccups": ("Hiccups", 1),
    "Hiccups that last": ("Hiccups that last", 1),
    "Differential Diagnosis": ("", 1),
    "": ("", 1),
}


@pytest.mark.parametrize(("heading", "expected"), TITLES.items(), ids=map(repr, TITLES))
def test_titles_have_many_wordings(heading: str, expected: tuple[str, int]) -> None:
    intake = read(f"{heading}\n\nMost Likely Diagnosis\n- Gas: air\n")
    assert (intake.content.title, [d.place for d in intake.doubts]) == (expected[0], ["title"] * expected[1])


def test_prose_before_the_first_tier_is_the_presentation() -> None:
    text = f"{TITLE}Hiccups are sudden.\nThey pass.\n\n- often\n\nShare\n\nIn plain words\n\nA hic.\n\n"
    intake = read(text + "Rare Diagnoses\n- Gas: air")
    assert intake.content.presentation.clinician == "Hiccups are sudden.\nThey pass.\n\n- often"
    assert intake.content.presentation.patient == "A hic."
    assert [left.text for left in intake.left_out] == ["Share"]


FURNITURE = (
    "Home", "Log in", "Skip to main content", "Accept all cookies", "We use cookies to improve this site.", "Print",
    "Share on Facebook", "Published on 3 May 2026", "Medically reviewed by A. Person, MD", "© 2026 Example",
    "5 min read", "Was this page helpful?", "Approved: 3 May 2026", "Patient or caregiver", "Personalise",
    "This is not a substitute for professional medical advice.", "Advertisement", "Privacy Policy",
)  # fmt: skip


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_left_out_wherever_it_stands(line: str) -> None:
    parts = [TITLE, "Hiccups pass.", "Most Likely Diagnosis", "- Gas: air.", "References", "1. A book."]
    plain = read("\n\n".join(parts))
    for place in range(1, len(parts) + 1):
        intake = read("\n\n".join([*parts[:place], line, *parts[place:]]))
        assert intake.content == plain.content
        assert [left.text for left in intake.left_out] == [line]


def test_a_disclaimer_goes_on_to_the_next_heading() -> None:
    text = "- Gas: air.\n\nDisclaimer\n\nAsk a doctor.\n\nRare Diagnoses\n- Stroke: x\n"
    assert [d.name for d in _read(text).content.diagnoses] == ["Gas", "Stroke"]


def test_a_strange_section_is_left_out_with_a_doubt() -> None:
    intake = _read("- Gas: air.\n\nWorkup\n\nTake a history.\n- EMG\n\n## Rare Diagnoses\n- Stroke: x\n")
    assert [d.name for d in intake.content.diagnoses] == ["Gas", "Stroke"]
    assert [left.text for left in intake.left_out] == ["Workup", "Take a history.", "- EMG"]
    assert _messages(intake) == [("diagnoses", "The section “Workup” is no part of an article; it was left out.")]


def test_a_second_article_is_left_out_with_a_doubt() -> None:
    intake = _read("- Gas: air.\n\nDifferential Diagnosis for Gout\n\nMost Likely Diagnosis\n- Gout: x\n")
    assert [d.name for d in intake.content.diagnoses] == ["Gas"]
    assert [doubt.line for doubt in intake.doubts] == [7]


DOUBTS = {
    "- Gas: air\n- Reflux: acid": [
        ("diagnoses", "2 diagnoses stand as most likely; only one can be. Move the others."),
    ],
    "- Gas: air\n\nRare\n- gas: air": [
        ("diagnosis-gas", "“Gas” stands on this page more than once."),
        ("diagnosis-gas-2", "“gas” stands on this page more than once."),
    ],
    "- Gas: air\n\nRare\n- Gout: x\n\nRare\n- Stroke: y": [
        ("diagnoses", "The heading “Rare” stands a second time; both were put together."),
    ],
    "- Gas: air\n\nRare": [("diagnoses", "No diagnosis was found under “Rare”.")],
    "- Gas. It is air.": [("diagnosis-gas", "“Gas” was taken as the name: no colon or dash stands behind it.")],
    "- Gas that was swallowed while eating in great haste may stretch the stomach and irritate the nerve.": [
        ("diagnosis-d-1", "No name was found in front of a colon or dash; give this diagnosis its name."),
    ],
    "- Gas: air [4].": [("diagnosis-gas", "Reference 4 is cited here but is not in the list.")],
    "- Gas: air.\n\nA paragraph that stands at the margin, as if lost.": [
        ("diagnosis-gas", "This paragraph was taken as part of the diagnosis above it."),
    ],
    "- Gas {#g}: air\n\nRare\n- Gout {#g}: x": [
        ("diagnosis-gout", "The key g cannot be used again; a new one was made."),
    ],
    "- Gas: air\n  ICD-10: banana": [
        ("diagnosis-gas", "“BANANA” is not written like an ICD-10-CM code; it was left out."),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DOUBTS.items(), ids=map(repr, DOUBTS))
def test_what_is_unsure_is_a_doubt(text: str, expected: list[tuple[str, str]]) -> None:
    assert _messages(_read(text)) == expected


def test_tiers_in_another_order_are_sorted_with_a_doubt() -> None:
    intake = read(f"{TITLE}Rare\n- Stroke: x\n\nMost Likely\n- Gas: air\n")
    assert [d.name for d in intake.content.diagnoses] == ["Gas", "Stroke"]
    assert _messages(intake) == [("diagnoses", "The tiers stood in another order; they were sorted.")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("None: all of them are benign.", "all of them are benign."),
        ("None identified.", "None identified."),
        ("- No diagnosis here must not be missed.", "No diagnosis here must not be missed."),
        ("There are no dangerous causes.", "There are no dangerous causes."),
    ],
)
def test_the_reason_for_no_do_not_miss_is_kept(text: str, reason: str) -> None:
    content = _read("- Gas: air", f"\nDo Not Miss Diagnoses\n\n{text}\n").content
    assert (content.no_do_not_miss_reason, len(content.diagnoses)) == (reason, 1)


@pytest.mark.parametrize(
    "head",
    [
        "- **Gas** (in plain words: wind) (also do not miss) [R14.0, R14.1] {#wind}: air.",
        "- **Gas (in plain words: wind) (also do not miss) [R14.0; R14.1] {#wind}:** air.",
        "- Gas [R14.0, R14.1] (don't miss) {#wind} (in plain words: wind) - air.",
        "- Gas (ICD-10: R14.0, r14.1) (in plain words: wind) (also do not miss) {#wind}: air.",
    ],
)
def test_what_stands_behind_a_name_is_read_in_any_order(head: str) -> None:
    diagnosis = _only(head)
    assert (diagnosis.name, diagnosis.plain_name, diagnosis.key) == ("Gas", "wind", "wind")
    assert (diagnosis.also_do_not_miss, diagnosis.codes) == (True, ("R14.0", "R14.1"))
    assert diagnosis.clinician.rationale == "air."


PARTS = """
  A second paragraph.

  **Red flags:**
  - fever
  * stiff neck
    that is painful

  Distinguishing signs: belching; fullness

  In plain words: wind.

  Red flags in plain words:
  1. hot

  Signs in plain words:
  • burps

  References: 2
"""


@pytest.mark.parametrize(("head", "parts"), [("- Gas: air.\n", PARTS), ("### Gas\n\nair.\n", dedent(PARTS))])
def test_the_extended_format_is_read(head: str, parts: str) -> None:
    diagnosis = _only(head + parts, "\n## References\n1. One\n2. Two\n")
    assert diagnosis.clinician.rationale == "air.\n\nA second paragraph."
    assert diagnosis.clinician.red_flags == ("fever", "stiff neck that is painful")
    assert diagnosis.clinician.distinguishing_signs == ("belching", "fullness")
    assert diagnosis.patient.rationale == "wind."
    assert (diagnosis.patient.red_flags, diagnosis.patient.distinguishing_signs) == (("hot",), ("burps",))
    assert diagnosis.references == ("two",)


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_the_demonstration_reads_without_doubt(path: Path) -> None:
    intake = read(path.read_text(encoding="utf-8"))
    assert (intake.doubts, intake.left_out) == ((), ())


def test_keys_are_slugs_of_names_and_unique() -> None:
    content = _read("- Ménière’s disease: x\n- Meniere's Disease: y\n- 痛み: z\n- Gas {#gas-2}: a\n").content
    assert [d.key for d in content.diagnoses] == ["menieres-disease", "menieres-disease-2", "d-3", "gas-2"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the text is empty"),
        (" \n\u200b\n", "the text is empty"),
        ("Hiccups are sudden contractions. They pass.", "no heading such as"),
        (f"{TITLE}Most Likely Diagnosis\n\nRare Diagnoses\n", "no diagnosis stands under this heading"),
        ("a\x00b", "binary data"),
        ("<!DOCTYPE html><title>Not found</title>", "HTML source"),
        ("x" * 1_000_001, "more than 1,000,000 characters"),
        ("x\n" * 25_000, "more than 25,000 lines"),
        (TITLE + "Rare\n" + "- Gas: x\n" * 61, "more than 60 diagnoses"),
        (TITLE + "Rare\n- Gas: " + "x " * 11_000, "at most 20,000 are allowed"),
        (TITLE + "Rare\n- Gas: x\n  Red flags:\n" + "  - x\n" * 31, "the clinician red_flags of “Gas”"),
        (TITLE + "Rare\n- Gas: x\n\nReferences\n" + "1. x\n" * 201, "more than 200 references"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_what_is_no_article_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(NotAnArticle, match=re.escape(reason)) as caught:
        read(text)
    assert caught.value.line >= 1


def test_the_line_of_a_refusal_is_where_the_fault_is() -> None:
    with pytest.raises(NotAnArticle) as caught:
        read(f"{TITLE}Rare\n\n- Gas: x\n- Gout: {'y ' * 11_000}\n")
    assert caught.value.line == 6


def test_an_intake_of_a_plain_page_is_whole() -> None:
    intake = read(f"{TITLE}Most Likely Diagnosis\n- Gas: air.\n")
    assert intake == Intake(
        Content.model_validate({
            "title": "Hiccups",
            "diagnoses": [{"key": "gas", "tier": "most_likely", "name": "Gas", "clinician": {"rationale": "air."}}],
        })
    )  # fmt: skip
