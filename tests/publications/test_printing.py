"""An article on paper and beside a shared link: what stands there, for whom, and that it is tagged."""

import math
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from ddx_portal.gallery import DEMONSTRATION
from publications import printing
from publications.allowance import Allowance, Exhausted
from publications.printing import Reader
from publications.views.printing import SETTING
from tests import factories
from tests.publications.rows import SIGNED, content, publication

HOSTILE = '#read("/etc/passwd") *b* $a$ ] ) " \\ // <x> `c` @ref #{1+1} \u202e'


def read(pdf: bytes) -> str:
    """Its words, every run of white space as one space."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def root_of(pdf: bytes) -> Any:
    """The catalogue of a file."""
    return PdfReader(BytesIO(pdf)).root_object


def tags(pdf: bytes) -> list[str]:
    """The structure that a screen reader follows, in its order."""
    found: list[str] = []
    waiting: list[Any] = [root_of(pdf)["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, DictionaryObject):
            found += [str(node["/S"])] if "/S" in node else []
            parts = node.get("/K", [])
            waiting += reversed(parts) if isinstance(parts, list) else [parts]
    return found


@pytest.fixture(scope="module")
def papers() -> dict[Reader, bytes]:
    row = publication(content())
    return {reader: printing.pdf(row, reader) for reader in Reader}


def test_pdf_says_who_signed_what_when_and_where_to_check(papers: dict[Reader, bytes]) -> None:
    for pdf in papers.values():
        told = read(pdf)
        for words in ("Reviewed by the Medical Advisory Board", "2 reviewers", "last reviewed 8 Aug 2026", "Ada, MD"):
            assert words in told
        for words in ("Version 2, approved 8 Aug 2026", "http://testserver/articles/hiccups/", "next review by"):
            assert words in told
        for words in ("First published 8 Aug 2026", "Last modified 8 Aug 2026", "Last reviewed 8 Aug 2026"):
            assert words in told
        for words in ("Funding and conflicts of interest", "All rights reserved.", "Eve: nothing was declared"):
            assert words in told
        for words in ("Written Chris, MD.", "Also worked on the text Eve, MD"):
            assert words in told
        assert "9f2c" * 16 in told.replace(" ", "")
        assert "/articles/hiccups/v/2/provenance.json" in told.replace(" ", "")


def test_pdf_has_the_text_of_its_reader(papers: dict[Reader, bytes]) -> None:
    told = {reader: read(pdf) for reader, pdf in papers.items()}
    assert "You ate a lot." in told[Reader.PATIENT]
    assert "Get help now if any of these happen" in told[Reader.PATIENT]
    assert "the clinicians’ text is shown" in told[Reader.PATIENT]
    assert "ICD-10-CM" not in told[Reader.PATIENT]
    for reader in (Reader.CLINICIAN, Reader.STUDENT):
        assert "You ate a lot." not in told[reader]
        assert "Red flags: act on any of these" in told[reader]
        assert "ICD-10-CM" in told[reader]
    assert "Start here, and stay ready to change your mind." in told[Reader.STUDENT]
    for words in ("Most likely", "Other likely", "Do not miss", "Rare", "Please keep in mind"):
        assert all(words in each for each in told.values())


def test_pdf_says_when_nothing_is_written_for_patients() -> None:
    bare = [each | {"patient": {}} for each in DEMONSTRATION["diagnoses"]]
    document = content(diagnoses=bare, presentation={"clinician": "An invented text."})
    assert "There is no text for patients yet." in read(printing.pdf(publication(document), Reader.PATIENT))


def test_pdf_is_tagged_and_says_so(papers: dict[Reader, bytes]) -> None:
    for pdf in papers.values():
        root = root_of(pdf)
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
        found = tags(pdf)
        headings = [int(tag[2]) for tag in found if tag in {"/H1", "/H2", "/H3"}]
        assert headings[0] == 1
        assert headings.count(1) == 1
        assert all(later - earlier <= 1 for earlier, later in pairwise(headings))
        assert {"/L", "/LI", "/Table", "/TH", "/Link"} <= set(found)


def test_pdf_of_the_same_row_is_the_same_file(papers: dict[Reader, bytes]) -> None:
    printing._set.cache_clear()
    assert printing.pdf(publication(content()), Reader.PATIENT) == papers[Reader.PATIENT]


def test_superseded_and_notices_are_printed_on_it() -> None:
    old = publication(content(), state="superseded", is_page=False)
    told = read(printing.pdf(old, Reader.CLINICIAN))
    assert "Superseded: a newer version has replaced version 2" in told
    assert "next review" not in told
    notice = {
        "number": 1,
        "kind": "correction",
        "words": "Read this.",
        "reason": "A slip.",
        "by": "Eve",
        "on": "2026-09-01",
    }
    corrected = publication(content(), notice_rows=[notice], noticed_at=SIGNED)
    told = read(printing.pdf(corrected, Reader.PATIENT))
    assert "Correction Read this. Why this notice: A slip. Eve, 1 Sep 2026" in told
    late = publication(content(), next_review_on=date(2026, 8, 9))
    assert "next review was due by 9 Aug 2026" in read(printing.pdf(late, Reader.CLINICIAN))


def test_what_others_wrote_is_set_as_it_stands() -> None:
    deep = (
        "\n".join("  " * n + f"- level {n}" for n in range(16))
        + "\n\n"
        + ">" * 80
        + " q\n\n"
        + "*" * 99
        + "x"
        + "*" * 99
    )
    one = DEMONSTRATION["diagnoses"][0] | {"tier": "most_likely", "name": HOSTILE, "plain_name": HOSTILE}
    one |= {
        "clinician": {"rationale": f"{HOSTILE}\n\n{deep}", "red_flags": [HOSTILE], "distinguishing_signs": [HOSTILE]}
    }
    terms = [{"key": "a", "term": HOSTILE, "meaning": HOSTILE}]
    asked = [{"key": "a", "question": HOSTILE, "answer": f"{HOSTILE} [x](https://example.org/)"}]
    row = publication(content(title=HOSTILE, diagnoses=[one], terms=terms, questions=asked))
    told = read(printing.pdf(row, Reader.CLINICIAN))
    assert "root:" not in told
    assert told.count('#read("/etc/passwd")') >= 8
    assert "level 8" in told
    assert printing.card(row).startswith(b"\x89PNG")


def test_card_is_of_the_size_that_others_expect() -> None:
    for title in ("Itch", "A very long title " * 25):
        card = printing.card(publication(content(title=title.strip())))
        assert card.startswith(b"\x89PNG\r\n\x1a\n")
        assert (int.from_bytes(card[16:20]), int.from_bytes(card[20:24])) == (1200, 630)
        assert len(card) < 200_000


def test_files_take_their_share_of_the_time_and_no_more() -> None:
    clock = [100.0]
    setting = Allowance(share=0.25, most=1.0, clock=lambda: clock[0])
    for took in (0.5, 2.0):
        with setting.spend():
            clock[0] += took
    owed = 0.5 + 0.5 * 0.25 - 2.0 + 2.0 * 0.25
    with pytest.raises(Exhausted) as refused, setting.spend():
        raise AssertionError
    assert refused.value.seconds == math.ceil(-owed / 0.25)
    clock[0] += refused.value.seconds + 0.01
    with pytest.raises(KeyError), setting.spend():
        raise KeyError
    clock[0] += 1_000.0
    with setting.spend():
        assert setting.left == 1.0


@pytest.mark.usefixtures("committed_db")
def test_addresses_answer_for_what_stands_and_say_what_became_of_the_rest(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = factories.make_version("approved")
    page = f"/articles/{version.article.slug}/"
    monkeypatch.setattr(SETTING, "most", 1e6)  # however slow this machine is
    monkeypatch.setattr(SETTING, "left", 1e6)
    with monkeypatch.context() as robots:
        robots.setattr(SETTING, "left", -3.5)
        robots.setattr(SETTING, "at", SETTING.clock())
        robots.setattr(SETTING, "share", 0.001)
        later = client.get(page + "article.pdf")
        assert (later.status_code, later.headers["Cache-Control"]) == (503, "no-store")
        assert int(later.headers["Retry-After"]) > 3_000
        assert client.get(page).status_code == 200
    for name in ("article.pdf", "patient.pdf", "student.pdf", "card.png", "v/1/article.pdf"):
        answer = client.get(page + name)
        kind = "image/png" if name == "card.png" else "application/pdf"
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind), name
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert client.get(page + name, headers={"if-none-match": answer.headers["ETag"]}).status_code == 304
    for name in ("editor.pdf", "v/2/article.pdf", "v/0/patient.pdf", "Article.pdf"):
        assert client.get(page + name).status_code == 404, name
    version.move("retract", by=factories.editor(), reason="The evidence was withdrawn.")
    for name in ("article.pdf", "card.png", "v/1/patient.pdf"):
        answer = client.get(page + name)
        assert answer.status_code == 410, name
        assert "The evidence was withdrawn." in answer.content.decode()
    assert client.get("/articles/there-is-none/article.pdf").status_code == 404
