"""The stored part of an article's page."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from content.schema import Content, Tier
from publications.render import flags_by_diagnosis, flags_in_plain_words, render_body

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> & {{ 7|add:7 }}"


def diagnosis(key: str, **fields: Any) -> dict[str, Any]:
    return {"key": key, "tier": "most_likely", "name": key.title(), "clinician": {"rationale": "Because."}} | fields


def article(*diagnoses: dict[str, Any], **fields: Any) -> Content:
    return Content.model_validate({"title": "Hiccups", "diagnoses": diagnoses} | fields)


RICH = article(
    diagnosis(
        "gastric-distension",
        plain_name="a stretched stomach",
        codes=["R06.6"],
        references=["second", "first"],
        clinician={"rationale": "A *large* meal.", "distinguishing_signs": ["Relief on belching"]},
        patient={"rationale": "You ate a lot.", "red_flags": ["You vomit blood"]},
    ),
    diagnosis(
        "stroke",
        tier="do_not_miss",
        clinician={"rationale": "Sudden.", "red_flags": ["Ataxia", "Diplopia"]},
        patient={"rationale": "It is sudden.", "red_flags": ["You cannot walk straight"]},
    ),
    diagnosis(
        "neuromyelitis",
        tier="rare",
        also_do_not_miss=True,
        clinician={"rationale": "Rare.", "red_flags": ["Loss of vision"]},
        patient={"rationale": "It is rare."},
    ),
    presentation={"clinician": "A spasm.", "patient": "A tug."},
    references=[
        {"key": "first", "citation": "First.", "url": "https://www.example.org/a"},
        {"key": "second", "citation": "Second.", "doi": "10.1000/a<b".replace("<", "#"), "pmid": "123"},
    ],
    terms=[
        {"key": "ataxia", "term": "ataxia", "meaning": "Clumsy movements: the brain cannot steer them."},
        {"key": "unsaid", "term": "spasm"},
    ],
    questions=[{"key": "sleep", "question": "Why at night?", "answer": "Without *ataxia* it is harmless. No ataxia?"}],
)


class Page(HTMLParser):
    """The tags of a page, and whether they close as they should."""

    VOID = {"br", "img", "input"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @property
    def ids(self) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get("id"))]

    @property
    def inner_links(self) -> list[str]:
        return [href[1:] for _, attrs in self.tags if (href := attrs.get("href") or "").startswith("#")]


def test_render_body_same_content_gives_same_bytes() -> None:
    again = Content.model_validate_json(RICH.model_dump_json())
    assert render_body(RICH).encode() == render_body(again).encode()


def test_render_body_is_well_formed_and_every_link_inside_leads_somewhere() -> None:
    page = Page(render_body(RICH))
    assert len(page.ids) == len(set(page.ids))
    assert set(page.inner_links) <= set(page.ids)
    assert {"gastric-distension", "stroke", "neuromyelitis"} <= set(page.ids)


def test_render_body_own_ids_cannot_be_the_key_of_a_diagnosis() -> None:
    own = set(Page(render_body(article())).ids)
    assert own
    assert all("_" in each for each in own)


@pytest.mark.parametrize("tier", Tier)
def test_render_body_shows_every_tier_even_when_empty(tier: Tier) -> None:
    html = render_body(article())
    assert f'id="tier_{tier.value}"' in html
    assert html.count("No diagnosis is named in this tier.") == 4


def test_render_body_gives_the_reason_for_no_diagnosis_that_must_not_be_missed() -> None:
    html = render_body(article(diagnosis("one"), no_do_not_miss_reason="It stops by itself."))
    assert "<p>It stops by itself.</p>" in html
    assert "None named: It stops by itself." in html


def test_render_body_escapes_every_text() -> None:
    text = {"rationale": NASTY, "red_flags": [NASTY], "distinguishing_signs": [NASTY]}
    nasty = diagnosis("one", name=NASTY, plain_name=NASTY, clinician=text, patient=text, references=["r"])
    content = article(
        nasty,
        title=NASTY,
        presentation={"clinician": NASTY, "patient": NASTY},
        terms=[{"key": "a", "term": "alert(1)", "meaning": NASTY}, {"key": "b", "term": NASTY, "meaning": NASTY}],
        questions=[{"key": "a", "question": NASTY, "answer": NASTY}],
        no_do_not_miss_reason=NASTY,
        references=[{"key": "r", "citation": NASTY, "doi": "10.1000/a'b", "url": "https://example.org/a'b?c&d"}],
    )
    page = Page(render_body(content))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "style", "iframe"})
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name == "style"]


def test_render_body_numbers_marks_as_in_the_list() -> None:
    html = render_body(RICH)
    marks = re.findall(r'<a href="#ref_(\w+)"><span class="visually-hidden">Reference </span>\[(\d)\]</a>', html)
    assert marks == [("first", "1"), ("second", "2")]


def test_render_body_links_references_by_doi_pmid_and_address() -> None:
    html = render_body(RICH)
    assert '<a href="https://doi.org/10.1000/a%23b" rel="noopener">doi:10.1000/a#b</a>' in html
    assert '<a href="https://pubmed.ncbi.nlm.nih.gov/123/" rel="noopener">PMID 123</a>' in html
    assert '<a href="https://www.example.org/a" rel="noopener">example.org</a>' in html


def test_render_body_keeps_both_audiences_and_marks_them() -> None:
    html = render_body(RICH)
    assert '<div class="diagnosis-text for-patient">\n<p>You ate a lot.</p>' in html
    assert '<div class="diagnosis-text for-clinician">\n<p>A <em>large</em> meal.</p>' in html
    assert "There is no text for patients yet" not in html


def test_render_body_without_patient_text_says_so_and_hides_nothing_from_patients() -> None:
    html = render_body(article(diagnosis("one", clinician={"rationale": "Why.", "red_flags": ["Flag"]})))
    assert "There is no text for patients yet" in html
    assert '<div class="diagnosis-text">\n<p>Why.</p>' in html


def test_render_body_says_which_diagnosis_of_a_draft_lacks_patient_text() -> None:
    html = render_body(article(diagnosis("one"), diagnosis("two", patient={"rationale": "Simply."})))
    assert html.count("This diagnosis has no text for patients yet") == 1


def test_render_body_names_diagnoses_of_other_tiers_that_must_not_be_missed() -> None:
    html = render_body(RICH)
    assert 'Also do not miss: <a href="#neuromyelitis">Neuromyelitis</a> (under rare).' in html


def test_render_body_explains_each_term_once_in_each_text_and_lists_those_that_have_a_meaning() -> None:
    page = Page(render_body(RICH))
    buttons = [attrs["popovertarget"] for tag, attrs in page.tags if tag == "button" and attrs.get("class") == "term"]
    assert buttons == ["term_ataxia", "term_ataxia"]  # in a red flag, and in the answer
    assert {"terms_list", "term_ataxia", "meaning_ataxia", "reader_questions", "question_sleep"} <= set(page.ids)
    assert not [each for each in page.ids if "unsaid" in each]
    popover = next(attrs for _, attrs in page.tags if attrs.get("id") == "term_ataxia")
    assert (popover["aria-labelledby"], popover["aria-describedby"]) == ("word_ataxia", "said_ataxia")
    assert {"word_ataxia", "said_ataxia"} <= set(page.ids)


def test_render_body_without_terms_and_questions_says_nothing_of_them() -> None:
    html = render_body(article(diagnosis("one", clinician={"rationale": "x", "red_flags": ["a 'b' \"c\""]})))
    assert "<li>a &#x27;b&#x27; &quot;c&quot;</li>" in html
    assert not re.search("term|question", html)


def test_flags_by_diagnosis_gravest_first() -> None:
    assert [(group.key, group.flags) for group in flags_by_diagnosis(RICH)] == [
        ("stroke", ("Ataxia", "Diplopia")),
        ("neuromyelitis", ("Loss of vision",)),
        ("gastric-distension", ("You vomit blood",)),
    ]


def test_flags_in_plain_words_take_the_clinicians_where_patients_have_none() -> None:
    assert flags_in_plain_words(RICH) == ["You cannot walk straight", "Loss of vision", "You vomit blood"]


def test_flags_in_plain_words_are_said_once() -> None:
    same = {"rationale": "Why.", "red_flags": ["Fever"]}
    content = article(diagnosis("one", patient=same), diagnosis("two", patient={**same, "red_flags": ["fever"]}))
    assert len(flags_in_plain_words(content)) == 1


@pytest.mark.parametrize("name", ["references", "main-content", "at-a-glance", "ref-first", "tier-rare"])
def test_render_body_key_like_an_id_of_the_page_does_not_collide(name: str) -> None:
    ids = Page(render_body(article(diagnosis(name)))).ids
    assert len(ids) == len(set(ids))
