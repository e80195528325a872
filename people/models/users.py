"""The user: one account, known by e-mail, with any number of roles."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from people.models.roles import Closure, Role, RoleGrant
from people.querysets import UserQuerySet
from people.rules import RuleBroken, single_line, today
from people.states import Pace

if TYPE_CHECKING:
    from people.models.board import BoardProfile, BoardTerm
    from people.models.declarations import Disclosure


class Users(UserQuerySet):
    """Users, and the making of them. A new user has no role."""

    def create_user(self, email: str, password: str | None = None, *, name: str = "", **fields: Any) -> User:
        """Make an account; without a password it can only be entered after a reset."""
        user = self.model(email=normalise_email(email), name=single_line(name), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this e-mail, however it is capitalised."""
        return self.get(email=normalise_email(username or ""))

    def with_email(self, email: str) -> User | None:
        """The user with this e-mail, however it is capitalised."""
        return self.filter(email=normalise_email(email)).first()


class User(AbstractBaseUser):
    """A person with an account. E-mails are kept in lower case and are unique whatever their case."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    mail_pace = models.CharField(max_length=16, choices=Pace.choices, default=Pace.DAILY)

    objects = Users.as_manager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("name", "email")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
            models.CheckConstraint(condition=models.Q(mail_pace__in=Pace.values), name="user_mail_pace_known"),
        )

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """What others call this person; never the e-mail address as a whole."""
        return self.name or self.email.partition("@")[0]

    def get_full_name(self) -> str:
        """The display name, for libraries that ask."""
        return self.display_name

    @property
    def itself(self) -> User:
        """The user itself: a request’s stands in for it, at a cost whenever it is asked for anything."""
        return self

    # Roles

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held now; none when the account is not active. Read once an instance."""
        if not self.is_active:
            return frozenset()
        return frozenset(Role(grant.role) for grant in self.role_grants.all() if grant.is_running)

    def has_role(self, role: str) -> bool:
        """Whether the person holds the role now. See also `UserQuerySet.with_role`."""
        return role in self.roles

    @property
    def is_author(self) -> bool:
        """Whether the person writes."""
        return self.has_role(Role.AUTHOR)

    @property
    def is_editor(self) -> bool:
        """Whether the person runs the process."""
        return self.has_role(Role.EDITOR)

    @property
    def is_reviewer(self) -> bool:
        """Whether the person reviews (a board member also needs a running term)."""
        return self.has_role(Role.REVIEWER)

    @property
    def is_administrator(self) -> bool:
        """Whether the person manages people."""
        return self.has_role(Role.ADMINISTRATOR)

    @property
    def role_labels(self) -> list[str]:
        """The names of the roles held now, in the order of `Role`."""
        return [role.label for role in Role if role in self.roles]

    def forget_roles(self) -> None:
        """Read the roles again when next asked."""
        self.__dict__.pop("roles", None)

    def refresh_from_db(self, *args: Any, **options: Any) -> None:
        """Also forget the roles."""
        super().refresh_from_db(*args, **options)
        self.forget_roles()

    @transaction.atomic
    def grant(self, role: str, *, by: User | None) -> RoleGrant:
        """Give a role; the running grant is returned if there is one. `by` is None for the system itself.

        Raises:
            RuleBroken: the account is closed.
        """
        locked = User.objects.select_for_update().get(pk=self.pk)
        if not locked.is_active:
            raise RuleBroken("This account is closed. Open it again before giving it a role.")
        grant, _ = RoleGrant.objects.running().get_or_create(
            user=self, role=Role(role), defaults={"granted_by": by, "granted_at": timezone.now()}
        )
        self.forget_roles()
        return grant

    @transaction.atomic
    def end_role(self, role: str, *, by: User | None) -> None:
        """End a role; nothing happens when it is not held. The row stays as history.

        Raises:
            RuleBroken: this is the last administrator.
        """
        self.role_grants.filter(role=role).end(by=by)
        self.forget_roles()

    @transaction.atomic
    def deactivate(self, *, by: User) -> None:
        """Close the account: every role ends, and open sessions end with the next request.

        Raises:
            RuleBroken: this is the last administrator, or the account is closed already.
        """
        if not User.objects.select_for_update().get(pk=self.pk).is_active:
            raise RuleBroken("This account is closed already.")
        self.role_grants.end(by=by)
        Closure.objects.create(user=self, closed_by=by)
        self._set_active(False)

    @transaction.atomic
    def activate(self, *, by: User) -> None:
        """Open a closed account again, without any role: each one is given anew, by name.

        Raises:
            RuleBroken: the account is open.
        """
        if User.objects.select_for_update().get(pk=self.pk).is_active:
            raise RuleBroken("This account is open already.")
        self.closures.filter(reopened_at=None).update(reopened_at=timezone.now(), reopened_by=by)
        self._set_active(True)

    def _set_active(self, is_active: bool) -> None:
        self.is_active = is_active
        self.save(update_fields=["is_active"])
        self.forget_roles()

    # Board and declarations

    @property
    def board_term_now(self) -> BoardTerm | None:
        """The term on the board that runs today."""
        profile: BoardProfile | None = getattr(self, "board_profile", None)
        return profile.term_on(today()) if profile else None

    def current_disclosure(self, on: date | None = None) -> Disclosure | None:
        """The newest disclosure that is valid on the day (today by default)."""
        day = on or today()
        valid = [disclosure for disclosure in self.disclosures.all() if disclosure.is_current_on(day)]
        return max(valid, key=lambda disclosure: disclosure.declared_at, default=None)


def normalise_email(email: str) -> str:
    """The one spelling under which an e-mail address is kept."""
    return email.strip().lower()
