"""What readers send: taken once, by the database alone, about what is public, and not too much of it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from articles.models import Version
from publications.letters.inbox import DOWN, LetterKind, NotTaken, Sent, send_letter
from reviews.models import ReaderLetter
from tests import factories
from tests.attacks.hostile import WORDS
from tests.conftest import Blocker, Connection
from tests.harness import WorkerDatabase
from tests.publications.reading import never_written, one, server_log, soup, words
from tests.racing import at_once

PAGE = "/articles/hiccups-at-night/"
REPORT, ASK = f"{PAGE}report/", f"{PAGE}question/send/"
GOOD = {"send": "1", "problem": "wrong", "diagnosis": "stroke", "words": "The nerve is another."}
OURS = {"sec-fetch-site": "same-origin"}


def make_articles() -> None:
    factories.make_version("superseded")
    factories.make_version("submitted", content=factories.make_content("Cold feet"))
    factories.make_version("retracted", content=factories.make_content("Warm feet"))


@pytest.fixture(scope="module")
def kept_articles(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), worker_database.kept(make_articles):
        yield


pytestmark = pytest.mark.usefixtures("kept_articles", "committed_db")


def post(path: str = REPORT, /, via: Client | None = None, **changes: Any) -> HttpResponse:
    found = (via or Client()).post(path, GOOD | changes, headers=OURS)
    assert isinstance(found, HttpResponse)
    assert found["Cache-Control"] == ("no-store" if found.status_code != 404 else "public, max-age=0, must-revalidate")
    assert not found.cookies
    return found


def current() -> Version:
    return Version.objects.get(state="approved")


def send(text: str = "The nerve is another.", sender: str = "me", **changes: Any) -> int:
    sent: dict[str, Any] = {"kind": LetterKind.PROBLEM, "problem": "wrong", "version_id": current().pk, "words": text}
    sent |= changes
    return send_letter(Sent(**sent), sender=sender).number


def test_report_is_taken_and_its_number_and_date_are_told(client: Client) -> None:
    form = soup(client, f"{REPORT}?diagnosis=stroke")
    assert one(form, "option[selected]")["value"] == "stroke"
    taken = words(BeautifulSoup(post(address="a@example.org", consent="on").content, "lxml"))
    letter = ReaderLetter.objects.get()
    assert f"It has the number {letter.pk} ." in taken
    assert (letter.kind, letter.problem, letter.state, letter.version) == ("problem", "wrong", "new", current())
    assert (letter.diagnosis_key, letter.diagnosis_name) == ("stroke", "Lateral medullary stroke")
    assert (letter.words, letter.address) == ("The nerve is another.", "a@example.org")
    assert letter.consented_at == letter.received_at
    assert (letter.due_on - letter.received_at.date()).days == settings.LETTER_DAYS
    assert "127.0.0.1" not in str(ReaderLetter.objects.values().get())


def test_danger_is_due_within_a_day_and_a_question_has_no_problem() -> None:
    post(problem="dangerous", diagnosis="")
    post(ASK, problem="dangerous", diagnosis="stroke", words="Is it\r\nthe   nerve?")
    danger, question = ReaderLetter.objects.order_by("pk")
    assert ((danger.due_on - danger.received_at.date()).days, danger.is_dangerous) == (1, True)
    assert (question.kind, question.problem, question.diagnosis_key) == ("question", "", "")
    assert question.words == "Is it\nthe   nerve?"


def test_older_version_has_a_form_of_its_own(client: Client) -> None:
    assert post(f"{PAGE}v/1/report/").status_code == 200
    assert ReaderLetter.objects.get().version.number == 1
    assert client.get(f"{PAGE}v/3/report/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"words": " \u200b\n"}, "sentence"),
        ({"words": "x" * 4_001}, "4000"),
        ({"problem": "nonsense"}, "problem"),
        ({"diagnosis": "nonsense"}, "Where"),
        ({"address": "nobody"}, "name@example.org"),
        ({"address": "a@example.org"}, "Tick this"),
        *(
            ({"address": address, "consent": "on"}, "name@example.org")
            for address in (
                *("a@example.org\r\nBcc: b@example.org", "a@exam\u202eple.org", f"a@{'ü' * 60}.org", "a@[127.0.0.1]"),
                # mail goes to a@example.org, which was not asked how often it got one
                *("=?utf-8?q?a?=@example.org", "a@ｅxample.org", "a@exªmple.org"),
                "a@straße.example",  # mail would go to strasse.example
            )
        ),
    ],
)
def test_form_comes_back_with_what_was_typed(changes: dict[str, Any], error: str) -> None:
    response = post(**changes)
    assert response.status_code == 422
    page = BeautifulSoup(response.content, "lxml")
    assert error in words(one(page, ".error-summary"))
    assert words(one(page, "textarea[name=words]")) == " ".join(changes.get("words", GOOD["words"]).split())
    assert not ReaderLetter.objects.exists()


def test_question_that_is_passed_on_or_an_emergency_is_not_kept() -> None:
    response = Client().post(ASK, {"words": WORDS}, headers=OURS)
    page = BeautifulSoup(response.content, "lxml")
    assert one(page, "textarea[name=words]").text.strip() == WORDS.strip()
    assert page.find("zqx") is None
    assert response["Cache-Control"] == "no-store"
    assert post(ASK, words="I took forty paracetamol. Will you answer soon?")["X-Answer"] == "emergency"
    assert not ReaderLetter.objects.exists()


@pytest.mark.parametrize("slug", ["cold-feet", "warm-feet", "nothing"])
def test_what_is_not_public_takes_no_letter(client: Client, slug: str) -> None:
    """A retracted article, to which its old text still leads, says that it is one."""
    missing = client.get("/articles/there-is-no-such-article/")
    for path in (f"/articles/{slug}/report/", f"/articles/{slug}/question/send/", f"/articles/{slug}/v/1/report/"):
        for response in (client.get(path), post(path)):
            if slug == "warm-feet":
                assert (response.status_code, b"RETRACTED: Warm feet" in response.content) == (410, True), path
            else:
                assert response.content == missing.content, path
    hidden = Version.objects.exclude(article=current().article)
    for version in hidden:
        with pytest.raises(NotTaken, match="not public any more"):
            send(version_id=version.pk)
    with pytest.raises(NotTaken, match="not public any more"):
        send(diagnosis_key="nothing")


def test_same_letter_is_taken_once_also_at_once() -> None:
    assert send() == send()
    assert len({send(sender="you"), send(), send("Another."), send(problem="other")}) == 4
    assert len(set(at_once(*[lambda: send("All at once.")] * 4))) == 1


def filled(owner: Connection, count: int, article: str) -> None:
    """So many letters of the last minutes about an article, each from somebody else."""
    owner.execute(
        f"""INSERT INTO reviews_readerletter (kind, problem, article_id, version_id, diagnosis_key, diagnosis_name,
                words, address, sender_key, received_at, due_on, state, answer, outcome, reason, revision)
            SELECT 'problem', 'other', {article}, v.id, '', '', 'Words ' || n, '', 'somebody ' || n,
                now() - interval '5 minutes', current_date, 'new', '', '', '', 0
            FROM articles_version v, generate_series(1, {count}) n WHERE v.state = 'approved'"""
    )


def test_sender_has_to_wait_and_others_need_not() -> None:
    for n in range(10):
        post(words=f"Letter {n}.")
    refused = post(words="One more.")
    assert (refused.status_code, b"again in an hour" in refused.content, b"One more." in refused.content) == (
        429,
        True,
        True,
    )
    assert post(words="Letter 9.").status_code == 200  # which is here already
    elsewhere = Client(REMOTE_ADDR="192.0.2.77")
    assert post(via=elsewhere, words="One more.").status_code == 200
    spoofing = Client(headers={"x-forwarded-for": "198.51.100.1"})
    assert post(via=spoofing, words="And one more.").status_code == 429


@pytest.mark.parametrize(
    ("count", "slug", "why"),
    [(30, "hiccups-at-night", "about this article"), (200, "warm-feet", "more letters than usual")],
)
def test_limits_hold_for_an_article_and_for_all(as_owner: Connection, count: int, slug: str, why: str) -> None:
    article = f"(SELECT id FROM articles_article WHERE slug = '{slug}')"
    filled(as_owner, count - 1, article)
    send()
    with pytest.raises(NotTaken, match=why):
        send("One more.")


def test_limit_holds_for_letters_at_once() -> None:
    def try_to_send(number: int) -> int:
        try:
            return send(f"Letter {number}.")
        except NotTaken:
            return 0

    outcomes = at_once(*(partial(try_to_send, number) for number in range(13)))
    assert (len(set(outcomes)), outcomes.count(0)) == (11, 3)
    assert ReaderLetter.objects.count() == 10


def test_key_of_a_sender_is_another_the_next_day(as_owner: Connection) -> None:
    send()
    first = ReaderLetter.objects.get().sender_key
    as_owner.execute("UPDATE pub.letter_salt SET day = day - 1")
    second = ReaderLetter.objects.get(pk=send("Another.")).sender_key
    assert {len(first), len(second)} == {64}
    assert first != second
    assert as_owner.execute("SELECT count(*) FROM pub.letter_salt").fetchone() == (1,)


KEY = "SELECT pub.sender_key('')"
HOSTILE: list[dict[str, Any]] = [
    {"words": ""},
    {"words": "  "},
    {"words": "x" * 4_001},
    {"words": "a\x07b"},
    {"words": "a\x1bb"},
    {"problem": "nonsense"},
    {"problem": ""},
    {"kind": "nonsense"},
    {"kind": "question", "problem": "wrong"},
    {"kind": "question", "problem": "", "diagnosis_key": "stroke"},
    {"kind": "question", "problem": "", "words": "x" * 1_001},
    {"address": "a@b c"},
    {"address": "a@example.org\nBcc: b@example.org"},
    {"address": "a@example.org, b@example.org"},
    {"address": "a" * 250 + "@example.org"},
    {"diagnosis_key": "x" * 81},
    {"sender": ""},
]


def test_database_refuses_what_no_form_sends() -> None:
    for changes in HOSTILE:
        with pytest.raises(NotTaken, match="could not be taken"):
            pytest.fail(f"{changes} was taken as {send(**changes)}")
    assert not ReaderLetter.objects.exists()


def test_public_login_takes_letters_and_sees_none(as_public: Connection, as_staff: Connection) -> None:
    take = "SELECT number FROM pub.take_letter('problem', 'wrong', %s, '', 'Words.', '', 'me', 7)"
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        as_public.execute(take, [current().pk])
    as_public.execute("SET default_transaction_read_only = off")
    assert as_public.execute(take, [current().pk]).fetchone() is not None
    for statement in (
        "SELECT FROM public.reviews_readerletter",
        "SELECT FROM pub.letter_salt",
        "SELECT pub.sender_key('')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_public.execute(statement)
    for statement in ("DELETE FROM reviews_readerletter", take % 1):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_staff.execute(statement)


def test_letter_that_fails_is_in_no_log_but_why_it_failed_is(
    as_superuser: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    as_superuser.execute("ALTER TABLE reviews_readerletter RENAME TO gone")
    secret = never_written()
    assert post(words=secret, address=f"{secret}@example.org", consent="on").status_code == 503
    log = server_log(as_superuser)
    assert "FROM pub.take_letter" in log
    assert "No letter can be taken: UndefinedTable, SQLSTATE 42P01" in caplog.text
    assert secret not in log + caplog.text


def test_words_stay_on_the_page_when_the_inbox_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    down = {**settings.DATABASES["public"], "HOST": "/nonexistent"}
    monkeypatch.setitem(settings.DATABASES, "inbox", down)
    with override_settings(INBOX="inbox"):
        response = post()
    assert response.status_code == 503
    assert DOWN in words(BeautifulSoup(response.content, "lxml"))
    assert b"The nerve is another." in response.content
