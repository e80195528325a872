"""The ways to an article: front page, search, lists, the board, what machines read."""

from urllib.parse import quote
from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Version
from people.specialties import MedicalSpecialty
from publications.models import Publication
from publications.querysets import MAX_QUERY
from publications.snippets import HIT, HIT_END, marked
from tests import factories
from tests.conftest import Connection
from tests.publications.reading import multiply, one, queries, soup, words

pytestmark = pytest.mark.usefixtures("committed_db")

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = [
    "\x00",
    "hiccups\x00",
    "'; DROP TABLE pub.publication; --",
    '"unbalanced',
    "-",
    "- - or or",
    "!!&|<->:*",
    "%_\\",
    "\ufdd0x\ufdd1",
    "\u202e\u200b",
    "<script>alert(1)</script>",
    "é" * 1_000,
    "(" * 200,
    "a or " * 40,
    "-(" * 100,
    "-" * 200,
    '"-"' * 60,
    "or or or -or",
    '-"' * 100,
]


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/", 4),
        ("/search/", 2),
        ("/search/?q=hiccups", 3),
        ("/search/?specialty=Neurologic", 4),
        ("/search/?letter=H", 4),
        ("/board/", 1),
        ("/feed.atom", 2),
        ("/sitemap.xml", 1),
        ("/sitemap-0.xml", 3),
        ("/sitemap-1.xml", 2),
        ("/robots.txt", 0),
        ("/policies/editorial/", 3),
    ],
)
def test_list_takes_as_many_queries_for_30_as_for_3(
    client: Client, as_owner: Connection, path: str, count: int
) -> None:
    factories.make_version("approved")
    for copies in (range(1, 3), range(3, 30)):
        multiply(as_owner, copies)
        with queries(public=count):
            response = client.get(path)
        assert response.status_code == 200
        assert response["Vary"] == "Accept-Encoding"
        assert not response.cookies
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert client.get(path, headers={"if-none-match": response["ETag"]}).status_code == 304
        assert (client.post(path).status_code, client.head(path).status_code) == (405, 200)


def test_empty_site_has_all_its_pages(client: Client) -> None:
    for path in ("/", "/search/", "/search/?q=hiccups", "/board/", "/feed.atom", "/sitemap.xml", "/robots.txt"):
        assert client.get(path).status_code == 200, path
    assert "No article has been approved yet" in words(soup(client, "/"))
    assert client.get("/feed.atom").content == client.get("/feed.atom").content


def test_front_page_leads_to_the_article(client: Client) -> None:
    factories.make_version("approved", specialty=MedicalSpecialty.GASTROENTEROLOGIC)
    main = one(soup(client, "/"), "main")
    assert one(main, "form[role=search] input[type=search][name=q]")["maxlength"] == str(MAX_QUERY)
    assert main.select("a[href='/articles/hiccups-at-night/']")
    assert words(one(main, "a[href='/search/?specialty=Gastroenterologic']")) == "Gastroenterology 1"
    assert [words(each) for each in main.select(".letters a")] == ["H"]


def test_search_finds_words_of_titles_names_and_prose(client: Client) -> None:
    factories.make_version("approved")
    for query in ("hiccup", "gastric distension", "a stroke", "vomiting", '"lateral medullary"', "phrenic -teeth"):
        assert soup(client, f"/search/?q={quote(query)}").select("main a[href='/articles/hiccups-at-night/']"), query
    assert "Nothing reviewed matches that" in words(soup(client, "/search/?q=toothache"))


def test_search_ranks_the_title_above_the_prose(client: Client) -> None:
    other = factories.make_content("Cold feet").model_dump()
    other["presentation"]["clinician"] = "Sometimes with hiccups."
    factories.make_version("approved", content=factories.make_content(**other))
    factories.make_version("approved")
    found = soup(client, "/search/?q=hiccups").select("main h2 a")
    assert [words(each) for each in found] == ["Hiccups at night", "Cold feet"]


def test_snippet_marks_words_and_escapes_the_rest(client: Client) -> None:
    content = factories.make_content().model_dump()
    content["presentation"]["clinician"] = "Before <b>bold</b> **singultus** & after."
    factories.make_version("approved", content=factories.make_content(**content))
    html = client.get("/search/?q=singultus").content.decode()
    assert "<mark>singultus</mark> &amp; after." in html
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("snippet", "html"),
    [
        ("", ""),
        (f"a {HIT}b{HIT_END} c", "… a <mark>b</mark> c …"),
        (f"{HIT}<i>{HIT_END}", "… <mark>&lt;i&gt;</mark> …"),
        (f"{HIT_END}a{HIT}b{HIT}c{HIT_END}{HIT}", "… ab<mark>c</mark> …"),
        ("**a** `b` [c](https://example.org/)", "… a b c …"),
    ],
)
def test_marks_are_always_paired(snippet: str, html: str) -> None:
    assert marked(snippet) == html


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_query_is_answered_and_escaped(client: Client, query: str) -> None:
    factories.make_version("approved")
    for name in ("q", "specialty", "letter", "page"):
        response = client.get("/search/", {name: query})
        assert response.status_code == 200
        assert "<script>" not in response.content.decode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="-\"'()!&|<>:*\\ aoré.\t", max_size=MAX_QUERY))
def test_no_query_is_an_error_of_the_database(query: str) -> None:
    assert Publication.objects.matching(query).count() == 0


def test_huge_query_is_cut(client: Client) -> None:
    factories.make_version("approved")
    client.get("/search/?q=warm")
    for query in ("a" * 100_000, "a " * 50_000, '"' * 100_000, "-(" * 50_000):
        response = client.get("/search/", {"q": query})
        assert response.status_code == 200
        assert len(str(one(soup(client, f"/search/?q={query[:9_000]}"), "#id_search_q")["value"])) <= MAX_QUERY
    assert client.get("/search/", {f"q{n}": "" for n in range(6_000)}).status_code == 400


def test_results_come_twenty_at_a_time(client: Client, as_owner: Connection) -> None:
    factories.make_version("approved")
    multiply(as_owner, range(1, 45))
    seen: list[str] = []
    path = "/search/?q=hiccups"
    for showing in ("1–20 of 45", "21–40 of 45", "41–45 of 45"):
        page = soup(client, path)
        seen += [str(each["href"]) for each in page.select("main h2 a")]
        assert showing in words(one(page, "nav.pages"))
        more = page.select_one("a[rel=next]")
        path = str(more["href"]) if more else ""
    assert path == ""
    assert len(seen) == len(set(seen)) == 45
    assert soup(client, "/search/?q=hiccups&page=9999").select("main h2 a") == []


def test_lists_by_letter_and_specialty_hold_what_they_say(client: Client) -> None:
    factories.make_version("approved", content=factories.make_content("Cold feet"), specialty=MedicalSpecialty.NURSING)
    factories.make_version("approved")
    for path, titles in (
        ("/search/?letter=c", ["Cold feet"]),
        ("/search/?specialty=Nursing", ["Cold feet"]),
        ("/search/?specialty=Nursing&letter=H", []),
        ("/search/?specialty=Nonsense", []),
        ("/search/?letter=%25", []),
        ("/search/?q=feet&specialty=Neurologic", []),
    ):
        assert [words(each) for each in soup(client, path).select("main h2 a")] == titles, path


def test_feed_has_each_current_article_once(client: Client) -> None:
    version = factories.make_version("superseded")
    factories.make_version("approved", content=factories.make_content("Feet & <toes>"))
    root = fromstring(client.get("/feed.atom").content)
    titles = [each.findtext(f"{ATOM}title") for each in root.iter(f"{ATOM}entry")]
    assert titles == ["Feet & <toes>", "Hiccups at night"]
    ids = [each.findtext(f"{ATOM}id") for each in root.iter(f"{ATOM}entry")]
    assert ids[1] == f"http://testserver/articles/{version.article.slug}/"
    current = Publication.objects.newest()[0]
    assert root.findtext(f"{ATOM}updated") == current.approved_at.isoformat()


def test_robots_stay_out_of_the_desk(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[:3] == ["User-agent: *", "Disallow: /desk/", "Disallow: /accounts/"]
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_list_rows_agree_with_their_querysets(client: Client) -> None:
    version = factories.make_version("superseded")
    rows = list(Publication.objects.editions(version.article.slug))
    current = set(Publication.objects.current().values_list("pk", flat=True))
    assert [row.is_current for row in rows] == [row.pk in current for row in rows] == [True, False]
    Version.objects.get(pk=rows[0].pk).move("retract", by=factories.editor(), reason="Wrong.")
    assert [row.is_retracted for row in Publication.objects.editions(version.article.slug)] == [True, False]
    assert [row.article_is_retracted for row in Publication.objects.editions(version.article.slug)] == [True, True]
