"""A page copied from the web comes in without a manual touch, and nothing of its furniture with it."""

from pathlib import Path

import pytest

from articles.intake import read
from content import canonical
from content.schema import Tier

PAGE = Path(__file__).parent / "pages" / "copied-page.txt"
REAL_PAGE = Path(__file__).parents[3] / "shared" / "content" / "twitching-around-the-belly-button.txt"
FURNITURE = (
    "Advisory", "Educational purpose", "Exercise caution", "Review Status", "Submitted", "Under Review", "Approved",
    "Last updated", "editorial policy", "Personalize", "tailor", "describes you", "Disclaimer", "intended for",
    "liability", "follow-up", "Medical A.I.", "world-class", "Oracle",
)  # fmt: skip


def test_a_copied_page_gives_its_tiers_names_and_rationales() -> None:
    content = read(PAGE.read_text(encoding="utf-8")).content
    assert content.title == "Cold Fingers"
    assert [[d.name for d in content.in_tier(tier)] for tier in Tier] == [
        ["Primary Raynaud phenomenon"],
        ["Cold exposure", "Medicines (beta blockers, stimulants)", "Carpal tunnel syndrome"],
        ["Acute limb ischaemia", "Systemic sclerosis", "Thoracic outlet syndrome - arterial type"],
        ["Buerger disease (thromboangiitis obliterans)", "Cryoglobulinaemia", "Frostbite sequelae"],
    ]
    ischaemia = content.diagnosis("acute-limb-ischaemia")
    assert ischaemia is not None
    assert ischaemia.clinician.rationale == (
        "A sudden cold, pale and painful hand without a pulse is an emergency: call the vascular team at once."
    )
    assert all(d.clinician.rationale.endswith(".") for d in content.diagnoses)


def test_a_copied_page_leaves_no_doubt() -> None:
    assert read(PAGE.read_text(encoding="utf-8")).doubts == ()


@pytest.mark.parametrize("words", FURNITURE)
def test_furniture_is_left_out_and_listed(words: str) -> None:
    intake = read(PAGE.read_text(encoding="utf-8"))
    assert words not in canonical.dumps(intake.content)
    assert any(words in left.text for left in intake.left_out)


def test_menus_in_one_line_and_the_name_of_the_site_are_left_out() -> None:
    page = (
        "DDx Portal\nBoard | Policies | Staff sign-in\nCold Fingers\nBy the editorial team\n"
        "Most Likely Diagnosis\n- Raynaud: Spasm.\nDo Not Miss Diagnoses\n- Clot: Sudden.\n"
        "References\n1. NIH. Raynaud. 2023.\nCookie settings | Privacy | © 2025 Example\n"
    )
    intake = read(page)
    assert intake.content.title == "Cold Fingers"
    assert not intake.content.presentation.clinician
    assert [reference.citation for reference in intake.content.references] == ["NIH. Raynaud. 2023."]
    assert [left.line for left in intake.left_out] == [1, 2, 4, 11]


def test_every_line_is_either_taken_or_listed() -> None:
    page = PAGE.read_text(encoding="utf-8")
    listed = {left.line for left in read(page).left_out}
    assert [number for number, line in enumerate(page.splitlines(), 1) if line.strip() and number < 16] == sorted(
        number for number in listed if number < 16
    )


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\u2028"])
def test_a_copied_page_reads_the_same_with_other_line_ends(ending: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert read("\ufeff" + page.replace("\n", ending)).content == read(page).content


def test_a_copied_page_reads_the_same_with_tabs_and_hard_spaces() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert read(page.replace("  • ", "\u00a0\u00a0•\t")).content == read(page).content


def test_a_copied_page_reads_the_same_with_each_bullet_alone_on_its_line() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert read(page.replace("  • ", "•\n")).content == read(page).content


@pytest.mark.skipif(not REAL_PAGE.exists(), reason="the page users sent is not beside this checkout")
def test_the_page_users_sent_comes_in_whole() -> None:
    intake = read(REAL_PAGE.read_text(encoding="utf-8"))
    assert intake.doubts == ()
    assert intake.content.title == "Twitching around the Belly Button"
    assert [len(intake.content.in_tier(tier)) for tier in Tier] == [1, 3, 3, 3]
    assert all(d.name and d.clinician.rationale.endswith(".") for d in intake.content.diagnoses)
    text = canonical.dumps(intake.content)
    assert [words for words in FURNITURE if words in text] == []
    assert intake.content.presentation.clinician == ""
