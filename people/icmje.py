"""The thirteen items of the ICMJE disclosure form, and the shape in which an answer is stored.

An answer to an item is the word "none", given on purpose, or a list of rows: the entity, and what it paid or gave.
"""

from typing import NamedTuple, TypedDict

from django.core.exceptions import ValidationError

NONE = "none"
MOST_ROWS = 20
LONGEST = 300


class Row(TypedDict):
    """One relation, payment or interest."""

    entity: str
    what: str


type Answer = str | list[Row]
type Items = dict[str, Answer]


class Item(NamedTuple):
    """One item: its key in the stored answers, its number on the ICMJE form, and what it asks."""

    key: str
    number: int
    label: str


_LABELS = {
    "support": "Support for this work: funding, study materials, medical writing, article processing charges",
    "grants": "Grants or contracts from any entity",
    "royalties": "Royalties or licences",
    "consulting": "Consulting fees",
    "honoraria": "Payment for lectures, presentations, speakers’ bureaus, manuscript writing or educational events",
    "testimony": "Payment for expert testimony",
    "travel": "Support for attending meetings or travel",
    "patents": "Patents planned, issued or pending",
    "safety_boards": "Participation on a data safety monitoring board or an advisory board",
    "leadership": "Leadership or fiduciary role in a board, society, committee or advocacy group, paid or unpaid",
    "stock": "Stock or stock options",
    "equipment": "Receipt of equipment, materials, drugs, medical writing, gifts or other services",
    "other": "Other financial or non-financial interests",
}
ITEMS = tuple(Item(key, number, label) for number, (key, label) in enumerate(_LABELS.items(), start=1))
KEYS = tuple(_LABELS)


def all_none() -> Items:
    """The answers of somebody with nothing to disclose."""
    return dict.fromkeys(KEYS, NONE)


def validate(items: object) -> None:
    """Refuse answers that are not all thirteen, each "none" or rows.

    Raises:
        ValidationError: an item is missing, unknown, or neither an explicit none nor complete rows.
    """
    if not isinstance(items, dict) or set(items) != set(KEYS):
        raise ValidationError("Answer all thirteen items, each with none or with what there is.")
    for item in ITEMS:
        if not _is_answer(items[item.key]):
            raise ValidationError(
                f"Item {item.number} needs an explicit none, or rows with an entity and what it gave."
            )


def _is_answer(answer: object) -> bool:
    if answer == NONE:
        return True
    return isinstance(answer, list) and 0 < len(answer) <= MOST_ROWS and all(_is_row(row) for row in answer)


def _is_row(row: object) -> bool:
    if not isinstance(row, dict) or set(row) != {"entity", "what"}:
        return False
    return all(isinstance(text, str) and 0 < len(text.strip()) <= LONGEST for text in row.values())
