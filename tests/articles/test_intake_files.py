"""Files come in whatever their encoding; a Word document as what it says; everything else is refused."""

import io
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from articles.intake import NotAnArticle, read_file
from articles.intake.packed import unpack

PAGE = "Differential Diagnosis for Café\n\nMost Likely Diagnosis\n\n• Gas – “air”: it’s swallowed\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["page.txt", "PAGE.TXT", "a/b.c/page.md", "page.markdown"])
def test_text_is_read_in_any_unicode_encoding(name: str, encoding: str) -> None:
    intake = read_file(name, PAGE.encode(encoding))
    assert (intake.content.title, intake.doubts) == ("Café", ())


def test_windows_1252_is_read_with_a_doubt() -> None:
    intake = read_file("page.txt", PAGE.encode("cp1252"))
    assert [d.name for d in intake.content.diagnoses] == ["Gas – “air”"]
    assert [doubt.place for doubt in intake.doubts] == ["title"]


def _word(build: Callable[[Document], None]) -> bytes:
    document = docx.Document()
    build(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _article(document: Document) -> None:
    document.add_heading("Differential Diagnosis for Hiccups", 0)
    document.add_paragraph("Sudden * contractions.")
    document.add_heading("Single Most Likely Diagnosis", 1)
    gas = document.add_paragraph(style="List Bullet")
    gas.add_run("Gas").bold = True
    gas.add_run(": > 5 swallows [1].")
    document.add_paragraph("Rare Diagnoses")
    document.add_paragraph("Stroke – brainstem", style="List Number")
    document.add_paragraph().add_run("References").bold = True
    document.add_paragraph("Lee A. Hic_1. https://doi.org/10.1000/a_b", style="List Number")


def test_a_word_document_is_read() -> None:
    intake = read_file("page.docx", _word(_article))
    content = intake.content
    assert intake.doubts == ()
    assert (content.title, content.presentation.clinician) == ("Hiccups", "Sudden \\* contractions.")
    assert [(d.name, d.clinician.rationale, d.references) for d in content.diagnoses] == [
        ("Gas", "> 5 swallows.", ("lee-a-hic-1",)),
        ("Stroke", "brainstem", ()),
    ]
    assert [(r.citation, r.doi) for r in content.references] == [("Lee A. Hic_1.", "10.1000/a_b")]


def test_pictures_in_a_word_document_are_dropped() -> None:
    pixel = io.BytesIO(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
            "0000000d49444154789c63606060f80f00010401005fe5c34b0000000049454e44ae426082"
        )
    )

    def build(document: Document) -> None:
        _article(document)
        document.add_picture(pixel)

    assert read_file("page.docx", _word(build)).content == read_file("page.docx", _word(_article)).content


def _change(document: Document, kind: str, text: str) -> None:
    """A tracked change: `w:ins` or `w:del` around a run at the end of the third paragraph from the last."""
    change = OxmlElement(kind)
    change.set(qn("w:author"), "A. Person")
    run = OxmlElement("w:r")
    words = OxmlElement("w:t" if kind == "w:ins" else "w:delText")
    words.text = text
    run.append(words)
    change.append(run)
    document.paragraphs[-3]._p.append(change)


def test_tracked_changes_are_read_as_accepted_with_a_doubt() -> None:
    def build(document: Document) -> None:
        _article(document)
        _change(document, "w:ins", " infarct")
        _change(document, "w:del", " gone")

    intake = read_file("page.docx", _word(build))
    assert intake.content.diagnoses[1].clinician.rationale == "brainstem infarct"
    assert [doubt.place for doubt in intake.doubts] == ["title"]


def _packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return file.getvalue()


REFUSED = {
    "unknown ending": ("page.pdf", b"%PDF-1.7", "cannot be read; save it as .txt, .md or .docx"),
    "no ending": ("page", b"text", "cannot be read"),
    "empty": ("page.txt", b" \n", "the file is empty"),
    "PDF called text": ("page.txt", b"%PDF-1.7 ...", "it is a PDF"),
    "Word called text": ("page.md", _word(_article), "give it the ending .docx"),
    "binary": ("page.txt", b"\x00\x01\x02\xff", "binary data"),
    "UTF-16 without its mark": ("page.txt", PAGE.encode("utf-16-be"), "binary data"),
    "broken UTF-16": ("page.txt", b"\xff\xfeabc", "breaks its own encoding"),
    "no encoding": ("page.txt", b"line\n\x81\x8d", "neither UTF-8 nor Windows-1252"),
    "too large": ("page.docx", b"x" * 10_000_001, "larger than 10 MB"),
    "too long": ("page.txt", b"x" * 4_000_005, "more than 1,000,000 characters"),
    "text called Word": ("page.docx", PAGE.encode(), "is no Word document"),
    "half a document": ("page.docx", _word(_article)[:2_000], "is no Word document"),
    "another package": ("page.docx", _packed(mimetype=b"x"), "holds no Word document"),
    "broken document": ("page.docx", _packed(word__document_xml=b"<w:document"), "damaged"),
    "bomb of text": ("page.docx", _packed(word__document_xml=b"a" * 8_000_001), "unpacks to far more"),
    "bomb of pictures": ("page.docx", _packed(word__document_xml=b"a", big=bytes(50_000_001)), "unpacks to far more"),
    "entities": ("page.docx", _packed(word__document_xml=b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), "declares entities"),
}


@pytest.mark.parametrize(("name", "data", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_what_to_do(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(NotAnArticle, match=reason):
        read_file(name, data)


def _lying(packing: int) -> bytes:
    """A document of 60 MB that claims to be 9 bytes, which have the right checksum."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        archive.writestr("word/document.xml", bytes(60_000_000))
    told = [(60_000_000).to_bytes(4, "little"), zlib.crc32(bytes(60_000_000)).to_bytes(4, "little")]
    claimed = [(9).to_bytes(4, "little"), zlib.crc32(bytes(9)).to_bytes(4, "little")]
    lie = file.getvalue()
    for true, false in zip(told, claimed, strict=True):
        lie = lie.replace(true, false)
    return lie


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_part_longer_than_it_claims_is_never_unpacked_whole(packing: int) -> None:
    data = _lying(packing)
    tracemalloc.start()
    with pytest.raises(NotAnArticle):
        read_file("page.docx", data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30_000_000


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_is_unpacked_only_where_its_length_can_be_held(packing: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        archive.writestr("a.md", b"x")
    assert [(each.data, each.reason[:26]) for each in unpack(file)] == [(b"", "it is packed in an unusual")]


def test_an_archive_with_a_name_in_no_encoding_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("é.md", b"x")
    with pytest.raises(NotAnArticle, match="no archive that can be read"):
        list(unpack(io.BytesIO(file.getvalue().replace("é".encode(), b"\xff\xfe"))))
