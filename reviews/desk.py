"""The queue: the versions that somebody reads, with what must be known of each, and how many stand in each view."""

from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from articles.models import Version
from articles.states import VersionState
from people.models import User
from reviews.desk_views import UNDER_REVIEW, DeskView
from reviews.models import Assignment, Decision
from reviews.states import OUTSTANDING, AssignmentState, Verdict

S = VersionState
#: What is due first on top; then what changed last.
ORDER = (F("due").asc(nulls_last=True), "-updated_at", "-pk")


class OpenMustFix(Func):
    """The SQL function that counts the must-fix findings nobody has closed."""

    function = "open_must_fix"
    arity = 1
    output_field = IntegerField()


def rows(user: User) -> QuerySet[Version, Any]:
    """The versions that this person may read, with what the queue asks of each.

    `wrote`; `is_latest`; `my_state` and `my_assignment`, of the person's own assignment; `is_stuck` (see also
    `reviews.rounds.resolve`); `must_fix`, open must-fix findings while it is under review; `due`, of the person's own
    assignment while that is outstanding, else the version's (a draft that answers a review: when that review said).
    """
    mine = Assignment.objects.filter(version=OuterRef("pk"), reviewer=user)
    later = Version.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    hand = Version.contributors.through._default_manager.filter(version=OuterRef("pk"), user=user)
    return (
        Version.objects.visible_to(user)
        .with_people()
        .defer("content", "source", "doubts", "author_statement")
        .annotate(
            wrote=Case(When(Exists(hand) | Q(article__owner=user), then=True), default=False),
            is_latest=~Exists(later),
            my_state=Subquery(mine.values("state")[:1]),
            my_assignment=Subquery(mine.values("pk")[:1]),
            my_due=Subquery(mine.values(due=_assignment_due())[:1]),
        )
        .annotate(is_stuck=_is_stuck(), due=_due(), must_fix=_must_fix())
    )


def counts(user: User, views: list[DeskView]) -> dict[str, int]:
    """How many versions stand in each of the views: one query."""
    found = {view.key.replace("-", "_"): Count("pk", filter=view.holds) for view in views}
    totals = rows(user).order_by().aggregate(**found)
    return {view.key: totals[view.key.replace("-", "_")] for view in views}


def with_reviews(found: QuerySet[Version, Any]) -> QuerySet[Version, Any]:
    """The same with assignments and decisions at hand: three queries, however many versions."""
    assignments = Assignment.objects.select_related("reviewer")
    return found.prefetch_related(
        Prefetch("assignments", assignments), Prefetch("decisions", Decision.objects.with_eligibility())
    )


def titled(found: QuerySet[Version, Any], words: str) -> QuerySet[Version, Any]:
    """Those that have all the words in their title."""
    for word in words.split()[:8]:
        found = found.filter(title__icontains=word)
    return found


def _assignment_due() -> Case:
    return Case(When(state=AssignmentState.INVITED, then=F("answer_due_on")), default=F("review_due_on"))


def _due() -> Coalesce:
    of_reviewer = Case(When(UNDER_REVIEW & Q(my_state__in=OUTSTANDING), then=F("my_due")), output_field=DateField())
    of_revision = Case(
        When(state=S.DRAFT, based_on__state=S.CHANGES_REQUESTED, then=F("based_on__due_on")), output_field=DateField()
    )
    return Coalesce(of_reviewer, "due_on", of_revision)


def _is_stuck() -> Case:
    """What `reviews.rounds.resolve` calls stuck, in the database; a test holds the two together. To who has yet to
    sign it is not, since that would tell how the others have answered.
    """
    decisions = Decision.objects.filter(version=OuterRef("pk"), content_sha256=OuterRef("content_sha256"))
    against = Exists(decisions.filter(verdict=Verdict.REQUEST_CHANGES))
    asked = Assignment.objects.filter(version=OuterRef("pk"), state__in=OUTSTANDING)
    approvals = decisions.approvals().with_eligibility().filter(why_not=None)  # type: ignore[misc]
    lacking = F("approvals_required") - _count(approvals)
    too_few = Q(GreaterThan(lacking, _count(asked)))
    must_be_closed = Q(LessThanOrEqual(lacking, 0)) & Q(GreaterThan(_must_fix(), 0))
    return Case(
        When(my_state__in=OUTSTANDING, then=False),
        When(UNDER_REVIEW & ~Q(against) & (too_few | must_be_closed), then=True),
        default=False,
    )


def _count(found: QuerySet[Any, Any]) -> Coalesce:
    number = found.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def _must_fix() -> Case:
    return Case(When(UNDER_REVIEW, then=OpenMustFix(F("pk"))), default=0)
