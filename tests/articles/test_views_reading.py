"""What a draft will look like, its text to take away, and codes to choose from."""

import pytest
from django.urls import reverse

from articles.codes import Icd10Code
from articles.models import Version
from tests.articles.browsing import Editor, address, desk
from tests.factories import author, make_version, reread

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    return make_version()


@pytest.fixture
def open_editor(version: Version) -> Editor:
    return Editor(version.author, version)


def test_preview_shows_the_saved_draft_under_the_caution(version: Version) -> None:
    html = desk(version.author).get(address("preview", version)).content.decode()
    assert "Not yet reviewed: do not rely on this." in html
    assert "Gastric distension explains the timing." in html
    assert "A full stomach can cause this." in html
    assert "Reviewed by the Medical Advisory Board" not in html


def test_pane_shows_what_is_typed_and_saves_nothing(open_editor: Editor, version: Version) -> None:
    open_editor.put("presentation_patient", "Typed *just now*.")
    html = open_editor.client.post(address("preview_pane", version), open_editor.typed).content.decode()
    assert "Typed <em>just now</em>." in html
    assert "Not yet reviewed" in html
    assert reread(version).content == version.content


def test_pane_says_what_keeps_it_from_showing(open_editor: Editor, version: Version) -> None:
    open_editor.put("title", "t" * 600)
    html = open_editor.client.post(address("preview_pane", version), open_editor.typed).content.decode()
    assert 'href="#title"' in html
    assert "This cannot be shown yet" in html


def test_one_text_is_shown_as_readers_see_it(open_editor: Editor) -> None:
    url = f"{reverse('articles:markdown')}?field=presentation_patient"
    response = open_editor.client.post(url, {"presentation_patient": "**bold** <b>x</b> [a](javascript:1)"})
    assert response.content.decode() == "<p><strong>bold</strong> &lt;b&gt;x&lt;/b&gt; [a](javascript:1)</p>\n"
    assert open_editor.client.post(url).content == b"<p>Nothing is written here yet.</p>"
    assert open_editor.client.post(url, {"presentation_patient": "x" * 300_000}).status_code == 200


def test_text_file_is_an_attachment_in_the_published_format(version: Version) -> None:
    response = desk(version.author).get(address("text", version))
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="hiccups-at-night-v1.md"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.content.decode().startswith("# Differential Diagnosis for Hiccups at night\n")


def test_codes_are_found_by_letter_and_word() -> None:
    for code, title, billable in [("B02", "Zoster", False), ("B02.9", "Zoster without complications", True)]:
        Icd10Code.objects.create(code=code, title=title, is_billable=billable, release="2026")
    client = desk(author())

    def found(query: str) -> list[str]:
        results = client.get(reverse("articles:codes"), {"q": query}).json()["results"]
        return [result["code"] for result in results]

    assert found("b02") == ["B02", "B02.9"]
    assert found("zoster compl") == ["B02.9"]
    assert found("") == []
    assert found("' OR 1=1 --") == []
    assert found("& | ! :* ( <->") == []
    assert found("\x00") == []
    assert found("x" * 100_000) == []
    names = client.get(reverse("articles:codes"), {"q": "B02"}).json()["results"]
    assert names[0] == {"code": "B02", "name": "Zoster (heading)", "billable": False}
