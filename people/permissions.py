"""Who may do what: every permission of the portal, as plain predicates.

Pages, buttons, mail and the workflow ask these functions and nothing else. They see people and objects only through
the small protocols below, so that this room needs none of the rooms above it. They take somebody who is signed in:
`people.policy` turns everybody else away first.
"""

from typing import Any, Protocol, TypeGuard

from django.contrib.auth.models import AnonymousUser

from people.models import Role, User


class Person(Protocol):
    """Somebody who is signed in."""

    @property
    def pk(self) -> Any: ...

    def has_role(self, role: str) -> bool: ...


def is_signed_in(user: User | AnonymousUser) -> TypeGuard[User]:
    """Whether this is an active account."""
    return isinstance(user, User) and user.is_active


# The desk


def may_enter_desk(user: Person) -> bool:
    """Anyone with a role."""
    return any(user.has_role(role) for role in Role)


def may_create_article(user: Person) -> bool:
    """Authors and editors."""
    return user.has_role(Role.AUTHOR) or user.has_role(Role.EDITOR)


def may_read_ledger(user: Person) -> bool:
    """Editors and administrators."""
    return user.has_role(Role.EDITOR) or user.has_role(Role.ADMINISTRATOR)


def may_read_reports(user: Person) -> bool:
    """Editors and administrators. What they must not know of an article is left out of every figure."""
    return user.has_role(Role.EDITOR) or user.has_role(Role.ADMINISTRATOR)


# People


def may_set_limit(user: Person) -> bool:
    """Reviewers say how many reviews a month they take on."""
    return user.has_role(Role.REVIEWER)


def may_see_people(user: Person) -> bool:
    """Editors choose among people, administrators manage them."""
    return user.has_role(Role.EDITOR) or user.has_role(Role.ADMINISTRATOR)


def may_manage_people(user: Person) -> bool:
    """Administrators invite, give and end roles and terms, close accounts."""
    return user.has_role(Role.ADMINISTRATOR)


# The outbox


class AMessage(Protocol):
    """A message, as far as permissions go."""

    @property
    def person_id(self) -> Any: ...


def may_see_outbox(user: Person) -> bool:
    """Editors and administrators."""
    return user.has_role(Role.EDITOR) or user.has_role(Role.ADMINISTRATOR)


def may_read_message(user: Person, message: AMessage, *, is_private: bool, handles: bool) -> bool:
    """What it says: who gets it; editors, if they `handle` every version that it speaks of. Nobody reads a private
    one, which opens an account.
    """
    if is_private:
        return False
    return message.person_id == user.pk or (user.has_role(Role.EDITOR) and handles)


def may_steer_message(user: Person, *, is_private: bool, handles: bool) -> bool:
    """Hold it, release it, send it again: administrators; and editors, what they may read."""
    if user.has_role(Role.ADMINISTRATOR):
        return True
    return user.has_role(Role.EDITOR) and handles and not is_private


# Articles and their versions


class AnArticle(Protocol):
    """An article, as far as permissions go."""

    @property
    def owner_id(self) -> Any: ...


class AVersion(Protocol):
    """A version, as far as permissions go."""

    @property
    def article(self) -> AnArticle: ...

    def is_written_by(self, user: Any) -> bool: ...

    def is_asked(self, user: Any) -> bool: ...

    def awaits(self, user: Any) -> bool: ...


def writes(user: Person) -> bool:
    """Authors; and editors, who may write too."""
    return may_create_article(user)


def owns(user: Person, version: AVersion) -> bool:
    """Whether the article is this person's to submit, answer for and withdraw."""
    return version.article.owner_id == user.pk and writes(user)


def may_read_version(user: Person, version: AVersion) -> bool:
    """Editors, who wrote it, who was asked to review it. See also `VersionQuerySet.visible_to`."""
    if user.has_role(Role.EDITOR) or (writes(user) and version.is_written_by(user)):
        return True
    return user.has_role(Role.REVIEWER) and version.is_asked(user)


def may_edit(user: Person, version: AVersion) -> bool:
    """The owner of the article, and editors. Whoever writes becomes a contributor and cannot review it."""
    return owns(user, version) or user.has_role(Role.EDITOR)


def may_start_draft(user: Person, article: AnArticle) -> bool:
    """The owner of the article, and editors."""
    return (article.owner_id == user.pk and writes(user)) or user.has_role(Role.EDITOR)


may_classify = may_start_draft


def may_sort_articles(user: Person) -> bool:
    """Editors label articles and note their traffic."""
    return user.has_role(Role.EDITOR)


def may_take_in(user: Person) -> bool:
    """Editors take in articles for their authors, many at once."""
    return user.has_role(Role.EDITOR)


def may_prioritise(user: Person, article: AnArticle) -> bool:
    """Editors, but nobody puts an article of their own before others."""
    return user.has_role(Role.EDITOR) and article.owner_id != user.pk


def may_submit(user: Person, version: AVersion) -> bool:
    """The owner, who answers for the text."""
    return owns(user, version)


def may_withdraw(user: Person, version: AVersion) -> bool:
    """The owner."""
    return owns(user, version)


def may_handle(user: Person, version: AVersion) -> bool:
    """Editors, but never for a text that they wrote, nor while they are to review it themselves."""
    return user.has_role(Role.EDITOR) and not version.is_written_by(user) and not version.awaits(user)


may_assign = may_send_back = may_decline = may_retract = may_post_notice = may_handle


# Letters from readers


class ALetter(Protocol):
    """A reader's letter, as far as permissions go."""

    @property
    def article(self) -> AnArticle: ...


def may_read_letters(user: Person) -> bool:
    """Editors."""
    return user.has_role(Role.EDITOR)


def may_handle_letter(user: Person, letter: ALetter) -> bool:
    """Editors, but nobody decides on what readers say of an article of their own."""
    return user.has_role(Role.EDITOR) and letter.article.owner_id != user.pk


# Reviews


def may_plan(user: Person) -> bool:
    """Editors plan reviewers for many articles, each of which they may handle."""
    return user.has_role(Role.EDITOR)


class AnAssignment(Protocol):
    """An assignment, as far as permissions go."""

    @property
    def reviewer_id(self) -> Any: ...


class AFinding(Protocol):
    """A finding, as far as permissions go."""

    @property
    def reviewer_id(self) -> Any: ...

    @property
    def version(self) -> AVersion: ...


def may_review(user: Person, assignment: AnAssignment) -> bool:
    """Who was asked, as long as they are a reviewer."""
    return assignment.reviewer_id == user.pk and user.has_role(Role.REVIEWER)


def may_answer_findings(user: Person, version: AVersion) -> bool:
    """The owner of the article."""
    return owns(user, version)


def may_close_finding(user: Person, finding: AFinding) -> bool:
    """Who made it, while a reviewer; or an editor, who gives a reason."""
    if finding.reviewer_id == user.pk and user.has_role(Role.REVIEWER):
        return True
    return may_handle(user, finding.version)


def may_keep_checklist(user: Person) -> bool:
    """Editors and administrators decide what every reviewer is asked."""
    return user.has_role(Role.EDITOR) or user.has_role(Role.ADMINISTRATOR)


def may_read_confidential_notes(user: Person, *versions: AVersion) -> bool:
    """Who handles the version that was signed and the newest of the article: neither its authors nor its reviewers."""
    return all(may_handle(user, version) for version in versions)


# The public site


def may_keep_site(user: Person) -> bool:
    """Editors and administrators write the policies, and keep the words that the search takes for the same."""
    return user.has_role(Role.EDITOR) or user.has_role(Role.ADMINISTRATOR)
