"""The state machine as a table: state × transition × role, and what each step needs and sets."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from articles.models import Article, EditConflict, IllegalMove, Version
from articles.states import VersionState
from content import canonical
from ledger.models import Event
from people.models import Disclosure, Role, User
from tests.factories import (
    approve,
    assign,
    author,
    board_member,
    editor,
    make_content,
    make_person,
    make_version,
    reread,
    revise,
    sign,
    submit,
)

S = VersionState

type InState = Callable[[str], Version]

#: What each step is given; `start_review` and the round's own steps take nothing.
DETAILS: dict[str, dict[str, Any]] = {
    "submit": {"change_note": "New.", "origin": "human"},
    "start_review": {},
    "request_changes": {"reason": "A source is missing."},
    "approve": {},
    "supersede": {},
    "decline": {"reason": "Out of scope."},
    "withdraw": {"reason": "Not ready."},
    "retract": {"reason": "A red flag was wrong."},
}

#: From where a step leads, and which roles may take it by hand. Nobody approves or supersedes by hand.
TABLE: dict[str, tuple[set[str], set[str]]] = {
    "submit": ({S.DRAFT}, {"owner"}),
    "start_review": ({S.SUBMITTED}, {"editor"}),
    "request_changes": ({S.UNDER_REVIEW}, {"editor"}),
    "approve": ({S.UNDER_REVIEW}, set()),
    "supersede": ({S.APPROVED}, set()),
    "decline": ({S.SUBMITTED, S.UNDER_REVIEW}, {"editor"}),
    "withdraw": ({S.SUBMITTED, S.UNDER_REVIEW}, {"owner"}),
    "retract": ({S.APPROVED}, {"editor"}),
}
TARGET = {
    "submit": S.SUBMITTED,
    "start_review": S.UNDER_REVIEW,
    "request_changes": S.CHANGES_REQUESTED,
    "decline": S.DECLINED,
    "withdraw": S.WITHDRAWN,
    "retract": S.RETRACTED,
}
EVENT = {
    "submit": "submitted",
    "start_review": "review_started",
    "request_changes": "changes_requested",
    "decline": "declined",
    "withdraw": "withdrawn",
    "retract": "retracted",
}
WHO = (
    "owner",
    "editor",
    "editor who wrote it",
    "reviewer asked",
    "other reviewer",
    "other author",
    "administrator",
    "nobody",
)


def cast(version: Version) -> dict[str, User]:
    """One person of each kind towards this version."""
    asked = version.assignments.first()
    return {
        "owner": version.article.owner,
        "editor": editor(),
        "editor who wrote it": _also_editor(version.article.owner),
        "reviewer asked": asked.reviewer if asked else board_member(),
        "other reviewer": board_member(),
        "other author": author(),
        "administrator": make_person(roles=[Role.ADMINISTRATOR]),
        "nobody": make_person(),
    }


def available(version: Version, user: User) -> list[Any]:
    """Every step that the machine would let this person take, offered as a button or not."""
    return list(version.get_available_user_state_transitions(user))  # type: ignore[attr-defined]


def _also_editor(owner: User) -> User:
    other = User.objects.get(pk=owner.pk)
    other.grant(Role.EDITOR, by=None)
    return other


@pytest.mark.parametrize("state", S.values)
def test_state_by_transition_by_role(in_state: InState, state: str) -> None:
    version = in_state(state)
    before = Event.objects.count()
    people = cast(version)
    for who in WHO:
        offered = {step.name for step in available(version, people[who])}
        for name, (sources, roles) in TABLE.items():
            may = state in sources and (who in roles or (who == "editor who wrote it" and "owner" in roles))
            assert (name in offered) is may, (name, who)
            if not may:
                with pytest.raises((IllegalMove, PermissionDenied)):
                    version.move(name, by=people[who], **DETAILS[name])
    assert reread(version).state == state
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("state", "name", "who"),
    [(s, name, who) for name, (sources, roles) in TABLE.items() for s in sorted(sources) for who in sorted(roles)],
)
def test_step_is_taken_and_told_in_one(in_state: InState, state: str, name: str, who: str) -> None:
    version = in_state(state)
    moved = version.move(name, by=cast(version)[who], **DETAILS[name])
    assert reread(moved).state == TARGET[name]
    last = Event.objects.about_version(version.pk).last()
    assert last is not None
    assert (last.actor, last.content_sha256) == (
        cast(version)[who] if who == "owner" else last.actor,
        moved.content_sha256,
    )


@pytest.mark.parametrize("name", ["submit", "decline", "withdraw", "retract", "start_review"])
def test_the_round_itself_takes_only_its_own_steps(in_state: InState, name: str) -> None:
    version = in_state(min(TABLE[name][0]))
    with pytest.raises((PermissionDenied, AttributeError)):
        version.move(name, by=None, **DETAILS[name])


@pytest.mark.parametrize("name", ["decline", "withdraw", "request_changes", "retract"])
def test_ending_needs_a_reason(in_state: InState, name: str) -> None:
    version = in_state(S.APPROVED if name == "retract" else S.UNDER_REVIEW)
    by = version.article.owner if name == "withdraw" else editor()
    with pytest.raises(ValidationError, match="Give a reason"):
        version.move(name, by=by, reason=" \u200b\x0b ")


def test_what_the_public_reads_of_a_step_has_nothing_invisible_or_deceiving(in_state: InState) -> None:
    draft = in_state(S.DRAFT)
    submitted = draft.move(
        "submit",
        by=draft.article.owner,
        change_note="New\u202e words.\x08\r\n",
        origin="ai_assisted",
        ai_tool="Tool\x0b\u200b 1",
    )
    assert (submitted.change_note, submitted.ai_tool) == ("New words.", "Tool 1")
    retracted = in_state(S.APPROVED).move("retract", by=editor(), reason="Wrong\u202e dose.\x0b")
    assert retracted.state_reason == "Wrong dose."


def test_unknown_step_is_refused(in_state: InState) -> None:
    with pytest.raises(IllegalMove):
        in_state(S.DRAFT).move("publish", by=editor())


def test_state_cannot_be_assigned(in_state: InState) -> None:
    version = in_state(S.DRAFT)
    with pytest.raises(AttributeError):
        version.state = S.APPROVED


# Submission


def test_submit_freezes_the_text_under_its_hash(in_state: InState) -> None:
    version = submit(in_state(S.DRAFT))
    assert version.content_sha256 == canonical.sha256(version.content)
    assert version.author_statement["interests"] == "None declared"
    with pytest.raises(IllegalMove):
        version.save_draft(make_content("Other"), by=version.article.owner, based_on=version.revision)


def test_submit_names_everything_that_is_missing(db: None) -> None:
    draft = make_version(S.DRAFT, content=make_content(diagnoses=[]))
    with pytest.raises(ValidationError) as error:
        draft.move("submit", by=draft.article.owner, change_note="", origin="ai_drafted")
    assert error.value.messages == [
        "Exactly one diagnosis is the most likely; this article has 0.",
        "Name a diagnosis not to be missed, or say why there is none.",
        "Name the AI tool that was used.",
    ]
    assert reread(draft).state == S.DRAFT


def test_submit_refuses_a_code_that_does_not_exist(db: None) -> None:
    content = make_content()
    content = make_content(
        diagnoses=[content.diagnoses[0].model_copy(update={"codes": ("Q99.99",)}), *content.diagnoses[1:]]
    )
    draft = make_version(S.DRAFT, content=content)
    with pytest.raises(ValidationError, match=r"Q99\.99 is not in the stored release"):
        submit(draft)


def test_submit_needs_a_current_disclosure(db: None) -> None:
    draft = make_version(S.DRAFT, author=make_person(roles=[Role.AUTHOR]))
    assert not Disclosure.objects.filter(user=draft.author).exists()
    with pytest.raises(ValidationError, match="disclosure of interests is missing"):
        submit(draft)


def test_second_version_needs_a_note_on_what_changed(in_state: InState) -> None:
    draft = revise(in_state(S.APPROVED))
    with pytest.raises(ValidationError, match="Say what changed"):
        submit(draft, change_note="")


# Drafts


def test_later_save_of_a_draft_sees_both_texts(in_state: InState) -> None:
    draft = in_state(S.DRAFT)
    owner, opened_with = draft.article.owner, draft.revision
    saved = draft.save_draft(make_content("First"), by=owner, based_on=opened_with)
    with pytest.raises(EditConflict) as conflict:
        draft.save_draft(make_content("Second"), by=editor(), based_on=opened_with)
    assert conflict.value.theirs.document.title == "First"
    again = draft.save_draft(make_content("Second"), by=owner, based_on=saved.revision)
    assert (again.title, again.revision) == ("Second", opened_with + 2)


def test_saving_the_same_text_twice_changes_nothing(in_state: InState) -> None:
    draft = in_state(S.DRAFT)
    same = draft.save_draft(draft.document, by=draft.article.owner, based_on=draft.revision)
    assert same.revision == draft.revision


def test_address_follows_the_title_until_the_first_submission(db: None) -> None:
    first = make_version(S.DRAFT, content=make_content("Itching"))
    second = make_version(S.DRAFT, content=make_content("Itching"))
    assert (first.article.slug, second.article.slug) == ("itching", "itching-2")
    renamed = second.save_draft(make_content("Itching at night"), by=second.article.owner, based_on=1)
    assert renamed.article.slug == "itching-at-night"
    revised = revise(make_version(S.APPROVED, content=make_content("Cough")), make_content("Dry cough"))
    assert Article.objects.get(pk=revised.article_id).slug == "cough"


def test_everybody_who_writes_becomes_a_contributor_for_good(in_state: InState) -> None:
    draft = in_state(S.DRAFT)
    helper = editor()
    draft.save_draft(make_content("Other"), by=helper, based_on=draft.revision)
    approved = approve(_reviewed(draft))
    assert set(revise(approved).contributors.all()) == {draft.article.owner, helper}


def _reviewed(draft: Version) -> Version:
    version = submit(reread(draft))
    assign(version)
    return version


@pytest.mark.parametrize("state", [S.DRAFT, S.SUBMITTED, S.UNDER_REVIEW])
def test_one_open_version_at_a_time(in_state: InState, state: str) -> None:
    version = in_state(state)
    with pytest.raises(IllegalMove, match="still open"):
        version.article.start_draft(by=version.article.owner)


@pytest.mark.parametrize("state", [S.CHANGES_REQUESTED, S.APPROVED, S.DECLINED, S.WITHDRAWN, S.RETRACTED])
def test_next_draft_begins_with_the_last_text(in_state: InState, state: str) -> None:
    version = in_state(state)
    draft = version.article.start_draft(by=version.article.owner)
    assert (draft.number, draft.content, draft.based_on_id) == (2, version.content, version.pk)


def test_next_draft_of_an_ai_draft_says_so_too(in_state: InState) -> None:
    first = submit(in_state(S.DRAFT), origin="ai_drafted")
    first.move("withdraw", by=first.article.owner, reason="Later.")
    draft = first.article.start_draft(by=first.article.owner)
    assert (draft.origin, draft.ai_tool) == ("ai_drafted", first.ai_tool)


def test_discarding_a_draft_leaves_an_event(in_state: InState) -> None:
    draft = in_state(S.DRAFT)
    with pytest.raises(PermissionDenied):
        draft.discard(by=author())
    draft.discard(by=draft.article.owner)
    assert not Article.objects.filter(pk=draft.article_id).exists()
    assert Event.objects.about_version(draft.pk).last().kind == "draft_discarded"  # type: ignore[union-attr]


def test_discarding_a_revision_keeps_the_article(in_state: InState) -> None:
    approved = in_state(S.APPROVED)
    revise(approved).discard(by=approved.article.owner)
    assert reread(approved).is_public


# A newer version


def test_promise_6_approval_of_a_newer_version_supersedes_the_older(in_state: InState) -> None:
    first = in_state(S.APPROVED)
    second = _reviewed(revise(first, make_content("Second text")))
    assert reread(first).state == S.APPROVED
    for assignment in second.assignments.all():
        sign(assignment)
    assert (reread(first).state, reread(second).state) == (S.SUPERSEDED, S.APPROVED)
