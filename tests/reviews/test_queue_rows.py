"""A row of the queue: what was typed is no markup in it, and it tells each person as much as the version's page."""

from collections.abc import Iterator
from typing import Any

import pytest

from articles.models import Version
from articles.states import VersionState
from ddx_portal.templatetags.queue import queue_rows
from people.models import Role, User
from people.rules import today
from reviews import desk
from reviews.desk_rows import Asked, Flag, Row, sight_of
from reviews.desk_wanted import Wanted
from reviews.sight import Sight, sight
from tests import factories
from tests.factories import author, editor, submit
from tests.reviews import situations
from tests.reviews.situations import SITUATIONS

TYPED = '<b>"O\'Neil" & co</b>'
ESCAPED = "&lt;b&gt;&quot;O&#x27;Neil&quot; &amp; co&lt;/b&gt;"


def drawn(text: str, *, may_act: bool = True) -> str:
    people, flags = [Asked(text, answered=True), Asked(text, answered=False)], [Flag("label", "hash", text)]
    row = Row(f"/{text}", text, "draft", today(), [text], people, flags, 7, f"/{text}/peek/")
    return queue_rows([row], may_act)


def test_what_people_typed_is_text_in_every_place() -> None:
    html = drawn(TYPED)
    assert TYPED not in html
    assert "<b>" not in html
    assert html.replace(ESCAPED, "plain") == drawn("plain").replace(">P</span>", ">BB</span>")


def test_a_row_can_be_chosen_only_where_something_can_be_done_to_many() -> None:
    assert 'value="7"' in drawn("plain")
    assert "checkbox" not in drawn("plain", may_act=False)


def rows_and_pages(people: list[User]) -> Iterator[tuple[str, Sight, Sight]]:
    """Of each row that each of them finds among all articles: who it is, how much the row tells, and the page."""
    for user in User.objects.filter(pk__in=[person.pk for person in people]):
        for line in desk.found(user, Wanted()).lines:
            version = Version.objects.get(pk=line["version_id"])
            yield f"{line['source']} {user}", sight_of(line), sight(user, version)


@pytest.mark.django_db
@pytest.mark.parametrize("name", SITUATIONS)
def test_a_row_tells_as_much_as_the_page_of_its_version(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    helper, runs = author(name="Helper"), editor(name="Runs it")

    def submit_helped(version: Version, **options: Any) -> Version:
        version.contributors.add(helper)
        return submit(version, **options)

    for module in (factories, situations):
        monkeypatch.setattr(module, "submit", submit_helped)
    version = SITUATIONS[name].make()
    if version.state == VersionState.DRAFT:
        version.contributors.add(helper)
    reviewers = [assignment.reviewer for assignment in version.assignments.all()]
    people = [version.article.owner, helper, runs, *reviewers]
    rows = list(rows_and_pages(people))
    for person in people:
        person.grant(Role.EDITOR, by=None)
    rows += rows_and_pages(people)
    assert {who.split()[0] for who, _, _ in rows} >= {"runs", "owns", "wrote"}
    assert [row for row in rows if row[1] != row[2]] == []
