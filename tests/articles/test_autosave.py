"""Saving while one types: what is saved, what is kept, what is never overwritten, and who is told."""

from datetime import timedelta
from typing import Any, cast

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.codes import Icd10Code
from articles.models import KeptText, Presence, Typing, Version
from articles.printing import to_published_format
from articles.writing import HERE_FOR, LONGEST_TYPED, MOST_KEPT, REMEMBERED_FOR
from people.letters import KINDS, Letter, in_words
from people.models import Message, User
from tests.articles.browsing import Editor, address, desk
from tests.factories import author, editor, make_content, make_version, reread, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    return make_version()


def send(work: Editor, user: User, **more: str) -> dict[str, Any]:
    """What the page sends by itself; it goes on from the revision that it is told."""
    data = {**work.typed, "as": [str(user.pk)], **{name: [value] for name, value in more.items()}}
    answer: dict[str, Any] = work.client.post(address("autosave", work.version), data).json()
    if answer["state"] == "saved":
        work.put("based_on", str(answer["revision"]))
    return answer


def offered(user: User, version: Version) -> list[Typing]:
    return list(desk(user).get(address("edit", version)).context["typings"])


def test_valid_text_is_saved_again_and_again(version: Version) -> None:
    work = Editor(version.author, version)
    for title in ("Hic", "Hicc", "Hiccups"):
        answer = send(work.put("title", title), version.author)
        assert (answer["state"], answer["errors"]) == ("saved", [])
        assert reread(version).title == title
    assert answer["saved_at"] == reread(version).updated_at.isoformat()
    assert work.put("title", "By the button").press().status_code == 302
    assert reread(version).revision == 5
    assert not Typing.objects.exists()


def test_new_diagnosis_keeps_its_key_while_the_page_is_open_and_has_a_lasting_one_when_submitted(
    version: Version,
) -> None:
    work = Editor(version.author, version)
    work.press("add-diagnosis rare", follow=True)
    work.put("diagnosis-new-1_name", "Achalasia").put("diagnosis-new-1_clinician_rationale", "It stretches the gullet.")
    work.put("diagnosis-new-1_patient_rationale", "Your gullet is slow.")
    answer = send(work, version.author)
    assert answer["state"] == "saved"
    assert 'data-live="facts-new-1"' in answer["parts"]
    assert reread(version).document.diagnoses[-1].key == "new-1"
    data = {"origin": "human", "based_on": str(reread(version).revision)}
    assert desk(version.author).post(address("submit", version), data).status_code == 302
    assert reread(version).document.diagnoses[-1].key == "achalasia"


def test_text_that_is_not_valid_yet_is_kept_and_offered_on_any_device(version: Version) -> None:
    user = version.author
    work = Editor(user, version).put("diagnosis-stroke_codes", "nonsense").put("title", "Typed \r\n so far\0")
    answer = send(work, user)
    assert answer["state"] == "kept"
    assert "title" in [error["place"] for error in answer["errors"]]
    assert reread(version).content == version.content
    (kept,) = offered(user, version)
    assert offered(editor(), version) == []
    elsewhere = Editor(user, version)
    page = elsewhere.client.post(address("restore", version), {"kept": kept.pk})
    assert "This is the text that was kept for you." in page.content.decode()
    assert page.context["draft"].whole["title"].value() == "Typed \r\n so far"
    assert page.context["draft"].diagnoses[2]["codes"].value() == "nonsense"
    elsewhere.typed = dict(page.context["draft"].typed.lists())
    assert elsewhere.put("diagnosis-stroke_codes", "G46.3").press().status_code == 302
    assert reread(version).title == "Typed so far"
    assert not Typing.objects.exists()


def test_kept_text_can_be_forgotten_by_its_writer_alone(version: Version) -> None:
    send(Editor(version.author, version).put("title", "t" * 600), version.author)
    kept = Typing.objects.get()
    for user, left in ((editor(), 1), (version.author, 0)):
        for which in (str(kept.pk), "", "x", "9" * 30):
            assert desk(user).post(address("forget", version), {"kept": which}).status_code == 302
        assert Typing.objects.count() == left


def test_kept_text_that_says_what_is_saved_is_not_offered(version: Version) -> None:
    work = Editor(version.author, version)
    assert send(work, version.author, hold="1")["state"] == "held"
    assert offered(version.author, version) == []
    assert not Typing.objects.exists()


def test_conflict_keeps_mine_overwrites_nothing_and_never_stops_the_typing(version: Version) -> None:
    other = editor(name="Ed Itor")
    mine, theirs = Editor(version.author, version), Editor(other, version)
    assert send(theirs.put("title", "Theirs"), other)["state"] == "saved"
    for title in ("Min", "Mine"):
        answer = send(mine.put("title", title), version.author)
        assert (answer["state"], answer["saved_by"], answer["revision"]) == ("conflict", "Ed Itor", 2)
    assert reread(version).title == "Theirs"
    (kept,) = offered(version.author, version)
    page = desk(version.author).post(address("restore", version), {"kept": kept.pk})
    assert [(row.theirs, row.mine) for row in page.context["rows"]] == [("Theirs", "Mine")]
    assert b"data-hold" in page.content
    assert mine.press().status_code == 409
    assert b"data-hold" in mine.page.content
    assert send(mine, version.author, hold="1")["state"] == "held"
    assert reread(version).title == "Theirs"
    assert mine.press().status_code == 302
    assert reread(version).title == "Mine"
    assert not Typing.objects.exists()


def test_answer_that_was_lost_on_the_way_is_no_conflict_with_oneself(version: Version) -> None:
    work = Editor(version.author, version)
    send(work.put("title", "Saved, but nobody heard"), version.author)
    work.put("based_on", "1")
    assert send(work.put("title", "Typed on"), version.author)["state"] == "saved"
    assert work.put("based_on", "1").put("title", "And saved").press().status_code == 302
    second_tab = Editor(version.author, version).put("based_on", "1").put("title", "From another tab")
    assert send(second_tab, version.author)["state"] == "conflict"
    stolen = Editor(editor(), version).put("tab", work.typed["tab"][0]).put("based_on", "1")
    assert send(stolen.put("title", "With the name of that tab"), stolen.page.wsgi_request.user)["state"] == "conflict"


def test_text_that_comes_after_the_submission_is_kept_for_the_next_version(version: Version) -> None:
    user = version.author
    work = Editor(user, version)
    sent = submit(version)
    answer = send(work.put("title", "Too late"), user)
    assert (answer["state"], answer["state_word"]) == ("closed", "Submitted")
    draft = sent.move("withdraw", by=user, reason="Not yet.").article.start_draft(by=user)
    (kept,) = offered(user, draft)
    page = desk(user).post(address("restore", draft), {"kept": kept.pk})
    assert [row.mine for row in page.context["rows"]] == ["Too late"]


def test_session_of_somebody_else_saves_nothing(version: Version) -> None:
    work = Editor(version.author, version).put("title", "Written by the author")
    work.client = desk(editor())
    assert send(work, version.author) == {"state": "stranger"}
    assert reread(version).content == version.content


@pytest.mark.parametrize("tab", ["", "x", "../etc", "0" * 31, "g" * 32, "<b>" * 11, "0" * 5_000])
def test_tab_that_is_none_is_not_remembered(version: Version, tab: str) -> None:
    work = Editor(version.author, version).put("tab", tab)
    assert send(work.put("title", "Saved"), version.author)["state"] == "saved"
    assert not Presence.objects.filter(tab=tab).exists()


def test_flood_is_refused_and_what_is_kept_is_bounded(version: Version) -> None:
    work = Editor(version.author, version)
    flood = work.put("title", "t" * (LONGEST_TYPED + 1))
    assert send(flood, version.author)["state"] == "refused"
    for number in range(MOST_KEPT + 2):
        send(work.put("title", "t" * 600).put("tab", f"{number:032}"), version.author)
    assert Typing.objects.count() == MOST_KEPT


def pulse(user: User, version: Version, tab: str, **more: str) -> Any:
    return desk(user).post(address("pulse", version), {"tab": tab, **more})


def test_people_and_tabs_are_told_of_each_other(version: Version) -> None:
    ed, me = editor(name="Ed <b>Itor"), version.author
    one, two, theirs = (letter * 32 for letter in "abc")
    assert pulse(me, version, one).json()["people"].strip() == ""
    assert "You have this draft open in another tab too." in pulse(me, version, two).json()["people"]
    told = pulse(ed, version, theirs).json()["people"]
    assert told.count(str(me.display_name)) == 1
    assert "another tab" not in told
    page = Editor(me, version).page.content.decode()
    assert "<b>Ed &lt;b&gt;Itor</b> has this draft open now." in page
    assert "another tab too" not in page
    assert pulse(ed, version, theirs, leaving="1").status_code == 204
    assert pulse(me, version, two, leaving="1").status_code == 204
    assert pulse(me, version, one).json()["people"].strip() == ""
    pulse(ed, version, theirs)
    Presence.objects.update(seen_at=timezone.now() - HERE_FOR - timedelta(seconds=1))
    assert pulse(me, version, one).json()["people"].strip() == ""


def test_tab_that_was_loaded_anew_is_no_other(version: Version) -> None:
    me, ed = version.author, editor()
    one, two, theirs = (letter * 32 for letter in "abc")
    pulse(me, version, one)
    pulse(ed, version, theirs)
    assert "another tab" not in pulse(me, version, two, was=one).json()["people"]
    assert "has this draft open now" in pulse(me, version, two, was=theirs).json()["people"]


def test_pulse_tells_of_a_newer_text_and_whose_it_is(version: Version) -> None:
    ed = editor(name="Ed Itor")
    tab = "a" * 32
    before = pulse(version.author, version, tab).json()
    assert (before["state"], before["revision"], before["is_mine"]) == ("open", 1, False)
    send(Editor(ed, version).put("title", "Theirs"), ed)
    after = pulse(version.author, version, tab).json()
    assert (after["revision"], after["saved_by"], after["is_mine"]) == (2, "Ed Itor", False)


def test_live_parts_follow_what_is_typed(version: Version) -> None:
    Icd10Code.objects.create(code="G46.3", title="Brain stem stroke syndrome", is_billable=True, release="2026")
    make_version(content=make_content("Coughing"), author=version.author)
    work = Editor(version.author, version).put("diagnosis-stroke_codes", "G46.3").put("title", "")
    work.put("presentation_patient", "Intermittent contractions " * 12)
    parts = send(work, version.author)["parts"]
    assert "Give the article a title" in parts
    assert "G46.3: Brain stem stroke syndrome" in parts
    assert "Too hard for many patients" in parts
    assert "on and off" in parts
    assert "Coughing" in parts
    hostile = send(work.put("diagnosis-stroke_name", "<img src=x onerror=y>"), version.author)["parts"]
    assert "<img" not in hostile


def test_number_of_queries_of_a_save(version: Version, django_assert_max_num_queries: Any) -> None:
    work = Editor(version.author, version)
    send(work.put("title", "One"), version.author)
    with django_assert_max_num_queries(45):
        send(work.put("title", "Two"), version.author)


# References, looked up by what finds them.


def look_up(work: Editor, typed: str) -> Any:
    return work.put("lookup", typed).press("look-up-reference", follow=True)


def test_reference_is_looked_up_and_filled_in(version: Version) -> None:
    cited = [{"key": "r", "citation": "Hiccups. Example Press, 2024.", "doi": "10.1000/182", "pmid": "12"}]
    make_version(content=make_content(diagnoses=[], references=cited), author=version.author)
    work = Editor(version.author, version)
    assert look_up(work, "https://doi.org/10.1000/182").status_code == 200
    added = reread(version).document.references[-1]
    assert (added.citation, added.doi, added.pmid) == ("Hiccups. Example Press, 2024.", "10.1000/182", "12")
    again = look_up(work, "doi: 10.1000/182")
    assert again.status_code == 422
    assert "This source stands in the list already: it is reference 2." in again.content.decode()
    assert work.typed["lookup"] == ["doi: 10.1000/182"]
    assert "One of the digits is mistyped." in look_up(work, "ISBN 978-0-306-40615-8").content.decode()
    assert len(reread(version).document.references) == 2
    assert look_up(work, "0-306-40615-2").status_code == 200
    assert reread(version).document.references[-1].citation == "ISBN 9780306406157"


def test_lookup_says_what_it_is_and_names_nothing_that_one_may_not_read() -> None:
    cited = [{"key": "r", "citation": "Secret source", "pmid": "12"}]
    mine = make_version(content=make_content(diagnoses=[], references=cited)).author
    for user, citation in ((mine, "Secret source"), (author(), "")):
        answer = desk(user).get(reverse("articles:sources"), {"q": "PMID 12"}).json()
        assert answer == {"kind": "PMID", "value": "12", "citation": citation}
    assert "problem" in desk(mine).get(reverse("articles:sources"), {"q": "<script>"}).json()
    assert desk(None).get(reverse("articles:sources")).status_code == 302


def test_codes_are_found_with_and_without_a_dot_and_the_nearest_first() -> None:
    rows = {
        "J45": "Asthma", "J45.20": "Mild intermittent asthma, uncomplicated", "J45.2": "Mild intermittent asthma",
        "J82.83": "Eosinophilic asthma", "G46.3": "Brain stem stroke syndrome",
        "B02.1": "Zoster meningitis", "B02.33": "Zoster keratitis", "B02.9": "Zoster without complications",
    }  # fmt: skip
    for code, title in rows.items():
        Icd10Code.objects.create(code=code, title=title, is_billable=True, release="2026")

    def found(typed: str) -> list[str]:
        return [row.code for row in Icd10Code.objects.matching(typed)]

    assert found("asthma") == ["J45", "J82.83", "J45.2", "J45.20"]
    assert found("zoster") == ["B02.9", "B02.33", "B02.1"]
    assert found("j452") == found("J45.2") == ["J45.2", "J45.20"]
    assert found("g463") == ["G46.3"]
    assert found("strok syn") == ["G46.3"]
    assert found("") == found("x" * 500) == found("&|!:*()") == []


# Drafts that somebody discards


def discarded(version: Version, *, by: User) -> KeptText:
    """The author's text, kept when somebody else discarded the draft."""
    version.discard(by=by)
    return KeptText.objects.visible_to(version.author).get()


def test_promise_7_draft_that_another_discards_is_kept_for_its_writer(version: Version) -> None:
    chief = editor(name="Ed Itor")
    kept = discarded(version, by=chief)
    client = desk(version.author)
    assert version.title in client.get("/desk/kept/").content.decode()
    page = client.get(kept.get_absolute_url())
    assert "Ed Itor discarded version 1" in page.content.decode()
    assert page.context["words"] == to_published_format(version.document)
    file = client.get(reverse("articles:kept_file", args=(kept.pk,)))
    assert (file.content.decode(), file["Content-Disposition"]) == (
        page.context["words"],
        'attachment; filename="hiccups-at-night-kept.md"',
    )
    (message,) = Message.objects.filter(kind="articles/draft_discarded")
    assert message.person == version.author
    assert "/desk/kept/" in in_words(cast(Letter, KINDS[message.kind].write(message)), message.person).text
    assert not KeptText.objects.visible_to(chief).exists()
    for stranger in (chief, author(), editor()):
        for name in ("kept_text", "kept_file"):
            assert desk(stranger).get(reverse(f"articles:{name}", args=(kept.pk,))).status_code == 404
        assert desk(stranger).post(reverse("articles:forget_kept_text", args=(kept.pk,))).status_code == 404
    assert client.post(reverse("articles:forget_kept_text", args=(kept.pk,)))["Location"] == "/desk/kept/"
    assert b"Nothing is kept" in client.get("/desk/kept/").content
    assert KINDS[message.kind].write(message) == "They have deleted what was kept."


def test_promise_7_what_is_typed_after_a_draft_was_discarded_is_kept(version: Version) -> None:
    user, late = version.author, "Typed while the editor pressed the button"
    work = Editor(user, version)
    send(work.put("title", "t" * 600), user)  # kept, as it was not valid
    version.discard(by=editor())
    answer = send(work.put("title", late).put("diagnosis-stroke_codes", "nonsense"), user)
    assert answer["state"] == "discarded"
    words = desk(user).get(answer["url"]).context["words"]
    assert words.startswith(f"Title\n{late}\n")
    assert "nonsense" in words
    assert send(work.put("title", late + "!"), user)["url"] == answer["url"]
    pressed = work.press()
    assert (pressed.status_code, pressed["Location"]) == (302, answer["url"])
    assert KeptText.objects.visible_to(user).count() == 2  # the saved text, and this page's
    stranger = {**work.typed, "as": [str(author().pk)]}
    for other in (author(), editor()):
        stranger["as"] = [str(other.pk)]
        assert desk(other).post(address("autosave", version), stranger).status_code == 404


def test_own_discarded_draft_keeps_only_what_comes_from_another_page(version: Version) -> None:
    work = Editor(version.author, version)
    version.discard(by=version.author)
    assert not KeptText.objects.visible_to(version.author).exists()
    assert not Message.objects.filter(kind="articles/draft_discarded").exists()
    assert send(work.put("title", "From the other page"), version.author)["state"] == "discarded"
    assert KeptText.objects.visible_to(version.author).get().title == "From the other page"


def test_page_of_a_discarded_draft_overwrites_nothing_in_the_next_of_its_number() -> None:
    approved = make_version("approved")
    user = approved.author
    first = approved.article.start_draft(by=user)
    work = Editor(user, first)
    first.discard(by=editor())
    assert not KeptText.objects.visible_to(user).exists()  # nothing had been written in it
    second = approved.article.start_draft(by=user)
    assert send(work.put("title", "Of the old page"), user)["state"] == "conflict"
    assert reread(second).title == approved.title


def test_draft_of_a_new_version_is_kept_for_those_alone_who_saved_in_it() -> None:
    approved = make_version("approved")
    starter, named, nameless, chief = (editor(email=f"{name}@example.org") for name in ("a", "b", "c", "d"))
    draft = approved.article.start_draft(by=starter)
    for number, (by, tab) in enumerate(((named, "a" * 32), (nameless, ""), (chief, "b" * 32))):
        text = make_content(f"Hiccups of kind {number}")
        draft = draft.save_draft(text, by=by, based_on=draft.revision, tab=tab)
    Presence.objects.update(seen_at=timezone.now() - 2 * REMEMBERED_FOR)
    Presence.objects.seen(draft, chief, "c" * 32)
    draft.discard(by=chief)
    told = {message.person for message in Message.objects.filter(kind="articles/draft_discarded")}
    assert told == {named, nameless}
    assert {kept.user for kept in KeptText.objects.with_words()} == {named, nameless}


def test_draft_of_a_new_version_is_kept_for_an_author_of_the_first_who_saved_in_it_too() -> None:
    approved = make_version("approved")
    draft = approved.article.start_draft(by=editor())
    draft = draft.save_draft(make_content("Hiccups anew"), by=approved.author, based_on=draft.revision)
    Presence.objects.update(seen_at=timezone.now() - 2 * REMEMBERED_FOR)
    Presence.objects.seen(draft, approved.author, "c" * 32)
    draft.discard(by=editor(email="z@example.org"))
    assert KeptText.objects.with_words().get().user == approved.author
