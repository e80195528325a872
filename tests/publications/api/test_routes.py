"""The typed addresses: what they show, what they refuse, how they answer caches and scripts."""

import gzip
import json

import pytest
from django.test import Client

from content import canonical
from content.schema import Content
from tests.conftest import Connection
from tests.publications.api.asking import API, ask, parts, refused
from tests.publications.reading import multiply, queries

pytestmark = pytest.mark.usefixtures("articles", "committed_db")

ARTICLE = f"{API}/articles/hiccups-at-night"


def slugs(path: str) -> list[str]:
    return [item["slug"] for part in parts(path) for item in part["items"]]


def test_list_has_each_current_article_once_and_no_other() -> None:
    assert slugs("articles") == ["cold-feet", "hiccups-at-night"]
    assert slugs("articles?sort=reviewed") == ["cold-feet", "hiccups-at-night"]
    assert slugs("articles?limit=1") == ["cold-feet", "hiccups-at-night"]


def test_filters_narrow_the_list() -> None:
    assert slugs("articles?specialty=Neurologic") == ["hiccups-at-night"]
    assert slugs("articles?specialty=Nursing") == []
    assert slugs("articles?reviewed_since=2999-01-01") == []
    reviewer = ask("articles/cold-feet")["signatures"][0]["by"]["url"].rstrip("/").rpartition("/")[2]
    assert slugs(f"articles?reviewer={reviewer}") == ["cold-feet"]


def test_line_says_which_notices_hold() -> None:
    first, second = ask("articles")["items"]
    assert [(each["kind"], each["words"]) for each in first["notices"]] == [
        ("correction", "Read 5 mg where it says 50 mg.")
    ]
    assert second["notices"] == []


def test_article_has_the_signed_text_under_its_hash() -> None:
    told = ask("articles/hiccups-at-night")
    assert canonical.sha256(canonical.dumps(Content.model_validate(told["content"]))) == told["content_sha256"]
    assert [each["content_sha256"] for each in told["signatures"]] == [told["content_sha256"]] * 2
    assert [(each["number"], each["state"]) for each in told["history"]] == [(2, "current"), (1, "superseded")]
    assert told["licence"] == {"id": "all-rights-reserved", "name": "All rights reserved", "url": None}
    assert ask("articles/hiccups-at-night/versions")["items"] == told["history"]
    assert ask("articles/hiccups-at-night/versions/1")["state"] == "superseded"


def test_retracted_article_is_its_notice() -> None:
    told = ask("articles/sudden-sneezing")
    assert (told["state"], told["content"]) == ("retracted", None)
    assert [(each["kind"], each["reason"]) for each in told["notices"]] == [("retraction", "A red flag was wrong.")]
    assert ask("articles/sudden-sneezing/versions/1")["content"]["title"] == "Sudden sneezing"


def test_board_leads_to_what_each_has_signed() -> None:
    members = [item for part in parts("board?limit=2") for item in part["items"]]
    assert len(members) >= 6
    assert ask(f"board/{members[0]['slug']}") == members[0]
    signed = [slugs(each["articles_url"].partition("/v1/")[2]) for each in members]
    assert ["hiccups-at-night"] in signed


def test_search_finds_words_codes_and_mentions() -> None:
    found = ask("search?q=lateral+medullary+stroke")["items"]
    assert {each["slug"] for each in found} == {"cold-feet", "hiccups-at-night"}
    (mention,) = found[0]["mentions"]
    assert mention["name"].startswith("Lateral medullary stroke")
    assert (mention["tier"], mention["must_not_be_missed"]) == ("do_not_miss", True)
    assert "<mark>" in ask("search?q=singultus")["items"][0]["snippet_html"]
    assert [each["slug"] for each in ask("search?q=stroke&specialty=Neurologic")["items"]] == ["hiccups-at-night"]
    assert ask("search?q=stroke&tier=rare")["items"] == ask("search?q=itch")["items"] == ask("search")["items"] == []
    assert list(refused("search?code=x")) == ["code"]


def test_diagnosis_leads_to_the_articles_that_name_it_tier_by_tier() -> None:
    names = [item for part in parts("diagnoses") for item in part["items"]]
    assert [(each["name"], each["articles"]) for each in names] == [
        ("Gastric distension", 2),
        ("Gastro-oesophageal reflux", 2),
        ("Lateral medullary stroke", 2),
        ("Phrenic nerve irritation", 2),
    ]
    assert ask("diagnoses?letter=L")["items"] == [names[2]]
    told = ask(f"diagnoses/{names[2]['slug']}")
    assert [(each["tier"], [item["slug"] for item in each["items"]]) for each in told["tiers"]] == [
        ("do_not_miss", ["cold-feet", "hiccups-at-night"])
    ]
    assert ask(f"diagnoses/{names[2]['slug']}?tier=rare")["tiers"] == []


def test_search_and_diagnosis_go_on_where_they_stopped(as_owner: Connection) -> None:
    multiply(as_owner, range(1, 14))
    found = [item["slug"] for part in parts("search?q=stroke") for item in part["items"]]
    assert len(found) == len(set(found)) == 28
    (first,) = ask("diagnoses/lateral-medullary-stroke")["tiers"]
    (second,) = ask(first["next_url"].partition("/v1/")[2])["tiers"]
    named = [item["slug"] for part in (first, second) for item in part["items"]]
    assert len(named) == len(set(named)) == 28
    assert "cursor" in refused(f"diagnoses/lateral-medullary-stroke?tier=rare&cursor={first['next']}")
    assert "tier" in refused(f"diagnoses/lateral-medullary-stroke?cursor={first['next']}")
    assert not ask("search?q=stroke")["is_cut"]
    multiply(as_owner, range(14, 51))
    assert ask("search?q=stroke")["is_cut"]


def test_addresses_that_show_nothing_public_are_one_problem() -> None:
    articles = ("hidden-itch", "nothing", "hiccups-at-night/versions/3", "hidden-itch/versions", "%00")
    paths = [f"articles/{each}" for each in (*articles, f"hiccups-at-night/versions/{'9' * 20}")]
    found = [Client().get(f"{API}/{path}") for path in (*paths, "board/nobody", "diagnoses/hidden", "nothing")]
    answers = {(response.status_code, response.content) for response in found}
    assert len(answers) == 1
    assert json.loads(answers.pop()[1])["status"] == 404


@pytest.mark.parametrize(
    ("query", "at_fault"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("limit=1&limit=2", "limit"),
        ("specialty=Nonsense", "specialty"),
        ("sort=id", "sort"),
        ("reviewer=%00", "reviewer"),
        ("reviewed_since=yesterday", "reviewed_since"),
        ("cursor=x", "cursor"),
        ("cursor=" + "a" * 2_000, "cursor"),
        ("speciality=Neurologic", "speciality"),
    ],
)
def test_parameter_that_cannot_be_taken_is_named(query: str, at_fault: str) -> None:
    assert list(refused(f"articles?{query}")) == [at_fault]


def test_cursor_fits_only_its_own_question() -> None:
    cursor = ask("articles?limit=1")["next"]
    assert [item["slug"] for item in ask(f"articles?limit=2&cursor={cursor}")["items"]] == ["hiccups-at-night"]
    for query in ("sort=reviewed", "specialty=Neurologic"):
        assert "another question" in refused(f"articles?{query}&cursor={cursor}")["cursor"]
    assert "cursor" in refused(f"board?cursor={cursor}")
    assert "cursor" in refused(f"articles?cursor={cursor[:-1]}{'A' if cursor[-1] != 'A' else 'B'}")


def test_long_list_is_walked_without_a_gap_in_one_query_a_part(as_owner: Connection) -> None:
    multiply(as_owner, range(1, 14))
    as_owner.execute("UPDATE pub.publication SET title = 'Same' WHERE slug LIKE '%copy%' AND number = 2")
    for query in ("sort=title", "sort=reviewed"):
        found = slugs(f"articles?{query}&limit=5")
        assert len(found) == len(set(found)) == 28, query
    with queries(public=1):
        ask("articles?limit=5")
    with queries(public=1):
        ask("articles/hiccups-at-night")


def test_answer_is_kept_by_its_etag_and_compressed(client: Client) -> None:
    first = client.get(ARTICLE, headers={"accept-encoding": "gzip"})
    assert first["ETag"].startswith('W/"')
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert json.loads(gzip.decompress(first.content))["slug"] == "hiccups-at-night"
    again = client.get(ARTICLE, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert not first.cookies


def test_scripts_of_every_site_may_read_and_nobody_may_write(client: Client) -> None:
    for path in (ARTICLE, f"{API}/openapi.json", f"{API}/nothing", "/articles/cold-feet/jats.xml"):
        response = client.get(path, headers={"origin": "https://elsewhere.example"})
        assert (response["Access-Control-Allow-Origin"], response["Cross-Origin-Resource-Policy"]) == (
            "*",
            "cross-origin",
        )
        assert "Access-Control-Allow-Credentials" not in response
        asked = client.options(path)
        assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
        refusal = client.post(path)
        assert (refusal.status_code, refusal["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert client.head(ARTICLE).content == b""
