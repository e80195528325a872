"""The table of contents names every part of the stored page, in its order, and leads there."""

import re

from content.schema import Content
from ddx_portal.gallery import DEMONSTRATION
from publications.contents import contents, diagnosis_links
from publications.render import render_body

FULL = DEMONSTRATION | {
    "terms": [{"key": "a", "term": "hiccup", "meaning": "a spasm"}, {"key": "b", "term": "unfinished", "meaning": ""}],
    "questions": [{"key": "a", "question": "Is it long?", "answer": "It may be."}],
}


def parts(content: Content) -> list[str]:
    """The ids of the headings of the second level, as they follow on the page."""
    return re.findall(r'<h2[^>]* id="(\w+)"', render_body(content))


def test_every_part_of_the_page_is_named_in_its_order() -> None:
    for data in (FULL, DEMONSTRATION, {"title": "Itch"}):
        content = Content.model_validate(data)
        assert ["get_help_now", *(place.anchor for place in contents(content))] == parts(content)


def test_what_must_not_be_missed_counts_in_both_tiers() -> None:
    one = DEMONSTRATION["diagnoses"][0] | {"also_do_not_miss": True, "tier": "rare"}
    counts = {
        place.tier: place.number for place in contents(Content.model_validate(DEMONSTRATION | {"diagnoses": [one]}))
    }
    assert (counts["rare"], counts["do_not_miss"], counts["most_likely"]) == (1, 1, 0)


def test_each_diagnosis_leads_to_its_page_in_the_order_of_the_text() -> None:
    one = DEMONSTRATION["diagnoses"][0]
    content = Content.model_validate(
        DEMONSTRATION | {"diagnoses": [one | {"key": "b", "tier": "rare"}, one | {"key": "a", "tier": "most_likely"}]}
    )
    assert [(each.key, each.url) for each in diagnosis_links(content)] == [
        ("a", "/diagnoses/gastric-distension-demonstration/"),
        ("b", "/diagnoses/gastric-distension-demonstration/"),
    ]


def test_only_the_public_page_has_places_to_report_a_problem() -> None:
    content = Content.model_validate(FULL)
    reports = re.findall(r'href="report/\?diagnosis=([\w-]+)"', render_body(content))
    assert reports == [each.key for each in content.diagnoses]
    assert "report/" not in render_body(content, is_preview=True)
