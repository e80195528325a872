"""Mistyped words put right, towards the words of the rules: a false alarm does less harm than a miss."""

import re
from collections.abc import Iterable, Iterator

from publications.finding.spelling import distance

SHORTEST = 4  # letters of a word that is put right
LONG = 8  # letters from which two mistakes are forgiven
LONGEST = 24  # letters of a word that is put right
_RUN = re.compile(r"(.)\1+")


class Speller:
    """Knows the words of the rules, and other words that are right as they stand."""

    def __init__(self, words: Iterable[str], stems: Iterable[str], right: Iterable[str]) -> None:
        self.words = frozenset(words)
        self.stems = tuple(sorted(stem for stem in stems if len(stem) >= SHORTEST))
        self.right = frozenset(right) | self.words
        self.near: dict[str, list[str]] = {}
        for word in sorted(self.words):
            for rest in _without_letters(word):
                self.near.setdefault(rest, []).append(word)

    def mended(self, words: str) -> str:
        """The words with those put right that are nearly one of ours; two that were run together are taken apart."""
        told = words.split()
        right = {word: self._word(word) for word in set(told)}
        return " ".join(right[word] for word in told)

    def _word(self, word: str) -> str:
        if word in self.right or not word.isalpha() or not SHORTEST <= len(word) <= LONGEST:
            return word
        if parts := self._apart(word):
            return parts
        if word.startswith(self.stems):
            return word
        single = _RUN.sub(r"\1", word)
        if single in self.right:
            return single
        return self._nearest(word) or (single != word and self._nearest(single)) or word

    def _apart(self, word: str) -> str:
        cuts = ((word[:at], word[at:]) for at in range(SHORTEST, len(word) - SHORTEST + 1))
        return next((f"{one} {two}" for one, two in cuts if one in self.words and two in self.words), "")

    def _nearest(self, word: str) -> str:
        close = {near for rest in _without_letters(word) for near in self.near.get(rest, ())}
        likely = (near for near in close if _begins_alike(word, near))
        ranked = sorted((slips, near) for near in likely if (slips := distance(word, near)) <= _forgiven(near))
        return ranked[0][1] if ranked else ""


def _begins_alike(word: str, near: str) -> bool:
    """People seldom miss the first letter. Of a short word, only two letters that changed places are put right."""
    if len(near) <= SHORTEST:
        return sorted(word) == sorted(near)
    return word[0] == near[0] or word[:2] == near[1::-1]


def _forgiven(word: str) -> int:
    return 2 if len(word) >= LONG else 1


def _without_letters(word: str) -> Iterator[str]:
    """The word with none, one or two of its letters left out: two words a mistake apart share one of these."""
    if len(word) < SHORTEST:
        return
    yield word
    shorter = [word[:at] + word[at + 1 :] for at in range(len(word))]
    yield from shorter
    if _forgiven(word) > 1:
        yield from (one[:at] + one[at + 1 :] for first, one in enumerate(shorter) for at in range(first, len(one)))
