"""What changed between two texts, on cases worked out by hand and on any two texts."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from content.diff import compare
from content.runs import Mark, runs
from content.schema import Content


def diagnosis(key: str, tier: str = "other_likely", **fields: Any) -> dict[str, Any]:
    return {"key": key, "tier": tier, "name": key.title(), "clinician": {"rationale": f"Why {key}."}, **fields}


def article(*diagnoses: dict[str, Any], **fields: Any) -> Content:
    return Content.model_validate({"title": "Demo", "diagnoses": diagnoses, **fields})


def test_compare_same_text_is_empty() -> None:
    one = article(diagnosis("a", "most_likely"), diagnosis("b"))
    assert compare(one, one).is_empty
    assert compare(one, one).clinical == []


def test_compare_added_removed_and_moved() -> None:
    before = article(diagnosis("a", "most_likely"), diagnosis("b"), diagnosis("c", "rare"))
    after = article(diagnosis("a", "most_likely"), diagnosis("c", "do_not_miss"), diagnosis("d", "rare"))
    assert [(d.key, sentence) for d, sentence in compare(before, after).clinical] == [
        ("b", "Removed from other likely"),
        ("c", "Moved from rare to do not miss"),
        ("c", "Is now marked as not to be missed"),
        ("d", "Added under rare"),
    ]


def test_compare_terms_and_questions_by_their_keys() -> None:
    tic, flutter = (
        {"key": "tic", "term": "tic", "meaning": "A jerk."},
        {"key": "flutter", "term": "flutter", "meaning": "A beat."},
    )
    asked = {"key": "q", "question": "Does it last?", "answer": "Rarely."}
    before = article(terms=[tic, flutter], questions=[asked])
    after = article(terms=[flutter, tic | {"meaning": "A *sudden* jerk."}], questions=[asked, asked | {"key": "r"}])
    changes = {each.label: each.runs for each in compare(before, after).whole}
    assert list(changes) == ["Question “Does it last?”", "Term “tic”", "Order of the terms"]
    assert [run.text for run in changes["Question “Does it last?”"]] == ["Does it last?\n\nRarely."]
    assert "".join(run.text for run in changes["Term “tic”"] if not run.is_removed) == "A *sudden* jerk."
    gone = {each.label: [run.mark for run in each.runs] for each in compare(after, article()).whole}
    assert gone["Term “flutter”"] == [Mark.REMOVED]


def test_compare_codes_and_red_flags() -> None:
    before = article(diagnosis("a", codes=["R25.3"], clinician={"rationale": "x", "red_flags": ["fever", "fall"]}))
    after = article(diagnosis("a", codes=["R25.2"], clinician={"rationale": "x", "red_flags": ["fever", "rash"]}))
    assert [sentence for _, sentence in compare(before, after).clinical] == [
        "Codes: added R25.2, removed R25.3",
        "Red flags for clinicians: added rash, removed fall",
    ]


def test_compare_red_flags_in_another_order_are_a_change() -> None:
    before = article(diagnosis("a", clinician={"red_flags": ["fever", "fall"]}))
    after = article(diagnosis("a", clinician={"red_flags": ["fall", "fever"]}))
    assert [s for _, s in compare(before, after).clinical] == ["Red flags for clinicians: in another order"]


def test_compare_marks_only_the_diagnosis_that_was_moved_within_its_tier() -> None:
    before = article(diagnosis("a"), diagnosis("b"), diagnosis("c"), diagnosis("d"))
    after = article(diagnosis("d"), diagnosis("a"), diagnosis("b"), diagnosis("c"))
    assert [d.key for d in compare(before, after).changed] == ["d"]
    assert compare(before, after).changed[0].summary == ["Stands at another place in its tier"]


def test_compare_keeps_a_removed_diagnosis_beside_its_old_neighbour() -> None:
    before = article(diagnosis("a"), diagnosis("b"), diagnosis("c"))
    after = article(diagnosis("a"), diagnosis("c"), diagnosis("d"))
    assert [d.key for d in compare(before, after).diagnoses] == ["a", "b", "c", "d"]


def test_compare_sources_by_what_they_say() -> None:
    before = article(references=[{"key": "x", "citation": "One."}])
    after = article(references=[{"key": "y", "citation": "One.", "pmid": "123"}])
    references = compare(before, after).references
    assert references is not None
    assert (references.added, references.removed) == (("One. PMID 123",), ("One.",))


def test_runs_are_whole_words() -> None:
    assert [tuple(run) for run in runs("Weak legs at night.", "Weak hands at night.")] == [
        (Mark.SAME, "Weak "),
        (Mark.REMOVED, "legs"),
        (Mark.ADDED, "hands"),
        (Mark.SAME, " at night."),
    ]


@given(st.text(max_size=200), st.text(max_size=200))
def test_runs_give_back_both_texts(before: str, after: str) -> None:
    found = runs(before, after)
    assert "".join(run.text for run in found if run.mark != Mark.ADDED) == before
    assert "".join(run.text for run in found if run.mark != Mark.REMOVED) == after
