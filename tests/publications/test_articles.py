"""An article's own pages: one query, the same for everybody, nothing claimed that was not signed."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from articles.models import Version
from content import canonical
from tests import factories
from tests.conftest import Blocker, Connection
from tests.harness import WorkerDatabase
from tests.people.factories import disclose_nothing
from tests.publications.reading import one, queries, soup, words

PAGE = "/articles/hiccups-at-night/"
LINKED_DATA = "script[type='application/ld+json']"


@pytest.fixture(scope="module")
def kept_article(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[None]:
    """One public text."""
    with django_db_blocker.unblock(), worker_database.kept(lambda: factories.make_version("approved")):
        yield


pytestmark = pytest.mark.usefixtures("kept_article", "committed_db")


def approved() -> Version:
    """The text that is kept, read anew."""
    version: Version = Version.objects.with_people().get()
    return version


def superseded() -> None:
    """Approve a second version of it, by the same two reviewers."""
    first = approved()
    second = factories.submit(factories.revise(first))
    factories.assign(second, [each.reviewer for each in first.decisions.all()])
    factories.approve(second)


def retracted() -> None:
    """Take it back."""
    approved().move("retract", by=factories.editor(), reason="A red flag was wrong.")


def test_article_takes_one_query_on_the_public_login(client: Client) -> None:
    approved()
    client.get(PAGE)
    with queries(public=1):
        assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize(("path", "asked"), [("v/1/", 1), ("history/", 1), ("v/1/provenance.json", 2)])
def test_page_about_an_article_takes_few_queries(client: Client, path: str, asked: int) -> None:
    superseded()
    with queries(public=asked):
        assert client.get(PAGE + path).status_code == 200


def test_signed_in_reader_gets_the_same_bytes_without_session_or_cookie(client: Client) -> None:
    version = approved()
    stranger = Client().get(PAGE)
    client.force_login(version.article.owner)
    with queries(public=1):
        response = client.get(PAGE)
    assert response.content == stranger.content
    assert response["ETag"] == stranger["ETag"]
    assert response["Vary"] == "Accept-Encoding"
    assert not response.cookies


def test_page_may_be_cached_and_is_checked_each_time(client: Client) -> None:
    approved()
    first = client.get(PAGE)
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    with queries(public=1):
        again = client.get(PAGE, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], first["Cache-Control"])


def test_known_tag_of_a_hidden_article_is_still_404(client: Client) -> None:
    approved()
    tag = client.get(PAGE)["ETag"]
    factories.make_version("submitted", content=factories.make_content("Cold feet"))
    for known in (tag, "*"):
        assert client.get("/articles/cold-feet/", headers={"if-none-match": known}).status_code == 404


@pytest.mark.parametrize("path", ["", "v/1/", "history/", "provenance.json"])
def test_head_is_answered_and_nothing_else_but_get(client: Client, path: str) -> None:
    approved()
    got, head = client.get(PAGE + path), client.head(PAGE + path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])
    for method in ("post", "put", "patch", "delete", "options"):
        refused = getattr(Client(enforce_csrf_checks=True), method)(PAGE + path)
        assert (refused.status_code, refused.content, refused["Allow"]) == (405, b"", "GET, HEAD")


def test_claim_names_each_reviewer_with_credentials(client: Client) -> None:
    version = approved()
    trust = one(soup(client, PAGE), ".trust")
    assert words(trust).startswith("Reviewed by the Medical Advisory Board · 2 reviewers ·")
    for decision in version.decisions.select_related("reviewer"):
        assert f"{decision.reviewer.name} , MD" in words(trust)
    assert "/policies/editorial/" in str(trust)


def test_everybody_who_worked_on_the_text_is_named_with_their_interests(client: Client) -> None:
    known, silent = factories.editor(name="Ada Known"), factories.editor(name="Ben Silent")
    disclose_nothing(known, declared_at=timezone.now() - timedelta(days=800))
    draft = factories.make_version()
    for revision, by in enumerate((known, silent), start=1):
        content = draft.document.model_copy(update={"title": f"Hiccups at night{'.' * revision}"})
        draft.save_draft(content, by=by, based_on=revision)
    factories.assign(factories.submit(factories.reread(draft)))
    version = factories.approve(factories.reread(draft))
    page = f"/articles/{version.article.slug}/"
    made = words(one(soup(client, page), "#how_made + dl"))
    assert "Also worked on the text Ada Known; Ben Silent" in made
    assert "Ada Known (contributor): None declared Ben Silent (contributor): nothing was declared" in made
    assert "Also worked on the text: Ada Known; Ben Silent" in words(one(soup(client, page), ".trust"))
    data = json.loads(one(soup(client, page), LINKED_DATA).get_text())
    proof, told = (client.get(path).json() for path in (f"{page}provenance.json", f"/api/v1{page[:-1]}"))
    for names in (data["contributor"], proof["contributors"], told["contributors"]):
        assert [each["name"] for each in names] == ["Ada Known", "Ben Silent"]
    jats = client.get(f"{page}jats.xml").content.decode()
    assert jats.count('<contrib contrib-type="contributor">') == 2
    assert "Ben Silent: nothing was declared" in jats


def test_status_has_three_steps_with_dates(client: Client) -> None:
    approved()
    steps = soup(client, PAGE).select("ol.stepper > li")
    assert [words(one(step, ".step-label")) for step in steps] == ["Submitted", "Under Review", "Approved"]
    assert [bool(step.select_one("time[datetime]")) for step in steps] == [True, True, True]
    assert [step.get("aria-current") for step in steps] == [None, None, "step"]


def test_page_says_when_it_was_reviewed_and_will_be(client: Client) -> None:
    version = approved()
    page = soup(client, PAGE)
    made = words(one(page, "#how_made + dl"))
    assert version.decided_at
    assert version.next_review_on
    for day in (version.decided_at, version.next_review_on):
        assert f"{day.day} {day:%b} {day.year}" in made
    assert str(version.content_sha256) in made
    assert "Written by a person." in made
    assert "None declared" in made
    assert "Last modified" in made
    leads = [str(link["href"]) for link in page.select(".elsewhere-list a")]
    assert len(leads) == len(version.document.diagnoses)  # the stored text has the places to report by itself
    assert [client.get(path).status_code for path in leads] == [200] * len(leads)


def test_audience_is_chosen_without_a_script(client: Client) -> None:
    approved()
    page = soup(client, PAGE)
    choice = page.select("fieldset.audience input[type=radio][name=audience]")
    assert [(each["value"], each.has_attr("checked")) for each in choice] == [
        ("patient", True),
        ("clinician", False),
        ("student", False),
    ]
    assert page.select_one("fieldset.audience legend")
    for audience in ("patient", "clinician"):
        assert page.select_one(f".disclaimer .for-{audience}")
        assert page.select_one(f".diagnosis .for-{audience}")


def test_structured_data_says_what_the_page_shows(client: Client) -> None:
    version = approved()
    page = soup(client, PAGE)
    data = json.loads(one(page, LINKED_DATA).get_text())
    assert (data["@type"], data["version"], data["specialty"]) == (
        "MedicalWebPage",
        "1",
        "https://schema.org/Neurologic",
    )
    assert data["url"] == f"http://testserver{PAGE}"
    assert data["medicalAudience"] == ["https://schema.org/Clinician", {"@type": "Patient"}]
    assert [each["@type"] for each in data["about"]["differentialDiagnosis"]] == ["DDxElement"] * 4
    assert data["about"]["differentialDiagnosis"][2]["identifier"]["value"] == "do_not_miss"
    assert [part["position"] for part in data["hasPart"]] == [1, 2, 3, 4]
    assert version.decided_at
    assert data["lastReviewed"] == version.decided_at.date().isoformat()
    assert [each["hasCredential"]["name"] for each in data["reviewedBy"]] == ["MD", "MD"]
    assert data["citation"][0]["name"] == version.document.references[0].citation
    shown = words(one(page, "body"))
    for text in re.findall(r'"name": "([^"]*)"', json.dumps(data, ensure_ascii=False)):
        assert text in shown or text == "DDx Portal"


def test_structured_data_cannot_leave_its_script(client: Client) -> None:
    evil = factories.make_content("Hiccups </script><script>alert(1)</script> <!--")
    factories.make_version("approved", content=evil)
    response = client.get("/articles/hiccups-scriptscriptalert1script/")
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "lxml")
    types = [each.get("type") for each in page.select("script")]
    assert (set(types), types.count("application/ld+json")) == ({"module", "application/ld+json"}, 1)
    data = json.loads(one(page, LINKED_DATA).get_text())
    assert data["name"] == evil.title


def test_page_has_its_canonical_address_and_open_graph(client: Client) -> None:
    superseded()
    for path, address in ((PAGE, PAGE), (f"{PAGE}v/2/", PAGE), (f"{PAGE}v/1/", f"{PAGE}v/1/")):
        head = one(soup(client, path), "head")
        assert one(head, "link[rel=canonical]")["href"] == f"http://testserver{address}"
        assert one(head, "meta[property='og:url']")["content"] == f"http://testserver{address}"
        pictured = [str(each["content"]).split(".")[0] for each in head.select("meta[property='og:image:alt']")]
        assert pictured == (["Hiccups at night"] if address == PAGE else []), path


def test_superseded_version_stays_and_says_so(client: Client) -> None:
    superseded()
    page = soup(client, f"{PAGE}v/1/")
    told = words(one(page, "main"))
    assert "which a newer version has replaced" in told
    assert "no longer reviewed" in told
    assert not [each for each in ("next review", "next by") if each in told]
    assert page.select_one(f"main a[href='{PAGE}']")
    assert page.select_one("meta[name=robots][content=noindex]")
    assert not page.select(".elsewhere-list")  # its diagnoses may be named nowhere any more
    assert not page.select(LINKED_DATA)


def test_history_shows_what_changed_escaped(client: Client) -> None:
    first = approved()
    changed = first.document.model_dump()
    changed["diagnoses"][0]["clinician"]["rationale"] = "Only <img src=x onerror=alert(1)> explains it."
    changed["diagnoses"][3]["tier"] = "other_likely"
    second = factories.submit(
        factories.revise(first, factories.make_content(**changed)), change_note="Moved <b>one</b>."
    )
    factories.assign(second)
    factories.approve(second)
    page = soup(client, f"{PAGE}history/")
    main = one(page, "main")
    assert "Moved from rare to other likely" in words(main)
    assert "Moved <b>one</b>." in words(main)
    assert any("onerror" in words(each) for each in page.select("ins"))
    assert not page.select("main img, main b")
    hashes = [words(each) for each in page.select(".hash")]
    assert hashes == [second.content_sha256, first.content_sha256]


def test_provenance_can_be_verified_offline(client: Client) -> None:
    version = approved()
    proof = json.loads(client.get(f"{PAGE}provenance.json").content)
    assert canonical.sha256(proof["content"]) == proof["content_sha256"] == version.content_sha256
    assert canonical.sha256(proof["body_html"]) == proof["body_sha256"]
    assert canonical.loads(proof["content"]) == version.document
    assert {each["content_sha256"] for each in proof["signers"]} == {version.content_sha256}
    names = {each["name"] for each in proof["signers"]}
    assert len(names) == 2
    assert proof["author"]["name"] not in names
    assert proof["body_html"] in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}v/1/provenance.json").json() == proof


def test_retraction_takes_the_place_of_the_page(client: Client) -> None:
    version = approved()
    tag = client.get(PAGE)["ETag"]
    version.move("retract", by=factories.editor(name="Ed Itor"), reason="A <flag> was wrong.")
    response = client.get(PAGE, headers={"if-none-match": tag})
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "lxml")
    assert words(one(page, "h1")) == "RETRACTED: Hiccups at night"
    assert words(one(page, "title")).startswith("RETRACTED: ")
    main = words(one(page, "main"))
    assert "A <flag> was wrong." in main
    assert "Ed Itor" in main
    assert "Gastric distension" not in main
    assert "Reviewed by the Medical Advisory Board" not in main
    assert response["X-Robots-Tag"] == "noindex"


def test_retracted_version_stays_under_its_notice(client: Client) -> None:
    retracted()
    page = soup(client, f"{PAGE}v/1/")
    assert words(one(page, "h1")) == "RETRACTED: Hiccups at night"
    main = words(one(page, "main"))
    assert main.index("A red flag was wrong.") < main.index("Gastric distension")
    assert "Reviewed by the Medical Advisory Board ·" not in main
    assert not page.select("a[href='report/']")
    assert not page.select(LINKED_DATA)
    assert page.select_one("meta[name=robots][content=noindex]")


def test_retracted_article_is_gone_from_every_list(client: Client) -> None:
    version = approved()
    lists = ["/", "/search/?q=hiccups", "/search/?specialty=Neurologic", "/search/?letter=H", "/feed.atom"]
    lists += ["/sitemap-1.xml", f"/board/{version.decisions.all()[0].reviewer.board_profile.slug}/"]
    for path in lists:
        assert PAGE in client.get(path).content.decode(), path
    version.move("retract", by=factories.editor(), reason="Wrong.")
    for path in lists:
        response = client.get(path)
        assert response.status_code == 200
        assert PAGE not in response.content.decode(), path


def test_overdue_page_stays_and_says_so(client: Client, as_owner: Connection) -> None:
    approved()
    fresh = client.get(PAGE)["ETag"]
    as_owner.execute("UPDATE pub.publication SET next_review_on = '2020-02-03'")
    response = client.get(PAGE)
    assert "next review was due 3 Feb 2020" in words(BeautifulSoup(response.content, "lxml"))
    assert response["ETag"] != fresh


class TestPromise6:
    """An approved page stays exactly as it is while a newer version is written and reviewed."""

    def test_page_stays_until_the_next_version_is_approved(self, client: Client) -> None:
        first = approved()
        before = client.get(PAGE)
        paths = [
            PAGE,
            f"{PAGE}history/",
            f"{PAGE}provenance.json",
            "/",
            "/feed.atom",
            "/sitemap.xml",
            "/sitemap-1.xml",
            "/search/?q=hiccups",
        ]
        kept = {path: client.get(path).content for path in paths}

        def unchanged() -> bool:
            again = client.get(PAGE)
            same = {path: client.get(path).content for path in paths} == kept
            return same and (again.content, again["ETag"]) == (before.content, before["ETag"])

        draft = factories.revise(first, factories.make_content("Hiccups by day"))
        assert unchanged()
        second = factories.submit(draft)
        assert unchanged()
        one, other = factories.assign(second)
        assert unchanged()
        factories.find(one)
        factories.sign(one)
        assert unchanged()
        factories.sign(other)
        after = client.get(PAGE)
        assert after["ETag"] != before["ETag"]
        assert "Hiccups by day" in after.content.decode()
        assert "Hiccups at night" in client.get(f"{PAGE}v/1/").content.decode()
        assert client.get(f"{PAGE}v/2/").content == after.content
