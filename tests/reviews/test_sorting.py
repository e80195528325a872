"""What editors say of articles besides their text: priority, readers, labels, who handles them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, Label, Priority
from ledger.models import Event
from ledger.wording import tell
from people.models import User
from tests.factories import administrator, author, board_member, editor, make_version
from tests.reviews.desks import at_desk

pytestmark = pytest.mark.django_db

type Act = Callable[[Article, User], Any]


def told(article: Article) -> list[str]:
    """What the ledger says of it in sentences, since it was begun."""
    events = Event.objects.filter(article_id=article.pk).exclude(kind__in=("draft_started", "submitted"))
    return [tell(event).sentence for event in events.select_related("actor")]


def again(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


ACTS: list[tuple[str, Act]] = [
    ("Ed set the priority to Urgent", lambda article, by: article.prioritise(Priority.URGENT, by=by)),
    ("Ed labelled it Campaign 7, Sleep", lambda article, by: article.label("Sleep", " campaign  7 ", "SLEEP", by=by)),
    ("Ed took the label Campaign 7 off", lambda article, by: article.unlabel("campaign 7", "never seen", by=by)),
    ("Ed noted 12,000 readers a month", lambda article, by: article.note_traffic(12_000, by=by)),
    ("Ed noted an unknown number of readers a month", lambda article, by: article.note_traffic(None, by=by)),
]


def test_what_an_editor_says_stands_in_the_ledger_once() -> None:
    Label.objects.create(name="Campaign 7")
    article, by = make_version("submitted").article, editor(name="Ed")
    for sentence, act in ACTS:
        for _ in range(2):  # said again, it changes nothing
            act(article, by)
        assert told(article)[-1] == sentence
    assert len(told(article)) == len(ACTS)
    now = again(article)
    assert (now.priority, now.traffic, [str(label) for label in now.labels.all()]) == (1, None, ["Sleep"])
    assert (now.turn.priority, now.turn.labels) == (1, [now.labels.get().pk])


def test_only_editors_sort_and_nobody_puts_their_own_first() -> None:
    article = make_version("submitted").article
    for person in (article.owner, board_member(), administrator()):
        for _, act in ACTS:
            with pytest.raises(PermissionDenied):
                act(article, person)
    own = make_version("draft", author=editor()).article
    with pytest.raises(PermissionDenied, match="never for their own"):
        own.prioritise(Priority.URGENT, by=own.owner)
    assert told(article) == told(own) == []


def test_what_cannot_be_said_is_refused_in_words() -> None:
    article, by = make_version("submitted").article, editor()
    for name in ("", "\u200b", "x" * 41, "one, two"):
        with pytest.raises(ValidationError):
            article.label(name, by=by)
    with pytest.raises(ValidationError, match="at most 20 labels"):
        article.label(*(f"label {n}" for n in range(21)), by=by)
    for number in (-1, 10**12):
        with pytest.raises(ValidationError, match="Readers a month"):
            article.note_traffic(number, by=by)
    with pytest.raises(ValueError, match="9"):
        article.prioritise(9, by=by)
    assert told(article) == []


def test_article_is_handed_to_an_editor_who_may_handle_it() -> None:
    first, second = editor(name="Ed"), editor(name="Flo")
    asked = board_member(name="Also a reviewer")
    asked.grant("editor", by=administrator())
    writer = author()
    writer.grant("editor", by=administrator())
    article = make_version("under_review", author=writer, editor=first, reviewers=[asked, board_member()]).article
    for unable in (writer, asked, author()):
        assert unable not in article.possible_editors()
        with pytest.raises(ValidationError, match="no editor, or wrote or reviews"):
            article.hand_over(unable, by=first)
        with pytest.raises(PermissionDenied):
            article.hand_over(second, by=unable)
    assert set(article.possible_editors()) == {first, second}
    other = second if again(article).editor == first else first
    article.hand_over(other, by=first)
    article.hand_over(other, by=first)
    assert again(article).editor == other
    assert told(article)[-1] == f"Ed handed it over to {other.display_name}"


# Labels


def test_label_is_renamed_merged_and_removed() -> None:
    by, articles = editor(name="Ed"), [make_version("draft").article for _ in range(3)]
    for article in articles:
        article.label("Sleep", by=by)
    articles[0].label("Slumber", by=by)
    sleep, slumber = (Label.objects.called(name, by=by) for name in ("sleep", "slumber"))
    with pytest.raises(ValidationError, match="already"):
        sleep.rename("SLUMBER", by=by)
    with pytest.raises(ValidationError, match="another label"):
        sleep.merge_into(sleep, by=by)
    for person in (author(), administrator()):
        with pytest.raises(PermissionDenied):
            sleep.remove(by=person)
    assert sleep.merge_into(slumber, by=by) == 3
    slumber.rename("Night", by=by)
    assert [(str(label), label.articles.count()) for label in Label.objects.with_counts()] == [("Night", 3)]
    assert {tuple(again(article).turn.labels) for article in articles} == {(slumber.pk,)}
    assert slumber.remove(by=by) == 3
    with pytest.raises(ValidationError, match="removed this label"):
        slumber.rename("Gone", by=by)
    kinds = ("label_merged", "label_renamed", "label_removed")
    events = Event.objects.filter(kind__in=kinds).select_related("actor")
    assert [tell(event).sentence for event in events] == [
        "Ed merged the label Sleep into Slumber",
        "Ed renamed the label Slumber to Night",
        "Ed removed the label Night from every article",
    ]


def test_label_of_many_articles_is_removed_slice_by_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.labels.SLICE", 2)
    by = editor()
    for _ in range(5):
        make_version("draft").article.label("Sleep", by=by)
    assert Label.objects.called("Sleep", by=by).remove(by=by) == 5


def test_only_editors_make_labels() -> None:
    for stranger in (author(), board_member(), administrator()):
        with pytest.raises(PermissionDenied):
            Label.objects.called("Sleep", by=stranger)
    assert not Label.objects.exists()


def test_label_that_is_there_is_named_without_asking_who_may_make_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    by = editor()
    sleep = Label.objects.called("Sleep", by=by)
    with django_assert_num_queries(1):
        assert [Label.objects.called(said, by=by) for said in (sleep, "sleep")] == [sleep, sleep]


# Pages


def test_article_page_changes_what_editors_say() -> None:
    article, by, other = make_version("submitted").article, editor(name="Ed"), editor(name="Flo")
    client, page = at_desk(by), article.get_absolute_url()
    said = {"priority": "2", "traffic": "800", "editor": str(other.pk)}
    assert client.post(f"{page}handling/", said).status_code == 302
    assert client.post(f"{page}labels/", {"labels": "Sleep, campaign 7,, sleep"}).status_code == 302
    now = again(article)
    assert (now.priority, now.traffic, now.editor) == (2, 800, other)
    shown = client.get(page).content.decode()
    assert "campaign 7" in shown
    assert "Take the label Sleep off" in shown
    assert (
        client.post(f"{page}labels/remove/", {"label": str(Label.objects.called("Sleep", by=by).pk)}).status_code == 302
    )
    assert [str(label) for label in now.labels.all()] == ["campaign 7"]


@pytest.mark.parametrize(
    ("step", "said", "why"),
    [
        ("handling", {"priority": "7", "traffic": "800"}, "priority"),
        ("handling", {"priority": "2", "traffic": "-800"}, "greater than or equal to 0"),
        ("handling", {"priority": "2", "traffic": "9" * 30}, "less than or equal to"),
        ("labels", {"labels": " , "}, "Name a label."),
        ("labels", {"labels": "x" * 41}, "at most 40 characters"),
        ("labels", {"labels": ",".join(f"label {n}" for n in range(30))}, "at most 20 labels"),
    ],
)
def test_article_page_says_what_cannot_be(step: str, said: dict[str, str], why: str) -> None:
    article = make_version("submitted").article
    answer = at_desk(editor()).post(f"{article.get_absolute_url()}{step}/", said)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert told(article) == []


def test_pages_are_for_editors() -> None:
    article, label = make_version("submitted").article, Label.objects.create(name="Sleep")
    posts = [f"{article.get_absolute_url()}{step}/" for step in ("handling", "labels", "labels/remove")]
    pages = ["/desk/labels/", f"/desk/labels/{label.pk}/"]
    posts += [*pages, f"/desk/labels/{label.pk}/merge/", f"/desk/labels/{label.pk}/remove/"]
    owner, stranger = at_desk(article.owner), at_desk(author())
    assert "For the editors" not in owner.get(article.get_absolute_url()).content.decode()
    assert {owner.post(page).status_code for page in posts} == {403}
    assert [stranger.post(page).status_code for page in posts] == [404] * 3 + [403] * 4
    assert {owner.get(page).status_code for page in pages} == {403}
    assert Label.objects.get() == label


def test_labels_page_adds_renames_merges_and_removes() -> None:
    client = at_desk(editor())
    assert "no label yet" in client.get("/desk/labels/").content.decode()
    for name in ("Sleep", "Slumber", "SLEEP"):
        assert client.post("/desk/labels/", {"name": name}).status_code == 302
    sleep, slumber = Label.objects.order_by("pk")
    here = f"/desk/labels/{sleep.pk}/"
    assert client.post(here, {"name": "slumber"}).status_code == 422
    assert client.post(f"{here}merge/", {"into": ""}).status_code == 422
    assert client.post(f"{here}merge/", {"into": str(sleep.pk)}).status_code == 422
    assert client.post(here, {"name": "Night"}).status_code == 302
    assert client.post(f"{here}merge/", {"into": str(slumber.pk)}).status_code == 302
    assert client.post(f"{here}remove/").status_code == 404
    assert "Slumber" in client.get("/desk/labels/").content.decode()
    assert client.post(f"/desk/labels/{slumber.pk}/remove/").status_code == 302
    assert not Label.objects.exists()
