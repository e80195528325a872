"""Two texts of one draft: shown side by side, kept, taken, mended; and a text that comes too late."""

import pytest
from django.urls import reverse

from articles.models import Version
from tests.articles.browsing import Editor, address, desk
from tests.factories import editor, make_version, reread, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    return make_version()


@pytest.fixture
def open_editor(version: Version) -> Editor:
    return Editor(version.author, version)


CONFLICT = "this draft has been saved from elsewhere in the meantime"


def test_later_save_sees_both_texts_and_loses_neither(version: Version) -> None:
    first, second = Editor(version.author, version), Editor(editor(), version)
    first.put("title", "Hiccups, as the author has it").press()
    second.put("title", "Hiccups, as the editor has it").put("diagnosis-stroke_name", "Stroke")
    response = second.press()
    assert response.status_code == 409
    html = response.content.decode()
    assert CONFLICT in html
    assert f"As {version.author.display_name} saved it" in html
    order = (
        "Most likely: Gastric distension\nOther likely: Gastro-oesophageal reflux\n"
        "Do not miss: {}\nRare: Phrenic nerve irritation"
    )
    assert [(row.theirs, row.mine) for row in response.context["rows"]] == [
        ("Hiccups, as the author has it", "Hiccups, as the editor has it"),
        (order.format("Lateral medullary stroke"), order.format("Stroke")),
        ("Lateral medullary stroke", "Stroke"),
    ]
    assert second.typed["title"] == ["Hiccups, as the editor has it"]
    assert reread(version).title == "Hiccups, as the author has it"


def test_mine_can_be_kept_over_theirs(version: Version) -> None:
    first, second = Editor(version.author, version), Editor(editor(), version)
    first.put("title", "Theirs").press()
    assert second.put("title", "Mine").press().status_code == 409
    assert second.press().status_code == 302
    assert reread(version).title == "Mine"
    assert reread(version).revision == 3


def test_own_second_tab_is_not_called_somebody_elses(version: Version) -> None:
    first, second = Editor(version.author, version), Editor(version.author, version)
    first.put("title", "One").press()
    html = second.put("title", "Other").press().content.decode()
    assert "You saved it in another tab." in html
    assert "As you saved it in another tab" in html
    assert ">Theirs" not in html


def test_theirs_can_be_taken_and_mine_stays_in_sight(version: Version) -> None:
    first, second = Editor(version.author, version), Editor(editor(), version)
    first.put("title", "Theirs").press()
    second.put("title", "Mine, dear").press()
    response = second.press(to="take_theirs")
    assert response.status_code == 200
    assert second.typed["title"] == ["Theirs"]
    assert "Mine, dear" in response.content.decode()
    assert second.put("diagnosis-stroke_name", "Stroke").press().status_code == 302
    assert reread(version).title == "Theirs"


def test_third_save_in_between_conflicts_again(version: Version) -> None:
    first, second = Editor(version.author, version), Editor(editor(), version)
    first.put("title", "One").press()
    assert second.put("title", "Mine").press().status_code == 409
    first.reopen().put("title", "Two").press()
    assert second.press().status_code == 409
    assert second.press().status_code == 302


def test_conflict_with_the_same_text_is_no_conflict(version: Version) -> None:
    first, second = Editor(version.author, version), Editor(editor(), version)
    first.put("title", "The same").press()
    assert second.put("title", "The same").press().status_code == 302
    assert reread(version).revision == 2


def test_stale_and_invalid_text_is_mended_first_and_meets_the_other_then(version: Version) -> None:
    first, second = Editor(version.author, version), Editor(editor(), version)
    first.put("title", "Theirs").press()
    assert second.put("diagnosis-stroke_codes", "nonsense").press().status_code == 422
    assert second.put("diagnosis-stroke_codes", "I63.9").press().status_code == 409
    assert reread(version).title == "Theirs"


def test_text_typed_while_it_was_submitted_is_shown_and_kept(version: Version) -> None:
    work = Editor(version.author, version)
    frozen = submit(version)
    response = work.put("title", "Too late").press()
    assert response.status_code == 409
    html = response.content.decode()
    assert "Not saved: this version is submitted" in html
    assert "Too late" in html
    assert "Keep what is typed here" not in html
    assert 'name="action" value="save" data-save-key' not in html
    assert reread(version).content_sha256 == frozen.content_sha256


def test_editor_of_a_submitted_version_leads_to_the_version(version: Version) -> None:
    submit(version)
    response = desk(version.author).get(address("edit", version))
    assert (response.status_code, response["Location"]) == (302, version.get_absolute_url())


def test_restored_text_is_shown_and_not_saved(open_editor: Editor, version: Version) -> None:
    open_editor.put("title", "Kept in the browser").put("diagnosis", "full-stomach", "new-1")
    response = open_editor.press(to="restore")
    assert response.status_code == 200
    html = response.content.decode()
    assert "This is the text that was kept for you." in html
    assert "<leave-guard unsaved>" in html
    assert open_editor.typed["title"] == ["Kept in the browser"]
    assert open_editor.typed["diagnosis"] == ["full-stomach", "new-1"]
    assert reread(version).content == version.content


def test_session_that_ended_leads_back_to_the_editor(version: Version) -> None:
    response = desk(None).post(address("edit", version), {"title": "Lost?", "based_on": "1"})
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?sent=1&next={address('edit', version)}"
