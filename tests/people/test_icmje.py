from typing import Any

import pytest
from django.core.exceptions import ValidationError

from people import icmje

ROW = {"entity": "Example Pharma", "what": "Lecture fee, 2026"}


def test_items_are_the_thirteen_of_the_form() -> None:
    assert [item.number for item in icmje.ITEMS] == list(range(1, 14))
    assert len(set(icmje.KEYS)) == 13


def test_validate_accepts_none_and_rows() -> None:
    icmje.validate(icmje.all_none())
    icmje.validate({**icmje.all_none(), "grants": [ROW, ROW]})


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "None",
        None,
        [],
        True,
        [{}],
        [{"entity": "A"}],
        [{"entity": "A", "what": " "}],
        [{"entity": "A", "what": 1}],
        [{**ROW, "more": "x"}],
        [{"entity": "x" * 301, "what": "y"}],
        [ROW] * 21,
        {"entity": "A", "what": "B"},
    ],
)
def test_validate_refuses_answer(answer: Any) -> None:
    with pytest.raises(ValidationError):
        icmje.validate({**icmje.all_none(), "grants": answer})


@pytest.mark.parametrize("items", [None, [], "none", {}, {**icmje.all_none(), "fourteenth": "none"}])
def test_validate_refuses_other_shapes(items: Any) -> None:
    with pytest.raises(ValidationError):
        icmje.validate(items)


@pytest.mark.parametrize("key", icmje.KEYS)
def test_validate_refuses_a_missing_item(key: str) -> None:
    items = icmje.all_none()
    del items[key]
    with pytest.raises(ValidationError):
        icmje.validate(items)
