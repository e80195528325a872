"""Markdown to safe HTML: paragraphs, lists, emphasis, links. Never raw HTML, images or headings."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

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


def to_nodes(text: str) -> list[dict[str, Any]]:
    """The same as data, for whatever sets it otherwise than as HTML.

    A node has a `kind`: p, ul, ol (with `start`), item, quote, em, strong or link (with `href`), each with its parts in
    `of`; text or code with `text`; or break. What stands deeper than `MAX_DEPTH` is told without its form.
    """
    return list(_nodes(SyntaxTreeNode(_parser().parse(text)).children, 0))


MAX_DEPTH = 9  # a list in a list counts two
_LISTS = {"bullet_list": "ul", "ordered_list": "ol"}
_KINDS = {"paragraph": "p", "list_item": "item", "blockquote": "quote", "em": "em", "strong": "strong", **_LISTS}
_ALWAYS = {"paragraph", "list_item"}


def _nodes(nodes: Iterable[SyntaxTreeNode], depth: int) -> Iterator[dict[str, Any]]:
    for node in nodes:
        parts, href = node.children, str(node.attrs.get("href", ""))
        has_form = node.type in _KINDS or (node.type == "link" and href.lower().startswith(("http://", "https://")))
        if has_form and (depth < MAX_DEPTH or node.type in _ALWAYS):
            kind = {"kind": _KINDS.get(node.type, "link"), "of": list(_nodes(parts, depth + 1))}
            start = {"start": int(node.attrs.get("start", 1))} if node.type == "ordered_list" else {}
            yield kind | start | ({"href": href} if node.type == "link" else {})
        elif parts:
            inner = [part for item in parts for part in item.children] if node.type in _LISTS else parts
            yield from _nodes(inner, depth)
        elif node.type == "hardbreak":
            yield {"kind": "break"}
        else:
            words = " " if node.type == "softbreak" else node.content
            yield {"kind": "code" if node.type == "code_inline" else "text", "text": words}
