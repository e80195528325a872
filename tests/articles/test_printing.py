"""Whatever the schema holds can be printed and read back; what is plain stays plain."""

import pytest
from hypothesis import HealthCheck, given, settings

from articles.intake import NotAnArticle, read
from articles.printing import to_published_format
from content.schema import Content, Diagnosis, DiagnosisText, Presentation, Question, Reference, Term, Tier
from content.text import line
from tests.articles.strategies import NASTY, contents

PRINTED = """\
# Differential Diagnosis for Cold Fingers

Fingers turn white.

They are red again soon.

## In Plain Words

Your fingers get cold.

## Single Most Likely Diagnosis

- **Primary Raynaud phenomenon (white: cold)** (in plain words: white fingers) [I73.00, R20.0] {#raynaud}: Spasm.

  It passes.

  Red flags:
  - Sores
  - One hand only

  Distinguishing signs:
  - Both sides

  In plain words: Small vessels close.

  Red flags in plain words:
  - A sore

  Signs in plain words:
  - Both hands

  References: 2, 1

## Do Not Miss Diagnoses

None: All are benign.

## Rare Diagnoses

- **Buerger disease** (also do not miss) {#buerger}

## References

1. Cold fingers. NIH. https://example.org/a doi:10.1000/x PMID: 12 {#nih}
2. A book. {#book}
"""
CONTENT = Content(
    title="Cold Fingers",
    presentation=Presentation(
        clinician="Fingers turn white.\n\nThey are red again soon.", patient="Your fingers get cold."
    ),
    diagnoses=(
        Diagnosis(
            key="raynaud",
            tier=Tier.MOST_LIKELY,
            name="Primary Raynaud phenomenon (white: cold)",
            plain_name="white fingers",
            codes=("I73.00", "R20.0"),
            clinician=DiagnosisText(
                rationale="Spasm.\n\nIt passes.",
                red_flags=("Sores", "One hand only"),
                distinguishing_signs=("Both sides",),
            ),
            patient=DiagnosisText(
                rationale="Small vessels close.", red_flags=("A sore",), distinguishing_signs=("Both hands",)
            ),
            references=("book", "nih"),
        ),
        Diagnosis(key="buerger", tier=Tier.RARE, also_do_not_miss=True, name="Buerger disease"),
    ),
    no_do_not_miss_reason="All are benign.",
    references=(
        Reference(key="nih", citation="Cold fingers. NIH.", url="https://example.org/a", doi="10.1000/x", pmid="12"),
        Reference(key="book", citation="A book."),
    ),
)


def test_a_plain_article_is_printed_without_a_backslash() -> None:
    assert to_published_format(CONTENT) == PRINTED


def test_a_printed_article_is_read_without_a_doubt() -> None:
    intake = read(PRINTED)
    assert (intake.content, intake.doubts, intake.left_out) == (CONTENT, (), ())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(content=contents(min_diagnoses=1))
def test_content_printed_and_read_is_the_same_content(content: Content) -> None:
    intake = read(to_published_format(content))
    assert intake.content == content
    assert intake.left_out == ()


@pytest.mark.parametrize("text", NASTY)
def test_a_text_that_looks_like_structure_comes_back_in_every_field(text: str) -> None:
    one = line(text)
    audience = DiagnosisText(
        rationale=f"{text}\n{text}\n\n  {text}\nend",
        red_flags=(one, f"{one} x") if one else (),
        distinguishing_signs=(f"x {one}",),
    )
    diagnosis = Diagnosis(
        key="a", tier=Tier.DO_NOT_MISS, name=text, plain_name=text, clinician=audience, patient=audience
    )
    content = Content(
        title=text,
        presentation=Presentation(clinician=f"{text}\n\n{text}\n  {text}", patient=text),
        diagnoses=(diagnosis, Diagnosis(key="b", tier=Tier.RARE, clinician=DiagnosisText(rationale=text))),
        no_do_not_miss_reason=text,
        references=(Reference(key="r", citation=text), Reference(key="s", citation=f"{text} {text}", doi="10.1000/x.")),
        terms=(Term(key="t", term=text, meaning=text), Term(key="u", term="u", meaning=f"x {text}")),
        questions=(Question(key="q", question=text, answer=f"{text}\n\n  {text}"), Question(key="r", answer=text)),
    )
    assert read(to_published_format(content)).content == content


def test_the_largest_article_can_be_read_back() -> None:
    flood = DiagnosisText(rationale="•\n" * 4_000 + "x")
    diagnoses = tuple(Diagnosis(key=f"d-{n}", tier=Tier.RARE, name="\\" * 500, clinician=flood) for n in range(4))
    content = Content(title="*" * 500, diagnoses=diagnoses, references=(Reference(key="r", citation="[" * 500),))
    assert read(to_published_format(content)).content == content


def test_content_without_a_diagnosis_is_printed_but_is_no_article() -> None:
    content = Content(title="Cold Fingers", no_do_not_miss_reason="All are benign.")
    assert to_published_format(Content(title="Cold Fingers")) == "# Differential Diagnosis for Cold Fingers\n"
    with pytest.raises(NotAnArticle, match="no diagnosis stands under this heading"):
        read(to_published_format(content))


def test_content_without_a_title_comes_back_with_a_doubt() -> None:
    content = Content(presentation=Presentation(clinician="Two words"), diagnoses=CONTENT.diagnoses[1:])
    intake = read(to_published_format(content))
    assert (intake.content, [doubt.place for doubt in intake.doubts]) == (content, ["title"])
