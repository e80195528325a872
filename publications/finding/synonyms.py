"""Equal words, which editors keep: a search for one of them finds the others, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection, connections

from publications.models import Publication

FEWEST, MOST, LONGEST = 2, 8, 60


class Group(NamedTuple):
    """Words that mean the same, in the editors' order."""

    number: int
    words: tuple[str, ...]

    @property
    def said(self) -> str:
        return " = ".join(self.words)


def groups() -> list[Group]:
    """All of them, by their first word."""
    with connections[Publication.objects.db].cursor() as cursor:
        cursor.execute("SELECT group_id, array_agg(word ORDER BY place) FROM synonym GROUP BY group_id")
        found = [Group(number, tuple(words)) for number, words in cursor.fetchall()]
    return sorted(found, key=lambda group: group.said.casefold())


def group(number: int) -> Group | None:
    """The one of this number."""
    return next((each for each in groups() if each.number == number), None)


def keep(words: Sequence[str], *, instead_of: Group, by_id: int) -> int | None:
    """Let these words be equal instead of those of a group (of number 0: a new one), in the caller's transaction, with
    its event; none removes it.

    Returns its number; None when somebody else has changed it in the meantime. Raises IntegrityError for a person who
    keeps no words, a word of another group, or one that a search leaves out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT keep_synonyms(%s, %s, %s::text[], %s::text[])",
            [by_id, instead_of.number, list(instead_of.words), list(words)],
        )
        number: int | None = cursor.fetchone()[0]
    return number
