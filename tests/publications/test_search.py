"""The search: what it finds, in which order, page by page, and what it says when it finds nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.codes import Icd10Code
from articles.models import Version
from content.schema import Content
from people.specialties import MedicalSpecialty
from publications.cursors import written
from publications.finding.forms import MAX_QUERY, Search
from publications.finding.search import MOST, find
from publications.finding.snippets import highlighted
from publications.finding.suggestions import suggestions
from publications.models import Publication
from tests import factories
from tests.conftest import Blocker, Connection
from tests.harness import WorkerDatabase
from tests.publications.reading import multiply, one, queries, soup, words

HICCUPS = "/articles/hiccups-at-night/"
FEET = "/articles/cold-feet/"
HOSTILE = [
    "\x00",
    "hiccups\x00",
    "'; DROP TABLE pub.publication; --",
    '"unbalanced',
    "-",
    "- - or or",
    "!!&|<->:*",
    "'a':* & 'b'",
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
    "R25.3." * 30,
    "W10=",
    "bnVsbA==",
    "WyIiLCAxZTQwMF0=",
    "W1siYSJdLCAxXQ==",
    "W" * 5_000,
]


def feet() -> Content:
    """Another article, which names ALS, too, and speaks of hiccups in passing."""
    content = factories.make_content("Cold feet").model_dump()
    content["presentation"]["clinician"] = "Sometimes with hiccups, and **<b>pale** toes & heels."
    first, *others, last = content["diagnoses"]
    first |= {"name": "Herpes zoster", "plain_name": "", "codes": ["B02.9"]}
    last |= {"name": "Amyotrophic lateral sclerosis (ALS)", "codes": ["G12.21"]}
    return factories.make_content(**(content | {"diagnoses": [first, *others, last]}))


@pytest.fixture(scope="module")
def world(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[dict[str, Version]]:
    """Two approved articles and a submitted one, for every test here; what a test writes is taken back."""
    made: dict[str, Version] = {}

    def fill() -> None:
        for code in ("B02.9", "G12.21"):
            Icd10Code.objects.create(code=code, title=code, is_billable=True, release="2026")
        made["hiccups"] = factories.make_version("approved")
        made["feet"] = factories.make_version("approved", content=feet(), specialty=MedicalSpecialty.NURSING)
        hidden = factories.make_content("Zqhiddenqz", canary="zqhiddenqz").model_dump()
        factories.make_version("submitted", content=factories.make_content(**hidden))

    with django_db_blocker.unblock(), worker_database.kept(fill):
        yield made


pytestmark = pytest.mark.usefixtures("world", "committed_db")


def found(page: BeautifulSoup) -> list[str]:
    return [str(each["href"]) for each in page.select("main .listing h2 a")]


def around(page: BeautifulSoup) -> list[str]:
    """What a list says beside its lines: the letters that lead to some, and how many there are."""
    return [words(each) for each in page.select(".results [role=status], .letters a")]


def test_finds_words_of_titles_names_and_prose(client: Client) -> None:
    for query in ("hiccup", "gastric distension", "vomiting", '"lateral medullary"', "phrenic -teeth", "the hiccups"):
        assert HICCUPS in found(soup(client, f"/search/?q={quote(query)}")), query
    page = soup(client, "/search/?q=toothache")
    assert "Nothing reviewed matches that" in words(page)
    assert found(soup(client, '/search/?q="medullary+lateral"')) == []
    assert found(soup(client, "/search/?q=hiccups+-toes")) == [HICCUPS]


def test_title_stands_before_name_and_prose(client: Client) -> None:
    assert found(soup(client, "/search/?q=hiccups")) == [HICCUPS, FEET]
    assert find(Search.read({"q": "hiccups at night"})).lines[0].slug == "hiccups-at-night"


def test_words_are_marked_in_title_snippet_and_names(client: Client) -> None:
    html = client.get("/search/?q=hiccups+heels").content.decode()
    assert "Sometimes with <mark>hiccups</mark>, and &lt;b&gt;pale toes &amp; <mark>heels</mark>." in html
    assert "<mark>Hiccups</mark> at night" in client.get("/search/?q=hiccup").content.decode()
    line = one(soup(client, "/search/?q=sclerosis"), ".mentions li")
    assert words(line) == "Rare Amyotrophic lateral sclerosis (ALS)"
    assert str(one(line, "a")["href"]).startswith(f"{FEET}#")
    assert words(one(line, "mark")) == "sclerosis"


@pytest.mark.parametrize(
    ("said", "stems", "html"),
    [
        ("a <i> fever", ["fever"], "a &lt;i&gt; <mark>fever</mark>"),
        ("Belly bellies bell", ["belli"], "<mark>Belly</mark> <mark>bellies</mark> bell"),
        ("ALS also", ["al"], "<mark>ALS</mark> also"),
        ("R25.3, R26", ["r25"], "<mark>R25.3</mark>, R26"),
        ("nothing & more", [], "nothing &amp; more"),
        ("a.c abc", ["a.c"], "<mark>a.c</mark> abc"),
    ],
)
def test_marks_are_whole_words_and_the_rest_is_escaped(said: str, stems: list[str], html: str) -> None:
    assert highlighted(said, stems) == html


def test_codes_are_found_whole_and_by_their_beginning(client: Client) -> None:
    for path in ("q=G12.21", "q=g12", "q=G12+feet", "code=G12", "code=g12.2", "code=G12.&q=feet"):
        assert found(soup(client, f"/search/?{path}")) == [FEET], path
    for path in ("q=G12+hiccups+-feet", "code=G13", "code=G12&specialty=Neurologic", "code=DROP"):
        assert found(soup(client, f"/search/?{path}")) == [], path


def test_filters_are_combined_and_kept(client: Client) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    for path, expected in (
        ("q=ALS&tier=rare", [FEET]),
        ("q=ALS&tier=most_likely", []),
        ("q=zoster&tier=do_not_miss", []),
        ("q=hiccups&specialty=Nursing", [FEET]),
        ("q=hiccups&specialty=Nursing&since=2020-01-01", [FEET]),
        (f"q=hiccups&since={tomorrow}", []),
        ("since=2020-01-01&specialty=Nursing", [FEET]),
        ("specialty=Nonsense&since=never&tier=all&q=toes", [FEET]),
        ("letter=c", [FEET]),
        ("letter=%25", []),
        ("specialty=Nursing&letter=H", []),
    ):
        page = soup(client, f"/search/?{path}")
        assert found(page) == expected, path
        if "specialty=Nursing" in path:
            assert one(page, "#id_search_specialty option[selected]")["value"] == "Nursing"


def test_slip_of_the_keyboard_is_forgiven(client: Client) -> None:
    for query in ("hicups", "hiccpus", "gastric distnesion", "amyotropic lateral"):
        page = soup(client, f"/search/?q={quote(query)}")
        assert found(page), query
        assert f"Nothing reviewed has “{query}”" in words(one(page, "main"))
    page = soup(client, "/search/?q=zqhiddenqy")
    assert "zqhiddenqz" not in str(page)


def test_empty_result_says_what_else_to_try(client: Client) -> None:
    page = soup(client, "/search/?q=hiccups+toothache&specialty=Renal")
    assert [words(each) for each in page.select("main .results li a")] == ["only “hiccups”"]
    page = soup(client, "/search/?q=hiccups&specialty=Renal")
    assert [str(each["href"]) for each in page.select("main .results li a")] == ["/search/?q=hiccups"]


def test_robots_keep_what_finds_articles_and_nothing_else(client: Client) -> None:
    for query, kept in (("hiccups", True), ("nothinglikeit", False), ("", False)):
        response = client.get("/search/", {"q": query})
        told = "noindex" not in response.content.decode()
        assert (told, "X-Robots-Tag" not in response) == (kept, kept), query


def test_pages_go_both_ways_over_the_best(client: Client, as_owner: Connection) -> None:
    multiply(as_owner, range(1, 55))
    for path, total in (("q=hiccups", MOST), ("letter=H", 55), ("since=2020-01-01", 110), ("code=G12", 55)):
        forth, page = [], soup(client, f"/search/?{path}")
        while link := page.select_one("a[rel=next]"):
            forth.append(found(page))
            page = soup(client, str(link["href"]))
        forth.append(found(page))
        assert sum(map(len, forth)) == len({url for each in forth for url in each}) == total, path
        back = [found(page)]
        while link := page.select_one("a[rel=prev]"):
            page = soup(client, str(link["href"]))
            back.insert(0, found(page))
        assert back == forth, path
    said = words(one(soup(client, "/search/?q=hiccups"), ".results"))
    assert "More than 100 articles" in said
    assert "1–20 of 100" in said
    assert "Nothing reviewed matches that" in words(soup(client, "/search/?q=hiccups+-vomiting+-toes"))
    multiply(as_owner, range(55, 255))
    assert "Not found in the part that was searched" in words(soup(client, "/search/?q=hiccups+-vomiting+-toes"))


@pytest.mark.parametrize("way", ["after", "before"])
def test_place_at_the_ends_of_time_and_numbers_is_no_error(client: Client, way: str) -> None:
    ends = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00", "2020-01-01T00:00:00+23:59")
    places: list[tuple[object, ...]] = [
        ("since=2020-01-01", moment, number) for moment in ends for number in (1, 2**63 - 1, 1 - 2**63)
    ]
    places += [("q=hiccups", rank, 1) for rank in (-9e11, 9e11, 5e-324, 0)]
    places += [("letter=H", title, -1) for title in ("", "\U0010fffd" * 500)]
    for path, *values in places:
        assert client.get(f"/search/?{path}&{way}={written(values)}").status_code == 200, values
    board = Publication.objects.get(slug="hiccups-at-night").signatures[0].by.slug
    for moment in ends:
        assert client.get(f"/board/{board}/?{way}={written([moment, 1])}").status_code == 200, moment


def test_search_and_list_take_one_query(client: Client) -> None:
    for path in ("q=hiccups", "letter=H", "specialty=Nursing", "q=ALS&tier=rare", "code=G12"):
        with queries(public=1):
            client.get(f"/search/?{path}")


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_search_is_answered_and_escaped(client: Client, query: str) -> None:
    others = dict.fromkeys(("specialty", "letter", "tier", "code", "since", "after"), query)
    for path, sent in (
        ("/search/", {"q": query}),
        ("/search/", others | {"q": "hiccups"}),
        ("/search/", {"letter": "H", "before": query}),
        ("/suggest/", {"q": query}),
        ("/diagnoses/", others),
        ("/diagnoses/herpes-zoster/", {"tier": "most_likely", "after": query}),
    ):
        response = client.get(path, sent)
        assert response.status_code == 200
        assert "<script>" not in response.content.decode()


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="-\"'()!&|<>:*\\ aoré.\t5R2", max_size=MAX_QUERY))
def test_no_query_is_an_error_of_the_database(query: str) -> None:
    find(Search.read({"q": query}))
    suggestions(query)


def test_huge_query_is_cut(client: Client) -> None:
    for query in ("a" * 100_000, "a " * 50_000, '"' * 100_000, "-(" * 50_000, "hiccups " * 12_500):
        response = client.get("/search/", {"q": query})
        assert response.status_code == 200
        assert client.get("/suggest/", {"q": query}).status_code == 200
        assert len(str(one(soup(client, f"/search/?q={query[:9_000]}"), "#id_search_q")["value"])) <= MAX_QUERY


def test_retracted_article_is_found_by_nothing(client: Client, world: dict[str, Version]) -> None:
    assert around(soup(client, "/search/?tier=rare")) == ["C", "H", "2 articles"]
    world["feet"].move("retract", by=factories.editor(), reason="Wrong.")
    assert around(soup(client, "/search/?tier=rare")) == ["H", "1 article"]
    for path in ("q=toes", "q=ALS", "code=G12", "letter=C", "q=hiccups&specialty=Nursing", "since=2020-01-01"):
        assert FEET not in str(soup(client, f"/search/?{path}")), path
    assert client.get("/diagnoses/amyotrophic-lateral-sclerosis/").status_code == 404
    assert "Amyotrophic" not in str(soup(client, "/diagnoses/"))
    assert suggestions("amyotrophic") == suggestions("cold feet") == []
    assert "toes" not in words(one(soup(client, "/search/?q=toez"), ".results"))
