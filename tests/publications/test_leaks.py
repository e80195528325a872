"""Promise 1: no word of anything unapproved, by any address, method, search or error, without a sign-in."""

import html
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import batched, product
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from articles.models import Article, Version
from publications.finding.forms import MAX_QUERY
from tests.conftest import Blocker, Connection
from tests.harness import WorkerDatabase
from tests.publications.world import World, make_world

LINK = re.compile(r"""(?:href|src|action|content)=["']([^"']+)|<loc>([^<]+)|"(?:[a-z]+_)?url": ?"([^"]+)""")
HERE = "http://testserver"
MARK = re.compile(r"(?=(zq[a-z]{4}qz))")  # what `World.mark` makes
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
ODD_REQUESTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("get", "/search/", {"data": {f"q{n}": "" for n in range(6_000)}}),
    ("get", "/", {"headers": {"host": "elsewhere.example"}}),
    ("post", "/search/", {"data": "{", "content_type": "application/json"}),
    ("generic", "BREW", {"path": "/"}),
    ("get", "/articles/%ff%fe/", {}),
    ("get", "/", {"headers": {"accept": "application/json", "hx-request": "true"}}),
)

FIRST = ["/", "/feed.atom", "/sitemap.xml", "/robots.txt", "/search/?page=2"]
FIRST += ["/api/v1/articles", "/api/v1/board", "/api/v1/export.jsonl", "/api/v1/export.jsonl?versions=all"]


@pytest.fixture(scope="module")
def kept_world(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[World]:
    """One world for all tests here, whatever each does to it."""
    worlds: list[World] = []
    with django_db_blocker.unblock(), worker_database.kept(lambda: worlds.append(make_world())):
        yield worlds[0]


@pytest.fixture
def world(kept_world: World, committed_db: None) -> World:
    """That world, whose marks a test may add to."""
    return deepcopy(kept_world)


def spoken(response: HttpResponseBase) -> str:
    """Everything that a response tells: headers and body, without its escapes."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    told = f"{response.status_code} {dict(response.headers)} {body.decode(errors='replace')}"
    return unquote(html.unescape(told)).lower()


def links(response: HttpResponseBase, text: str) -> Iterator[str]:
    """The addresses of this site that a response names."""
    for found in LINK.finditer(text):
        address = html.unescape(next(filter(None, found.groups()), "")).removeprefix(HERE)
        if address.startswith("/") and not address.startswith("//"):
            yield address.partition("#")[0]
    if "Location" in response:
        yield response["Location"]


def crawl(client: Client, start: Iterable[str]) -> dict[str, str]:
    """Follow every link from these addresses; return what each address said."""
    waiting, told = list(start), dict[str, str]()
    while waiting:
        path = waiting.pop()
        if path in told or path.startswith("/static/"):
            continue
        response = client.get(path)
        told[path] = spoken(response)
        waiting += links(response, told[path])
    return told


def guesses(world: World) -> Iterator[str]:
    """Addresses that no page links to: hidden slugs, ids, numbers beyond."""
    names = {article.slug for article in world.articles.values()}
    names |= {
        str(pk) for pk in (*Article.objects.values_list("pk", flat=True), *Version.objects.values_list("pk", flat=True))
    }
    for name, number in product(sorted(names), range(4)):
        yield f"/articles/{name}/v/{number}/"
        yield f"/articles/{name}/v/{number}/provenance.json"
        yield f"/articles/{name}/v/{number}/jats.xml"
        yield f"/api/v1/articles/{name}/versions/{number}"
    for name in sorted(names):
        yield from (f"/api/v1/articles/{name}", f"/api/v1/board/{name}", f"/articles/{name}/jats.xml")
        yield from (f"/articles/{name}/", f"/articles/{name}/history/", f"/articles/{name}/provenance.json")
        yield from (f"/articles/{name}", f"/board/{name}/", f"/policies/{name}/")


def every_route(world: World) -> Iterator[str]:
    """Every address that the site has, the desk's included, with values that exist put in."""
    numbers = [str(pk) for pk in Version.objects.values_list("pk", flat=True)]
    slugs = [article.slug for article in world.articles.values()]
    for route in routes(get_resolver().url_patterns):
        kinds = [kind or "str" for kind, _ in PARAMETER.findall(route)]
        if not kinds:
            yield f"/{route}"
        for number, slug in zip(numbers, slugs * len(numbers), strict=False):
            path = route
            for kind in kinds:
                path = PARAMETER.sub(number if kind == "int" else slug, path, count=1)
            yield f"/{path}"


def routes(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for each in patterns:
        route = prefix + str(each.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        else:
            yield route


def leaks(told: dict[str, str], secret: dict[str, str]) -> list[tuple[str, str]]:
    """Which address told which secret; its own address does not count as telling."""
    found, names = [], {word: what for what, word in secret.items()}
    for address, text in told.items():
        own = unquote(address.rpartition(" ")[2]).lower()
        rest = text.replace(own, "").replace(own.rstrip("/"), "")
        found += [(address, names[word]) for word in sorted(set(MARK.findall(rest))) if word in names]
    return found


def told_by_all(client: Client, world: World) -> dict[str, str]:
    """What the whole site says to a stranger, by address and method."""
    told = crawl(client, [*FIRST, *guesses(world)])
    everywhere = {urlsplit(path).path for path in told} | set(every_route(world))
    for path, method in product(sorted(everywhere), ("get", "head", "post", "options")):
        if method == "get" and path in told:
            continue
        told[f"{method} {path}"] = spoken(getattr(client, method)(path))
    for article, reader in product(world.articles.values(), ("patient", "clinician")):
        question = {"question": "What about the text?", "audience": reader}
        path = f"/articles/{article.slug}/ask/"
        told[f"ask {reader} {path}"] = spoken(client.post(path, question, headers={"sec-fetch-site": "same-origin"}))
    for number, (method, path, extra) in enumerate(ODD_REQUESTS):
        told[f"odd {number}"] = spoken(getattr(client, method)(path, **extra))
    return told


def test_no_word_of_anything_unapproved_is_told(world: World) -> None:
    told = told_by_all(Client(), world)
    assert len(world.secret) > 150
    assert leaks(told, world.secret) == []
    everything = "\n".join(told.values())
    assert {what for what, word in world.public.items() if word not in everything} == set()


def test_secret_words_find_what_nonsense_finds(world: World) -> None:
    """Twelve words at a time: one alone that told something would make the answer another."""
    client, nonsense = Client(), [world.mark(f"nonsense.{n}", is_public=False) for n in range(12)]
    for form, between in (("{}", " or "), ('"{}"', '" or "'), ("text or {}", " or "), ("text -{}", " -")):

        def found(*words: str, form: str = form, between: str = between) -> str:
            return answer(client, form.format(between.join([*words, *nonsense][:12])))

        expected = found()
        told = [words for words in batched(world.secret.values(), 12) if found(*words) != expected]
        assert told == [], form
        assert form.startswith("text or") or found(world.public["with_draft.title"]) != expected, form


def answer(client: Client, query: str) -> str:
    """What a search says but for the marked words themselves and what counts its bytes."""
    assert len(query) <= MAX_QUERY
    told = spoken(client.get("/search/", {"q": query}))
    return re.sub(r"'(etag|content-length)': '[^']*'|zq[a-z]{4}qz", "", told)


def test_specialty_of_hidden_articles_is_not_told(world: World) -> None:
    client = Client()
    for path in ("/", "/search/", "/search/?specialty=Podiatric"):
        assert "podiatry (" not in spoken(client.get(path))
        assert "specialty=podiatric" not in spoken(client.get(path))
    assert "1 article" not in spoken(client.get("/search/?specialty=Podiatric"))


def test_the_crawl_bites(world: World, as_superuser: Connection) -> None:
    """A draft that somebody carries into the public schema is found by the same crawl."""
    as_superuser.execute(
        """INSERT INTO pub.publication (id, article_id, slug, number, state, title, specialty, content, content_sha256,
               body_html, body_sha256, has_patient_text, origin, ai_tool, change_note, author, signers, submitted_at,
               review_started_at, approved_at, last_reviewed_at, next_review_on, names, prose, history)
           SELECT v.id, v.article_id, a.slug, v.number, 'current', v.title, a.specialty, v.content,
               encode(sha256(convert_to(v.content, 'UTF8')), 'hex'), body_html, body_sha256, true, 'human', '', '',
               author, signers, p.submitted_at, p.review_started_at, p.approved_at, p.approved_at, p.next_review_on, '',
               '', p.history
           FROM articles_version v JOIN articles_article a ON a.id = v.article_id,
               (SELECT * FROM pub.publication WHERE state = 'current' LIMIT 1) p
           WHERE v.article_id = %s""",
        [world.articles["draft"].pk],
    )
    found = {what for _, what in leaks(crawl(Client(), ["/"]), world.secret)}
    assert {"draft.title", "draft.about", "draft.rare.patient.red_flags"} <= found
