"""Hostile text in every field of the editor, seen again in every page that shows it."""

import html
import re
from typing import Any

import pytest

from articles.models import Article, Version
from tests.articles.browsing import Editor, address, desk
from tests.factories import author, editor, make_content, make_version, reread

pytestmark = pytest.mark.django_db

MARK = "qxzpwn"
PAYLOADS = (
    f"<script>{MARK}()</script>",
    f"\"><img src=x onerror={MARK}()>",
    f"'><svg/onload={MARK}()>",
    f"</textarea><script>{MARK}()</script>",
    f"</title><script>{MARK}()</script>",
    f"<!-- --><iframe srcdoc='<script>{MARK}()</script>'>",
    f"[x](javascript:{MARK}())",
    f"[x](  jAvAsCrIpT&colon;{MARK}())",
    f"[x](data:text/html,<script>{MARK}()</script>)",
    f"![x](https://evil.example/{MARK}.png)",
    f"<https://evil.example/\" onmouseover=\"{MARK}()>",
    f"{{{{ {MARK} }}}}{{% debug %}}",
    f"{{#{MARK}}}",
    f"x\u202egnp.{MARK}\u2028<b onclick={MARK}()>",
)  # fmt: skip
TEXT_FIELDS = (
    "title",
    "presentation_clinician",
    "presentation_patient",
    "no_do_not_miss_reason",
    "diagnosis-stroke_name",
    "diagnosis-stroke_plain_name",
    "diagnosis-stroke_clinician_rationale",
    "diagnosis-stroke_clinician_red_flags",
    "diagnosis-stroke_clinician_distinguishing_signs",
    "diagnosis-stroke_patient_rationale",
    "diagnosis-stroke_patient_red_flags",
    "diagnosis-stroke_patient_distinguishing_signs",
    "reference-ninds_citation",
)
STRICT_FIELDS = (
    "specialty",
    "diagnosis-stroke_tier",
    "diagnosis-stroke_codes",
    "reference-ninds_url",
    "reference-ninds_doi",
    "reference-ninds_pmid",
)
_TAG = re.compile(
    r"<([a-z][a-z0-9-]*)((?:\s+[^\s=>\"']+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*/?>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"([^\s=>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


def require_harmless(response: Any) -> None:
    """No tag of the page has a handler, and none but the portal's own runs or loads anything."""
    page = response.content.decode()
    for match in _TAG.finditer(page):
        tag = match[1].lower()
        for name, *values in _ATTRIBUTE.findall(match[2]):
            value = html.unescape("".join(values)).strip().lower()
            assert not name.lower().startswith("on"), match[0]
            if name.lower() in {"href", "src", "action", "formaction"}:
                assert value.startswith(("/", "#", "?", "https://", "http://")), match[0]
        assert tag not in {"iframe", "object", "embed", "base", "img"}, match[0]
        if tag == "script":
            assert "src=" in match[2], match[0]
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


HALVES = (" ".join(PAYLOADS[:5]), " ".join(PAYLOADS[5:10]), " ".join(PAYLOADS[10:]))
each_payload = pytest.mark.parametrize("payload", HALVES, ids=["tags", "links", "templates"])


def filled(version: Version, payload: str) -> Editor:
    work = Editor(version.author, version)
    for name in TEXT_FIELDS:
        work.put(name, payload)
    return work


@each_payload
def test_hostile_text_is_shown_as_text_wherever_it_is_shown(payload: str) -> None:
    version = make_version()
    work = filled(version, payload)
    assert work.press().status_code == 302
    client = work.client
    for name in ("edit", "preview", "submit", "discard", "source"):
        require_harmless(client.get(address(name, version)))
    require_harmless(client.post(address("preview_pane", version), work.reopen().typed))
    require_harmless(client.post(address("restore", version), work.typed))
    page = client.get(address("text", version))
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.md"', page.headers["Content-Disposition"])


@each_payload
def test_hostile_text_is_harmless_where_it_is_refused(payload: str) -> None:
    version = make_version()
    for names in (("diagnosis-stroke_tier", "specialty"), STRICT_FIELDS[2:]):
        work = Editor(version.author, version)
        for name in names:
            work.put(name, payload)
        response = work.press()
        assert response.status_code == 422
        require_harmless(response)


@each_payload
def test_hostile_text_is_harmless_in_a_conflict(payload: str) -> None:
    version = make_version()
    mine = filled(version, payload)
    Editor(editor(), version).put("title", f"Theirs {payload}"[:480]).press()
    response = mine.press()
    assert response.status_code == 409
    require_harmless(response)
    require_harmless(mine.press(to="take_theirs"))


@pytest.mark.parametrize("name", ["action", "at", "based_on", "diagnosis", "reference", "specialty_before"])
def test_hostile_hidden_fields_are_harmless(name: str) -> None:
    version = make_version()
    work = Editor(version.author, version)
    for payload in HALVES:
        opened = dict(work.typed)
        response = work.press(payload) if name == "action" else work.put(name, payload).press()
        assert response.status_code in {302, 409, 422}, payload
        assert MARK not in response.headers.get("Location", ""), payload
        if response.status_code == 302:
            work.reopen()
        else:
            require_harmless(response)
            work.typed = opened


@each_payload
def test_hostile_source_and_notes_are_shown_as_text(payload: str) -> None:
    notes = [
        {"id": 0, "kind": "doubt", "line": 1, "place": payload, "message": payload},
        {"id": 1, "kind": "left_out", "line": 2, "text": payload},
    ]
    user = author()
    draft = Article.objects.create_with_draft(make_content(), by=user, source=payload, doubts=notes)
    client = desk(user)
    for name in ("edit", "source"):
        require_harmless(client.get(address(name, draft)))


ODD = ("\x00", "\x1b[31m", "\ufffd", "a\x0bb\x0cc", "\ufeff", "e\u0301" * 200, "\u202e")


@pytest.mark.parametrize("names", [TEXT_FIELDS, STRICT_FIELDS], ids=["texts", "strict"])
def test_odd_characters_neither_break_nor_stay(names: tuple[str, ...]) -> None:
    version = make_version()
    work = Editor(version.author, version)
    wrong = {}
    for odd in ODD:
        for name in names:
            work.put(name, odd)
        answers = (work.press().status_code, work.reopen().page.status_code)
        stay = {"\x00", "\x1b", "\x0b", "\u202e"} & set(reread(version).content)
        if stay or answers not in {(302, 200), (422, 200)}:
            wrong[odd] = (answers, stay)
    assert wrong == {}


def test_megabytes_are_answered_with_what_was_typed() -> None:
    version = make_version()
    work = Editor(version.author, version)
    flood = "word " * 1_000_000
    response = work.put("presentation_clinician", flood).press()
    assert response.status_code == 422
    assert work.typed["presentation_clinician"] == [flood]
    assert reread(version).content == version.content


def test_more_fields_than_any_article_has_are_refused() -> None:
    version = make_version()
    sent = {f"diagnosis-d-{n}_name": "x" for n in range(6_000)}
    assert desk(version.author).post(address("edit", version), sent).status_code == 400
    assert reread(version).content == version.content
