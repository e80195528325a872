"""The signed document as body and back matter."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement

from content.markdown import to_nodes
from content.schema import Audience, Content, Diagnosis, DiagnosisText, Reference, Tier
from content.text import visible
from publications.render import UNNAMED

HREF = "{http://www.w3.org/1999/xlink}href"
_NAMES = {"p": "p", "ul": "list", "ol": "list", "item": "list-item", "quote": "disp-quote", "em": "italic"}
_NAMES |= {"strong": "bold", "link": "ext-link", "code": "monospace"}
_ATTRIBUTES = {"ul": {"list-type": "bullet"}, "ol": {"list-type": "order"}, "link": {"ext-link-type": "uri"}}


def add(parent: Element, name: str, words: str = "", **attributes: str) -> Element:
    """A new last part of `parent`; `_` in the name of an attribute stands for `-`."""
    part = SubElement(parent, name, {key.replace("_", "-"): visible(value) for key, value in attributes.items()})
    part.text = visible(words) or None
    return part


def add_link(parent: Element, name: str, address: str, words: str = "", **attributes: str) -> Element:
    part = add(parent, name, words, **attributes)
    part.set(HREF, visible(address))
    return part


def add_body(article: Element, content: Content) -> None:
    body, numbers = add(article, "body"), {each.key: n for n, each in enumerate(content.references, start=1)}
    for audience in Audience:
        if words := getattr(content.presentation, audience.value):
            section = _section(body, "Presentation", specific_use=audience.value)
            _add_markdown(section, words)
    for tier in Tier:
        if found := content.in_tier(tier):
            section = _section(body, tier.label, id=f"tier_{tier.value}", sec_type="tier")
            for diagnosis in found:
                _add_diagnosis(section, diagnosis, numbers)
    if content.no_do_not_miss_reason:
        add(_section(body, "Why nothing is listed as do not miss"), "p", content.no_do_not_miss_reason)
    for question in content.questions:
        section = _section(body, question.question, id=f"question_{question.key}", sec_type="reader-question")
        _add_markdown(section, question.answer)


def _section(parent: Element, title: str, **attributes: str) -> Element:
    section = add(parent, "sec", **attributes)
    add(section, "title", title)
    return section


def _add_diagnosis(parent: Element, diagnosis: Diagnosis, numbers: Mapping[str, int]) -> None:
    section = _section(parent, diagnosis.name or UNNAMED, id=f"diagnosis_{diagnosis.key}", sec_type="diagnosis")
    if diagnosis.plain_name:
        add(section, "p", f"In plain words: {diagnosis.plain_name}.")
    if diagnosis.codes:
        add(section, "p", f"ICD-10-CM: {', '.join(diagnosis.codes)}.")
    if diagnosis.also_do_not_miss and diagnosis.tier is not Tier.DO_NOT_MISS:
        add(section, "p", "Also not to be missed.")
    if diagnosis.references:
        _add_marks(add(section, "p", "Sources: "), diagnosis.references, numbers)
    for audience in Audience:
        if not (text := diagnosis.text(audience)).is_empty:
            _add_text(_section(section, f"For readers: {audience.label}", specific_use=audience.value), text)


def _add_marks(paragraph: Element, keys: Iterable[str], numbers: Mapping[str, int]) -> None:
    for key in sorted(keys, key=lambda key: numbers[key]):
        mark = add(paragraph, "xref", f"[{numbers[key]}]", ref_type="bibr", rid=f"ref_{key}")
        mark.tail = " "


def _add_text(section: Element, text: DiagnosisText) -> None:
    _add_markdown(section, text.rationale)
    for title, items in (("Red flags", text.red_flags), ("Distinguishing signs", text.distinguishing_signs)):
        if items:
            part = add(_section(section, title), "list", list_type="bullet")
            for item in items:
                add(add(part, "list-item"), "p", item)


def _add_markdown(parent: Element, markdown: str) -> None:
    _add_nodes(parent, to_nodes(markdown))


def _add_nodes(parent: Element, nodes: Iterable[dict[str, Any]]) -> None:
    last: Element | None = None
    for node in nodes:
        kind = node["kind"]
        if kind in _NAMES:
            last = SubElement(parent, _NAMES[kind], _ATTRIBUTES.get(kind, {}))
            last.text = visible(node.get("text", ""))
            if kind == "link":
                last.set(HREF, visible(node["href"]))
            _add_nodes(last, node.get("of", ()))
            continue
        words = "\n" if kind == "break" else visible(node["text"])
        if last is None:
            parent.text = (parent.text or "") + words
        else:
            last.tail = (last.tail or "") + words


def add_back(article: Element, content: Content) -> None:
    if not (content.terms or content.references):
        return
    back = add(article, "back")
    if content.terms:
        glossary = add(back, "glossary")
        add(glossary, "title", "Terms")
        terms = add(glossary, "def-list")
        for term in content.terms:
            item = add(terms, "def-item", id=f"meaning_{term.key}")
            add(item, "term", term.term)
            add(add(item, "def"), "p", term.meaning)
    if content.references:
        references = add(back, "ref-list")
        add(references, "title", "References")
        for number, reference in enumerate(content.references, start=1):
            item = add(references, "ref", id=f"ref_{reference.key}")
            add(item, "label", str(number))
            _add_reference(item, reference)


def _add_reference(parent: Element, reference: Reference) -> None:
    cited = add(parent, "mixed-citation", f"{reference.citation} ")
    if reference.doi:
        add_link(
            cited,
            "pub-id",
            f"https://doi.org/{quote(reference.doi, safe='/:;()._-')}",
            reference.doi,
            pub_id_type="doi",
        )
    if reference.pmid:
        add(cited, "pub-id", reference.pmid, pub_id_type="pmid")
    if reference.url:
        add_link(cited, "ext-link", reference.url, reference.url, ext_link_type="uri")
