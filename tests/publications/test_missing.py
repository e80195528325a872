"""Promise 1: what is not approved looks exactly like what does not exist."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client

from articles.models import Article, Version
from articles.states import VersionState
from tests import factories

UNAPPROVED = sorted(set(VersionState) - {VersionState.APPROVED, VersionState.SUPERSEDED, VersionState.RETRACTED})
ODD = [
    "/articles/%00/",
    "/articles/%2e%2e/",
    "/articles/hiccups-at-night%0a/",
    "/articles/" + "a" * 100_000 + "/",
    "/articles/" + "%F0%9F%98%80" * 1_000 + "/",
    "/articles/1/",
    "/articles/-/",
    "/articles/hiccups-at-night/v/0/",
    "/articles/hiccups-at-night/v/-1/",
    "/articles/hiccups-at-night/v/" + "9" * 30 + "/",
    "/articles/hiccups-at-night/v/" + "9" * 5_000 + "/",
    "/articles/HICCUPS-at-night/",
    "/board/nobody/",
    "/policies/nothing/",
    "/nothing/",
    "/sitemap-2.xml",
    "/sitemap-" + "9" * 30 + ".xml",
]

pytestmark = pytest.mark.usefixtures("committed_db")


def seen(response: HttpResponseBase) -> tuple[int, dict[str, str], bytes]:
    """All that a stranger can see of a response."""
    return response.status_code, dict(response.headers), response.content if isinstance(response, HttpResponse) else b""


def addresses(slug: str, numbers: Iterator[int] | range = range(3)) -> Iterator[str]:
    yield f"/articles/{slug}/"
    yield f"/articles/{slug}/ask/"
    yield f"/articles/{slug}/history/"
    yield f"/articles/{slug}/provenance.json"
    yield f"/articles/{slug}/jats.xml"
    yield from (f"/articles/{slug}/{name}" for name in ("article.pdf", "patient.pdf", "student.pdf", "card.png"))
    for number in numbers:
        yield f"/articles/{slug}/v/{number}/"
        yield f"/articles/{slug}/v/{number}/provenance.json"
        yield f"/articles/{slug}/v/{number}/jats.xml"
        yield f"/articles/{slug}/v/{number}/article.pdf"


@pytest.mark.parametrize("state", UNAPPROVED)
def test_unapproved_article_looks_like_none(client: Client, state: str) -> None:
    version = factories.make_version(state)
    nothing = seen(client.get("/articles/there-is-no-such-article/"))
    assert nothing[0] == 404
    for path in (*addresses(version.article.slug), *addresses(str(version.article_id)), *addresses(str(version.pk))):
        assert seen(client.get(path)) == nothing, path
        assert seen(client.get(path, headers={"if-none-match": "*"})) == nothing, path
        assert seen(client.head(path))[0] == 404, path
    for name in (version.article.slug, str(version.pk)):
        for path in (f"articles/{name}", f"articles/{name}/versions", f"articles/{name}/versions/1"):
            known = client.get(f"/api/v1/{path}", headers={"if-none-match": "*"})
            assert seen(known) == seen(client.get(f"/api/v1/{path.replace(name, 'there-is-no-such-article')}")), path
    for path in addresses(version.article.slug, range(1)):
        refused = seen(client.post(path))
        assert refused == seen(client.post(path.replace(version.article.slug, "there-is-no-such-article")))


def test_newer_version_of_an_approved_article_looks_like_none(client: Client) -> None:
    first = factories.make_version("approved")
    nothing = seen(client.get("/articles/there-is-no-such-article/"))
    draft = factories.revise(first)
    for step in ("draft", "submitted", "under_review", "declined"):
        if step == "submitted":
            factories.submit(draft)
        elif step == "under_review":
            factories.assign(factories.reread(draft))
        elif step == "declined":
            factories.reread(draft).move("decline", by=factories.editor(), reason="No.")
        for path in ("v/2/", "v/2/provenance.json", "v/3/"):
            assert seen(client.get(f"/articles/{first.article.slug}/{path}")) == nothing, (step, path)
    assert Version.objects.get(pk=draft.pk).state == "declined"


def test_odd_address_looks_like_none(client: Client) -> None:
    factories.make_version("approved")
    nothing = seen(client.get("/articles/there-is-no-such-article/"))
    for path in ODD:
        assert seen(client.get(path)) == nothing, path[:40]


def test_missing_page_is_the_same_for_staff(client: Client) -> None:
    version = factories.make_version("submitted")
    stranger = seen(Client().get(f"/articles/{version.article.slug}/"))
    client.force_login(version.article.owner)
    assert seen(client.get(f"/articles/{version.article.slug}/")) == stranger


def test_address_without_its_slash_tells_nothing(client: Client) -> None:
    version = factories.make_version("submitted")
    hidden = client.get(f"/articles/{version.article.slug}")
    missing = client.get("/articles/there-is-no-such-article")
    assert (hidden.status_code, missing.status_code) == (301, 301)
    assert hidden["Location"] == f"/articles/{version.article.slug}/"


def test_slug_of_every_article_here_is_of_the_public_kind() -> None:
    factories.make_version("approved", content=factories.make_content("Éructations — “ß” 9"))
    assert Article.objects.get().slug == "eructations-9"
    assert Client().get("/articles/eructations-9/").status_code == 200
