"""Markdown gives paragraphs, lists, emphasis and links; whatever attacks gives text."""

import re
from collections.abc import Iterable
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.markdown import to_html, to_nodes
from tests.articles.strategies import proses

ALLOWED = {"p", "ul", "ol", "li", "em", "strong", "a", "code", "br", "blockquote"}


class _Tags(HTMLParser):
    """Collects what a browser would make elements and attributes of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


def _assert_harmless(html: str) -> None:
    tags = _Tags()
    tags.feed(html)
    assert tags.tags <= ALLOWED
    for name, value in tags.attributes:
        assert name in {"href", "rel", "start"}
        if name == "href":
            assert (value or "").lower().startswith(("http://", "https://"))
        if name == "rel":
            assert value == "noopener nofollow"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"),
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>\n"),
        (
            "[NIH](https://example.org/a)",
            '<p><a href="https://example.org/a" rel="noopener nofollow">NIH</a></p>\n',
        ),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("# No heading", "<p># No heading</p>\n"),
        ("[here](/desk/)", '<p><a rel="noopener nofollow">here</a></p>\n'),
        (
            '[NIH](https://example.org/a "title")',
            '<p><a href="https://example.org/a" rel="noopener nofollow">NIH</a></p>\n',
        ),
        ("![no picture](https://example.org/a.png)", None),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>\n"),
        ("\\*plain\\*", "<p>*plain*</p>\n"),
        ("", ""),
    ],
)
def test_markdown_is_rendered_so(text: str, html: str | None) -> None:
    rendered = to_html(text)
    assert "<img" not in rendered
    if html is not None:
        assert rendered == html


ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<p style='position:fixed'>x</p>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](mailto:a@example.org)",
    "[x](\u0001javascript:alert(1))",
    '[x](https://example.org/"onmouseover=alert(1))',
    "[x](https://example.org 'x\" onclick=alert(1)')",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](https://example.org/pixel.gif)",
    '![x" onerror="alert(1)](x)',
    "<javascript:alert(1)>",
    "<https://example.org/?a=<script>>",
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "- <details open ontoggle=alert(1)>",
    "> <style>@import 'https://example.org'</style>",
    "*<b onclick=alert(1)>*",
    "[<img src=x onerror=alert(1)>](https://example.org)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "\\<script>alert(1)\\</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<form action=https://example.org><input name=password>",
    "<base href=https://example.org>",
    "<meta http-equiv=refresh content=0>",
    "<object data=x></object><embed src=x>",
    "{{ 7 * 7 }} {% load x %}",
)


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_is_only_text(text: str) -> None:
    _assert_harmless(to_html(text))


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=60), proses, st.lists(st.sampled_from(ATTACKS), max_size=3).map(" ".join)))
def test_any_text_is_harmless(text: str) -> None:
    _assert_harmless(to_html(text))


def _words_of_nodes(nodes: Iterable[dict[str, Any]]) -> str:
    blocks = {"p", "item", "break"}
    return "".join(
        (" " if each["kind"] in blocks else "") + each.get("text", "") + _words_of_nodes(each.get("of", ()))
        for each in nodes
    )


def _words_of_html(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(p|li|br)>", " ", html)))


@given(proses)
@settings(max_examples=60)
def test_nodes_say_what_the_html_says(text: str) -> None:
    assert _words_of_nodes(to_nodes(text)).split() == _words_of_html(to_html(text)).split()


@pytest.mark.parametrize(
    "text",
    [
        "a **b *c*** [d](https://example.org/) `e`  \nf\ng",
        "\n".join("  " * n + f"- level {n}" for n in range(30)),
        ">" * 40 + " q",
        "*" * 60 + "x" + "*" * 60,
        "[x](javascript:alert) [y](/here) <b>z</b>",
    ],
)
def test_nodes_of_odd_texts_say_what_the_html_says(text: str) -> None:
    assert _words_of_nodes(to_nodes(text)).split() == _words_of_html(to_html(text)).split()


def test_nodes_keep_the_form() -> None:
    assert to_nodes("3. *a* [b](https://example.org/)\n\n> [c](/here)") == [
        {
            "kind": "ol",
            "start": 3,
            "of": [
                {
                    "kind": "item",
                    "of": [
                        {
                            "kind": "p",
                            "of": [
                                {"kind": "em", "of": [{"kind": "text", "text": "a"}]},
                                {"kind": "text", "text": " "},
                                {"kind": "link", "href": "https://example.org/", "of": [{"kind": "text", "text": "b"}]},
                            ],
                        }
                    ],
                }
            ],
        },
        {"kind": "quote", "of": [{"kind": "p", "of": [{"kind": "text", "text": "c"}]}]},
    ]
