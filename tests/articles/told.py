"""A version on its way, and everybody who may hear of it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

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
    sign,
    submit,
)
from tests.post import forget

REASON = "The red flags are incomplete."
STEPS = ["submit", "request_changes", "approve", "decline", "withdraw", "retract"]


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


def make_cast() -> Cast:
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
