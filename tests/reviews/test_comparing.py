"""The page that shows what changed between two versions, and who may see it."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Version
from content.schema import Tier
from people.models import User
from tests.factories import (
    assign,
    author,
    board_member,
    editor,
    find,
    make_content,
    make_version,
    reread,
    revise,
    sign,
    submit,
)
from tests.people.factories import administrator

BASE = make_content("Hiccups")
CHANGED = make_content(
    "Hiccups",
    diagnoses=[
        BASE.diagnoses[0],
        BASE.diagnoses[1].model_copy(update={"name": "<script>alert(1)</script>"}),
        BASE.diagnoses[2],
        BASE.diagnoses[3].model_copy(update={"tier": Tier.DO_NOT_MISS}),
    ],
)


@pytest.fixture(scope="module")
def kept_second(kept_db: None) -> Version:
    first = submit(make_version("draft", content=BASE))
    one, other = assign(first)
    finding = find(one, "Say what to ask about swallowing.", severity="must_fix")
    sign(one, "request_changes")
    sign(other)
    version = submit(revise(first, CHANGED))
    finding.respond("fixed", "Added in the second sentence.", by=first.article.owner)
    assign(version, [one.reviewer, other.reviewer])
    return version


@pytest.fixture
def second(db: None, kept_second: Version) -> Version:
    """A second version under review; its first was sent back with a finding that was answered."""
    return reread(kept_second)


def page(user: User, version: Version, query: str = "") -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("reviews:compare", args=(version.article_id, version.number)) + query)
    return response.status_code, response.content.decode()


def test_compare_shows_clinical_changes_words_and_answers(second: Version) -> None:
    status, html = page(second.assignments.all()[0].reviewer, second)
    assert status == 200
    assert "Moved from rare to do not miss" in html
    assert "<del>Gastro-oesophageal reflux</del>" in html
    assert "Say what to ask about swallowing." in html
    assert "Added in the second sentence." in html
    assert "<script>alert(1)" not in html


def test_compare_of_a_first_version_says_so(db: None) -> None:
    version = make_version("submitted")
    assert "This is the first version." in page(version.article.owner, version)[1]


@pytest.mark.parametrize("query", ["?with=2", "?with=99", "?with=x", "?with=-1", "?with=%00"])
def test_compare_with_what_is_no_earlier_version_is_not_found(second: Version, query: str) -> None:
    assert page(editor(), second, query)[0] == 404


def test_compare_is_for_who_may_read_the_version(second: Version) -> None:
    for stranger in (author(), board_member(), administrator()):
        assert page(stranger, second)[0] == 404
    for reader in (editor(), second.article.owner, second.assignments.all()[1].reviewer):
        assert page(reader, second)[0] == 200
    assert Client().get(reverse("reviews:compare", args=(second.article_id, 2))).status_code == 302
