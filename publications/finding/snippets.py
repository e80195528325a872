"""What a search found, as HTML: the words that were looked for are marked, everything else is escaped."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString

_MARKDOWN = re.compile(r"\*+|`|\]\([^)\s]*\)?|\[|\\(?=[^\w\s])")
SHORT = 3  # letters of a stem that too many other words begin with


def highlighted(said: str, stems: Sequence[str], *, is_piece: bool = False) -> SafeString:
    """Escape a text, with <mark> around each word of one of these stems, as PostgreSQL calls what it looks for.

    A piece of a longer text loses the word that it was cut in at each end, and Markdown's own marks.
    """
    if is_piece:
        said = _whole_words(_MARKDOWN.sub("", said))
    found = _pattern(tuple(stems))
    if found is None:
        return SafeString(escape(said))
    parts = found.split(said)
    html = "".join([f"<mark>{escape(part)}</mark>" if at % 2 else escape(part) for at, part in enumerate(parts)])
    return SafeString(html)


def _whole_words(piece: str) -> str:
    head, _, rest = piece.partition(" ")
    middle, _, _ = (rest or head).rpartition(" ")
    middle = " ".join(middle.split()).strip("· ")
    return f"… {middle} …" if middle else ""


@lru_cache(maxsize=1_000)
def _pattern(stems: tuple[str, ...]) -> re.Pattern[str] | None:
    endings = "|".join(_with_ending(stem) for stem in sorted(stems, key=len, reverse=True) if stem)
    return re.compile(rf"(?<!\w)((?:{endings}))(?!\w)", re.IGNORECASE) if endings else None


def _with_ending(stem: str) -> str:
    """A stem and what a word may have after it; its last i may be a y: “belli” is the stem of belly."""
    if any(map(str.isdigit, stem)):
        return re.escape(stem) + r"[\w.]*"
    if len(stem) <= SHORT:
        return re.escape(stem) + "(?:e?s)?"
    body = re.escape(stem[:-1]) + "[iy]" if stem[-1] in "iy" else re.escape(stem)
    return body + r"\w{0,5}"
