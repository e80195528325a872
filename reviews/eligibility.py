"""Who may review what, and who may run its review: the SQL functions that every rule asks, and what checks by them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Func, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from articles.models import Version
from ledger.models import Event
from people.models import BoardProfile, Role, User
from reviews.states import AssignmentState, Ineligible


class ReviewIneligibility(Func):
    """The SQL function that every rule about reviewers asks: why not, or NULL."""

    function = "review_ineligibility"
    arity = 2
    output_field: ClassVar[models.Field[Any, Any]] = models.CharField()


class MayHandle(Func):
    """The SQL twin of `people.permissions.may_handle`."""

    function = "may_handle"
    arity = 2
    output_field: ClassVar[models.Field[Any, Any]] = models.BooleanField()


def handled_by(user: User, versions: Any) -> Any:
    """Those of these versions that this editor may handle. See also `people.permissions.may_handle`."""
    return versions.alias(may=MayHandle(Value(user.pk), "pk")).filter(may=True)


class ReviewExclusions:
    """The same for many versions at once, by the SQL function `review_exclusions`."""

    @staticmethod
    def of(versions: list[int]) -> dict[tuple[int | None, int], str]:
        """Why not, by version and reviewer; by None and reviewer for who may review none of them."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT version, reviewer, why_not FROM review_exclusions(%s)", [versions])
            return {(version, reviewer): why_not for version, reviewer, why_not in cursor.fetchall()}


def candidates(version: Version) -> Any:
    """Everybody with the reviewer's role, with `why_not` (a value of `Ineligible`, None for eligible) and
    `open_reviews`; the eligible first, those with the least to do on top. Asked already are left out.
    """
    from reviews.models import Assignment

    load = (
        Assignment.objects.outstanding()
        .filter(reviewer=OuterRef("pk"))
        .order_by()
        .values("reviewer")
        .annotate(n=models.Count("pk"))
        .values("n")
    )
    return (
        User.objects.with_role(Role.REVIEWER)
        .exclude(pk__in=version.assignments.of_this_round().exclude(state=AssignmentState.CANCELLED).values("reviewer"))
        .select_related("board_profile")
        .annotate(
            why_not=ReviewIneligibility(F("pk"), Value(version.pk)),
            open_reviews=Coalesce(Subquery(load, output_field=IntegerField()), 0),
        )
        .order_by(F("why_not").asc(nulls_first=True), "open_reviews", "name", "pk")
    )


def check_eligible(version: Version, reviewers: list[User]) -> None:
    if not reviewers:
        raise ValidationError("Choose at least one reviewer.")
    may = {user.pk: user.why_not for user in candidates(version)}
    for reviewer in reviewers:
        if reviewer.pk not in may:
            raise ValidationError(f"{reviewer.display_name} has been asked already or is no reviewer.")
        if why_not := may[reviewer.pk]:
            raise ValidationError(f"{reviewer.display_name} cannot review this: {Ineligible(why_not).label.lower()}.")


def check_institutions(version: Version, reviewers: list[User], despite: str) -> list[User]:
    """Those at the author's institution; for them a reason is needed."""
    from reviews.candidates import at_the_authors

    profiles = {profile.user_id: profile for profile in BoardProfile.objects.filter(user__in=reviewers)}
    found = [user for user in reviewers if at_the_authors(version, profiles.get(user.pk))]
    if found and not despite.strip():
        raise ValidationError(f"Say why you ask {found[0].display_name}, who is at the author’s institution.")
    return found


def tell_despite(version: Version, users: list[User], reason: str, *, by: User, **round_: Any) -> None:
    """Write down why these are asked although they are at the author's institution."""
    for user in users:
        said = {"reviewer": user.display_name, "reason": reason.strip(), **round_}
        Event.objects.append("asked_despite", by=by, **version.reference, **said)
