"""Quoted words are found where they stand, known again in a later text, and gone when they are gone."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import anchors
from content.folding import fold
from content.markdown import to_html
from content.marking import Quote, mark, mark_words
from content.schema import Content
from tests.factories import make_content


def text_of(rationale: str, **more: Any) -> Content:
    data = make_content().model_dump(mode="json")
    data["diagnoses"][0]["clinician"]["rationale"] = rationale
    data["diagnoses"][0] |= more
    return Content.model_validate(data)


def slice_of(content: Content, found: anchors.Found | None) -> str | None:
    if found is None:
        return None
    return "\n".join(anchors.texts(content, found.key, found.place))[found.start : found.end]


@pytest.mark.parametrize(
    ("source", "quote", "expected"),
    [
        ("The pain is dull.", "pain is dull", "pain is dull"),
        ("The **pain** is dull.", "pain is dull", "pain** is dull"),
        ("The pain is “dull”.", 'is "dull"', "is “dull”"),
        ("The pain\nis dull.", "Pain is  dull", "pain\nis dull"),
        ("- One sign\n- Another sign", "one sign another", "One sign\n- Another"),
        (
            "See [the guide](https://example.org/a_b) first.",
            "the guide first",
            "the guide](https://example.org/a_b) first",
        ),
        (r"A \*star\* stays", "a *star* stays", r"A \*star\* stays"),
        ("1. First\n2. Second", "2. Second", None),
        ("The pain is dull.", "sharp", None),
        ("The pain is dull.", "  ", None),
    ],
)
def test_words_are_found_as_they_read(source: str, quote: str, expected: str | None) -> None:
    content = text_of(source)
    assert slice_of(content, anchors.locate(content, "full-stomach", quote)) == expected


WITH_LATER_PARTS: dict[str, Any] = {
    "terms": [
        {"key": "tic", "term": "tic", "meaning": "A sudden jerk."},
        {"key": "flutter", "term": "flutter", "meaning": "A fast beat."},
    ],
    "questions": [
        {"key": "one", "question": "Does it last?", "answer": "Rarely.\n\n- Two *days* at most"},
        {"key": "two", "question": "Does it come back?", "answer": "It can come back."},
    ],
}


@pytest.mark.parametrize(
    ("quote", "place", "words"),
    [
        ("a fast beat", "terms.meaning", "A slow beat"),
        ("flutter", "terms.term", "quiver"),
        ("come back?", "questions.question", "go?"),
        ("two days", "questions.answer", "three *weeks*"),
        ("can come back", "questions.answer", "may return"),
    ],
)
def test_words_of_terms_and_questions_are_found_and_replaced(quote: str, place: str, words: str) -> None:
    content = make_content(**WITH_LATER_PARTS)
    found = anchors.locate(content, "", quote)
    assert found is not None
    assert (found.place, bool(found.label)) == (place, True)
    replaced = anchors.replace(content, found, words)
    where, part = place.split(".")
    changed = [
        getattr(after, part)
        for before, after in zip(getattr(content, where), getattr(replaced, where), strict=True)
        if before != after
    ]
    assert len(changed) == 1
    assert words in changed[0]
    assert anchors.resolve(content, "", place, quote, anchors.before(content, found)) == found


def test_words_before_tell_twins_apart() -> None:
    content = text_of("First the pain, then the pain.")
    found = [anchors.locate(content, "full-stomach", "the pain", before=before) for before in ("First ", "pain, then ")]
    assert [each and each.start for each in found] == [6, 21]


def test_whole_article_is_searched_without_a_diagnosis() -> None:
    content = make_content()
    places = {
        "Hiccups at night": ("", "title"),
        "hiccups. example institute": ("", "references"),
        "A stroke can cause this": ("stroke", "patient.rationale"),
        "Vomiting with reflux": None,
    }
    for quote, expected in places.items():
        found = anchors.locate(content, "", quote)
        assert (found and (found.key, found.place)) == expected, quote
    both = [anchors.locate(content, "stroke", "stroke", audience=audience) for audience in ("patient", "clinician")]
    assert [each and each.place.partition(".")[0] for each in both] == ["patient", "clinician"]


@pytest.mark.parametrize(
    ("later", "stands"),
    [
        ("Sudden pain after a meal.", True),
        ("New words first. Sudden  *pain* after a meal.", True),
        ("Pain after a meal.", False),  # too short a word to be known without what stood before it
        ("Nothing of it.", False),
    ],
)
def test_short_words_need_the_words_before_them(later: str, stands: bool) -> None:
    found = anchors.resolve(text_of(later), "full-stomach", "clinician.rationale", "pain", "Sudden ")
    assert (found is not None) is stands


def test_anchor_is_gone_with_its_diagnosis_or_its_place() -> None:
    content = text_of("Sudden pain after a meal.")
    quote = "pain after a meal"
    assert anchors.resolve(content, "full-stomach", "clinician.rationale", quote, "")
    for key, place in (("gone", "clinician.rationale"), ("full-stomach", "patient.rationale"), ("full-stomach", "x.y")):
        assert anchors.resolve(content, key, place, quote, "") is None


@pytest.mark.parametrize(
    ("source", "quote", "new", "expected"),
    [
        ("The pain is dull.", "dull", "sharp", "The pain is sharp."),
        ("The **pain** is dull.", "pain", "ache", "The **ache** is dull."),
        ("The **pain** is dull.", "pain is dull", "ache is dull", "The ache is dull."),
        ("The pain is dull.", " is dull", "", "The pain."),
        ("A **bold pain here** now.", "here now", "there", None),
        ("See [the guide](https://example.org/) first.", "guide first", "x", None),
    ],
)
def test_words_are_replaced_or_it_is_said_why_not(source: str, quote: str, new: str, expected: str | None) -> None:
    content = text_of(source)
    found = anchors.locate(content, "full-stomach", quote)
    assert found is not None
    if expected is None:
        with pytest.raises(anchors.CannotReplace):
            anchors.replace(content, found, new)
    else:
        assert anchors.replace(content, found, new).diagnoses[0].clinician.rationale == expected


def test_lines_are_replaced_and_taken_out() -> None:
    content = make_content()
    found = anchors.resolve(content, "stroke", "clinician.red_flags", "Vomiting with lateral medullary stroke", "")
    assert found is not None
    assert anchors.replace(content, found, "New words").diagnosis("stroke").clinician.red_flags == ("New words",)  # type: ignore[union-attr]
    assert anchors.replace(content, found, "").diagnosis("stroke").clinician.red_flags == ()  # type: ignore[union-attr]
    found = anchors.locate(content, "", "Example Institute")
    assert found is not None
    assert (
        anchors.replace(content, found, "Other Institute").references[0].citation == "Hiccups. Other Institute, 2024."
    )


# Marks in HTML


def test_marks_go_around_words_and_not_around_tags() -> None:
    html = to_html("The **dull** pain\n\nand a [link](https://example.org/?a=1&b=2) & more")
    marked = mark(html, [Quote("7", "dull pain and a link"), Quote("9", "pain")])
    assert re.sub(r"</?mark[^>]*>", "", marked) == html
    assert "".join(re.findall(r"<mark[^>]*>([^<]*)</mark>", marked)) == "dullpainand a link"
    assert '<mark data-finding="7 9">pain</mark>' in marked


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "a &lt;b&gt; &amp;amp; c",
        "[x](javascript:alert(1))",
    ],
)
def test_marked_words_stay_words(words: str) -> None:
    for html, marked in (
        (to_html(words), mark(to_html(words), [Quote('"><script>', words), Quote("2", words[2:9])])),
        (mark_words(words, []), mark_words(words, [Quote('"><script>', words)])),
    ):
        assert re.sub(r'<mark data-finding="[^"<>]*">|</mark>', "", marked) == html


@given(st.text(max_size=80), st.text(max_size=20), st.integers(0, 60), st.integers(1, 20))
def test_marking_adds_nothing_but_marks(source: str, other: str, start: int, length: int) -> None:
    html = to_html(source)
    marked = mark(html, [Quote("1", source[start : start + length]), Quote("2", other)])
    assert re.sub(r'<mark data-finding="[12 ]+">|</mark>', "", marked) == html


@given(st.text(max_size=80), st.text(max_size=20), st.integers(0, 60), st.integers(1, 20))
def test_what_is_quoted_from_the_source_is_found_in_it(source: str, other: str, start: int, length: int) -> None:
    content = text_of(f"{source} {other}")
    text = content.diagnoses[0].clinician.rationale
    quote = text[start : start + length]
    found = anchors.locate(content, "full-stomach", quote, audience="clinician")
    if found is not None:
        cut = slice_of(content, found)
        assert fold(cut or "", is_quote=True).text.startswith(fold(quote, is_quote=True).text[:1])
        assert fold(quote, is_quote=True).text in fold("\n".join(anchors.texts(content, found.key, found.place))).text
