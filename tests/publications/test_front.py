"""The front answers byte for byte as Django does, and hands over what it does not know."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory, override_settings

from ddx_portal.database import PUBLIC
from publications.ready.front import Front
from tests import factories
from tests.conftest import Blocker, Connection
from tests.harness import WorkerDatabase
from tests.publications.pressing import press_all
from tests.publications.test_login import READABLE

PAGE, NOTICE = "/articles/hiccups-at-night/", "/articles/cold-feet/"
TAG = "the page's own tag"
READS = [
    {},
    {"accept-encoding": "gzip"},
    {"accept-encoding": "gzip, deflate, br, zstd"},
    {"accept-encoding": "br;q=1.0, GZIP;q=0.5"},
    {"accept-encoding": "gzip;q=0"},
    {"accept-encoding": "gzip ; q=0.000, *"},
    {"accept-encoding": "*"},
    {"accept-encoding": "identity"},
    {"accept-encoding": ""},
    {"if-none-match": TAG},
    {"if-none-match": f"W/{TAG}"},
    {"if-none-match": TAG, "accept-encoding": "gzip"},
    {"if-none-match": '"nothing of ours"', "accept-encoding": "gzip"},
    {"if-modified-since": "Mon, 23 Nov 2026 00:00:00 GMT"},
    {"range": "bytes=0-9"},
    {"user-agent": "anything", "accept": "application/json", "referer": "https://elsewhere.example/"},
]
FOR_DJANGO: list[tuple[str, str, dict[str, str]]] = [
    ("GET", f"{PAGE}?q=1", {}),
    ("GET", f"/{PAGE}", {}),
    ("GET", f"{PAGE}/", {}),
    ("GET", PAGE[:-1], {}),
    ("GET", f"{PAGE}%00", {}),
    ("GET", f"{PAGE}é", {}),
    ("GET", "/articles/", {}),
    ("GET", "/articles/there-is-no-such-article/", {}),
    ("GET", f"{PAGE}v/1/", {}),
    ("GET", "/", {}),
    ("GET", PAGE, {"if-none-match": "*"}),
    ("GET", PAGE, {"if-none-match": f'"one", {TAG}'}),
    ("GET", PAGE, {"if-none-match": "no tag"}),
    ("GET", PAGE, {"if-match": '"one"'}),
    ("GET", PAGE, {"if-match": "*"}),
    ("GET", PAGE, {"if-unmodified-since": "Mon, 23 Nov 2026 00:00:00 GMT"}),
    ("GET", PAGE, {"host": "elsewhere.example"}),
    ("GET", PAGE, {"host": "testserver:8o"}),
    ("GET", PAGE, {"host": f"testserver:{'8' * 300}"}),
    ("GET", PAGE, {"cookie": "session=anything"}),
    ("GET", PAGE, {"content-length": "99999999999"}),
    ("GET", PAGE, {"content-length": "-1"}),
    *((method, PAGE, {}) for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW", "get")),
]

type Answer = tuple[str, list[tuple[str, str]], bytes]


def make_pages() -> None:
    factories.make_version("approved")
    factories.make_version("retracted", content=factories.make_content("Cold feet"))


@pytest.fixture(scope="module")
def kept_pages(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[None]:
    """A text and a notice, both pressed."""

    def fill() -> None:
        make_pages()
        press_all(worker_database)

    with django_db_blocker.unblock(), worker_database.kept(fill):
        yield


@pytest.fixture
def front(kept_pages: None, committed_db: None, worker_database: WorkerDatabase) -> Iterator["Watched"]:
    """A front that has learned nothing yet."""
    made = Watched(worker_database.url(PUBLIC))
    yield made
    made.front.shelf.hang_up()


class Watched:
    """A front, and whether its last answer was Django's."""

    def __init__(self, address: str) -> None:
        self.handler, self.asked_django = WSGIHandler(), False
        self.front = Front(self._django, address, megabytes=1)

    def _django(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.asked_django = True
        return self.handler(environ, start_response)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        self.asked_django = False
        return called(self.front, method, path, headers or {}, **more)


def called(application: Any, method: str, path: str, headers: dict[str, str], **more: Any) -> Answer:
    """What a WSGI application answers, the headers in order."""
    environ = RequestFactory().generic(method, path, headers=headers, **more).environ
    environ |= {name.upper().replace("-", "_"): value for name, value in headers.items() if name == "content-length"}
    told: list[Any] = []
    body = b"".join(application(environ, lambda *given: told.append(given)))
    status, found, *_ = told[-1]
    return status, sorted(found), body


def tagged(headers: dict[str, str], tag: str) -> dict[str, str]:
    weak = tag.removeprefix("W/")
    return {name: value.replace(f"W/{TAG}", weak).replace(TAG, tag) for name, value in headers.items()}


@pytest.mark.parametrize("path", [PAGE, NOTICE])
def test_front_answers_as_django_does_without_asking_it(front: Watched, path: str) -> None:
    (tag,) = (value for name, value in called(WSGIHandler(), "GET", path, {})[1] if name == "ETag")
    for method in ("GET", "HEAD"):
        for headers in READS:
            asks = method, path, tagged(headers, tag)
            expected = called(WSGIHandler(), *asks)
            assert expected[0][:3] in {"200", "304"}
            front.front.shelf.pages.forget(path)
            assert front.ask(*asks) == expected, asks
            assert front.ask(*asks) == expected, asks
            assert not front.asked_django, asks
    assert len(front.front.learned) == 4


def test_front_hands_over_what_it_does_not_know(front: Watched) -> None:
    for _ in range(2):
        front.ask("GET", PAGE)
    assert not front.asked_django
    (tag,) = (value for name, value in front.ask("GET", PAGE)[1] if name == "ETag")
    for method, path, headers in FOR_DJANGO:
        asks = method, path, tagged(headers, tag)
        for _ in range(2):
            assert front.ask(*asks) == called(WSGIHandler(), *asks), asks
            assert front.asked_django, asks


def test_each_host_and_scheme_is_judged_by_django(front: Watched) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=60, SECURE_PROXY_SSL_HEADER=PROXY):
        front.handler = strict = WSGIHandler()
        for _ in range(2):
            assert front.ask("GET", PAGE)[0][:3] == "301"
            assert front.ask("GET", PAGE, {"x-forwarded-proto": "http"})[0][:3] == "301"
            for headers in ({"x-forwarded-proto": "https"}, {"x-forwarded-proto": "https", "host": "localhost"}):
                answer = front.ask("GET", PAGE, headers)
                assert (answer[0], answer) == ("200 OK", called(strict, "GET", PAGE, headers))
                assert "Strict-Transport-Security" in dict(answer[1])
        assert not front.asked_django


@pytest.mark.parametrize("header", [None, ("HTTP_X_FORWARDED_PROTO", "https")])
def test_made_up_schemes_are_no_kinds_of_their_own(front: Watched, header: Any) -> None:
    with override_settings(SECURE_PROXY_SSL_HEADER=header):
        for number in range(20):
            scheme = {"x-forwarded-proto": f"made-up-{number}, https"}
            assert front.ask("GET", PAGE, scheme) == called(WSGIHandler(), "GET", PAGE, scheme)
        assert not front.asked_django
        assert len(front.front.learned) == 1


PROXY = ("HTTP_X_FORWARDED_PROTO", "https")


def test_what_changes_shows_on_the_next_request(front: Watched, as_superuser: Connection) -> None:
    for _ in range(2):
        front.ask("GET", PAGE)
    assert not front.asked_django
    for change in (
        "UPDATE pub.publication SET title = 'Changed' WHERE slug = 'hiccups-at-night'",
        "DELETE FROM pub.publication WHERE slug = 'hiccups-at-night'",
    ):
        as_superuser.execute(change)
        assert front.ask("GET", PAGE) == called(WSGIHandler(), "GET", PAGE, {})
        assert front.asked_django
    assert front.ask("GET", PAGE)[0] == "404 Not Found"


@pytest.mark.parametrize("change", ["frame = 'of an older release'", "good_until = now()::date - 1"])
def test_page_that_does_not_hold_any_more_is_not_given(front: Watched, as_superuser: Connection, change: str) -> None:
    as_superuser.execute(f"UPDATE pub.page SET {change}")
    assert front.ask("GET", PAGE) == called(WSGIHandler(), "GET", PAGE, {})
    assert front.asked_django


END_ITS_SESSION = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE usename = 'ddx_public' AND query LIKE '%pub.changes_before%'
"""


def test_without_the_database_django_answers(front: Watched, as_superuser: Connection) -> None:
    for path in ("/", "/", "/", PAGE):
        front.ask("GET", path)
    kept, state = front.front.shelf.address, front.front.shelf.state()
    as_superuser.execute(END_ITS_SESSION)
    front.front.shelf.address = "postgresql://nobody@/nothing?host=/nonexistent"
    for _ in range(2):
        assert front.ask("GET", PAGE) == called(WSGIHandler(), "GET", PAGE, {})
        assert front.asked_django
    front.front.shelf.address = kept
    front.ask("GET", PAGE)
    assert not front.asked_django
    as_superuser.execute("UPDATE pub.publication SET title = 'Otherwise' WHERE slug = 'hiccups-at-night'")
    count = int(state[0].split()[0])
    as_superuser.execute("UPDATE pub.changes_before SET n = %s - (SELECT count(*) FROM pub.change)", [count])
    assert front.front.shelf.state() == state, "a copy of the database that counts as far by other changes"
    as_superuser.execute(END_ITS_SESSION)
    for path in (PAGE, "/", PAGE, "/"):
        assert front.ask("GET", path) == called(WSGIHandler(), "GET", path, {})


WHOLE = ["/", "/search/?q=hiccups", "/search/?letter=H", "/feed.atom", "/robots.txt", "/board/", f"{PAGE}history/"]
WHOLE += [f"{PAGE}v/1/", f"{PAGE}?from=elsewhere", f"{PAGE}jats.xml", "/api/v1/articles"]


def test_other_pages_are_kept_until_anything_public_changes(front: Watched, as_superuser: Connection) -> None:
    for path in WHOLE:
        (tag,) = (value for name, value in called(WSGIHandler(), "GET", path, {})[1] if name == "ETag")
        for headers in ({}, {"accept-encoding": "gzip"}):
            for known in ({}, {"if-none-match": tag}, {"if-none-match": '"other"'}):
                asks = "GET", path, headers | known
                expected = called(WSGIHandler(), *asks)
                for asks_django in (False,) if known else (True, True, False):
                    assert front.ask(*asks) == expected, asks
                    assert front.asked_django is asks_django, asks
    assert len(front.front.shelf.answers.kept) == 2 * len(WHOLE)
    as_superuser.execute("UPDATE pub.publication SET title = 'Changed' WHERE slug = 'hiccups-at-night'")
    for path in WHOLE:
        for asks_django in (True, False):
            assert front.ask("GET", path) == called(WSGIHandler(), "GET", path, {}), path
            assert front.asked_django is asks_django, path


def test_whole_is_kept_also_when_whoever_asks_has_it(front: Watched, as_superuser: Connection) -> None:
    front.ask("GET", "/")
    for change in ("Changed", "Changed again"):
        (tag,) = (value for name, value in called(WSGIHandler(), "GET", "/", {})[1] if name == "ETag")
        known = {"if-none-match": tag}
        for asks_django in (True, False):
            assert front.ask("GET", "/", known) == called(WSGIHandler(), "GET", "/", known)
            assert front.asked_django is asks_django
        assert front.ask("GET", "/") == called(WSGIHandler(), "GET", "/", {})
        assert not front.asked_django
        as_superuser.execute("UPDATE pub.publication SET title = %s WHERE slug = 'hiccups-at-night'", [change])


def test_question_mark_of_a_path_is_none_before_a_query(front: Watched) -> None:
    for _ in range(3):
        assert front.ask("GET", "/board/?a?")[0] == "200 OK"
    assert front.ask("GET", "/board/%3Fa?") == called(WSGIHandler(), "GET", "/board/%3Fa?", {})


def test_proof_that_is_not_countersigned_yet_is_not_kept(
    front: Watched, as_superuser: Connection, worker_database: WorkerDatabase
) -> None:
    as_superuser.execute("UPDATE pub.publication SET change_note = 'x' WHERE slug = 'hiccups-at-night'")
    asks = "GET", f"{PAGE}provenance.json"
    for _ in range(3):
        assert json.loads(front.ask(*asks)[2])["countersignature"] is None
    press_all(worker_database)
    for asks_django in (True, True, False):
        answer = front.ask(*asks)
        assert (json.loads(answer[2])["countersignature"] or {}).get("algorithm") == "Ed25519"
        assert (answer, front.asked_django) == (called(WSGIHandler(), *asks, {}), asks_django)


def test_what_is_no_public_page_is_never_kept(front: Watched) -> None:
    for path in ("/livez", "/accounts/login/", "/nothing/", "/desk/", "/static/css/base.css"):
        for _ in range(3):
            front.ask("GET", path)
            assert front.asked_django, path
    assert (front.front.shelf.worthy, front.front.shelf.answers.kept) == ({}, {})


def test_every_table_that_the_public_reads_tells_of_its_changes(as_superuser: Connection, front: Watched) -> None:
    """Whoever makes a table in `pub` puts the trigger `note_change` on it, as publications/0013 does."""
    told = READABLE - {"pub.page", "pub.change", "pub.changes_before"}
    for number, table in enumerate(sorted(told)):
        before = front.front.shelf.state()
        as_superuser.execute(f"DELETE FROM {table} WHERE false")
        assert front.front.shelf.state() != before, table
        if number % 4 == 0:
            state = front.front.shelf.state()
            as_superuser.execute("SELECT sum_up_changes()")
            assert front.front.shelf.state() == state
            assert as_superuser.execute("SELECT FROM pub.change").rowcount == 0


def test_page_that_is_kept_is_asked_for_again_when_anything_public_changed(
    front: Watched, as_superuser: Connection
) -> None:
    front.ask("GET", PAGE)
    kept = front.front.shelf.pages.kept[PAGE]
    assert front.ask("GET", PAGE) == called(WSGIHandler(), "GET", PAGE, {})
    assert front.front.shelf.pages.kept[PAGE] is kept
    as_superuser.execute("DELETE FROM pub.synonym WHERE false")
    assert front.ask("GET", PAGE) == called(WSGIHandler(), "GET", PAGE, {})
    assert not front.asked_django
    again = front.front.shelf.pages.kept[PAGE]
    assert again.state != kept.state
    assert again.body is kept.body


def test_day_is_part_of_the_state(front: Watched) -> None:
    """Ours, and that of the database."""
    before = front.front.shelf.state()
    assert before[0].decode().split()[1] == f"{datetime.now(UTC):%Y-%m-%d}"
    with time_machine.travel(time.time() + 86_400, tick=False):
        assert front.front.shelf.state() != before


def test_what_django_says_of_another_page_is_not_learned(front: Watched, as_superuser: Connection) -> None:
    as_superuser.execute("UPDATE pub.page SET etag = 'W/\"forged\"'")
    for _ in range(2):
        assert front.ask("GET", PAGE) == called(WSGIHandler(), "GET", PAGE, {})
        assert front.asked_django
    assert front.front.learned == {}
