"""Numbers with their nouns, and names with a number."""

import pytest

from content.counting import counted, first_free


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 doubts"), (1, "1 doubt"), (2, "2 doubts"), (1024, "1,024 doubts")]
)
def test_number_has_its_noun(number: int, words: str) -> None:
    assert counted(number, "doubt") == words


def test_plural_can_be_another() -> None:
    assert [counted(n, "diagnosis", "diagnoses") for n in (1, 2)] == ["1 diagnosis", "2 diagnoses"]


def test_first_free_name_takes_no_other() -> None:
    assert first_free("cough", ()) == "cough"
    assert first_free("cough", {"cough", "cough-2", "cough-4"}) == "cough-3"
