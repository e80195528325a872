"""Who is told what of a version's way: promise 10 of the design, and promise 9 at the time of sending."""

from collections.abc import Callable
from functools import partial
from html import unescape
from typing import Any, NamedTuple

import pytest
from django.core import mail
from django.db import transaction
from django_tasks_db.backend import DatabaseBackend

from articles import mail as articles_mail
from articles.models import Version
from content.schema import Content
from people.models import User
from tests.factories import (
    administrator,
    approve,
    assign,
    author,
    board_member,
    editor,
    make_content,
    make_version,
    reread,
    revise,
    sign,
    submit,
)
from tests.post import each, forget, only, outbox, parts, waiting

type Run = Callable[[], int]
REASON = "The red flags are incomplete."
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
PAYLOADS = [XSS, "</title><svg/onload=alert(1)>", "{{ 7|add:1 }}{% debug %}", "javascript:alert(1)", "&lt;b&gt;&amp;"]


class Cast(NamedTuple):
    """Everybody there is: a version at its start, and who has which part in it."""

    version: Version
    owner: User
    editor: User
    other_editor: User
    writing_editor: User
    signer: User
    second: User
    third: User
    gone_editor: User

    @property
    def board(self) -> list[User]:
        return [self.signer, self.second, self.third]


@pytest.fixture
def cast(db: None) -> Cast:
    """A draft on which an editor has written too; beside those who have a part many who have none."""
    owner, writing_editor, gone_editor = author(name="Ada Owner"), editor(name="Wes"), editor(name="Gone")
    version = make_version(author=owner, editor=writing_editor)
    changed = make_content("Hiccups all night")
    version = version.save_draft(changed, by=writing_editor, based_on=version.revision)
    gone_editor.deactivate(by=administrator())
    for stranger in (author, administrator, board_member):
        stranger()
    everybody = Cast(
        version=version,
        owner=owner,
        editor=editor(name="Ed"),
        other_editor=editor(name="Olga"),
        writing_editor=writing_editor,
        signer=board_member(name="Sig"),
        second=board_member(name="Sec"),
        third=board_member(name="Thi"),
        gone_editor=gone_editor,
    )
    forget()
    return everybody


def under_review(cast: Cast, *, signed: int = 0, accepted: int = 0) -> Version:
    """Three are asked; so many have signed, and so many after them have accepted."""
    version = submit(cast.version)
    asked = assign(version, cast.board, by=cast.editor)
    for assignment in asked[:signed]:
        sign(assignment)
    for assignment in asked[signed : signed + accepted]:
        assignment.accept(by=assignment.reviewer)
    forget()
    return reread(version)


def approved(cast: Cast) -> Version:
    version = under_review(cast, signed=2)
    assert version.is_public
    return version


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


def test_a_draft_tells_nobody(cast: Cast) -> None:
    draft = cast.version.save_draft(make_content("Another"), by=cast.owner, based_on=cast.version.revision)
    draft.discard(by=cast.owner)
    assert waiting() == 0


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


@pytest.mark.parametrize("step", ["submit", "request_changes", "approve", "decline", "withdraw", "retract"])
def test_no_word_of_the_text_but_its_title(db: None, run_tasks: Run, step: str) -> None:
    content = make_content(canary="zanzibar").model_copy(update={"title": "Hiccups"})
    prepare(content, step)()
    run_tasks()
    assert mail.outbox
    assert not [each for each in mail.outbox if "zanzibar" in f"{each.subject}{each.body}{parts(each)[1]}"]


def prepare(content: Content, step: str) -> Callable[[], Version]:
    """A new version just before that step, nothing queued; call it to take the step."""
    version = make_version(content=content) if step == "submit" else submit(make_version(content=content))
    if step in ("request_changes", "approve", "retract"):
        assign(version)
    if step == "retract":
        approve(version)
    by = version.article.owner if step == "withdraw" else editor()
    forget()
    if step in ("submit", "approve"):
        return partial(submit if step == "submit" else approve, version)
    return partial(reread(version).move, step, by=by, reason=REASON)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("step", ["submit", "request_changes", "approve", "decline", "withdraw", "retract"])
def test_hostile_title_is_text_and_one_short_line(db: None, run_tasks: Run, step: str, payload: str) -> None:
    prepare(make_content(payload + " long" * 50), step)()
    User.objects.update(name="Eve\r\nBcc: victim@example.org " + XSS[:60])
    run_tasks()
    assert mail.outbox
    for message in mail.outbox:
        text, html = parts(message)
        assert payload in text
        assert payload in unescape(html)
        assert "<script" not in html
        assert "<img" not in html
        assert "<svg" not in html
        assert len(message.subject) <= 150
        assert not set("\r\n\u2028") & set(message.subject)
        assert message.message()["Bcc"] is None
        assert message.recipients() == message.to


# If and only if it was committed


@pytest.mark.parametrize("step", ["submit", "request_changes", "approve", "decline", "withdraw", "retract"])
def test_step_that_fails_after_queuing_tells_nobody(db: None, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    queued: list[Any] = []
    enqueue = DatabaseBackend.enqueue

    def queue_and_fail(*arguments: Any) -> None:
        queued.append(enqueue(*arguments))
        raise ZeroDivisionError

    take = prepare(make_content(), step)
    monkeypatch.setattr(DatabaseBackend, "enqueue", queue_and_fail)
    with pytest.raises(ZeroDivisionError):
        take()
    assert (len(queued), waiting()) == (1, 0)


class Changed(Exception):
    """Something went wrong after the step, in the transaction around it."""


def test_message_goes_with_the_transaction_around_the_step(committed_db: None, run_tasks: Run) -> None:
    version = make_version(editor=editor())
    with pytest.raises(Changed):
        submit_and_fail(version)
    assert (waiting(), run_tasks(), outbox()) == (0, 0, [])
    submit(version)
    assert run_tasks() == 2
    assert len(outbox()) == 2
    assert (run_tasks(), outbox()) == (0, [])


@transaction.atomic
def submit_and_fail(version: Version) -> None:
    submit(version)
    assert waiting() == 2
    raise Changed


# Authorised again when sent


def end_role(user: User) -> None:
    for role in user.roles:
        user.end_role(role, by=None)


def close(user: User) -> None:
    user.deactivate(by=administrator())


type Leave = Callable[[User], None]


@pytest.mark.parametrize("leave", [end_role, close])
@pytest.mark.parametrize(
    ("message", "who"),
    [
        ("submission_received", "owner"),
        ("new_submission", "other_editor"),
    ],
)
def test_who_left_is_not_told_of_a_submission(cast: Cast, run_tasks: Run, leave: Leave, message: str, who: str) -> None:
    submit(cast.version)
    leave(getattr(cast, who))
    run_tasks()
    everybody = {
        ("submission_received", cast.owner),
        ("new_submission", cast.editor),
        ("new_submission", cast.other_editor),
    }
    assert outbox() == each(*everybody - {(message, getattr(cast, who))})


@pytest.mark.parametrize("leave", [end_role, close])
@pytest.mark.parametrize(
    ("step", "who"),
    [
        ("request_changes", "owner"),
        ("request_changes", "third"),
        ("decline", "owner"),
        ("decline", "third"),
        ("withdraw", "editor"),
        ("withdraw", "signer"),
    ],
)
def test_who_left_is_told_nothing(cast: Cast, run_tasks: Run, leave: Leave, step: str, who: str) -> None:
    version = under_review(cast, signed=1)
    version.move(step, by=cast.owner if step == "withdraw" else cast.editor, reason=REASON)
    before = waiting()
    leave(getattr(cast, who))
    run_tasks()
    assert len(mail.outbox) == before - 1
    assert getattr(cast, who).email not in {each.to[0] for each in mail.outbox}


@pytest.mark.parametrize("leave", [end_role, close])
@pytest.mark.parametrize(
    ("step", "who"),
    [
        ("approve", "owner"),
        ("approve", "signer"),
        ("approve", "other_editor"),
        ("retract", "owner"),
        ("retract", "signer"),
    ],
)
def test_who_left_is_not_told_of_what_is_public(cast: Cast, run_tasks: Run, leave: Leave, step: str, who: str) -> None:
    if step == "retract":
        approved(cast).move("retract", by=cast.editor, reason=REASON)
    else:
        sign(under_review(cast, signed=1).assignments.get(reviewer=cast.second))
    leave(getattr(cast, who))
    run_tasks()
    told = {message.to[0] for message in mail.outbox}
    assert getattr(cast, who).email not in told
    assert cast.second.email in told


def test_editor_who_has_written_since_is_not_told(cast: Cast, run_tasks: Run) -> None:
    submit(cast.version)
    cast.version.article.owner = cast.other_editor
    cast.version.article.save(update_fields=["owner"])
    run_tasks()
    assert outbox() == each(("new_submission", cast.editor))


@pytest.mark.parametrize(
    ("step", "told"),
    [("withdraw", {"withdrawn"}), ("decline", {"declined"})],
)
def test_what_the_version_has_left_behind_is_not_told(cast: Cast, run_tasks: Run, step: str, told: set[str]) -> None:
    version = submit(cast.version)
    version.move(step, by=cast.owner if step == "withdraw" else cast.editor, reason=REASON)
    run_tasks()
    assert {message for message, _ in outbox()} == told


def test_receipt_still_comes_when_the_review_has_begun(cast: Cast, run_tasks: Run) -> None:
    assign(submit(cast.version), cast.board, by=cast.editor)
    run_tasks()
    assert ("submission_received", cast.owner.email) in (sent := outbox())
    assert "new_submission" not in {message for message, _ in sent}


def test_same_message_sent_twice_has_one_id(cast: Cast, run_tasks: Run) -> None:
    submit(cast.version)
    run_tasks()
    articles_mail.send.call("submission_received", "author", cast.version.pk, cast.owner.pk)
    sent = [each.message()["Message-ID"] for each in mail.outbox if each.to == [cast.owner.email]]
    assert len(sent) == 2
    assert len(set(sent)) == 1
