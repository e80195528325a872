"""Who is told what of a version's way, and in which words. See also `test_mail_rules.py`."""

from collections.abc import Callable
from html import unescape

import pytest
from django.core import mail

from people.models import Message, User
from tests.articles.told import REASON, STEPS, Cast, approved, prepare, under_review
from tests.factories import approve, assign, make_content, make_version, reread, revise, sign, submit
from tests.post import each, forget, only, outbox, parts, waiting

type Run = Callable[[], int]
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
PAYLOADS = [XSS, "</title><svg/onload=alert(1)>", "{{ 7|add:1 }}{% debug %}", "javascript:alert(1)", "&lt;b&gt;&amp;"]


# Message by recipient


def test_submission_is_told_to_author_and_editors(cast: Cast, run_tasks: Run) -> None:
    submit(cast.version)
    run_tasks()
    assert outbox() == each(
        ("submission_received", cast.owner), ("new_submission", cast.editor), ("new_submission", cast.other_editor)
    )


def test_changes_requested_by_an_editor(cast: Cast, run_tasks: Run) -> None:
    under_review(cast, signed=1, accepted=1).move("request_changes", by=cast.editor, reason=REASON)
    run_tasks()
    assert outbox() == each(
        ("changes_requested", cast.owner), ("review_over", cast.second), ("review_over", cast.third)
    )


def test_changes_requested_by_the_round(cast: Cast, run_tasks: Run) -> None:
    version = under_review(cast, signed=1)
    for assignment in version.assignments.filter(state="invited"):
        sign(assignment, "request_changes")
    decided = [("decided", user) for user in (cast.editor, cast.other_editor)] * 2
    run_tasks()
    assert outbox() == each(("changes_requested", cast.owner), *decided)


def test_approval_is_told_to_author_signers_and_editors(cast: Cast, run_tasks: Run) -> None:
    version = under_review(cast, signed=1)
    sign(version.assignments.get(reviewer=cast.second))
    run_tasks()
    told = [cast.owner, cast.signer, cast.second, cast.editor, cast.other_editor]
    decided = [("decided", user) for user in (cast.editor, cast.other_editor)]
    assert outbox() == each(*[("approved", user) for user in told], *decided, ("review_over", cast.third))


def test_decline_of_a_submission_is_told_to_the_author(cast: Cast, run_tasks: Run) -> None:
    version = submit(cast.version)
    forget()
    version.move("decline", by=cast.editor, reason=REASON)
    run_tasks()
    assert outbox() == each(("declined", cast.owner))


def test_decline_of_a_review_is_told_to_who_still_reads(cast: Cast, run_tasks: Run) -> None:
    under_review(cast, signed=1, accepted=1).move("decline", by=cast.editor, reason=REASON)
    run_tasks()
    assert outbox() == each(("declined", cast.owner), ("review_over", cast.second), ("review_over", cast.third))


def test_withdrawal_is_told_to_editors_and_all_who_were_asked(cast: Cast, run_tasks: Run) -> None:
    version = under_review(cast, signed=1)
    version.assignments.get(reviewer=cast.third).cancel(by=cast.editor, reason=REASON)
    forget()
    version.move("withdraw", by=cast.owner, reason=REASON)
    run_tasks()
    told = [cast.editor, cast.other_editor, cast.signer, cast.second]
    assert outbox() == each(*[("withdrawn", user) for user in told])


def test_retraction_is_told_to_author_and_signers(cast: Cast, run_tasks: Run) -> None:
    approved(cast).move("retract", by=cast.editor, reason=REASON)
    run_tasks()
    assert outbox() == each(("retracted", cast.owner), ("retracted", cast.signer), ("retracted", cast.second))


def test_superseding_is_told_as_the_approval_of_the_newer_version_alone(cast: Cast, run_tasks: Run) -> None:
    second = submit(revise(approved(cast)))
    assign(second, [cast.signer, cast.second], by=cast.editor)
    forget()
    approve(second)
    run_tasks()
    assert {message for message, _ in outbox()} == {"decided", "approved"}


def test_a_draft_tells_nobody_but_who_wrote_in_one_that_another_discards(cast: Cast) -> None:
    draft = cast.version.save_draft(make_content("Another"), by=cast.owner, based_on=cast.version.revision)
    assert waiting() == 0
    draft.discard(by=cast.owner)
    told = Message.objects.values_list("kind", "person__email")
    assert list(told) == [("articles/draft_discarded", cast.writing_editor.email)]


# What is said


def test_submission_says_what_is_next(cast: Cast, run_tasks: Run) -> None:
    version = submit(cast.version)
    run_tasks()
    message = only("submission_received")
    text, html = parts(message)
    assert message.subject == "Received: Hiccups all night"
    assert message.to == [cast.owner.email]
    assert "Next, an editor asks members" in text
    due = f"{version.due_on:%-d %b %Y}"
    for part in (text, html):
        assert f"http://testserver/desk/articles/{version.article_id}/v/1/" in part
        assert f"by {due}" in part
    assert (message.message()["Auto-Submitted"], message.message()["Message-ID"]) == (
        "auto-generated",
        f"<submission_received.{version.pk}.{cast.owner.pk}@testserver>",
    )


def test_changes_requested_says_why_how_many_and_by_when(cast: Cast, run_tasks: Run) -> None:
    version = under_review(cast, signed=1).move("request_changes", by=cast.editor, reason="First.\n\nSecond & last.")
    run_tasks()
    text, html = parts(only("changes_requested"))
    assert "First.\n\nSecond & last." in text
    assert "<p>First.</p>\n\n<p>Second &amp; last.</p>" in html
    assert f"submit a new version by {version.due_on:%-d %b %Y}" in text


def test_approval_names_the_public_address_and_the_signers(cast: Cast, run_tasks: Run) -> None:
    version = under_review(cast, signed=1)
    sign(version.assignments.get(reviewer=cast.second))
    run_tasks()
    by_person = {each.to[0]: each.body for each in mail.outbox if each.subject.startswith("Approved and public")}
    for text in by_person.values():
        assert "http://testserver/articles/hiccups-all-night/" in text
        assert "signed by Sig, Sec." in text
    assert "Thank you for writing it." in by_person[cast.owner.email]
    assert "Thank you for reviewing it." in by_person[cast.signer.email]
    assert "Thank you" not in by_person[cast.editor.email]


def test_reviewers_do_not_read_why_an_author_withdrew(cast: Cast, run_tasks: Run) -> None:
    under_review(cast).move("withdraw", by=cast.owner, reason="Between editors and me.")
    run_tasks()
    told = {each.to[0]: "Between editors and me." in each.body for each in mail.outbox}
    assert told == {
        cast.editor.email: True,
        cast.other_editor.email: True,
        **{user.email: False for user in cast.board},
    }


def test_review_over_does_not_say_how_it_ended(cast: Cast, run_tasks: Run) -> None:
    said = []
    for step in ("decline", "request_changes"):
        version = submit(make_version(author=cast.owner))
        assign(version, cast.board, by=cast.editor)
        forget()
        reread(version).move(step, by=cast.editor, reason=REASON)
        run_tasks()
        texts = {each.body for each in mail.outbox if each.to == [cast.third.email]}
        said.append(texts.pop().replace(f"/{version.article_id}/", "/N/"))
        forget()
    assert said[0] == said[1]


@pytest.mark.parametrize("step", STEPS)
def test_no_word_of_the_text_but_its_title_which_is_text_and_one_short_line(
    db: None, run_tasks: Run, step: str
) -> None:
    prepare(make_content(canary="zanzibar").model_copy(update={"title": " ".join(PAYLOADS)}), step)()
    User.objects.update(name="Eve\r\nBcc: victim@example.org " + XSS[:60])
    run_tasks()
    assert mail.outbox
    for message in mail.outbox:
        text, html = parts(message)
        assert "zanzibar" not in f"{message.subject}{text}{html}"
        assert all(payload in text and payload in unescape(html) for payload in PAYLOADS)
        assert "<script" not in html
        assert "<img" not in html
        assert "<svg" not in html
        assert len(message.subject) <= 150
        assert not set("\r\n\u2028") & set(message.subject)
        assert message.message()["Bcc"] is None
        assert message.recipients() == message.to
