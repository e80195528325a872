"""The editor as pages and forms: what is shown, saved, refused and kept."""

from typing import Any

import pytest
from django.urls import reverse

from articles.codes import Icd10Code
from articles.models import Article, Version
from content import canonical
from content.schema import Content
from tests.articles.browsing import Editor, address, desk, fields, ids
from tests.articles.test_views_new import PAGE
from tests.factories import author, make_content, make_version, reread

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    return make_version()


@pytest.fixture
def open_editor(version: Version) -> Editor:
    return Editor(version.author, version)


def stored(version: Version) -> Content:
    return reread(version).document


def test_untouched_page_sent_back_changes_nothing(open_editor: Editor, version: Version) -> None:
    response = open_editor.press()
    assert (response.status_code, response["Location"]) == (302, f"{address('edit', version)}?saved=1")
    assert reread(version).content == version.content
    assert reread(version).revision == 1


def test_demo_article_survives_the_page(db: None) -> None:
    from pathlib import Path

    from articles.intake import read

    text = Path("ddx_portal/demo/articles/twitching-around-the-belly-button.md").read_text("utf-8")
    version = make_version(content=read(text).content)
    Editor(version.author, version).press()
    assert reread(version).content == version.content


def test_pasted_page_edited_and_saved_is_what_was_meant() -> None:
    user = author()
    desk(user).post(reverse("articles:new"), {"text": PAGE})
    version = Version.objects.get()
    work = Editor(user, version)
    work.put("title", "Hiccups that wake you").put("presentation_patient", "You wake up with hiccups.")
    work.put("diagnosis-stroke_codes", "g46.3").put(
        "diagnosis-stroke_clinician_red_flags", "Vertigo\r\nDouble vision\r\n"
    )
    work.put("diagnosis-reflux_also_do_not_miss", "on").put("diagnosis-reflux_plain_name", "Heartburn")
    assert work.press("add-reference", follow=True).status_code == 200
    work.put("reference-new-1_citation", "Hiccups. Example Institute, 2024.").put("reference-new-1_pmid", "PMID 12")
    work.put("diagnosis-stroke_references", "new-1")
    assert work.press("add-diagnosis rare", follow=True).status_code == 200
    work.put("diagnosis-new-1_name", "Achalasia").put(
        "diagnosis-new-1_clinician_rationale", "It stretches\r\n\r\nthe *gullet*."
    )
    assert work.press("up-diagnosis new-1", follow=True).status_code == 200
    assert work.press("save", follow=True).status_code == 200
    before = version.document
    stroke = before.diagnoses[2].model_dump() | {"codes": ["G46.3"], "references": ["new-1"]}
    stroke["clinician"] |= {"red_flags": ["Vertigo", "Double vision"]}
    expected = Content.model_validate({
        "title": "Hiccups that wake you",
        "presentation": {"clinician": before.presentation.clinician, "patient": "You wake up with hiccups."},
        "diagnoses": [
            before.diagnoses[0].model_dump(),
            before.diagnoses[1].model_dump() | {"also_do_not_miss": True, "plain_name": "Heartburn"},
            stroke,
            {
                "key": "achalasia",
                "tier": "rare",
                "name": "Achalasia",
                "clinician": {"rationale": "It stretches\n\nthe *gullet*."},
            },
            before.diagnoses[3].model_dump(),
        ],
        "references": [{"key": "new-1", "citation": "Hiccups. Example Institute, 2024.", "pmid": "12"}],
    })  # fmt: skip
    assert reread(version).content == canonical.dumps(expected)
    assert Article.objects.get().slug == "hiccups-that-wake-you"


def test_each_button_comes_back_to_its_place(open_editor: Editor, version: Version) -> None:
    base = f"{address('edit', version)}?saved=1"
    for action, place in [
        ("save diagnosis-stroke", "#diagnosis-stroke"),
        ("add-diagnosis rare", "#diagnosis-new-1_name"),
        ("up-diagnosis phrenic", "#up-diagnosis-phrenic"),
        ("add-reference", "#reference-new-1_citation"),
        ("remove-reference new-1", "#references"),
    ]:
        assert open_editor.press(action)["Location"] == base + place
        open_editor.reopen()
    open_editor.put("at", "diagnosis-stroke_name")
    assert open_editor.press()["Location"] == f"{base}#diagnosis-stroke_name"
    assert open_editor.reopen().put("at", "//evil.example").press()["Location"] == base


def test_every_place_that_is_linked_to_is_on_the_page(version: Version) -> None:
    bare = Content.model_validate({
        "diagnoses": [{"key": "a", "tier": "rare", "codes": ["Z99.9"]}, {"key": "b", "tier": "rare"}],
        "presentation": {"clinician": "x"},
        "references": [{"key": "r"}],
    })  # fmt: skip
    version.save_draft(bare, by=version.author, based_on=1)
    page = Editor(version.author, version).page
    html = page.content.decode()
    for gap in page.context["draft"].gaps:
        assert gap.place in ids(page), gap
        assert f'href="#{gap.place}"' in html
    moves = [place for place in ids(page) if place.startswith(("up-", "down-"))]
    assert "up-diagnosis-a" in moves
    assert "down-reference-r" in moves


def test_preview_and_submit_save_first(open_editor: Editor, version: Version) -> None:
    assert open_editor.put("title", "One").press("preview")["Location"] == address("preview", version)
    assert reread(version).title == "One"
    assert open_editor.reopen().put("title", "Two").press("submit")["Location"] == address("submit", version)
    assert reread(version).title == "Two"


def test_looked_at_takes_a_doubt_off_and_saves(db: None) -> None:
    user = author()
    notes = [{"kind": "doubt", "id": n, "line": n, "place": "title", "message": f"Doubt {n}"} for n in (1, 2)]
    made = Article.objects.create_with_draft(make_content(), by=user, source="x", doubts=notes)
    work = Editor(user, made).put("title", "Mended")
    assert work.press("settle 1")["Location"].endswith("#doubts")
    assert [note["id"] for note in reread(made).doubts] == [2]
    assert reread(made).title == "Mended"
    assert Editor(user, made).press("settle 99").status_code == 302
    assert Editor(user, made).press("settle x").status_code == 302
    assert [note["id"] for note in reread(made).doubts] == [2]


def test_invalid_page_keeps_everything_typed(open_editor: Editor, version: Version) -> None:
    sent = {
        "title": "t" * 600,
        "diagnosis-stroke_codes": "nonsense",
        "diagnosis-reflux_clinician_rationale": "  two\r\n\r\n\r\n\r\nspaces  ",
        "reference-ninds_url": "not an address",
        "no_do_not_miss_reason": "because",
    }
    for name, value in sent.items():
        open_editor.put(name, value)
    open_editor.put("diagnosis-reflux_references")
    response = open_editor.press()
    assert response.status_code == 422
    assert reread(version).content == version.content
    assert {name: open_editor.typed[name][0] for name in sent} == sent
    assert "diagnosis-reflux_references" not in open_editor.typed
    html = response.content.decode()
    assert html.count('aria-invalid="true"') == 3
    assert 'href="#diagnosis-stroke_codes"' in html


def test_structure_can_be_changed_while_something_is_invalid(open_editor: Editor, version: Version) -> None:
    open_editor.put("diagnosis-stroke_codes", "nonsense")
    assert open_editor.press("add-diagnosis rare").status_code == 422
    assert open_editor.typed["diagnosis"][-1] == "new-1"
    assert open_editor.press("remove-diagnosis stroke").status_code == 302
    assert [d.key for d in stored(version).diagnoses] == ["full-stomach", "reflux", "phrenic", "new-1"]


def test_empty_form_saves_an_empty_article(version: Version) -> None:
    client = desk(version.author)
    response = client.post(address("edit", version), {"based_on": "1"})
    assert response.status_code == 302
    assert stored(version) == Content()


def test_post_without_a_revision_conflicts_and_saves_nothing(version: Version) -> None:
    client = desk(version.author)
    for based_on in ("", "x", "-1", "9" * 40, "1e3"):
        response = client.post(address("edit", version), {"based_on": based_on, "title": "Mine"})
        assert response.status_code == 409
    assert reread(version).content == version.content


def test_unlisted_fields_have_no_effect(open_editor: Editor, version: Version) -> None:
    other = author()
    extra = {
        "state": "approved", "owner": str(other.pk), "article": "1", "number": "9", "slug": "stolen", "author": "1",
        "content": "{}", "content_sha256": "0" * 64, "revision": "50", "doubts": "[]", "approvals_required": "0",
        "diagnosis-nobody_name": "Ghost", "reference-nobody_citation": "Ghost", "schema_version": "7", "key": "x",
        "diagnosis-stroke_key": "other", "diagnosis-stroke_references": "nobody",
    }  # fmt: skip
    for name, value in extra.items():
        open_editor.put(name, value)
    open_editor.press()
    now = reread(version)
    stroke = version.document.diagnoses[2].model_copy(update={"references": ()})
    untouched = version.document
    diagnoses = (*untouched.diagnoses[:2], stroke, *untouched.diagnoses[3:])
    assert now.document == untouched.model_copy(update={"diagnoses": diagnoses})
    assert (now.state, now.number, now.article.owner, now.revision) == ("draft", 1, version.author, 2)
    assert now.article.slug == "hiccups-at-night"


def test_full_article_fits_into_one_form_and_takes_no_more_queries(django_assert_num_queries: Any) -> None:
    """60 diagnoses that each cite 30 of 200 references: below the limit on the number of fields."""
    Icd10Code.objects.create(code="R25.3", title="Fasciculation", is_billable=True, release="2026")
    references = [{"key": f"r-{n}", "citation": f"Source {n}"} for n in range(200)]
    diagnoses = [
        {
            "key": f"d-{n}",
            "tier": "rare",
            "name": f"Diagnosis {n}",
            "codes": ["R25.3", f"Z{n:02}"],
            "references": [f"r-{m}" for m in range(30)],
            "clinician": {"rationale": "x"},
        }
        for n in range(60)
    ]
    content = Content.model_validate({"title": "Full", "diagnoses": diagnoses, "references": references})
    version = make_version(content=content)
    work = Editor(version.author, version)
    assert 2_500 < sum(len(values) for values in work.typed.values()) < 4_500
    assert work.press().status_code == 302
    assert reread(version).content == version.content
    bare = Content.model_validate({"title": "One", "diagnoses": [{"key": "d", "tier": "rare", "codes": ["R25.3"]}]})
    for each in (version, make_version(author=version.author, content=bare)):
        with django_assert_num_queries(9):
            page = work.client.get(address("edit", each))
        assert (b"disabled" in page.content) == (each == version)
    assert work.put("based_on", "2").press("add-diagnosis rare").status_code == 302
    assert len(stored(version).diagnoses) == 60


def test_page_without_script_has_a_harmless_first_button(open_editor: Editor) -> None:
    """Enter in a text field presses the first button of a form."""
    html = open_editor.page.content.decode()
    form = html[html.index('id="editor"') :]
    assert form.index('value="save" tabindex="-1"') < form.index("add-diagnosis")
    assert fields(open_editor.page)["based_on"] == ["1"]
