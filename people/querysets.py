"""Sets of people and of what belongs to them, chained like a sentence."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from people.rules import today

if TYPE_CHECKING:
    from people.models import Conflict, Invitation, RoleGrant, User  # noqa: F401


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
        """With roles, board terms, disclosures and today's absence at hand: five queries, however many people."""
        from people.models import Absence

        away = models.Prefetch("absences", Absence.objects.on(today()), to_attr="absences_now")
        return self.select_related("board_profile").prefetch_related(
            "role_grants", "board_profile__terms", "disclosures", away
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


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Conflicts declared with persons."""

    def standing(self) -> Self:
        """Those not withdrawn. See also `Conflict.is_standing`."""
        return self.filter(withdrawn_at=None)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations sent by mail."""

    def pending(self) -> Self:
        """Neither accepted nor cancelled; perhaps expired."""
        return self.filter(accepted_at=None, cancelled_at=None)

    def open(self) -> Self:
        """Those that can be accepted now. See also `Invitation.is_open`."""
        return self.pending().filter(expires_at__gt=timezone.now())
