"""Two people at one draft in the same instant, and one person in a hurry: through the pages."""

from functools import partial
from typing import Any

from django.urls import reverse

from articles.models import Article, Version
from ledger.models import Event
from tests.articles.browsing import Editor, address, desk
from tests.articles.test_views_new import PAGE
from tests.factories import author, editor, make_content, make_version, reread
from tests.racing import TRIALS, at_once


def statuses(responses: list[Any]) -> list[int]:
    return sorted(response.status_code for response in responses)


def test_two_saves_at_once_store_one_and_show_the_other_both(committed_db: None) -> None:
    version, other = make_version(), editor()
    for trial in range(TRIALS):
        works = [Editor(version.author, version), Editor(other, version)]
        texts = [f"Text {trial} of {who}" for who in ("the author", "the editor")]
        for work, text in zip(works, texts, strict=True):
            work.put("title", text)
        responses = at_once(*[work.press for work in works])
        assert statuses(responses) == [302, 409]
        kept = [response.status_code for response in responses].index(302)
        assert reread(version).title == texts[kept]
        assert all(text in responses[1 - kept].content.decode() for text in texts)


def test_eightfold_paste_makes_one_draft(committed_db: None) -> None:
    user = author()
    for trial in range(TRIALS):
        page = PAGE.replace("Hiccups at Night", f"Hiccups in Trial {trial}")
        clients = [desk(user) for _ in range(8)]
        responses = at_once(*[partial(client.post, reverse("articles:new"), {"text": page}) for client in clients])
        assert statuses(responses) == [302] * 8
        assert Article.objects.count() == trial + 1


def test_eightfold_submit_submits_once(committed_db: None) -> None:
    for _ in range(TRIALS):
        version = make_version()
        typed = {"origin": "human", "based_on": "1"}
        clients = [desk(version.author) for _ in range(8)]
        responses = at_once(*[partial(client.post, address("submit", version), typed) for client in clients])
        assert statuses(responses) == [302] + [409] * 7
        assert Event.objects.filter(kind="submitted", version_id=version.pk).count() == 1


def test_save_against_submit_leaves_either_whole(committed_db: None) -> None:
    for _ in range(TRIALS):
        version, other = make_version(), editor()
        work = Editor(other, version).put("title", "In the last second")
        typed = {"origin": "human", "based_on": "1"}
        owner = desk(version.author)
        saved, submitted = at_once(work.press, partial(owner.post, address("submit", version), typed))
        now = reread(version)
        if saved.status_code == 302:
            assert (now.title, submitted.status_code) == ("In the last second", 422)
        else:
            assert (saved.status_code, submitted.status_code, now.state) == (409, 302, "submitted")
            assert "In the last second" in saved.content.decode()


def test_revise_at_once_begins_one_draft(committed_db: None) -> None:
    for _ in range(TRIALS):
        version = make_version("withdrawn")
        url = reverse("articles:revise", args=(version.article_id,))
        clients = [desk(version.author), desk(editor())]
        responses = at_once(*[partial(client.post, url) for client in clients])
        assert statuses(responses) == [302, 409]
        assert version.article.versions.count() == 2


def test_discard_against_save_loses_no_answer(committed_db: None) -> None:
    for _ in range(TRIALS):
        version, other = make_version(), editor()
        work = Editor(other, version).put("title", "Kept?")
        owner = desk(version.author)
        saved, discarded = at_once(work.press, partial(owner.post, address("discard", version)))
        assert discarded.status_code == 302
        assert saved.status_code in {302, 404, 409}
        if saved.status_code == 409:
            assert "this draft has been discarded" in saved.content.decode()
            assert work.typed["title"] == ["Kept?"]
        assert not Version.objects.filter(pk=version.pk).exists()


def test_same_title_at_once_gives_two_addresses(committed_db: None) -> None:
    for trial in range(TRIALS):
        content = make_content(f"The same title {trial}")
        made = at_once(*[partial(Article.objects.create_with_draft, content, by=author()) for _ in range(2)])
        assert len({version.article.slug for version in made}) == 2


def test_same_new_title_saved_at_once_gives_two_addresses(committed_db: None) -> None:
    for trial in range(TRIALS):
        works = [Editor(version.author, version) for version in (make_version(), make_version())]
        for work in works:
            work.put("title", f"One title for both {trial}")
        assert statuses(at_once(*[work.press for work in works])) == [302, 302]
        assert len({reread(work.version).article.slug for work in works}) == 2
