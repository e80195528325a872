"""A text as it reads, letter by letter with its place in the source.

A reader quotes what is on the screen; the text below it is Markdown, in which the same words may be spelled with marks,
other quotation marks or line ends.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MARKUP = re.compile(
    r"^(?:[ ]*(?:>|[-+*](?=[ ])|\d{1,9}[.)](?=[ ])))+[ ]*"  # quotes and list marks
    r"|\]\([^)\s]{0,2000}\)"  # the address of a link
    r"|\\(?=[!-/:-@\[-`{-~])"  # an escape
    r"|[*_`\[\]]",
    re.MULTILINE,
)
_ALIKE = str.maketrans("‘’‚‛“”„‟‐‑‒–—―\u00a0", "''''\"\"\"\"------ ")


class Folded(NamedTuple):
    """A text as it reads: no marks, small letters, single spaces; `at` has the place of each letter in the source."""

    text: str
    at: tuple[int, ...]


def fold(text: str, *, is_quote: bool = False) -> Folded:
    """The text as it reads. A quote may begin in the middle of a line, so that what begins it is no list mark."""
    source = f"x{text}" if is_quote else text
    letters: list[str] = []
    at: list[int] = []
    for index in _shown(source):
        for letter in source[index].translate(_ALIKE).lower():
            if letter.isspace() and (not letters or letters[-1] == " "):
                continue
            letters.append(" " if letter.isspace() else letter)
            at.append(index)
    folded = "".join(letters)
    return Folded(folded[1:].strip(), ()) if is_quote else Folded(folded, tuple(at))


def _shown(text: str) -> Iterator[int]:
    position = 0
    for gap in _MARKUP.finditer(text):
        yield from range(position, gap.start())
        position = gap.end()
    yield from range(position, len(text))
