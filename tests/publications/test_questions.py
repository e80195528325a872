"""A follow-up question from the box under an article to its answer, and what of it is left: nothing."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import ProgrammingError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from content.schema import Audience
from publications.finding.synonyms import Group, keep
from publications.models import Publication
from publications.passages import Answer, Beside, Passage
from publications.questions.reading import read
from tests import factories
from tests.conftest import Blocker, Connection
from tests.harness import WorkerDatabase
from tests.publications.questions import corpus
from tests.publications.reading import never_written, one, queries, server_log, soup, words

LEG = "/articles/swelling-of-one-leg/"
CLOT = "What does a blood clot in the leg feel like?"
CHEST = "I have chest pain and cannot breathe"
HERE = {"sec-fetch-site": "same-origin"}
TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('public', 'pub')
"""
SUPERSEDE = "UPDATE pub.publication SET state = 'superseded', is_page = false WHERE slug = 'swelling-of-one-leg'"
NOT_CURRENT = """
    SELECT count(*) FROM pub.passage g JOIN pub.publication p ON p.id = g.publication_id WHERE p.state <> 'current'
"""
NOTICE = '[{"number": 1, "kind": "correction", "words": "w", "reason": "r", "by": "E", "on": "2026-01-01"}]'
AT_3, AT_1 = 0.94, 0.85  # of the answerable questions; docs/questions.md says what they are


@pytest.fixture(scope="module", autouse=True)
def articles(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[None]:
    """Every article of the demonstration is public while this module runs."""

    def fill() -> None:
        with worker_database.connect("postgres") as superuser:
            corpus.publish_all(superuser)

    with django_db_blocker.unblock(), worker_database.kept(fill):
        yield


pytestmark = pytest.mark.usefixtures("committed_db")


def ask(question: str, *, at: str = LEG, audience: str = "patient", **headers: str) -> Any:
    sent = {"question": question, "audience": audience}
    return Client().post(f"{at}ask/", sent, headers={**HERE, **headers})


def page(question: str, **others: str) -> BeautifulSoup:
    response = ask(question, **others)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


@pytest.mark.parametrize("which", corpus.FILES)
def test_answerable_questions_get_the_passage_that_answers(which: str) -> None:
    first, among, asked = 0, 0, 0
    wrong = []
    for each in corpus.answerable(which):
        here = Publication.objects.page(each.on).get()
        answer = Answer.find(here, read(each.words), each.audience)
        got = [(passage.publication.slug, passage.diagnosis) for passage in answer.passages]
        if not each.expected:
            wrong += [each.words] if got else []
            continue
        asked += 1
        first += got[:1] != [] and got[0] in each.expected
        among += bool(each.expected.intersection(got))
    assert (first / asked, among / asked) >= (AT_1, AT_3)
    assert len(wrong) <= 1


def test_passages_are_the_words_that_were_signed() -> None:
    """Each stands in the content letter for letter, and says which place it is from."""
    said = {publication.slug: set(texts(json.loads(publication.content))) for publication in Publication.objects.all()}
    here = Publication.objects.page("swelling-of-one-leg").get()
    for asked, audience in product((CLOT, "vasovagal faint", "varicose veins", "signs of cellulitis"), Audience):
        answer = Answer.find(here, read(asked), audience)
        beside = [passage for article in answer.beside for passage in article.passages]
        for passage in (*answer.passages, *beside):
            own = said[passage.publication.slug]
            assert all(any(line in text for text in own) for line in (passage.lines or [passage.words]))


def texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from texts(each)


def test_answer_shows_passages_and_what_must_not_be_missed_beside_them() -> None:
    shown = page(CLOT)
    assert words(one(shown, "h1")) == "What our reviewed articles say"
    passages = shown.select(".passages .passage")
    assert 1 <= len(passages) <= 3
    first = passages[0]
    assert "Deep vein thrombosis" in words(first)
    assert "Do not miss" in words(first)
    assert "version 1, reviewed" in words(first)
    assert one(first, "a")["href"] == f"{LEG}#deep-vein-thrombosis"
    assert {words(each) for each in shown.select(".beside h3")} >= {"Acute compartment syndrome"}
    send = one(shown, ".to-editors")
    assert (send["action"], send["method"]) == (f"{LEG}question/send/", "post")
    assert one(send, "input[name=words]")["value"] == CLOT


def test_every_article_that_is_quoted_says_what_must_not_be_missed() -> None:
    shown = page("burning feet and vitamin b12", at="/articles/burning-feet-at-night/")
    quoted = {str(link["href"]).partition("#")[0] for link in shown.select(".passages .passage-name a")}
    beside = {str(link["href"]).partition("#")[0] for link in shown.select(".beside .passage-name a")}
    assert quoted == beside == {"/articles/burning-feet-at-night/", "/articles/tingling-in-both-hands/"}


def grave(article: int, diagnosis: str, kind: str = "red_flags") -> Passage:
    publication = Publication(pk=article, slug=f"a-{article}", title=f"Article {article}", notice_rows=[])
    publication.last_reviewed_at, publication.next_review_on = timezone.now(), timezone.now().date()
    return Passage(publication, diagnosis, diagnosis, diagnosis, "do_not_miss", True, kind, f"{kind} of {diagnosis}")


def test_what_does_not_fit_beside_is_counted() -> None:
    many = [grave(1, f"d{number}") for number in range(9)]
    other = [grave(2, "d1", "rationale"), grave(2, "d1"), grave(2, "d2", "rationale"), grave(3, "d1")]
    first, second = Beside.of([*many, *other], [many[0], other[3]._replace(publication=other[0].publication)])
    assert ([each.diagnosis for each in first.passages], first.more) == ([f"d{n}" for n in range(1, 7)], 2)
    assert ([each.words for each in second.passages], second.more) == (["rationale of d2"], 0)
    html = render_to_string("publications/_beside.html", {"beside": [first], "level": "h3", "reader": "patient"})
    assert '<a href="/articles/a-1/#get_help_now">2 more not to be missed in Article 1</a>' in html


def test_place_of_each_passage_is_on_the_page_of_the_article() -> None:
    version = factories.make_version("approved")
    at = f"/articles/{version.article.slug}/"
    shown = page("What about gastric distension?", at=at)
    article = soup(Client(), at)
    for link in shown.select(".passage-name a"):
        address, _, anchor = str(link["href"]).partition("#")
        assert address == at
        assert article.find(id=anchor), anchor


def test_each_reader_gets_their_own_text() -> None:
    patient, clinician = words(page(CLOT)), words(page(CLOT, audience="clinician"))
    assert "The danger is embolism to the lung" in clinician
    assert "The danger is embolism to the lung" not in patient
    assert words(one(page(CLOT, audience="student"), ".passages")) in clinician
    assert words(one(page(CLOT, audience="nobody"), ".passages")) in patient


@pytest.mark.parametrize(
    ("language", "first"),
    [("en-GB,en;q=0.9", "999"), ("en-US", "911"), ("de,de-AT;q=0.8", "144"), ("en", "112"), ("", "112")],
)
def test_emergency_shows_the_card_alone_with_the_numbers_of_the_region(language: str, first: str) -> None:
    with queries(public=0):
        response = ask(CHEST, **{"accept-language": language})
    shown = BeautifulSoup(response.content, "lxml")
    assert response.headers["X-Answer"] == "emergency"
    assert words(one(shown, "h1")) == "Get help now"
    assert words(one(shown, ".emergency-call strong")) == first
    assert shown.select("header, footer, nav, form, .passage, textarea") == []
    assert len(shown.select(".emergency-elsewhere li")) > 25


@pytest.mark.parametrize(
    ("question", "first"),
    [("I want to kill myself", "116 123"), ("I took too many pills", "999"), ("my husband hit me", "999")],
)
def test_card_begins_with_the_line_that_helps(question: str, first: str) -> None:
    shown = page(question, **{"accept-language": "en-GB"})
    assert words(one(shown, ".emergency-call strong")) == first


def test_refusal_says_why_asks_the_database_nothing_and_offers_the_editors() -> None:
    with queries(public=1):
        response = ask("How much ibuprofen can I take?")
    shown = BeautifulSoup(response.content, "lxml")
    assert words(one(shown, "h1")) == "This is not answered here"
    assert "pharmacist" in words(one(shown, ".alert-warning"))
    assert shown.select(".passage") == []
    assert one(shown, ".to-editors input")["value"] == "How much ibuprofen can I take?"


def test_of_two_questions_one_is_answered_and_one_refused() -> None:
    shown = page(f"{CLOT} And which blood thinner is best?")
    assert "not answered here" in words(one(shown, ".alert-warning"))
    assert shown.select(".passages .passage")


def test_details_of_a_person_are_told_to_be_unused() -> None:
    plain, told = page("Which tests for a swollen leg?"), page("I am 62 and male. Which tests for a swollen leg?")
    assert words(one(told, ".passages")) == words(one(plain, ".passages"))
    assert "They are not used" in words(told)
    assert "They are not used" not in words(plain)


def test_who_tells_of_a_person_is_asked_whether_it_is_urgent() -> None:
    assert "Is somebody unwell now?" in words(page("My leg swells in the evening"))
    assert "Is somebody unwell now?" not in words(page("Do varicose veins cause swelling?"))


def test_nothing_found_is_said_plainly() -> None:
    shown = page("what causes acne")
    assert words(one(shown, "h1")) == "Our reviewed articles do not answer this"
    assert shown.select(".passage") == []
    assert shown.select(".to-editors")
    empty = page("")
    assert words(one(empty, "h1")) == "Please type a question"
    assert empty.select(".to-editors") == []


@pytest.mark.parametrize("typed", ["phlebothrombosis", "galumphing veins"])
def test_equal_words_that_editors_keep_are_looked_for_as_well(typed: str) -> None:
    question = f"What does {typed} feel like?"
    assert "Deep vein thrombosis" not in words(page(question))
    with transaction.atomic():
        equal = ["phlebothrombosis", "deep vein thrombosis", "galumphing veins"]
        keep(equal, instead_of=Group(0, ()), by_id=factories.editor().pk)
    shown = page(question).select(".passages .passage")
    assert "Deep vein thrombosis" in words(shown[0])
    assert page("what causes acne").select(".passage") == []


def test_script_gets_the_answer_alone() -> None:
    part = ask(CLOT, **{"x-part": "answer"}).content.decode()
    assert part.strip().startswith("<section")
    assert "<html" not in part
    assert '<h2 id="answer_heading"' in part


def test_questions_are_kept_nowhere(as_superuser: Connection, caplog: pytest.LogCaptureFixture) -> None:
    secret = "zqxsecretqz swollen leg <script>alert(1)</script>"
    with caplog.at_level("DEBUG", logger="django.request"):
        for response in (ask(secret), ask(f"{secret} chest pain help"), ask(f"{secret} how much aspirin can i take")):
            assert response.headers["Cache-Control"] == "no-store"
            assert not response.cookies
            assert b"<script>alert" not in response.content
    assert "zqx" not in caplog.text
    tables = as_superuser.execute(TABLES)
    for (table,) in tables.fetchall():
        found = as_superuser.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%zqxsecretqz%'").fetchone()
        assert found == (0,), table


def test_question_that_fails_is_not_in_the_log_of_the_database(as_superuser: Connection) -> None:
    as_superuser.execute("ALTER TABLE pub.passage RENAME TO gone")
    secret = never_written()
    with pytest.raises(ProgrammingError):
        ask(f"{secret} swollen leg")
    log = server_log(as_superuser)
    assert "JOIN pub.passage" in log
    assert secret[:12] not in log  # of a stem at least that


def test_question_from_another_site_is_not_taken() -> None:
    for refused, status in ((ask(CHEST, **{"sec-fetch-site": "cross-site"}), 403), (ask("long " * 20_000), 413)):
        assert refused.status_code == status
        assert b"call your local emergency number" in refused.content


def test_retracted_and_superseded_texts_are_never_quoted(as_owner: Connection) -> None:
    assert page(CLOT).select(".passage")
    as_owner.execute(SUPERSEDE)
    assert ask(CLOT).status_code == 404
    assert ask(CHEST).headers["X-Answer"] == "emergency"
    assert Client().get(f"{LEG}ask/").status_code == 404
    elsewhere = page(CLOT, at="/articles/night-sweats/")
    assert "swelling-of-one-leg" not in str(elsewhere)
    left = as_owner.execute(NOT_CURRENT)
    assert left.fetchone() == (0,)


def test_passage_of_an_overdue_or_noticed_text_says_so(as_owner: Connection) -> None:
    assert "overdue" not in words(one(page(CLOT), ".passages"))
    as_owner.execute("UPDATE pub.publication SET next_review_on = current_date - 1 WHERE slug = 'swelling-of-one-leg'")
    as_owner.execute(
        "UPDATE pub.publication SET notices = %s, noticed_at = now() WHERE slug = 'swelling-of-one-leg'", [NOTICE]
    )
    source = words(one(page(CLOT), ".passages .passage-source"))
    assert "next review overdue" in source
    assert "Corrected" in source or "Correction" in source


def test_box_stands_under_a_current_article_alone() -> None:
    version = factories.make_version("approved")
    at = f"/articles/{version.article.slug}/"
    form = one(soup(Client(), at), "form#follow_up")
    assert (form["action"], form["method"]) == (f"{at}ask/", "post")
    assert len(soup(Client(), at).select("input[type=radio][form=follow_up]")) == 3
    factories.make_version("superseded", content=factories.make_content("Cold feet"))
    assert soup(Client(), "/articles/cold-feet/v/1/").select("form#follow_up") == []
    assert one(soup(Client(), f"{at}ask/"), "textarea[name=question]")["maxlength"] == "1000"
