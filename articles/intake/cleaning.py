"""The text as it came, made plain: no marks of encodings, one kind of line end and space."""

import re

from articles.intake.result import NotAnArticle
from content.text import visible

LONGEST = 1_000_000  # characters
MOST_LINES = 25_000
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BINARY = re.compile("[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_HTML = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<head|<body|<div|<script)", re.IGNORECASE)


def clean(text: str) -> str:
    """The text with LF line ends and without anything invisible.

    Raises:
        NotAnArticle: it is too long, empty, binary or HTML.

    """
    if len(text) > LONGEST:
        raise NotAnArticle(f"the text has more than {LONGEST:,} characters; import one article at a time")
    if binary := _BINARY.search(text):
        line = text.count("\n", 0, binary.start()) + 1
        raise NotAnArticle("this is no text but binary data; save the article as .txt, .md or .docx", line)
    if _HTML.match(text.lstrip("\ufeff")[:2_000]):
        raise NotAnArticle("this is the HTML source of a web page; copy the text that the page shows instead")
    text = _LINE_ENDS.sub("\n", text).replace("\t", "    ")
    if text.count("\n") >= MOST_LINES:
        raise NotAnArticle(f"the text has more than {MOST_LINES:,} lines; import one article at a time")
    text = visible(text)
    if not text.strip():
        raise NotAnArticle("the text is empty; paste an article or choose another file")
    return text
