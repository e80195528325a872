"""Numbers with their nouns, and names with a number."""

from collections.abc import Collection
from itertools import count


def counted(number: int, thing: str, things: str = "") -> str:
    """“1 doubt”, “1,024 doubts”, and with another plural “2 diagnoses”."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def first_free(stem: str, taken: Collection[str]) -> str:
    """The stem itself, or with the lowest number, from 2, that nobody has taken."""
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)
