"""Typing errors: which word of the approved articles somebody may have meant."""

from collections.abc import Iterable
from typing import NamedTuple

BEGINNING = 7  # letters that the index of the database knows; errors after these are found by the same keys
SHORTEST = 4


class Known(NamedTuple):
    """A word of the approved articles, and how many have it."""

    word: str
    articles: int


def keys(word: str) -> list[str]:
    """What is left of the beginning of a word when letters are missing. Twin of the SQL `spelling_keys`."""
    whole = word[:BEGINNING]
    one = {whole[:at] + whole[at + 1 :] for at in range(len(whole))}
    two = {part[:at] + part[at + 1 :] for part in one for at in range(len(part))} if len(word) > 5 else set()
    return sorted({whole} | one | two)


def slips_allowed(word: str) -> int:
    """How many slips make a word: none of a very short one, which would be any other."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < 8 else 2


def distance(one: str, other: str) -> int:
    """How many letters are missing, added, wrong or exchanged with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest(word: str, known: Iterable[Known]) -> str:
    """The word that was probably meant: the fewest slips, the same first letter, the most articles; "" for none."""
    most = slips_allowed(word)
    near = [
        (slips, each.word[:1] != word[:1], -each.articles, each.word)
        for each in known
        if abs(len(each.word) - len(word)) <= most and 0 < (slips := distance(word, each.word)) <= most
    ]
    return min(near)[-1] if near else ""
