"""Triage: what stands there in which order, what is done to it, and what cannot be."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.batch_files import IntakeFile
from articles.batches import IntakeBatch
from articles.models import Article, Version
from articles.states import Origin
from articles.twins import compare, compare_due
from bench.queues import own_queries
from ledger.models import Event
from people.models import User
from reviews.forms.triage import TriageForm
from tests.factories import administrator, author, board_member, editor, make_content, make_version, reread, submit
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.django_db

TITLES = re.compile(r"data-key-row>([^<]+)</a>")


def article(title: str, **facts: Any) -> Version:
    """One that waits, with what triage sorts by; a text of its own."""
    state = facts.pop("state", "submitted")
    diagnoses = make_content().diagnoses[: facts.pop("diagnoses", 4)]
    words = " ".join(f"{title.split(maxsplit=1)[0]}{n}" for n in range(600))
    told = {"clinician": words, "patient": words}
    version = make_version(state, content=make_content(title, diagnoses=diagnoses, presentation=told), specialty="")
    if facts:
        Article.objects.filter(pk=version.article_id).update(**facts)
    return version


def writing_editor() -> User:
    """An editor who writes, too."""
    writer = author()
    writer.grant("editor", by=None)
    return writer


def shown(client: Client, **asked: Any) -> list[str]:
    """The titles in triage, from the top."""
    answer = client.get("/desk/triage/", asked)
    assert answer.status_code == 200
    return TITLES.findall(answer.content.decode())


def act(client: Client, verb: str, *versions: Version, **said: Any) -> Any:
    """A step for the chosen articles."""
    return client.post("/desk/triage/act/", {"act": verb, "version": [v.pk for v in versions], "back": ""} | said)


def words_of(client: Client, answer: Any) -> str:
    return str(client.get(answer.headers["Location"]).content.decode())


# What stands there


def test_articles_stand_in_the_order_asked_for() -> None:
    article("Alpha pain", traffic=5, diagnoses=3)
    article("Beta pain", priority=1, specialty="Neurologic")
    article("Gamma pain", traffic=900)
    client = at_desk(editor())
    assert shown(client) == ["Beta pain", "Alpha pain", "Gamma pain"]
    assert shown(client, sort="risk") == ["Alpha pain", "Beta pain", "Gamma pain"]
    assert shown(client, sort="traffic") == ["Gamma pain", "Alpha pain", "Beta pain"]
    assert shown(client, specialty="Neurologic", sort="nonsense") == ["Beta pain"]
    assert shown(client, nowhere="on") == ["Alpha pain", "Gamma pain"]
    assert shown(client, priority="1") == ["Beta pain"]
    assert shown(client, q="gam") == ["Gamma pain"]
    assert shown(client, risk="75") == []
    assert shown(client, after="1_2", before="x", label="9" * 30) == ["Beta pain", "Alpha pain", "Gamma pain"]


def test_submitted_and_imported_are_told_apart() -> None:
    chief, house = editor(), author()
    article("Alpha pain")
    article("Beta pain", state="draft")  # typed by hand: its author's business
    Article.objects.create_with_draft(make_content("Gamma pain"), by=house, source="# Gamma pain")
    article("Delta pain", state="under_review")
    own = make_version("submitted", author=writing_editor(), content=make_content("Epsilon pain"))
    client = at_desk(chief)
    assert shown(client) == ["Alpha pain", "Epsilon pain"]
    assert shown(at_desk(own.article.owner)) == ["Alpha pain"]
    assert shown(client, view="imported") == ["Gamma pain"]


def test_lookalikes_and_ai_are_filtered_and_told() -> None:
    twin = make_version("submitted", content=make_content("Hiccups at night"))
    other = article("Vertigo")
    draft = make_version("draft", content=make_content("Hiccup at night", canary="also"))
    submit(draft, origin=Origin.AI_DRAFTED)
    client = at_desk(editor())
    assert compare_due() == 3
    assert set(shown(client, double="on")) == {twin.title, draft.title}
    assert shown(client, by_ai="on") == [draft.title]
    text = client.get("/desk/triage/").content.decode()
    assert len(re.findall(r"Looks like <a [^>]+>[^<]+</a>, \d+% the same", text)) == 2
    asked = re.findall(r'<details class="confirm"><summary[^>]+ data-key="d">.+?</details>', text, re.DOTALL)
    assert [one.count(">Decline it<") for one in asked] == [1] * text.count(">Decline it<") != []
    assert "made with AI" in text
    assert other.title in shown(client)


def test_look_alike_that_is_gone_is_told_no_more() -> None:
    gone = make_version("draft", content=make_content("Hiccups at night"))
    left = make_version("submitted", content=make_content("Hiccups at night"))
    client = at_desk(editor())
    compare(left.pk)
    assert "1 submitted article matches." in client.get("/desk/triage/?double=on").content.decode()
    assert shown(client, double="on") == [left.title]
    gone.discard(by=gone.author)
    assert shown(client, double="on") == []
    assert "Looks like <a" not in client.get("/desk/triage/").content.decode()


def test_queries_are_the_same_for_three_rows_and_nine() -> None:
    client, used = at_desk(editor()), []
    for count in (3, 6):
        for _ in range(count):
            version = make_version("draft")
            version.move("submit", by=version.author, change_note="", origin="human", ai_tool="")
            compare(version.pk)
        for asked in ({}, {"double": "on"}):
            with CaptureQueriesContext(connection) as queries:
                assert len(shown(client, **asked)) in (3, 9)
            used.append(len(own_queries([query["sql"] for query in queries.captured_queries])))
    assert used == [4] * 4


# What is done


def test_chosen_articles_are_filed_put_first_and_labelled() -> None:
    client, chosen, left = at_desk(editor()), [article("Alpha pain"), article("Beta pain")], article("Gamma pain")
    answer = act(client, "specialty", *chosen, specialty="Neurologic", back="sort=risk&evil=//x&after=zzz")
    assert answer.headers["Location"] == "/desk/triage/?sort=risk"
    assert "2 articles filed." in words_of(client, answer)
    assert "Choose a specialty first." in words_of(client, act(client, "specialty", *chosen, specialty=""))
    act(client, "priority", *chosen, priority="1")
    act(client, "label", *chosen, label="Campaign 7, sleep")
    for version in chosen:
        now = Article.objects.get(pk=version.article_id)
        assert (now.specialty, now.priority, now.labels.count()) == ("Neurologic", 1, 2)
    assert Article.objects.get(pk=left.article_id).priority == 3
    assert shown(client, label=str(now.labels.all()[0].pk)) == ["Alpha pain", "Beta pain"]
    Article.objects.update(traffic=1_234_567)
    text = client.get("/desk/triage/").content.decode()
    assert ("<dd>1,234,567</dd>" in text, '<option value="">Specialty …</option>' in text) == (True, True)
    act(client, "specialty", *chosen, specialty="none")
    assert set(Article.objects.filter(pk__in=[v.article_id for v in chosen]).values_list("specialty", flat=True)) == {
        ""
    }


def test_row_has_its_own_buttons() -> None:
    client, version = at_desk(editor()), article("Alpha pain")
    act(client, f"priority:2:{version.pk}")
    act(client, f"specialty::{version.pk}", **{f"specialty_{version.pk}": "Renal"})
    row = client.post(
        "/desk/triage/act/",
        {"act": f"label::{version.pk}", f"label_{version.pk}": "Sleep"},
        headers={"HX-Request": "true"},
    ).content.decode()
    now = Article.objects.get()
    assert (now.priority, now.specialty, [str(label) for label in now.labels.all()]) == (2, "Renal", ["Sleep"])
    assert row.strip().startswith("<li")
    assert '<option value="Renal" selected>' in row
    assert "flag-label" in row


def test_duplicate_is_declined_with_a_reason_its_author_may_read() -> None:
    chief = editor()
    public = make_version("approved", content=make_content("Hiccups at night"))
    double = make_version("submitted", content=make_content("Hiccups at night"))
    secret, hidden = article("Zebra stripes on the arm"), article("Zebra stripes on the arm")
    page = at_desk(chief).get("/desk/triage/").content.decode()
    asked = page.partition('<details class="confirm">')[2].partition("</details>")[0]
    assert page.count('value="decline"') == asked.count('value="decline"') == 1
    act(at_desk(chief), "decline", double, hidden)
    assert [reread(v).state for v in (double, hidden, secret)] == ["declined", "declined", "submitted"]
    named = "There is an article on the same subject here already: “Hiccups at night”; 100% of the text is the same."
    assert reread(double).state_reason == named
    assert reread(hidden).state_reason == "There is an article on the same subject here already."
    assert reread(public).is_public


def test_each_article_is_checked_by_itself() -> None:
    chief = writing_editor()
    own = make_version("submitted", author=chief, content=make_content("Alpha pain"))
    gone = make_version("declined", content=make_content("Beta pain"))
    fine = article("Gamma pain")
    client = at_desk(chief)
    answer = act(client, "decline", own, gone, fine)
    text = words_of(client, answer)
    assert "1 article declined as duplicates." in text
    assert "“Alpha pain”: You wrote it" in text
    assert "“Beta pain”: This version is declined now" in text
    assert "You wrote it" in words_of(client, act(client, "priority", own, priority="1"))
    assert Event.objects.filter(kind="prioritised").count() == 0


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"act": "retract"}, 404, ""),
        ({"act": "priority:1:1:1"}, 404, ""),
        ({"act": ""}, 404, ""),
        ({"act": "priority", "priority": "9"}, 302, "There is no such step."),
        ({"act": "specialty", "specialty": "Astrology"}, 302, "There is no such step."),
        ({"act": "label", "label": "x" * 41}, 302, "at most 40 characters"),
        ({"act": "label", "label": "Sleep"}, 302, "Choose articles first."),
        ({"act": "priority:1:999999"}, 302, "Choose articles first."),
        ({"act": "priority", "priority": "1", "version": ["x", "", "9" * 30, "-1"]}, 302, "Choose articles first."),
    ],
)
def test_nonsense_changes_nothing(said: dict[str, Any], status: int, words: str) -> None:
    article("Alpha pain")
    client = at_desk(editor())
    answer = client.post("/desk/triage/act/", said)
    assert answer.status_code == status
    if words:
        assert words in words_of(client, answer)
    assert Event.objects.exclude(kind__in=("draft_started", "submitted")).count() == 0


def test_triage_is_for_editors() -> None:
    version = article("Alpha pain")
    for person in (version.article.owner, board_member(), administrator()):
        client = at_desk(person)
        assert client.get("/desk/triage/").status_code == 403
        assert act(client, "priority", version, priority="1").status_code == 403
    empty = at_desk(editor())
    version.move("withdraw", by=version.article.owner, reason="A mistake.")
    assert "Nothing waits for triage." in empty.get("/desk/triage/").content.decode()


def test_address_says_what_is_wanted() -> None:
    user: User = editor()
    wanted = TriageForm({"double": "on", "sort": "risk", "specialty": "Renal"}, user=user).wanted
    assert wanted.url == "/desk/triage/?specialty=Renal&sort=risk&double=1"
    assert TriageForm(dict(p.split("=") for p in wanted.query.split("&")), user=user).wanted == wanted


def test_what_came_in_with_one_batch_stands_by_itself() -> None:
    mine, other, known = article("Abdominal pain"), article("Back pain"), article("Cold feet")
    ed = editor()
    batches = [IntakeBatch.objects.create(author=mine.article.owner, begun_by=ed) for _ in range(2)]
    for batch, version, state in ((0, mine, "submitted"), (1, other, "submitted"), (0, known, "already_imported")):
        facts = {"name": "a.md", "size": 1, "sha256": "0" * 64, "sent_by": ed, "state": state}
        facts |= {"data": b"a"} if state == "already_imported" else {}
        IntakeFile.objects.create(batch=batches[batch], article=version.article, **facts)
    client = at_desk(ed)
    assert shown(client, batch=batches[0].pk) == ["Abdominal pain"]
    assert shown(client, batch=batches[0].pk, q="back") == []
    assert len(shown(client, batch="x")) == 3
    link = f'/desk/triage/?view=imported&amp;batch={batches[0].pk}"'
    assert link in client.get(f"/desk/intake/{batches[0].pk}/").content.decode()
