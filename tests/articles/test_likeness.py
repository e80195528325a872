"""Articles found to be like another, and citations found by what they cite: only what one may read."""

import pytest
from pytest_django import DjangoAssertNumQueries

from articles.likeness import citation_of, lookalikes
from articles.models import Fingerprint, Version
from content.citing import recognise
from content.schema import Content
from tests.content.test_similarity import long
from tests.factories import author, editor, make_content, make_version, revise

pytestmark = pytest.mark.django_db


def found(version: Version, content: Content | None = None, **who: object) -> list[tuple[str, int, bool]]:
    by = who.get("by", version.article.owner)
    seen = lookalikes(version, content or version.document, by=by)  # type: ignore[arg-type]
    return [(each.version.title, each.percent, each.is_same_subject) for each in seen]


def test_near_same_text_and_same_subject_are_found() -> None:
    owner = author()
    copy = long(0, 0.0).model_copy(update={"title": "Coughing"})
    make_version(content=copy, author=owner)
    make_version(content=make_content("Causes of a cough at night"), author=owner)
    make_version(content=long(7).model_copy(update={"title": "Itching"}), author=owner)
    mine = make_version(content=long(1, 0.8).model_copy(update={"title": "Night coughs"}), author=owner)
    assert found(mine) == [("Coughing", 67, False), ("Causes of a cough at night", 0, True)]
    assert found(mine, Content()) == []


def test_only_what_one_may_read_is_named() -> None:
    secret = make_version("submitted")
    public = make_version("approved")
    mine = make_version()
    assert [each.url for each in lookalikes(mine, mine.document, by=mine.author)] == [
        f"/articles/{public.article.slug}/"
    ]
    asked = lookalikes(mine, mine.document, by=editor())
    assert [each.url for each in asked] == [public.get_absolute_url(), secret.get_absolute_url()]


def test_fingerprint_follows_the_text_and_is_one_an_article() -> None:
    old = make_version("approved")
    revise(old, make_content("Something else")).move(
        "submit", by=old.author, change_note="All of it.", origin="human", ai_tool=""
    )
    mine = make_version(author=old.author)
    assert found(mine) == [("Something else", 100, False)]
    saved = mine.save_draft(Content.model_validate({"title": "Else: something"}), by=mine.author, based_on=1)
    assert found(saved) == [("Something else", 0, True)]
    assert found(mine, Content()) == []


def test_citation_is_found_in_what_one_may_read() -> None:
    cited = [{"key": "r", "citation": "Hiccups. Example Press, 2024. ISBN 9780306406157", "doi": "10.1000/182"}]
    secret = make_version(content=make_content(diagnoses=[], references=cited))
    for typed in ("https://doi.org/10.1000/182", "978-0-306-40615-7"):
        identifier = recognise(typed)
        assert citation_of(identifier, by=secret.author)["citation"] == cited[0]["citation"]
        assert citation_of(identifier, by=editor())["doi"] == "10.1000/182"
        assert citation_of(identifier, by=author()) == {}
    assert citation_of(recognise("PMID 1"), by=editor()) == {}
    public = [{"key": "r", "citation": "In public", "pmid": "7"}]
    base = make_content().model_dump(mode="json")
    base["diagnoses"] = [d | {"references": ["r"]} for d in base["diagnoses"]]
    make_version("approved", content=Content.model_validate(base | {"references": public}))
    assert citation_of(recognise("PMID: 7"), by=author())["citation"] == "In public"


def test_citation_is_found_however_many_cite_it_whom_one_may_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.likeness.MOST_LOOKED_AT", 1)
    base = make_content().model_dump(mode="json")
    base["diagnoses"] = [each | {"references": ["r"]} for each in base["diagnoses"]]
    for citation in ("In public", "In public lately"):
        references = [{"key": "r", "citation": citation, "pmid": "7"}]
        make_version("approved", content=Content.model_validate(base | {"references": references}))
    references = [{"key": "r", "citation": "In a draft", "pmid": "7"}]
    for _ in range(3):
        make_version(content=make_content(diagnoses=[], references=references))
    assert citation_of(recognise("PMID 7"), by=author())["citation"] == "In public lately"
    assert citation_of(recognise("PMID 7"), by=editor())["citation"] == "In a draft"


def test_who_cites_a_source_is_not_read_whole(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cited = [{"key": "r", "citation": "Hiccups", "pmid": "7"}]
    for _ in range(3):
        make_version(content=make_content(diagnoses=[], references=cited))
    with django_assert_num_queries(1) as queries:
        assert len(Fingerprint.objects.citing(recognise("PMID 7").key, most=2)) == 2
    assert queries[0]["sql"].endswith("LIMIT 2")
