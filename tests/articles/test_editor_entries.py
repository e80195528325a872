"""Terms and readers' questions in the editor: added, named, put in order, kept and refused like everything else."""

import pytest

from articles.models import Typing, Version
from content.schema import MAX_TERMS
from tests.articles.browsing import Editor, fields, ids
from tests.articles.test_autosave import send
from tests.factories import editor, make_content, make_version, reread

pytestmark = pytest.mark.django_db
TERMS = [
    {"key": "singultus", "term": "singultus", "meaning": "The hiccups."},
    {"key": "reflux", "term": "reflux", "meaning": "Acid that rises."},
]
ASKED = {"key": "at-night", "question": "Why at night?", "answer": "You lie *flat*."}


@pytest.fixture
def version() -> Version:
    return make_version(content=make_content(terms=TERMS, questions=[ASKED]))


def test_untouched_page_keeps_every_byte(version: Version) -> None:
    assert Editor(version.author, version).press().status_code == 302
    assert reread(version).content == version.content


def test_without_a_script_entries_are_added_named_moved_and_removed(version: Version) -> None:
    work = Editor(version.author, version)
    response = work.press("add-term", follow=True)
    assert response.redirect_chain[-1][0].endswith("#term-new-1_term")
    assert "term-new-1_term" in ids(response)
    work.put("term-new-1_term", "Phrenic nerve").put("term-new-1_meaning", "The nerve\r\nof breathing.")
    work.press("up-term new-1", follow=True)
    work.press("remove-term singultus", follow=True)
    work.press("add-question", follow=True)
    work.put("question-new-1_question", "At night, again?").put("question-new-1_answer", "Yes.\r\n\r\nIt can.")
    work.press("up-question new-1", follow=True)
    found = reread(version).document
    assert [(each.key, each.meaning) for each in found.terms] == [
        ("phrenic-nerve", "The nerve of breathing."),
        ("reflux", "Acid that rises."),
    ]
    assert [(each.key, each.answer) for each in found.questions] == [
        ("at-night-again", "Yes.\n\nIt can."),
        ("at-night", "You lie *flat*."),
    ]


def test_what_is_wrong_with_an_entry_is_said_at_its_field_and_nothing_typed_is_lost(version: Version) -> None:
    work = Editor(version.author, version)
    response = work.put("term-reflux_term", "x" * 101).put("question-at-night_answer", "y" * 20_001).press()
    assert response.status_code == 422
    assert [place for place, _ in response.context["draft"].errors] == ["question-at-night_answer", "term-reflux_term"]
    assert fields(response)["term-reflux_term"] == ["x" * 101]
    assert reread(version).content == version.content


def test_more_terms_than_fit_are_refused(version: Version) -> None:
    work = Editor(version.author, version)
    many = [f"t-{number}" for number in range(MAX_TERMS + 50)]
    assert work.put("term", *many).press().status_code == 422
    assert reread(version).content == version.content


def test_conflict_shows_both_meanings_and_the_order(version: Version) -> None:
    first, second = Editor(version.author, version), Editor(editor(), version)
    first.put("term-reflux_meaning", "Theirs.").put("term", "reflux", "singultus").press()
    response = second.put("question-at-night_answer", "Mine.").press()
    assert response.status_code == 409
    assert {(row.place, row.theirs, row.mine) for row in response.context["rows"]} == {
        ("question-at-night_answer", "You lie *flat*.", "Mine."),
        ("terms", "reflux\nsingultus", "singultus\nreflux"),
        ("term-reflux_meaning", "Theirs.", "Acid that rises."),
    }


def test_autosave_keeps_the_key_of_the_page_until_the_draft_is_submitted(version: Version) -> None:
    work = Editor(version.author, version)
    work.press("add-term", follow=True)
    answer = send(work.put("term-new-1_term", "Nerve").put("term-new-1_meaning", "It leads."), version.author)
    assert answer["state"] == "saved"
    assert 'data-live="entry-term-new-1"' in answer["parts"]
    send(work.put("term-new-1_meaning", "It leads on."), version.author)
    assert [each.key for each in reread(version).document.terms] == ["singultus", "reflux", "new-1"]
    answer = send(work.put("term-new-1_term", "z" * 101), version.author)
    assert answer["state"] == "kept"
    assert Typing.objects.count() == 1
    assert reread(version).document.terms[2].meaning == "It leads on."


def test_gaps_of_entries_stand_at_them_and_block(version: Version) -> None:
    work = Editor(version.author, version)
    work.put("term-reflux_meaning", "").put("question-at-night_answer", "").put(
        "term-singultus_term", "nowhere"
    ).press()
    page = work.reopen().page
    draft = page.context["draft"]
    assert [gap.place for gap in draft.blocking] == ["question-at-night", "term-reflux"]
    assert {gap.place for gap in draft.gaps} <= set(ids(page)) | {"specialty"}
    assert "“nowhere” stands in no text" in page.content.decode()
