"""Readers' questions and terms, as people write them under an article."""

import pytest

from articles.intake import Intake, NotAnArticle, read
from content.schema import MAX_TERMS

PAGE = """# Differential Diagnosis for Hiccups

## Single Most Likely Diagnosis

- **A full stomach**: It stretches the diaphragm.

"""


def taken(rest: str) -> Intake:
    return read(PAGE + rest)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Terms:\n\n- Diaphragm: the muscle\n  of breathing\n- **Reflux** – acid that rises\n", ["muscle", "acid"]),
        ("## Terms\n\nDiaphragm: the muscle of breathing\n\nReflux - acid that rises\n", ["muscle", "acid"]),
        ("**Glossary**\n\n• Diaphragm: the muscle of breathing\n• Reflux: acid that rises", ["muscle", "acid"]),
    ],
)
def test_terms_are_read_in_many_forms(text: str, found: list[str]) -> None:
    content = taken(f"{text}\n## References\n\n1. Hiccups. 2024.\n").content
    assert [(each.key, each.term) for each in content.terms] == [("diaphragm", "Diaphragm"), ("reflux", "Reflux")]
    assert [each.meaning for each in content.terms] == ["the muscle of breathing", "acid that rises"]
    assert len(content.references) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Reader questions:\n\n- Why at night? You lie *flat*.\n\n  - Sit up.\n- **Is it bad?**\n\n  Rarely.\n",
        "## Readers’ questions\n\n### Why at night?\n\nYou lie *flat*.\n\n- Sit up.\n\n### Is it bad?\n\nRarely.\n",
        "Readers' questions\n\nWhy at night?\nYou lie *flat*.\n\n- Sit up.\n\nIs it bad?\nRarely.\n",
    ],
)
def test_questions_are_read_in_many_forms(text: str) -> None:
    intake = taken(text)
    assert [(each.key, each.question, each.answer) for each in intake.content.questions] == [
        ("why-at-night", "Why at night?", "You lie *flat*.\n\n- Sit up."),
        ("is-it-bad", "Is it bad?", "Rarely."),
    ]
    assert not [doubt for doubt in intake.doubts if doubt.place == "questions"]


def test_what_is_no_term_and_no_answer_is_left_out_with_a_doubt() -> None:
    intake = taken("## Terms\n\n- no colon here\n\n## Readers’ questions\n\nAn answer to nothing.\n")
    assert (intake.content.terms, intake.content.questions) == ((), ())
    assert [doubt.place for doubt in intake.doubts if doubt.place in {"terms", "questions"}] == ["terms", "questions"]
    assert [line.text for line in intake.left_out] == ["- no colon here", "An answer to nothing."]


def test_bare_word_of_a_footer_is_no_list_of_terms() -> None:
    intake = taken("Terms\n\nPrivacy\n")
    assert intake.content.terms == ()
    assert [line.text for line in intake.left_out] == ["Terms", "Privacy"]


def test_same_key_twice_is_made_anew_and_said() -> None:
    intake = taken("## Terms\n\n- **One** {#a}: x\n- **Two** {#a}: y\n")
    assert [each.key for each in intake.content.terms] == ["a", "two"]
    assert [doubt.place for doubt in intake.doubts] == ["terms"]


@pytest.mark.parametrize(
    "text",
    [
        "## Terms\n\n" + "- a: b\n" * (MAX_TERMS + 1),
        "## Terms\n\n- a: " + "b" * 6_000,
        "## Terms\n\n- a: " + "b" * 1_001,
        "## Readers’ questions\n\n- a?\n" + "  bbbb\n" * 6_000,
    ],
    ids=["terms", "huge meaning", "long meaning", "answer"],
)
def test_floods_are_refused_with_their_line(text: str) -> None:
    with pytest.raises(NotAnArticle) as refused:
        taken(text)
    assert refused.value.line > 6
