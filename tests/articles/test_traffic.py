"""Readers a month from files of analytics: what is understood, what is told, and that nothing is noted unseen."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import Article
from articles.traffic import NoFigures, number_in, read_figures, slug_in
from ledger.models import Event
from people.models import User
from tests.factories import administrator, author, editor, make_content, make_version
from tests.reviews.desks import at_desk


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", 1234),
        ("1,234", 1234),
        ("1.234.567", 1234567),
        ("1 234", 1234),
        ("1\u202f234", 1234),
        ("1234.0", 1234),
        ("1234,00", 1234),
        ("0", 0),
        ("", None),
        ("many", None),
        ("-3", None),
        ("12.5", None),
        ("9" * 40, None),
        ("١٢", None),
    ],
)
def test_numbers_are_read_as_exports_write_them(text: str, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("https://ddx.example.org/articles/hiccups/", "hiccups"),
        ("https://ddx.example.org/articles/hiccups/v/2/?utm=1#top", "hiccups"),
        ("/articles/Hiccups", "hiccups"),
        ("/articles/hiccups/?audience=patient", "hiccups"),
        ("/articles/night%2Dsweats/", "night-sweats"),
        ("/search/?q=hiccups", None),
        ("https://[broken/articles/hiccups/", None),
        ("/", None),
    ],
)
def test_addresses_name_articles(address: str, slug: str | None) -> None:
    assert slug_in(address) == slug


@pytest.fixture
def article(db: None) -> Article:
    return make_version("submitted", content=make_content("Hiccups at night")).article


EXPORTS = {
    "ours": "address,readers a month\nhiccups-at-night,1200\n",
    "no headings": "hiccups-at-night,1200\n",
    "google analytics": (
        "# ----------\n# Pages and screens\n# ----------\n\n"
        "Page path and screen class,Views,Active users\n/articles/hiccups-at-night/,3000,1200\n/,9,9\n"
    ),
    "search console": "Top pages,Clicks,Impressions,CTR\nhttps://x.example/articles/hiccups-at-night/,1200,9,1%\n",
    "matomo": "Label\tUnique Pageviews\tPageviews\nhiccups-at-night\t1,200\t4000\n",
    "plausible": "name,visitors\n/articles/hiccups-at-night,1200\n",
    "semicolons": 'Page URL;Users\n"https://x.example/articles/hiccups-at-night/";1.200\n',
    "titles": "Page Title,USERS\nHiccups at Night | DDx Portal,1200\n",
    "several lines": "page,users\n/articles/hiccups-at-night/,1000\n/articles/hiccups-at-night/v/1/,200\n",
    "spaces": "Page_Path , Total_Users\r\n /articles/hiccups-at-night/ , 1200 \r\n\r\n",
}


@pytest.mark.parametrize("name", EXPORTS)
def test_common_exports_are_understood(article: Article, name: str) -> None:
    figures = read_figures(EXPORTS[name].encode())
    assert (figures.readers, figures.faults) == ({article.pk: 1200}, [])
    assert read_figures(EXPORTS[name].encode("utf-16")).readers == {article.pk: 1200}


def test_lines_that_cannot_be_told_say_why(article: Article) -> None:
    data = "page,users\nnight-sweats,5\nhiccups-at-night,many\n/articles/gone/,7\nhiccups-at-night\n/search/,3\n,4\n"
    figures = read_figures(data.encode())
    assert [(fault.line, fault.reason) for fault in figures.faults] == [
        (3, "“many” is no number of readers"),
        (5, "a column is missing"),
        (7, "a column is missing"),
        (2, "no article has this address or title"),
        (4, "no article has this address or title"),
    ]
    assert (figures.elsewhere, figures.readers) == (1, {})


def test_figures_of_other_spans_become_a_month(article: Article) -> None:
    assert read_figures(b"slug,users\nhiccups-at-night,90\n", days=90).readers == {article.pk: 30}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"# only a comment\n\n", "empty"),
        (b"\x00\x01\x02", "binary"),
        (b"one,two,three\na,b,c\n", "No headings"),
        (b"just a sentence\n", "No headings"),
        (b"x" * 5_000_001, "larger than 5 MB"),
        (b"slug,users\n" + b"a,1\n" * 50_001, "more than 50,000 lines"),
        (b'slug,users\n"' + b"a" * 200_000 + b'",1\n', "is no CSV"),
    ],
)
def test_what_is_no_table_is_refused_in_words(db: None, data: bytes, why: str) -> None:
    with pytest.raises(NoFigures, match=why):
        read_figures(data)


# Pages


def sent(user: User, text: str, **said: Any) -> Any:
    upload = SimpleUploadedFile("pages.csv", text.encode())
    return at_desk(user).post("/desk/traffic/", {"file": upload, "days": "30"} | said)


def test_figures_are_looked_at_then_noted_once(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    other, chief = make_version("draft", content=make_content("Night sweats")).article, editor()
    preview = sent(chief, "slug,users\nhiccups-at-night,1200\nnight-sweats,40\nnowhere,1\n")
    text = preview.content.decode()
    assert "2 articles would change, 0 say the same already, 1 cannot be told" in text
    assert "no article has this address" in text
    assert not Event.objects.filter(kind="traffic_noted").exists()
    monkeypatch.setattr("articles.forms.traffic.AT_ONCE", 1)
    plan, client = preview.context["plan"], at_desk(chief)
    for _ in range(2):  # sent twice, it is noted once
        assert "1 of 2 articles noted" in client.post("/desk/traffic/note/", {"plan": plan}).content.decode()
        assert client.post("/desk/traffic/note/", {"plan": plan, "at": "1"}).status_code == 302
    assert {a.pk: a.traffic for a in Article.objects.all()} == {article.pk: 1200, other.pk: 40}
    assert Event.objects.filter(kind="traffic_noted").count() == 2
    assert (
        "0 articles would change, 1 says the same"
        in sent(chief, "slug,users\nhiccups-at-night,1200\n").content.decode()
    )


def test_only_what_was_looked_at_is_noted(article: Article) -> None:
    first, second = editor(), editor()
    plan = sent(first, "slug,users\nhiccups-at-night,1200\n").context["plan"]
    for user, said in ((second, plan), (first, plan[:-3] + "abc"), (first, ""), (first, "x" * 100)):
        assert at_desk(user).post("/desk/traffic/note/", {"plan": said}).status_code == 302
    assert Article.objects.get().traffic is None


@pytest.mark.parametrize(
    ("text", "said", "why"),
    [("", {}, "empty"), ("nonsense", {}, "No headings"), ("slug,users\na,1\n", {"days": "0"}, "greater than or equal")],
)
def test_form_says_what_is_wrong(db: None, text: str, said: dict[str, str], why: str) -> None:
    answer = sent(editor(), text, **said)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)


def test_traffic_is_for_editors(db: None) -> None:
    for person in (author(), administrator()):
        client = at_desk(person)
        assert client.get("/desk/traffic/").status_code == 403
        assert client.post("/desk/traffic/note/", {"plan": "x"}).status_code == 403
    assert at_desk(editor()).get("/desk/traffic/").status_code == 200
