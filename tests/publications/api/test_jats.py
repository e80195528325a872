"""JATS XML: its order and its words; the whole of it against the DTD where that is at hand (`JATS_DTD`)."""

import os

import pytest
from django.test import Client
from lxml import etree

from tests.publications.api.conftest import RICH

pytestmark = pytest.mark.usefixtures("articles", "committed_db")

HREF = "{http://www.w3.org/1999/xlink}href"
PATHS = (
    "/articles/hiccups-at-night/jats.xml",
    "/articles/hiccups-at-night/v/1/jats.xml",
    "/articles/cold-feet/jats.xml",
    "/articles/sudden-sneezing/jats.xml",
    "/articles/sudden-sneezing/v/1/jats.xml",
)
# The parts of article-meta that we write, in the order that the tag set demands.
META = "article-id article-version-alternatives article-categories title-group contrib-group author-notes pub-date "
META += "pub-history permissions self-uri related-article kwd-group custom-meta-group"


def read(path: str) -> etree._Element:
    response = Client().get(path)
    assert response.status_code == 200
    return etree.fromstring(response.content, etree.XMLParser(resolve_entities=False, no_network=True))


@pytest.mark.parametrize("path", PATHS)
def test_parts_stand_in_their_order_and_ids_are_unique(path: str) -> None:
    root = read(path)
    order = [META.split().index(each.tag) for each in root.find("front/article-meta")]
    assert order == sorted(order)
    assert [each.tag for each in root] in (["front", "body", "back"], ["front", "body"])
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(root.xpath("//@rid")) <= set(ids)


def test_text_has_everything_that_was_signed() -> None:
    root = read("/articles/hiccups-at-night/jats.xml")
    assert (root.get("article-type"), root.get("dtd-version")) == ("reference", "1.3")
    assert root.xpath("string(//article-version[@article-version-type='number'])") == "2"
    assert root.xpath("//sec[@sec-type='tier']/@id") == [
        "tier_most_likely",
        "tier_other_likely",
        "tier_do_not_miss",
        "tier_rare",
    ]
    assert len(root.xpath("//sec[@sec-type='diagnosis']/sec[@specific-use='clinician']")) == 4
    assert len(root.xpath("//sec[@sec-type='diagnosis']/sec[@specific-use='patient']")) == 4
    question = root.find(".//sec[@sec-type='reader-question']")
    assert question.findtext("title") == RICH["questions"][0]["question"]
    assert [each.tag for each in question] == ["title", "p", "list", "disp-quote", "list"]
    assert question.find(".//ext-link").get(HREF) == "https://example.org/?a=1&b=2"
    assert [each.text for each in root.findall(".//ref//pub-id")] == ["10.1000/a#b", "12"]
    assert root.findtext(".//def-item/term") == "Singultus"


def test_people_rights_and_dates_are_named() -> None:
    meta = read("/articles/cold-feet/jats.xml").find("front/article-meta")
    assert [each.get("contrib-type") for each in meta.findall(".//contrib")] == ["author", "reviewer", "reviewer"]
    assert [each.text for each in meta.findall(".//contrib/degrees")] == ["MD", "MD"]
    assert len(meta.findall("author-notes/fn[@fn-type='coi-statement']")) == 3
    assert meta.findtext("permissions/license/license-p") == "All rights reserved."
    assert [each.get("event-type") for each in meta.find("pub-history")] == [
        "received",
        "review-started",
        "accepted",
        "correction",
    ]
    assert "Read 5 mg where it says 50 mg." in meta.xpath("string(pub-history)")
    assert [each.get("related-article-type") for each in meta.findall("related-article")] == ["correction-forward"]
    assert meta.findtext(".//article-version[@article-version-type='status']") == "C-VoR"


def test_retraction_is_a_document_of_its_own() -> None:
    root = read("/articles/sudden-sneezing/jats.xml")
    assert root.get("article-type") == "retraction"
    assert root.findtext(".//article-title") == "RETRACTED: Sudden sneezing"
    related = root.find(".//related-article")
    assert (related.get("related-article-type"), related.get(HREF)) == (
        "retracted-article",
        "http://testserver/articles/sudden-sneezing/v/1/",
    )
    assert "A red flag was wrong." in root.xpath("string(body)")
    assert "Gastric distension" not in root.xpath("string(.)")
    kept = read("/articles/sudden-sneezing/v/1/jats.xml")
    assert kept.find(".//related-article").get("related-article-type") == "retraction-forward"
    assert "Gastric distension" in kept.xpath("string(.)")


@pytest.mark.skipif("JATS_DTD" not in os.environ, reason="the DTD is not part of this repository")
def test_documents_are_valid() -> None:
    dtd = etree.DTD(os.environ["JATS_DTD"])
    for path in PATHS:
        assert dtd.validate(read(path)), (path, dtd.error_log.filter_from_errors())
