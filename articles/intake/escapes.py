"""Backslashes: how printing says that a character or a line is only text, and how reading takes it back.

Two layers. In a text of one line, a backslash before punctuation makes that character plain text, as in Markdown.
Running text is Markdown itself, so its backslashes are its own; there a backslash in front of a whole line says
that the line is no heading, label or furniture although it looks like one.
"""

import re
import string
from collections.abc import Callable

from content.text import NONCHARACTERS

_ESCAPABLE = string.punctuation + " –—："
_HIDDEN = dict(zip(_ESCAPABLE, NONCHARACTERS, strict=False))
_RAW = str.maketrans({mark: "\\" + char for char, mark in _HIDDEN.items()})
_PLAIN = str.maketrans({mark: char for char, mark in _HIDDEN.items()})
_ESCAPED = re.compile(rf"\\([{re.escape(_ESCAPABLE)}])")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^\s()]*\)")
_EMPHASIS = (
    re.compile(r"\*{1,3}(?=[^\s*])([^*]+)(?<=\S)\*{1,3}"),
    re.compile(r"(?<!\w)_{1,3}(?=[^\s_])([^_]+)(?<=\S)_{1,3}(?!\w)"),
)
_TO_ESCAPE = re.compile(r"[\\*_\[{<`]")


def hide(text: str) -> str:
    """Put a noncharacter for each escaped character, so that no pattern takes it for structure."""
    return _ESCAPED.sub(lambda match: _HIDDEN[match[1]], text)


def reveal(hidden: str) -> str:
    """Undo `hide`: the Markdown as it was written."""
    return hidden.translate(_RAW)


def plain(hidden: str) -> str:
    """The one-line text that hidden Markdown means: no links, no emphasis, no backslashes."""
    for pattern in (_LINK, *_EMPHASIS):
        hidden = pattern.sub(r"\1", hidden)
    return " ".join(literal(hidden).split())


def literal(hidden: str) -> str:
    """The hidden text without its backslashes, for what is no prose at all: addresses and numbers."""
    return hidden.translate(_PLAIN)


def escape(text: str) -> str:
    """Write a text of one line so that `plain(hide(…))` gives it back."""
    return _TO_ESCAPE.sub(r"\\\g<0>", text)


def protect(line: str, is_structure: Callable[[str], bool]) -> str:
    """Write a line of running text so that it is not structure; `unprotect` gives it back."""
    core = line.lstrip(" \\")
    if core and is_structure(core):
        body = line.lstrip(" ")
        return line[: len(line) - len(body)] + "\\" + body
    return line


def unprotect(line: str, is_structure: Callable[[str], bool]) -> str:
    """Take away the backslash that `protect` added."""
    body = line.lstrip(" ")
    if body.startswith("\\") and (core := body.lstrip(" \\")) and is_structure(core):
        return line[: len(line) - len(body)] + body[1:]
    return line
