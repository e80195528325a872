"""Handing in a page: pasted, uploaded, refused, twice, and none at all."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from articles.models import Article, Version
from articles.printing import to_published_format
from content.schema import Content
from people.specialties import MedicalSpecialty
from tests.articles.browsing import address, desk, fields
from tests.factories import administrator, author, board_member, editor, make_content, make_version

NEW = reverse("articles:new")
EMPTY = reverse("articles:start_empty")
PAGE = """Home | Articles | Log in
Share on Facebook

Differential Diagnosis for Hiccups at Night

Single Most Likely Diagnosis
• Gastric distension: A late meal stretches the stomach.

Other Likely Diagnoses
• Reflux: Acid irritates the oesophagus.

Do Not Miss Diagnoses
• Stroke: Hiccups with dizziness can come from the brain stem.

Rare Diagnoses
• Phrenic nerve irritation: A mass in the chest can press on the nerve.

© 2026 Example Publisher. All rights reserved.
"""

pytestmark = pytest.mark.django_db


def paste(client: Any, text: str, **more: Any) -> Any:
    return client.post(NEW, {"text": text, "specialty": "", **more})


def word_document(text: str) -> bytes:
    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_pasted_page_becomes_a_draft() -> None:
    user = author()
    client = desk(user)
    response = paste(client, PAGE, specialty=MedicalSpecialty.NEUROLOGIC)
    version = Version.objects.get()
    assert (response.status_code, response["Location"]) == (302, address("edit", version))
    assert (version.article.owner, version.article.specialty) == (user, MedicalSpecialty.NEUROLOGIC)
    assert [(d.tier.value, d.name) for d in version.document.diagnoses] == [
        ("most_likely", "Gastric distension"),
        ("other_likely", "Reflux"),
        ("do_not_miss", "Stroke"),
        ("rare", "Phrenic nerve irritation"),
    ]
    assert version.title == "Hiccups at Night"
    assert version.source == PAGE
    assert "Home | Articles | Log in" in [note["text"] for note in version.doubts if note["kind"] == "left_out"]
    assert len({note["id"] for note in version.doubts}) == len(version.doubts)


def test_editor_of_a_pasted_page_shows_doubts_lines_left_out_and_the_source() -> None:
    client = desk(author())
    page = paste(client, PAGE.replace("Differential Diagnosis for Hiccups at Night", ""), follow=True)
    page = client.get(page["Location"])
    version = Version.objects.get()
    doubts = [note for note in version.doubts if note["kind"] == "doubt"]
    assert doubts
    html = page.content.decode()
    for doubt in doubts:
        assert f'href="#{doubt["place"]}"' in html
        assert f"{address('source', version)}#line-{doubt['line']}" in html
    assert "Share on Facebook" in html
    source = client.get(address("source", version)).content.decode()
    assert '<li id="line-2">Share on Facebook</li>' in source


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("page.txt", lambda text: text.encode()),
        ("page.TXT", lambda text: text.replace("\n", "\r\n").encode("utf-8-sig")),
        ("page.md", lambda text: text.encode()),
        ("page.docx", word_document),
    ],
)
def test_uploaded_file_becomes_a_draft(name: str, make: Callable[[str], bytes]) -> None:
    client = desk(author())
    response = paste(client, "", file=SimpleUploadedFile(name, make(PAGE)))
    version = Version.objects.get()
    assert response["Location"] == address("edit", version)
    assert [d.name for d in version.document.diagnoses] == [
        "Gastric distension",
        "Reflux",
        "Stroke",
        "Phrenic nerve irritation",
    ]
    assert "Gastric distension" in version.source


def test_printed_article_is_read_back_to_the_same_content() -> None:
    content = make_content()
    paste(desk(author()), to_published_format(content))
    assert Version.objects.get().document == content


BAD_TEXTS = [
    ("Just a note to myself.", "Line 1: no heading such as"),
    ("Most likely diagnosis\n\nRare diagnoses", "Line 1: no diagnosis stands under this heading"),
    ("<html><body>x</body></html>", "Line 1: this is the HTML source of a web page"),
    ("a\n" * 600_000, "Line 1: the text has more than 1,000,000 characters"),
]


@pytest.mark.parametrize(("text", "sentence"), BAD_TEXTS, ids=["prose", "headings", "html", "huge"])
def test_what_is_no_article_comes_back_with_the_reason_and_the_text(text: str, sentence: str) -> None:
    response = paste(desk(author()), text, specialty=MedicalSpecialty.RENAL)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    form = response.context["form"]
    assert (form["text"].value(), form["specialty"].value()) == (text, MedicalSpecialty.RENAL)
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("page.pdf", b"%PDF-1.7", "Choose a file that ends in .txt, .md or .docx."),
        ("page.docx", b"nonsense", "is no Word document"),
        ("page.txt", b"%PDF-1.7 x", "it is a PDF"),
        ("page.txt", b"\x00\x01\x02", "binary data"),
        ("page.txt", b"", "The submitted file is empty."),
        ("page.txt", b"x" * (10 * 1024 * 1024 + 1), "This file is larger than 10 MB."),
        ("../../etc/passwd.txt", b"root", "no heading such as"),
    ],
    ids=["pdf", "no-docx", "pdf-as-txt", "binary", "empty", "large", "path"],
)
def test_file_that_is_no_article_is_refused_with_the_reason(name: str, data: bytes, sentence: str) -> None:
    response = paste(desk(author()), "", file=SimpleUploadedFile(name, data))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Article.objects.exists()


def test_nothing_handed_in_is_said() -> None:
    response = paste(desk(author()), "  \n ")
    assert response.status_code == 422
    assert "Paste a page, or choose a file." in response.content.decode()


def test_text_and_file_at_once_are_refused_and_the_text_kept() -> None:
    response = paste(desk(author()), PAGE, file=SimpleUploadedFile("page.txt", PAGE.encode()))
    assert response.status_code == 422
    assert response.context["form"]["text"].value() == PAGE
    assert not Article.objects.exists()


def test_page_is_kept_in_the_form_without_becoming_markup() -> None:
    response = paste(desk(author()), "</textarea><script>alert(1)</script>")
    assert b"<script>alert(1)" not in response.content
    assert b"&lt;/textarea&gt;&lt;script&gt;" in response.content


def test_paste_pressed_twice_is_one_draft() -> None:
    client = desk(author())
    assert paste(client, PAGE)["Location"] == paste(client, PAGE)["Location"]
    assert Article.objects.count() == 1


def test_empty_pressed_twice_is_one_draft() -> None:
    client = desk(author())
    first, second = client.post(EMPTY), client.post(EMPTY)
    assert first["Location"] == second["Location"] == address("edit", Version.objects.get())
    assert Version.objects.get().document.title == ""


def test_same_page_of_two_people_is_two_drafts() -> None:
    paste(desk(author()), PAGE)
    paste(desk(author()), PAGE)
    assert Article.objects.count() == 2


TWIN = "Looks like "


def test_second_article_of_a_title_is_warned_of() -> None:
    user = author()
    other = make_version(author=user)
    mine = make_version(author=user)
    page = desk(user).get(address("edit", mine)).content.decode()
    assert TWIN in page
    assert other.article.get_absolute_url() in page


def test_article_that_one_may_not_see_is_not_named() -> None:
    make_version(author=author())
    user = author()
    mine = make_version(author=user)
    assert TWIN not in desk(user).get(address("edit", mine)).content.decode()
    assert TWIN in desk(editor()).get(address("edit", mine)).content.decode()


def test_same_text_under_a_longer_title_is_one_too_many() -> None:
    user = author()
    other = make_version(author=user, content=make_content("Hiccups at night and by day"))
    mine = make_version(author=user)
    assert other.get_absolute_url() in desk(user).get(address("edit", mine)).content.decode()


def test_other_text_under_a_longer_title_is_no_twin() -> None:
    user = author()
    make_version(author=user, content=Content(title="Hiccups at night and by day"))
    mine = make_version(author=user)
    assert TWIN not in desk(user).get(address("edit", mine)).content.decode()


def test_drafts_without_a_title_are_no_twins() -> None:
    user = author()
    client = desk(user)
    make_version(author=user, content=make_content(""))
    response = client.post(EMPTY)
    assert TWIN not in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("person", "status"),
    [(author, 200), (editor, 200), (board_member, 403), (administrator, 403), (None, 302)],
    ids=["author", "editor", "reviewer", "administrator", "nobody"],
)
def test_who_may_begin_an_article(person: Callable[[], Any] | None, status: int) -> None:
    client = desk(person() if person else None)
    assert client.get(NEW).status_code == status
    made = {200: 302, 403: 403, 302: 302}[status]
    assert paste(client, PAGE).status_code == made
    assert client.post(EMPTY).status_code == made
    assert Article.objects.exists() == (status == 200)


def test_fields_that_are_not_in_the_form_have_no_effect() -> None:
    user, other = author(), author()
    paste(desk(user), PAGE, owner=other.pk, state="approved", slug="mine", number="7", id="99")
    version = Version.objects.get()
    assert (version.article.owner, version.state, version.number) == (user, "draft", 1)
    assert version.article.slug == "hiccups-at-night"


def test_form_of_the_page_is_sent_as_it_stands() -> None:
    response = desk(author()).get(NEW)
    assert response.content.decode().count('enctype="multipart/form-data"') == 1
    assert fields(response, "nothing") == {}
