"""Files as people have them: text in any usual encoding, Markdown, Word."""

import codecs
import io
import re
import zipfile
import zlib
from pathlib import PurePath
from typing import IO

from articles.intake.cleaning import LONGEST
from articles.intake.result import Doubt, NotAnArticle

LARGEST_FILE = 10_000_000  # bytes
LARGEST_UNPACKED = 50_000_000  # bytes of all parts of a .docx, pictures included
LARGEST_XML = 2_000_000  # bytes of its text parts; a thousand pages, and seconds of work at the most
MOST_PARTS = 2_000
TEXT_ENDINGS = frozenset({".txt", ".text", ".md", ".markdown"})
ACCEPTED = "save it as .txt, .md or .docx"
#: What zipfile raises; ValueError is a name in no encoding, or a place before the beginning.
_UNREADABLE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error),
    *(NotImplementedError, RuntimeError, OSError, EOFError, ValueError),
)
_ELSEWHERE = {
    b"%PDF": "a PDF; copy its text or save it as .docx",
    b"PK\x03\x04": "a packed file (.docx or .zip); give it the ending .docx if it is a Word document",
    b"\xd0\xcf\x11\xe0": "an old Word document; save it as .docx",
    b"{\\rtf": "rich text; save it as .docx or .txt",
    b"\x89PNG": "a picture; an article must be text",
    b"\xff\xd8\xff": "a picture; an article must be text",
    b"GIF8": "a picture; an article must be text",
    b"\x1f\x8b": "a packed file; unpack it first",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_of(name: str, data: bytes) -> tuple[str, tuple[Doubt, ...]]:
    """The text of a file, chosen by its ending, and doubts about how it was read.

    Raises:
        NotAnArticle: the ending is not known, or the file is not what its ending says, or too large.

    """
    ending = PurePath(name).suffix.lower()
    if len(data) > LARGEST_FILE:
        raise NotAnArticle(f"the file is larger than {LARGEST_FILE // 1_000_000} MB; an article is far smaller")
    if not data.strip():
        raise NotAnArticle("the file is empty; choose another one")
    if ending == ".docx":
        return _word(data)
    if ending not in TEXT_ENDINGS:
        raise NotAnArticle(f"files ending in “{ending or name[-20:]}” cannot be read; {ACCEPTED}")
    for start, what in _ELSEWHERE.items():
        if data.startswith(start):
            raise NotAnArticle(f"the file’s name ends in {ending}, but it is {what}")
    return _decoded(data)


def _decoded(data: bytes) -> tuple[str, tuple[Doubt, ...]]:
    if len(data) > 4 * LONGEST + 4:
        raise NotAnArticle(f"the text has more than {LONGEST:,} characters; import one article at a time")
    for bom, encoding in (*_BOMS, (b"", "utf-8")):
        if data.startswith(bom):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError as error:
                if bom:
                    raise NotAnArticle("the text breaks its own encoding; save it as UTF-8") from error
    if b"\x00" in data:
        raise NotAnArticle("this is no text but binary data; save the article as .txt, .md or .docx")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotAnArticle("the text is neither UTF-8 nor Windows-1252; save it as UTF-8", line) from error
    return text, (Doubt(1, "title", "The file was not UTF-8; it was read as Windows-1252. Check accents and dashes."),)


def _word(data: bytes) -> tuple[str, tuple[Doubt, ...]]:
    """The text of a Word document as Markdown, with changes as if all were accepted, without pictures."""
    document, parts = _checked_document(data)
    import mammoth
    from markdownify import markdownify

    try:
        html = mammoth.convert_to_html(
            parts, convert_image=_no_picture, style_map="p[style-name='Title'] => h1:fresh"
        ).value
        text = markdownify(_footnotes_as_references(html), heading_style="ATX", bullets="-", strip=["img"])
    except Exception as error:  # whatever a broken document breaks in the converters
        raise NotAnArticle("the Word document is damaged; open it in Word and save it again") from error
    if re.search(rb"<w:(?:ins|del)\s", document):
        return text, (Doubt(1, "title", "The document has tracked changes; they were read as accepted."),)
    return text, ()


def _no_picture(_: object) -> list[object]:
    return []


def _footnotes_as_references(html: str) -> str:
    """Footnotes are how many authors cite in Word: their list gets the heading that a reader looks for."""
    html = re.sub(r'<a href="#(?:foot|end)note-ref-[^"]*">↑</a>', "", html)
    html = re.sub(r'<a href="#[^"]*"[^>]*>([^<]*)</a>', r"\1", html)
    return re.sub(r'<ol><li id="(?:foot|end)note-', r"<h1>References</h1>\g<0>", html, count=1)


def _checked_document(data: bytes) -> tuple[bytes, IO[bytes]]:
    """The main part of a .docx that is safe to convert; and its text parts packed anew, as long as they really are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            anew = _packed_anew(archive, _texts_in(archive))
        with zipfile.ZipFile(anew) as archive:
            document = archive.read("word/document.xml")
    except NotAnArticle:
        raise
    except KeyError as error:
        raise NotAnArticle("the file ends in .docx but holds no Word document; save it as .docx or .txt") from error
    except _UNREADABLE as error:
        raise NotAnArticle(f"the file ends in .docx but is no Word document; {ACCEPTED}") from error
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        raise NotAnArticle("the Word document declares entities, which no article needs; save it again in Word")
    return document, anew


def _texts_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The parts that hold text, each once."""
    parts = archive.infolist()
    texts = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    xml = sum(part.file_size for part in texts)
    if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > LARGEST_UNPACKED or xml > LARGEST_XML:
        raise NotAnArticle("the Word document unpacks to far more than an article; save its text alone")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in texts):
        raise NotAnArticle("the Word document is packed as Word never does; open it in Word and save it again")
    return list({part.filename: part for part in texts}.values())


def _packed_anew(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> io.BytesIO:
    """These parts without packing. Reading one to its end at once would unpack it whole, whatever length it claims."""
    anew = io.BytesIO()
    with zipfile.ZipFile(anew, "w") as copy:
        for part in parts:
            with archive.open(part) as file:
                copy.writestr(part.filename, file.read(LARGEST_XML))
    return anew
