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
        attributes={"a": {"href"}, "*": set()},
        attribute_filter=_absolute,
        url_schemes={"http", "https"},
        link_rel="noopener nofollow",
    )


def _absolute(_tag: str, name: str, value: str) -> str | None:
    """Links lead to sources outside: an address of this site, or one without a scheme, is left away."""
    return value if name != "href" or value.lower().startswith(("http://", "https://")) else None
