"""Terms are explained where they are read first, and nothing else of a text changes."""

import html
import re

import pytest

from content.markdown import to_html
from content.schema import Content, Term
from content.terms import Glossary, unused

BUTTON = re.compile(r'<button type="button" class="term" popovertarget="term_([a-z0-9-]+)">(.*?)</button>', re.DOTALL)


def glossary(*words: str) -> Glossary:
    return Glossary(Term(key=f"t-{at}", term=word, meaning="What it means.") for at, word in enumerate(words))


def explained(markdown: str, *words: str) -> list[tuple[str, str]]:
    """(number of the term, words) of each place; and nothing but buttons was added."""
    clean = to_html(markdown)
    made = glossary(*words).explain(clean, set())
    assert BUTTON.sub(r"\2", made) == clean
    return [(key.removeprefix("t-"), html.unescape(found)) for key, found in BUTTON.findall(made)]


@pytest.mark.parametrize(
    ("markdown", "words", "found"),
    [
        ("A tic is a tic.", ["tic"], [("0", "tic")]),
        ("Tics, then a TIC.", ["tic"], [("0", "Tics")]),
        ("Ticks and antics.", ["tic"], []),
        ("Two biopsies.", ["biopsy"], [("0", "biopsies")]),
        ("Reflexes are brisk.", ["reflex"], [("0", "Reflexes")]),
        ("Axon hillock, an axon.", ["axon", "axon hillock"], [("1", "Axon hillock"), ("0", "axon")]),
        ("Bell’s palsy", ["Bell's palsy"], [("0", "Bell’s palsy")]),
        ("motor\nneuron", ["motor neuron"], [("0", "motor\nneuron")]),
        ("See [tic disorder](https://example.org) or tic.", ["tic"], [("0", "tic")]),
        ("`tic`, tic", ["tic"], [("0", "tic")]),
        ("**motor** neuron", ["motor neuron"], []),
        ("**Mo**tor neurons", ["tor neuron", "neuron"], [("1", "neurons")]),
        ("**motor neuron**", ["motor neuron"], [("0", "motor neuron")]),
        ("- motor\n\nneuron", ["motor neuron"], []),
        ("A < B & tic", ["B & tic"], [("0", "B & tic")]),
        ("<script> alert(1)</script>", ["<script>"], [("0", "<script>")]),
        ("<script>alert(1)</script>", ["<script>"], []),
        ("c++ is used", ["c++"], [("0", "c++")]),
        ("(?:a+)+ here", ["(?:a+)+"], [("0", "(?:a+)+")]),
        ("nothing", ["", " "], []),
        ("тик и ТИК", ["тик"], [("0", "тик")]),
    ],
)  # fmt: skip
def test_terms_are_found(markdown: str, words: list[str], found: list[tuple[str, str]]) -> None:
    assert explained(markdown, *words) == found


def test_a_term_is_explained_once_in_all_pieces_of_a_text() -> None:
    seen: set[str] = set()
    terms = glossary("tic", "spasm")
    assert BUTTON.findall(terms.explain(to_html("A tic."), seen)) == [("t-0", "tic")]
    assert terms.explain_words("A tic, “quoted”", seen) == "A tic, “quoted”"
    assert BUTTON.findall(terms.explain_words('A "spasm"', seen)) == [("t-1", "spasm")]


@pytest.mark.parametrize("words", ["a <b> & 'c' \"d\"", "tic <b>"])
def test_words_of_a_line_are_escaped_with_and_without_a_term(words: str) -> None:
    made = glossary("tic").explain_words(words, set())
    assert "<b>" not in made
    assert html.unescape(BUTTON.sub(r"\2", made)) == words


def test_a_term_without_a_meaning_is_not_explained() -> None:
    assert Glossary([Term(key="tic", term="tic")]).explain("<p>A tic.</p>", set()) == "<p>A tic.</p>"


def test_the_same_words_give_the_same_bytes_in_linear_time() -> None:
    terms = glossary(*(f"{'a' * 90}{number}" for number in range(100)))
    clean = to_html("a" * 19_000)
    assert terms.explain(clean, set()) == clean


def test_unused_are_the_terms_that_no_text_explains() -> None:
    content = Content.model_validate(
        {
            "title": "Tics",
            "presentation": {"clinician": "[spasm](https://example.org/) of a _motor_ unit"},
            "diagnoses": [{"key": "a", "tier": "rare", "name": "Myoclonus", "patient": {"red_flags": ["A jerk"]}}],
            "questions": [{"key": "q", "question": "Is it a cramp?", "answer": "Not a **twitch**."}],
            "terms": [
                {"key": word, "term": word, "meaning": meaning}
                for word, meaning in [
                    ("spasm", "x"), ("motor", ""), ("tic", "x"), ("jerk", "x"), ("cramp", "x"), ("twitch", "x"),
                ]
            ],
        }
    )  # fmt: skip
    assert unused(content) == {"spasm", "tic", "cramp"}
