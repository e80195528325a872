"""Markdown to safe HTML: paragraphs, lists, emphasis, links. Never raw HTML, images or headings."""

from functools import cache

import nh3
from markdown_it import MarkdownIt

_TAGS = {"p", "ul", "ol", "li", "em", "strong", "a", "code", "br", "blockquote"}


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False})
    return parser.enable(["list", "emphasis", "link", "escape", "backticks", "newline", "blockquote", "balance_pairs"])


def to_html(text: str) -> str:
    """Render Markdown to HTML that is safe to stand in a page."""
    return nh3.clean(
        _parser().render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener nofollow",
    )
