"""The ways to an article: front page, search, lists, the board, what machines read."""

from xml.etree.ElementTree import fromstring

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.test import Client

from articles.models import Version
from people.specialties import MedicalSpecialty
from publications.finding.forms import MAX_QUERY
from publications.models import Publication
from tests import factories
from tests.conftest import Connection
from tests.publications.reading import multiply, one, queries, soup, words

pytestmark = pytest.mark.usefixtures("committed_db")

ATOM = "{http://www.w3.org/2005/Atom}"


#: The queries of each list.
LISTS = {
    "/": 3,
    "/search/": 1,
    "/search/?q=hiccups": 1,
    "/search/?specialty=Neurologic": 1,
    "/search/?letter=H": 1,
    "/suggest/?q=hiccups": 1,
    "/diagnoses/": 2,
    "/diagnoses/gastric-distension/": 2,
    "/board/": 1,
    "/feed.atom": 2,
    "/sitemap.xml": 2,
    "/sitemap-0.xml": 2,
    "/sitemap-1.xml": 2,
    "/robots.txt": 0,
    "/policies/editorial/": 2,
}

#: The address that a page names as its own, where it is not the one that was asked for.
CANONICAL = {
    "/search/?letter=h&after=": "/search/?letter=H",
    "/search/?q=+hiccups++&page=3": "/search/?q=hiccups",
    "/diagnoses/?letter=g": "/diagnoses/?letter=G",
    "/diagnoses/gastric-distension/?tier=most_likely": "/diagnoses/gastric-distension/",
    "/policies/editorial/v/1/": "/policies/editorial/",
    "/board/?x=1": "/board/",
    "/api/v1/docs": "/api/v1/docs",
}
NOT_INDEXED = ("/nowhere/", "/search/", "/search/?q=xylophone", "/diagnoses/?letter=Q")


def test_list_takes_as_many_queries_for_30_as_for_3(client: Client, as_owner: Connection) -> None:
    factories.make_version("approved")
    for copies in (range(1, 3), range(3, 30)):
        multiply(as_owner, copies)
        for path, count in LISTS.items():
            with queries(public=count):
                response = client.get(path)
            assert response.status_code == 200, path
            assert response["Vary"] == "Accept-Encoding", path
            assert not response.cookies, path
            assert response["Cache-Control"] == "public, max-age=0, must-revalidate", path
            assert client.get(path, headers={"if-none-match": response["ETag"]}).status_code == 304, path
            assert (client.post(path).status_code, client.head(path).status_code) == (405, 200), path


def test_empty_site_has_all_its_pages(client: Client) -> None:
    for path in ("/", "/search/", "/search/?q=hiccups", "/board/", "/feed.atom", "/sitemap.xml", "/robots.txt"):
        assert client.get(path).status_code == 200, path
    assert "No article has been approved yet" in words(soup(client, "/"))
    assert client.get("/feed.atom").content == client.get("/feed.atom").content


def test_front_page_leads_to_the_article(client: Client) -> None:
    factories.make_version("approved", specialty=MedicalSpecialty.GASTROENTEROLOGIC)
    _each_address_is_canonical(client)
    main = one(soup(client, "/"), "main")
    assert one(main, "form[role=search] input[type=search][name=q]")["maxlength"] == str(MAX_QUERY)
    assert main.select("a[href='/articles/hiccups-at-night/']")
    assert words(one(main, "a[href='/search/?specialty=Gastroenterologic']")) == "Gastroenterology 1"
    assert [words(each) for each in main.select(".letters a")] == ["H"]


def _each_address_is_canonical(client: Client) -> None:
    """However an address is written, the page names the one that engines keep, or none when they shall keep nothing."""
    for path in (*(each for each in LISTS if each.endswith("/")), *CANONICAL, *NOT_INDEXED):
        head = BeautifulSoup(client.get(path).content, "lxml").head
        named = [str(each["href"]) for each in head.select("link[rel=canonical]")] if head else []
        wanted = "" if path in NOT_INDEXED else CANONICAL.get(path, path)
        assert named == ([f"http://testserver{wanted}"] if wanted else []), path
        if head and wanted:
            assert one(head, "meta[property='og:url']")["content"] == f"http://testserver{wanted}", path
            picture = one(head, "meta[property='og:image']")["content"]
            assert finders.find(str(picture).removeprefix("http://testserver/static/")), path


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
