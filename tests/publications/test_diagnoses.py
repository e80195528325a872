"""The pages of diagnoses, what is suggested while one types, and what the database derives for both."""

import json
from typing import Any

import pytest
from django.test import Client

from content.schema import Content
from publications.finding.spelling import Known, distance, keys, nearest
from publications.finding.suggestions import suggestions
from publications.finding.synonyms import Group, keep
from publications.finding.words import Typed, lasting_slug, plain
from tests import factories
from tests.conftest import Connection
from tests.publications.reading import multiply, one, queries, soup, words

ALS = "/diagnoses/amyotrophic-lateral-sclerosis/"
NEW = Group(0, ())
SAID = [
    "Guillain–Barré syndrome",
    "ALS",
    "Crohn’s  disease",
    "ﬁbro_myalgia",
    "İleus",
    "x" * 20,
    "naïve Straße",
    "",
    "β-blocker",
]


def twitching(title: str, tier: str = "do_not_miss", **fields: Any) -> Content:
    """An article that names ALS in that tier."""
    data = factories.make_content(title).model_dump()
    named = {
        "tier": tier,
        "name": "Amyotrophic lateral sclerosis (ALS)",
        "plain_name": "motor neurone disease",
    } | fields
    *others, last = data["diagnoses"]
    return factories.make_content(**(data | {"diagnoses": [*others, last | named]}))


@pytest.mark.usefixtures("committed_db")
def test_diagnosis_page_has_the_articles_tier_by_tier(client: Client) -> None:
    factories.make_version("approved", content=twitching("Twitching"))
    factories.make_version("approved", content=twitching("Weak hands", name="Amyotrophic lateral sclerosis"))
    factories.make_version("approved", content=twitching("Choking", "rare", also_do_not_miss=True))
    factories.make_version("submitted", content=twitching("Hidden"))
    with queries(public=2):
        page = soup(client, ALS)
    said = [words(each) for each in page.select("main h2, main h3, .mentions li")]
    name = "Amyotrophic lateral sclerosis"
    assert said == [
        *("Do not miss in", "Choking", f"Rare Do not miss {name} (ALS)", "Twitching", f"Do not miss {name} (ALS)"),
        *("Weak hands", f"Do not miss {name}"),
        *("Rare in", "Choking", f"Rare Do not miss {name} (ALS)"),
    ]
    assert "3 reviewed articles name it" in words(page)
    assert "motor neurone disease" in words(page)
    assert one(page, "link[rel=canonical]")["href"] == f"http://testserver{ALS}"
    assert client.get(str(one(page, ".mentions a")["href"]).partition("#")[0]).status_code == 200
    names = {words(each) for each in soup(client, "/diagnoses/").select(".specialties a")}
    assert f"{name} (ALS) 3 articles" in names or f"{name} 3 articles" in names
    assert client.get("/diagnoses/?letter=Z").status_code == 200
    assert client.get("/diagnoses/no-such-diagnosis/").status_code == 404

    keep(["amyotrophic lateral sclerosis", "lateral medullary stroke"], instead_of=NEW, by_id=factories.editor().pk)
    page = soup(client, f"{ALS}?tier=do_not_miss")
    assert [words(each) for each in page.select("main h3")] == ["Choking", "Twitching", "Weak hands"]  # by both names
    assert len(page.select(".mentions li")) == 6
    assert "3 reviewed articles name it" in words(page)
    whole = client.get(f"/api/v1{ALS[:-1]}").json()
    titles = {each["tier"]: [line["title"] for line in each["items"]] for each in whole["tiers"]}
    assert titles == {"do_not_miss": ["Choking", "Twitching", "Weak hands"], "rare": ["Choking"]}
    assert whole["articles"] == 3


@pytest.mark.usefixtures("committed_db")
def test_long_lists_of_diagnoses_go_both_ways(client: Client, as_owner: Connection) -> None:
    factories.make_version("approved", content=twitching("Twitching"))
    factories.make_version("approved", content=twitching("Twitching too", "rare", also_do_not_miss=True))
    multiply(as_owner, range(1, 23))
    path, forth = f"{ALS}?tier=do_not_miss", []
    page = soup(client, path)
    while True:
        forth.append([words(each) for each in page.select("main h3")])
        if not (link := page.select_one("a[rel=next]")):
            break
        page = soup(client, str(link["href"]))
    assert [len(each) for each in forth] == [20, 20, 6]
    assert len({title for each in forth for title in each}) == 46
    for expected in (forth[1], forth[0]):
        page = soup(client, str(one(page, "a[rel=prev]")["href"]))
        assert [words(each) for each in page.select("main h3")] == expected
    as_owner.execute(
        "INSERT INTO pub.diagnosis_name"
        " SELECT 'b-' || n, 'B ' || lpad(n::text, 3, '0'), 'B', 1 FROM generate_series(1, 130) n"
    )
    page, seen = soup(client, "/diagnoses/?letter=B"), 0
    while link := page.select_one("a[rel=next]"):
        seen += len(page.select(".specialties a"))
        page = soup(client, str(link["href"]))
    assert (seen, len(page.select(".specialties a"))) == (120, 10)
    back = soup(client, str(one(page, "a[rel=prev]")["href"]))
    first = soup(client, str(one(back, "a[rel=prev]")["href"]))
    assert ("B 001" in words(first), first.select("a[rel=prev]")) == (True, [])
    onward = str(one(first, "a[rel=next]")["href"])
    as_owner.execute("DELETE FROM pub.diagnosis_name WHERE slug IN ('b-60', 'b-61')")  # where it goes on, and the next
    page = soup(client, onward)
    assert words(page.select(".specialties a")[0]).startswith("B 062")


@pytest.mark.usefixtures("committed_db")
def test_suggestions_begin_with_any_word_of_a_label(client: Client) -> None:
    factories.make_version("approved", content=twitching("Twitching around the <b> belly"))
    factories.make_version("submitted", content=twitching("Belly that nobody has approved"))
    with queries(public=1):
        response = client.get("/suggest/?q=BELL")
    found = json.loads(response.content)["results"]
    assert found == [
        {"label": "Twitching around the <b> belly", "kind": "article", "url": "/articles/twitching-around-the-b-belly/"}
    ]
    assert response["Content-Type"] == "application/json"
    for typed in ("amyo", "sclerosis", "motor neu", "ALS", "  Lateral SCL"):
        assert [(each.kind, each.url) for each in suggestions(typed)] == [("diagnosis", ALS)], typed
    assert suggestions("neurone")[0].label == "Amyotrophic lateral sclerosis (ALS) (motor neurone disease)"
    for typed in ("", "a", "%", "zz", "nobody has"):
        assert suggestions(typed) == [], typed


@pytest.mark.usefixtures("committed_db")
def test_python_and_sql_agree_on_words(as_owner: Connection) -> None:
    for said in SAID:
        assert as_owner.execute("SELECT plain_words(%s)", [said]).fetchone() == (plain(said),)
        for name in (said, f"{said} (ALS)"):
            assert as_owner.execute("SELECT lasting_slug(%s)", [name]).fetchone() == (lasting_slug(name),), name
        found = as_owner.execute("SELECT spelling_keys(%s)", [plain(said)]).fetchone()
        assert sorted((found or ([],))[0]) == keys(plain(said)), said


def test_codes_and_names_are_taken_apart_by_the_database(as_owner: Connection) -> None:
    for name, slug in (
        ("Amyotrophic lateral sclerosis (ALS)", "amyotrophic-lateral-sclerosis"),
        ("Hepatitis (viral)", "hepatitis-viral"),
        ("Guillain–Barré syndrome", "guillain-barre-syndrome"),
        ("COVID-19", "covid-19"),
    ):
        assert as_owner.execute("SELECT lasting_slug(%s)", [name]).fetchone() == (slug,)
    assert as_owner.execute("SELECT lasting_slug('脳卒中') ~ '^diagnosis-[0-9a-f]{8}$'").fetchone() == (True,)
    assert as_owner.execute("SELECT code_keys(ARRAY['R25.3'])").fetchone() == (["R25", "R25.3"],)


@pytest.mark.usefixtures("committed_db")
def test_everything_derived_goes_and_comes_with_its_article(as_owner: Connection) -> None:
    tables = ("diagnosis", "diagnosis_name", "word", "shelf", "suggestion", "listed")

    def sizes() -> list[int]:
        counted = (as_owner.execute(f"SELECT count(*) FROM pub.{table}").fetchone() for table in tables)
        return [row[0] for row in counted if row]

    first = factories.make_version("approved", content=twitching("Twitching"))
    before = sizes()
    assert 0 not in before
    second = factories.make_version("approved", content=twitching("Twitching"))
    assert sizes()[2] == before[2]  # the same words
    second.move("retract", by=factories.editor(), reason="Wrong.")
    assert sizes() == before
    first.move("retract", by=factories.editor(), reason="Wrong, too.")
    assert sizes() == [0] * len(tables)


@pytest.mark.usefixtures("committed_db")
def test_name_that_one_article_gave_goes_with_it(client: Client, as_owner: Connection) -> None:
    wrong = twitching("Twitching", name="AMYOTROPHIC lateral sclerosis", plain_name="a wasting illness")
    first = factories.make_version("approved", content=wrong)
    factories.make_version("approved", content=twitching("Weak hands"))
    assert [each.url for each in suggestions("wasting")] == [ALS]
    first.move("retract", by=factories.editor(), reason="That is not what it is called.")
    assert suggestions("wasting") == []
    assert [each.label for each in suggestions("sclerosis")] == ["Amyotrophic lateral sclerosis (ALS)"]
    assert [each.url for each in suggestions("motor neu")] == [ALS]
    text = as_owner.execute("SELECT string_agg(n::text, '') FROM pub.diagnosis_name n").fetchone()
    assert "AMYOTROPHIC" not in str(text)
    assert "wasting" not in client.get(ALS).content.decode()


@pytest.mark.parametrize(
    ("one_word", "other", "slips"),
    [("fever", "fever", 0), ("fevre", "fever", 1), ("feever", "fever", 1), ("fevr", "fever", 1), ("cold", "warm", 4)],
)
def test_distance_counts_slips(one_word: str, other: str, slips: int) -> None:
    assert distance(one_word, other) == slips


def test_nearest_prefers_few_slips_the_first_letter_and_common_words() -> None:
    known = [Known("hiccups", 1), Known("hiccup", 9), Known("kiccups", 50), Known("stroke", 5)]
    assert nearest("hicups", known) == "hiccups"
    assert nearest("xyz", known) == nearest("als", [Known("al", 3)]) == nearest("tooth", known) == ""


def test_query_is_taken_apart() -> None:
    typed = Typed.read('belly-button "heart attack" -foot or R25.3 b12 -"x y" ((')
    assert (typed.required, typed.excluded) == (("belly button", '"heart attack"'), ("foot", '"x y"'))
    assert typed.codes == ("R25.3", "B12")
    assert typed.web == 'belly button "heart attack" -foot -"x y"'
    assert typed.tsquery == "'r25.3':* & 'b12':*"
    assert Typed.read("-only - -").is_empty
