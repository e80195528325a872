"""What one reviewer was asked and did: the page for themselves, and the certificate for others.

A title is named to whom it is known: on the page when they may read the version, on a certificate when it is public.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from articles.models import Version
from content.pdf import typeset
from people.models import User
from people.rules import today
from publications.board.certificates import Certificate
from reviews.models import Assignment, Decision
from reviews.states import OUTSTANDING, AssignmentState

PAGE_SIZE = 50
TEMPLATE = Path(settings.BASE_DIR) / "templates" / "pdf" / "certificate.typ"


class Line(NamedTuple):
    """One review that somebody was asked for. `url` and `became` are "" when they may not know."""

    assignment: Assignment
    title: str
    url: str
    became: str
    decision: Decision | None
    days: int | None

    @property
    def round_word(self) -> str:
        return "Re-review" if self.assignment.rereview_id else "Review"


class Sum(NamedTuple):
    """What a year comes to; `days` is the median from the question to the signature."""

    asked: int
    signed: int
    declined: int
    days: int | None


class Record:
    """The reviews that this person was asked for, the latest first; of one year, or of all."""

    def __init__(self, user: User, *, year: int | None = None, before: int | None = None) -> None:
        self.user, self.year, self.before = user, year, before

    @cached_property
    def years(self) -> list[int]:
        """The years in which they were asked, the latest first."""
        found = Assignment.objects.filter(reviewer=self.user).dates("invited_at", "year", order="DESC")
        return [day.year for day in found]

    @cached_property
    def sum(self) -> Sum:
        found = list(self._asked.values_list("state", "invited_at", "answered_at"))
        days = sorted((at - asked).days for state, asked, at in found if state == AssignmentState.SIGNED and at)
        states = [state for state, _, _ in found]
        return Sum(
            asked=len(states),
            signed=states.count(AssignmentState.SIGNED),
            declined=states.count(AssignmentState.DECLINED),
            days=days[len(days) // 2] if days else None,
        )

    @cached_property
    def lines(self) -> list[Line]:
        found = self._found[:PAGE_SIZE]
        versions = [assignment.version_id for assignment in found]
        readable = set(Version.objects.readable_by(self.user, among=versions).values_list("pk", flat=True))
        signed = {d.assignment_id: d for d in Decision.objects.filter(assignment__in=found)}
        return [self._line(a, signed.get(a.pk), knows=a.version_id in readable or a.version.was_public) for a in found]

    @property
    def next_before(self) -> int | None:
        """Where the next page begins; None on the last."""
        return self._found[PAGE_SIZE - 1].pk if len(self._found) > PAGE_SIZE else None

    @property
    def _asked(self) -> QuerySet[Assignment]:
        found = Assignment.objects.filter(reviewer=self.user)
        return found.filter(invited_at__year=self.year) if self.year else found

    @cached_property
    def _found(self) -> list[Assignment]:
        found = self._asked.filter(pk__lt=self.before) if self.before else self._asked
        known = found.select_related("version__article", "rereview").defer("version__content", "version__source")
        return list(known.order_by("-pk")[: PAGE_SIZE + 1])

    def _line(self, assignment: Assignment, decision: Decision | None, *, knows: bool) -> Line:
        is_readable = knows and self.user.is_reviewer and assignment.state in {*OUTSTANDING, AssignmentState.SIGNED}
        return Line(
            assignment=assignment,
            title=assignment.version.title if knows else unnamed(assignment.version),
            url=assignment.get_absolute_url() if is_readable else "",
            became=_became(assignment) if knows else "",
            decision=decision,
            days=(decision.signed_at - assignment.invited_at).days if decision else None,
        )


def _became(assignment: Assignment) -> str:
    if assignment.rereview is not None:
        return assignment.rereview.get_outcome_display() if assignment.rereview.outcome else "Under way"
    return str(assignment.version.state_word.label)


def unnamed(version: Version) -> str:
    """What an article is called where its title must not be told."""
    specialty = version.article.get_specialty_display() if version.article.specialty else ""
    return f"A manuscript in {specialty}" if specialty else "A manuscript"


def certificate(user: User, first_on: date, last_on: date) -> tuple[Certificate, bytes]:
    """What they signed between two days, both included: what anybody can check, and the PDF."""
    period = Decision.objects.filter(reviewer=user, signed_at__date__gte=first_on, signed_at__date__lte=last_on)
    signed = list(period.select_related("version__article").defer("version__content", "version__source"))
    profile = getattr(user, "board_profile", None)
    found = Certificate(
        name=user.display_name,
        credentials=profile.credentials if profile else "",
        first_on=first_on,
        last_on=last_on,
        reviews=len(signed),
        issued_on=today(),
    )
    data = {
        "name": found.name,
        "credentials": found.credentials,
        "position": profile.position if profile else "",
        "period": f"from {_in_words(first_on)} to {_in_words(last_on)}",
        "count": found.reviews,
        "lines": _lines(signed),
        "issued": _in_words(found.issued_on),
        "url": found.url,
    }
    midnight = datetime.combine(found.issued_on, datetime.min.time(), tzinfo=UTC)
    return found, typeset(TEMPLATE, data, at=midnight)


def _lines(signed: Iterable[Decision]) -> list[dict[str, str]]:
    return [
        {
            "title": each.version.title if each.version.was_public else unnamed(each.version),
            "what": _what(each),
            "on": _in_words(each.signed_at.date()),
        }
        for each in signed
    ]


def _what(decision: Decision) -> str:
    number = f"Version {decision.version.number}, " if decision.version.was_public else ""
    kind = "review of the public text" if decision.rereview_id else "review before publication"
    return f"{number}{kind}".capitalize() if not number else f"{number}{kind}"


def _in_words(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
