"""Sets of people and of what belongs to them, chained like a sentence."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

if TYPE_CHECKING:
    from people.models import BoardProfile, BoardTerm, Conflict, Disclosure, Invitation, RoleGrant, User  # noqa: F401


class UserQuerySet(models.QuerySet["User"]):
    """People who have an account."""

    def active(self) -> Self:
        """Those who may sign in."""
        return self.filter(is_active=True)

    def with_role(self, role: str) -> Self:
        """Active people who hold the role now. See also `User.has_role`."""
        return self.active().filter(self._holds(role))

    def with_any_role(self) -> Self:
        """Active people who hold at least one role now."""
        from people.models import RoleGrant

        return self.active().filter(Exists(RoleGrant.objects.running().filter(user=OuterRef("pk"))))

    def board_members_on(self, day: date) -> Self:
        """Active reviewers whose board term runs on the day. See also `User.is_board_member_on`."""
        from people.models import BoardTerm, Role

        running = BoardTerm.objects.running_on(day).filter(profile__user=OuterRef("pk"))
        return self.with_role(Role.REVIEWER).filter(Exists(running))

    def with_current_disclosure_on(self, day: date) -> Self:
        """Those whose disclosure is valid on the day. See also `User.current_disclosure`."""
        from people.models import Disclosure

        return self.filter(Exists(Disclosure.objects.current_on(day).filter(user=OuterRef("pk"))))

    def without_conflict_with(self, person: "User") -> Self:
        """Leaves out the person, whoever declared a conflict with them, and whomever they declared one with."""
        from people.models import Conflict

        standing = Conflict.objects.standing()
        declared = standing.filter(user=OuterRef("pk"), person=person)
        received = standing.filter(user=person, person=OuterRef("pk"))
        return self.exclude(pk=person.pk).exclude(Exists(declared) | Exists(received))

    def matching(self, words: str) -> Self:
        """Those with every word in their name, e-mail or institution."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(name__icontains=word)
                | Q(email__icontains=word)
                | Q(board_profile__institution__icontains=word)
                | Q(board_profile__credentials__icontains=word)
            )
        return found

    def with_standing(self) -> Self:
        """With roles, board terms and disclosures at hand: four queries, however many people."""
        return self.select_related("board_profile").prefetch_related(
            "role_grants", "board_profile__terms", "disclosures"
        )

    @staticmethod
    def _holds(role: str) -> Exists:
        from people.models import RoleGrant

        return Exists(RoleGrant.objects.running().filter(user=OuterRef("pk"), role=role))


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Roles given, running and ended."""

    def running(self) -> Self:
        """Those not ended. See also `RoleGrant.is_running`."""
        return self.filter(ended_at=None)


class BoardProfileQuerySet(models.QuerySet["BoardProfile"]):
    """Public profiles."""

    def listed(self) -> Self:
        """Those of everybody who has been on the board, past members included."""
        return self.filter(terms__isnull=False).distinct()


class BoardTermQuerySet(models.QuerySet["BoardTerm"]):
    """Terms on the Medical Advisory Board."""

    def running_on(self, day: date) -> Self:
        """Terms that the day lies in, both ends included. See also `BoardTerm.is_running_on`."""
        return self.filter(Q(ended_early_on=None) | Q(ended_early_on__gt=day), starts_on__lte=day, ends_on__gte=day)


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    """Declarations of interests, newest first by default."""

    def current_on(self, day: date) -> Self:
        """Those valid on the day: declared by then and not older than twelve months. See also `is_current_on`."""
        return self.filter(declared_at__lt=_end_of(day), valid_until__gte=day)


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Conflicts declared with persons."""

    def standing(self) -> Self:
        """Those not withdrawn. See also `Conflict.is_standing`."""
        return self.filter(withdrawn_at=None)

    def between(self, users: "Iterable[User]", person: "User") -> Self:
        """Standing conflicts of any of the users with the person, whichever side declared."""
        people = list(users)
        return self.standing().filter(Q(user__in=people, person=person) | Q(user=person, person__in=people))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations sent by mail."""

    def pending(self) -> Self:
        """Neither accepted nor cancelled; perhaps expired."""
        return self.filter(accepted_at=None, cancelled_at=None)

    def open(self) -> Self:
        """Those that can be accepted now. See also `Invitation.is_open`."""
        return self.pending().filter(expires_at__gt=timezone.now())


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC)
