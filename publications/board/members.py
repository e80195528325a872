"""The board as of now: who serves, who has served, and what the portal tells readers in numbers.

Kept by the database itself (`migrations/0009_members.sql`). What somebody said when they signed stands with the
publication, as of that moment; here it is as of today.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, connections, models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from people.specialties import MedicalSpecialty
from publications.cursors import Key

BY_NAME = Key("name", str, tie="slug", tie_kind=str)


class Office(NamedTuple):
    """A term of office: its first and last whole day, and the day of an early end."""

    starts_on: date
    last_day: date
    ended_on: date | None = None

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Self:
        ended_on = raw["ended_on"] and date.fromisoformat(raw["ended_on"])
        return cls(date.fromisoformat(raw["starts_on"]), date.fromisoformat(raw["last_day"]), ended_on)

    @property
    def until(self) -> date:
        """As readers are told: the day of an early end may still have a signature, given before that."""
        return self.ended_on or self.last_day


class MemberQuerySet(models.QuerySet["Member"]):
    def begun(self) -> Self:
        """Whose first term has begun: before, nobody is told of it."""
        return self.filter(terms__0__starts_on__lte=timezone.now().date().isoformat())

    def listed(self) -> Self:
        """By name, whoever has said who they are, or has a name and has signed something that was published."""
        said = ~Q(credentials="") & ~Q(institution="") & ~Q(specialties=[])
        return self.begun().filter(said | Q(has_signed=True)).exclude(name="").order_by("name", "slug")


class Member(models.Model):
    """Somebody who serves on the board, has served or will serve."""

    id = models.BigIntegerField(primary_key=True)
    slug = models.TextField()
    name = models.TextField()
    credentials = models.TextField()
    job_title = models.TextField()
    institution = models.TextField()
    specialties = ArrayField(models.TextField())
    orcid = models.TextField()
    bio = models.TextField()
    terms = models.JSONField()
    interests = models.TextField()
    interests_declared_on = models.DateField(null=True)
    interests_valid_until = models.DateField(null=True)
    has_signed = models.BooleanField()

    objects: ClassVar[MemberQuerySet] = MemberQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        app_label = "publications"
        managed = False
        db_table = "member"

    def __str__(self) -> str:
        return self.name or "Member without a name"

    def get_absolute_url(self) -> str:
        return reverse("publications:member", args=(self.slug,))

    @property
    def specialty_labels(self) -> list[str]:
        return [str(MedicalSpecialty(each).label) for each in self.specialties]

    @property
    def terms_served(self) -> list[Office]:
        """The terms that have begun, the first first."""
        terms = (Office.read(raw) for raw in self.terms)
        return [term for term in terms if term.starts_on <= timezone.now().date()]

    @property
    def is_past(self) -> bool:
        """Whether no term runs today or will run."""
        return all(Office.read(raw).last_day < timezone.now().date() for raw in self.terms)

    @property
    def interests_are_old(self) -> bool:
        """Whether the declaration of interests has run out: it holds for twelve months."""
        return self.interests_valid_until is not None and self.interests_valid_until < timezone.now().date()


class Standing(NamedTuple):
    """How much is approved and how much waits, in numbers; every few minutes anew."""

    articles: int
    waiting: int
    in_review: int
    members: int

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What each figure counts, and the figure."""
        told = (
            ("approved articles", self.articles),
            ("members of the board", self.members),
            ("being read by the board", self.in_review),
            ("waiting to be read", self.waiting),
        )
        return [(label, f"{figure:,}") for label, figure in told]


def standing() -> Standing:
    """The numbers of the front page."""
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT articles, waiting, in_review, members FROM pub.standing")
        return Standing(*cursor.fetchone())


def count_standing() -> int:
    """Bring the numbers up to date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count_standing()")
    return 1
