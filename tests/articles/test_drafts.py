"""What is typed and what becomes of it, without a page around it."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings

from articles.codes import Icd10Code
from articles.forms.actions import apply, keys
from articles.forms.comparison import compare
from articles.forms.draft import DraftForm
from articles.forms.gaps import gaps_of
from articles.forms.parts import lines
from articles.models import Version
from content import canonical
from content.schema import MAX_DIAGNOSES, MAX_REFERENCES, Content
from people.specialties import MedicalSpecialty
from tests.articles.strategies import contents
from tests.factories import make_content, make_version, reread

DIAGNOSES = ["full-stomach", "reflux", "stroke", "phrenic"]


def typed_from(version: Version, **changes: Any) -> QueryDict:
    """What a browser sends of the untouched editor, with these changes."""
    form = DraftForm(version)
    sent = QueryDict(mutable=True)
    sent["based_on"] = str(version.revision)
    for part in form.parts:
        for bound in part:
            value = bound.value()
            if value is True:
                sent[bound.html_name] = "on"
            elif value is not False:
                sent[bound.html_name] = str(value or "").replace("\n", "\r\n")
    sent.setlist("diagnosis", [diagnosis.key for diagnosis in form.diagnoses])
    sent.setlist("reference", [reference.key for reference in form.references])
    sent.setlist("question", [question.key for question in form.questions])
    sent.setlist("term", [term.key for term in form.terms])
    for diagnosis in form.diagnoses:
        sent.setlist(f"{diagnosis.place}_references", diagnosis.cited)
    for name, value in changes.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def typed(*diagnoses: tuple[str, str], references: tuple[str, ...] = (), **more: str) -> QueryDict:
    """Keys and tiers as the outline sends them."""
    sent = QueryDict(mutable=True)
    sent.setlist("diagnosis", [key for key, _ in diagnoses])
    sent.setlist("reference", list(references))
    for key, tier in diagnoses:
        sent[f"diagnosis-{key}_tier"] = tier
    for name, value in more.items():
        sent[name] = value
    return sent


THREE = (("a", "most_likely"), ("b", "rare"), ("c", "rare"))


@pytest.mark.parametrize(
    ("action", "after", "place"),
    [
        ("save", "a b c", ""),
        ("save diagnosis-b", "a b c", "diagnosis-b"),
        ("up-diagnosis c", "a c b", "up-diagnosis-c"),
        ("down-diagnosis b", "a c b", "down-diagnosis-b"),
        ("up-diagnosis b", "a b c", "up-diagnosis-b"),  # the first of its tier stays
        ("down-diagnosis c", "a b c", "down-diagnosis-c"),
        ("up-diagnosis nobody", "a b c", "up-diagnosis-nobody"),
        ("remove-diagnosis b", "a c", "diagnoses"),
        ("remove-diagnosis nobody", "a b c", "diagnoses"),
        ("add-diagnosis rare", "a b c new-1", "diagnosis-new-1_name"),
        ("add-diagnosis nonsense", "a b c new-1", "diagnosis-new-1_name"),
        ("launch-missiles", "a b c", ""),
        ("", "a b c", ""),
        ('save "><script>', "a b c", ""),
    ],
)
def test_action_on_diagnoses(action: str, after: str, place: str) -> None:
    done = apply(typed(*THREE, action=action))
    assert keys(done.typed, "diagnosis") == after.split()
    assert (done.place, done.then) == (place, "edit")


@pytest.mark.parametrize(
    ("action", "after", "place"),
    [
        ("up-reference y", "y x", "up-reference-y"),
        ("down-reference x", "y x", "down-reference-x"),
        ("remove-reference x", "y", "references"),
        ("add-reference", "x y new-1", "reference-new-1_citation"),
    ],
)
def test_action_on_references(action: str, after: str, place: str) -> None:
    done = apply(typed(*THREE, references=("x", "y"), action=action))
    assert keys(done.typed, "reference") == after.split()
    assert done.place == place


def test_action_leaves_what_was_sent_alone() -> None:
    sent = typed(*THREE, action="remove-diagnosis a")
    apply(sent)
    assert sent.getlist("diagnosis") == ["a", "b", "c"]


def test_preview_and_submit_lead_on() -> None:
    assert apply(typed(action="preview")).then == "preview"
    assert apply(typed(action="submit")).then == "submit"


def test_new_keys_do_not_repeat() -> None:
    done = apply(typed(*THREE, action="add-diagnosis rare"))
    done.typed["action"] = "add-diagnosis rare"
    again = apply(done.typed)
    assert keys(again.typed, "diagnosis") == ["a", "b", "c", "new-1", "new-2"]


def test_nothing_is_added_to_a_full_article() -> None:
    full = tuple((f"d-{n}", "rare") for n in range(MAX_DIAGNOSES))
    done = apply(typed(*full, action="add-diagnosis rare"))
    assert len(keys(done.typed, "diagnosis")) == MAX_DIAGNOSES
    assert done.place == "diagnoses"
    sources = tuple(f"r-{n}" for n in range(MAX_REFERENCES))
    done = apply(typed(references=sources, action="add-reference"))
    assert len(keys(done.typed, "reference")) == MAX_REFERENCES


def test_keys_that_are_no_keys_are_ignored() -> None:
    sent = QueryDict(mutable=True)
    sent.setlist("diagnosis", ["a", "a", "B", "a b", "", "../x", "é", "x" * 81, "b"])
    assert keys(sent, "diagnosis") == ["a", "b"]


def test_flood_of_keys_is_cut_at_one_too_many() -> None:
    sent = QueryDict(mutable=True)
    sent.setlist("diagnosis", [f"d-{n}" for n in range(4_000)])
    assert len(keys(sent, "diagnosis")) == MAX_DIAGNOSES + 1


def test_lines_of_a_list() -> None:
    assert lines("one\r\n\r\n  \r\ntwo\nthree") == ["one", "two", "three"]


@pytest.fixture
def version(db: None) -> Version:
    return make_version()


def test_untouched_editor_saves_the_same_bytes(version: Version) -> None:
    form = DraftForm(version, typed_from(version))
    assert form.content is not None
    assert canonical.dumps(form.content) == version.content
    saved = form.save(by=version.author)
    assert saved is not None
    assert saved.revision == version.revision


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=contents())
def test_any_content_survives_the_editor(version: Version, content: Content) -> None:
    """Only what says the same twice is said once: repeated codes and repeated or unordered citations."""
    version.content = canonical.dumps(content)
    form = DraftForm(version, typed_from(version))
    once = [
        diagnosis.model_copy(
            update={
                "codes": tuple(dict.fromkeys(diagnosis.codes)),
                "references": tuple(r.key for r in content.references if r.key in diagnosis.references),
            }
        )
        for diagnosis in content.diagnoses
    ]
    assert form.content == content.model_copy(update={"diagnoses": tuple(once)}), form.errors


LONG = "x" * 20_001
PROBLEMS = [
    ("title", "y" * 501, "title", "Title: This has 501 characters; at most 500 fit here."),
    (
        "presentation_clinician",
        LONG,
        "presentation_clinician",
        "Introduction for clinicians: This has 20,001 characters; at most 20,000 fit here.",
    ),
    (
        "diagnosis-stroke_codes",
        "I63.9, stroke",
        "diagnosis-stroke_codes",
        "Lateral medullary stroke, ICD-10-CM codes: “STROKE” is not written like an ICD-10-CM code, for example R25.3.",
    ),
    (
        "diagnosis-stroke_clinician_red_flags",
        "fine\n" + "z" * 1_001,
        "diagnosis-stroke_clinician_red_flags",
        "Lateral medullary stroke, Red flags: Line 2: This has 1,001 characters; at most 1,000 fit here.",
    ),
    (
        "diagnosis-stroke_patient_distinguishing_signs",
        "\n".join(f"sign {n}" for n in range(31)),
        "diagnosis-stroke_patient_distinguishing_signs",
        "Lateral medullary stroke, What points to it, in plain words: This has 31 entries; at most 30 fit here.",
    ),
    (
        "diagnosis-stroke_tier",
        "certain",
        "diagnosis-stroke_tier",
        "Lateral medullary stroke, Tier: Select a valid choice. certain is not one of the available choices.",
    ),
    (
        "reference-ninds_url",
        "javascript:alert(1)",
        "reference-ninds_url",
        "Web address: A web address begins with https:// or http:// and has no spaces.",
    ),
    ("reference-ninds_doi", "abc", "reference-ninds_doi", "DOI: A DOI begins with “10.”, for example 10.1000/182."),
    ("reference-ninds_pmid", "12a", "reference-ninds_pmid", "PMID: A PMID is a number of up to nine digits."),
    (
        "specialty",
        "Sorcery",
        "specialty",
        "Specialty: Select a valid choice. Sorcery is not one of the available choices.",
    ),
]


@pytest.mark.parametrize(("name", "text", "place", "sentence"), PROBLEMS, ids=[name for name, *_ in PROBLEMS])
def test_problem_is_named_at_its_field_and_nothing_saved(
    version: Version, name: str, text: str, place: str, sentence: str
) -> None:
    form = DraftForm(version, typed_from(version, **{name: text}))
    assert form.save(by=version.author) is None
    assert form.errors == [(place, sentence)]
    assert Version.objects.get(pk=version.pk).content == version.content


def test_flood_in_all_fields_is_a_problem_of_the_whole(version: Version) -> None:
    changes = {
        f"diagnosis-{key}_{who}_rationale": "w" * 20_000 for key in DIAGNOSES for who in ("clinician", "patient")
    }
    for key in DIAGNOSES:
        for field in ("clinician_red_flags", "patient_red_flags"):
            changes[f"diagnosis-{key}_{field}"] = "\n".join(["f" * 1_000] * 30)
    form = DraftForm(version, typed_from(version, **changes))
    assert form.content is None
    assert form.errors == [("title", "An article has at most 250,000 characters.")]


def test_one_diagnosis_too_many_is_said(version: Version) -> None:
    sent = typed_from(version, diagnosis=[f"d-{n}" for n in range(MAX_DIAGNOSES + 30)])
    for n in range(MAX_DIAGNOSES + 1):
        sent[f"diagnosis-d-{n}_tier"] = "rare"
    form = DraftForm(version, sent)
    assert form.content is None
    assert form.errors == [("title", "This has 61 entries; at most 60 fit here.")]


@pytest.mark.parametrize(
    ("doi", "pmid", "kept"),
    [
        ("https://doi.org/10.1000/182", "PMID: 123", ("10.1000/182", "123")),
        ("doi:10.1000/182", "https://pubmed.ncbi.nlm.nih.gov/123/", ("10.1000/182", "123")),
        (" 10.1000/182 ", " 123 ", ("10.1000/182", "123")),
    ],
)
def test_identifiers_may_be_typed_as_found(version: Version, doi: str, pmid: str, kept: tuple[str, str]) -> None:
    changes = {"reference-ninds_doi": doi, "reference-ninds_pmid": pmid}
    content = DraftForm(version, typed_from(version, **changes)).content
    assert content is not None
    assert (content.references[0].doi, content.references[0].pmid) == kept


@pytest.mark.parametrize("text", ["r25.3;B02.9", "R25.3 B02.9", "R25.3, b02.9,", "R25.3,,R25.3\tB02.9"])
def test_codes_may_be_parted_in_any_way(version: Version, text: str) -> None:
    content = DraftForm(version, typed_from(version, **{"diagnosis-reflux_codes": text})).content
    assert content is not None
    assert content.diagnoses[1].codes == ("R25.3", "B02.9")


def test_codes_are_looked_up(version: Version) -> None:
    Icd10Code.objects.create(code="B02", title="Zoster", is_billable=False, release="2026")
    Icd10Code.objects.create(code="B02.9", title="Zoster without complications", is_billable=True, release="2026")
    form = DraftForm(version, typed_from(version, **{"diagnosis-reflux_codes": "B02, B02.9, Z99.999"}))
    assert form.diagnoses[1].code_notes == [
        ("heading", "B02 (Zoster) is a heading: a longer code below it says more."),
        ("known", "B02.9: Zoster without complications"),
        ("unknown", "Z99.999 is not in ICD-10-CM. Type a word of the name to find the code."),
    ]


def test_new_diagnosis_takes_its_name_for_a_key(version: Version) -> None:
    done = apply(typed_from(version, action="add-diagnosis rare"))
    done.typed["diagnosis-new-1_name"] = "Stroke"
    form = DraftForm(version, done.typed)
    assert form.content is not None
    assert [d.key for d in form.content.diagnoses] == [*DIAGNOSES, "stroke-2"]
    assert form.final_place("diagnosis-new-1_name") == "diagnosis-stroke-2_name"
    assert form.final_place("diagnosis-new-1") == "diagnosis-stroke-2"
    assert form.final_place("diagnosis-new-10") == "diagnosis-new-10"


def test_new_diagnosis_without_a_latin_name_keeps_its_key(version: Version) -> None:
    done = apply(typed_from(version, action="add-diagnosis rare"))
    done.typed["diagnosis-new-1_name"] = "中风"
    content = DraftForm(version, done.typed).content
    assert content is not None
    assert content.diagnoses[-1].key == "new-1"


def test_old_diagnosis_keeps_its_key_under_a_new_name(version: Version) -> None:
    content = DraftForm(version, typed_from(version, **{"diagnosis-stroke_name": "Brain attack"})).content
    assert content is not None
    assert content.diagnoses[2].key == "stroke"


def test_removed_reference_is_cited_no_more(version: Version) -> None:
    content = DraftForm(version, apply(typed_from(version, action="remove-reference ninds")).typed).content
    assert content is not None
    assert content.references == ()
    assert {d.references for d in content.diagnoses} == {()}


def test_specialty_is_filed_when_it_was_changed_here(version: Version) -> None:
    form = DraftForm(version, typed_from(version, specialty=MedicalSpecialty.RENAL))
    assert form.save(by=version.author) is not None
    version.article.refresh_from_db()
    assert version.article.specialty == MedicalSpecialty.RENAL


def test_specialty_changed_elsewhere_is_left_alone(version: Version) -> None:
    sent = typed_from(version, title="Another title")
    version.article.classify(MedicalSpecialty.RENAL, by=version.author)
    assert DraftForm(version, sent).save(by=version.author) is not None
    version.article.refresh_from_db()
    assert version.article.specialty == MedicalSpecialty.RENAL


def test_comparison_names_what_differs_and_nothing_else(version: Version) -> None:
    changes = {
        "title": "Hiccups in bed",
        "diagnosis": ["full-stomach", "reflux", "stroke"],
        "diagnosis-stroke_also_do_not_miss": "on",
        "diagnosis-reflux_tier": "rare",
        "diagnosis-reflux_references": [],
        "reference-ninds_citation": "Hiccups. Example Institute, 2025.",
    }
    rows = compare(DraftForm(version), DraftForm(version, typed_from(version, **changes)))
    told = {row.label: (row.theirs, row.mine) for row in rows}
    assert told["Title"] == ("Hiccups at night", "Hiccups in bed")
    assert told["Gastro-oesophageal reflux: Tier"] == ("Other likely", "Rare")
    assert told["Gastro-oesophageal reflux: References"] == ("ninds", "")
    assert told["Lateral medullary stroke: Also do not miss"] == ("", "Yes")
    assert told["Reference 1: Citation"] == ("Hiccups. Example Institute, 2024.", "Hiccups. Example Institute, 2025.")
    assert told["Phrenic nerve irritation: Name"] == ("Phrenic nerve irritation", None)
    assert "Order of the diagnoses" in told
    assert not any(label.startswith("Gastric distension") for label in told)


def test_comparison_marks_words(version: Version) -> None:
    (row,) = compare(DraftForm(version), DraftForm(version, typed_from(version, title="Hiccups by night")))
    assert [(run.mark, run.text) for run in row.their_runs if run.text.strip()] == [
        ("same", "Hiccups "),
        ("del", "at"),
        ("same", " night"),
    ]
    assert ("ins", "by") in [(run.mark, run.text) for run in row.my_runs]


def test_comparison_of_equal_texts_is_empty(version: Version) -> None:
    assert compare(DraftForm(version), DraftForm(version, typed_from(version))) == []


def test_gaps_of_the_saved_draft(db: None) -> None:
    content = make_content()
    bare = content.diagnoses[0].model_copy(update={"codes": ("R25.3",), "name": ""})
    version = make_version(content=content.model_copy(update={"diagnoses": (bare, *content.diagnoses[1:])}))
    form = DraftForm(version)
    assert [(gap.place, gap.blocks) for gap in form.gaps] == [
        ("diagnosis-full-stomach", True),
        ("diagnosis-full-stomach_codes", True),
    ]
    assert len(form.gaps_at["diagnosis-full-stomach"]) == 2
    assert not form.is_complete
    typed = DraftForm(version, typed_from(version))
    assert typed.advice == []
    version.article.classify("", by=version.author)
    assert [gap.place for gap in DraftForm(reread(version)).advice] == ["specialty"]
    assert [gap.place for gap in gaps_of(reread(version)) if not gap.blocks] == ["specialty"]
