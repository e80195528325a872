"""What a search found, as HTML: the words that were looked for are marked, everything else is escaped."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Noncharacters: `content.text` keeps them out of every article, so no text can forge a mark.
HIT, HIT_END = "\ufdd0", "\ufdd1"
_MARKDOWN = re.compile(r"\*+|`|\]\([^)\s]*\)?|\[|\\(?=[^\w\s])")
_HIT = re.compile(f"{HIT}([^{HIT}{HIT_END}]*){HIT_END}")
_STRAY = re.compile(f"[{HIT}{HIT_END}]")


def marked(snippet: str) -> SafeString:
    """Escape a snippet in which HIT and HIT_END stand around each word found; Markdown's own marks are left out."""
    escaped = str(escape(_MARKDOWN.sub("", snippet).strip(" ·")))
    html = _STRAY.sub("", _HIT.sub(r"<mark>\1</mark>", escaped))
    return mark_safe(f"… {html} …" if html else "")  # noqa: S308
