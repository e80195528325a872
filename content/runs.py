"""What changed between two texts, word by word, as stretches of whole words.

Compared by diff-match-patch on word tokens under a time limit; a comparison that runs out of time is coarser, never
wrong. Nothing here is HTML: whoever shows a `Run` escapes it.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from diff_match_patch import diff_match_patch

SECONDS = 0.5
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


class Mark(StrEnum):
    SAME = "same"
    ADDED = "ins"
    REMOVED = "del"


class Run(NamedTuple):
    """A stretch of text that is the same, was added or was removed."""

    mark: Mark
    text: str

    @property
    def is_added(self) -> bool:
        return self.mark is Mark.ADDED

    @property
    def is_removed(self) -> bool:
        return self.mark is Mark.REMOVED


def runs(before: str, after: str) -> tuple[Run, ...]:
    """The two texts as one, in stretches of whole words."""
    alphabet: dict[str, str] = {}
    encoded = [_encode(text, alphabet) for text in (before, after)]
    engine = diff_match_patch()
    engine.Diff_Timeout = SECONDS
    found = engine.diff_main(*encoded, checklines=False)
    engine.diff_cleanupSemantic(found)
    marks = {0: Mark.SAME, 1: Mark.ADDED, -1: Mark.REMOVED}
    decode = {character: token for token, character in alphabet.items()}
    return tuple(Run(marks[mark], "".join(decode[c] for c in text)) for mark, text in found)


def _encode(text: str, alphabet: dict[str, str]) -> str:
    """Each distinct word as one character, so that the engine compares words."""
    return "".join(alphabet.setdefault(token, _character(len(alphabet))) for token in _WORDS.findall(text))


def _character(number: int) -> str:
    """The n-th character outside the surrogates; there are more than any article has words."""
    point = number + 0x100
    return chr(point if point < 0xD800 else point + 0x800)
