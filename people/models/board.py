"""The Medical Advisory Board: a member's public profile and terms of office."""

from __future__ import annotations

from datetime import MAXYEAR, date
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify

from content.counting import first_free
from people import orcid
from people.rules import RuleBroken, YearsAfter
from people.specialties import MedicalSpecialty

if TYPE_CHECKING:
    from people.models.users import User

TERM_YEARS = 3
MOST_TERMS = 2


class BoardProfiles(models.QuerySet["BoardProfile"]):
    """Profiles, and the making of them."""

    def draft_for(self, user: User) -> BoardProfile:
        """The person's profile, made empty with an address of its own when there is none."""
        from people.models.users import User

        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            profile, _ = self.get_or_create(user=user, defaults={"slug": self._free_slug(user.display_name)})
        return profile

    def _free_slug(self, name: str) -> str:
        stem = slugify(name)[:60] or "member"
        taken = set(self.filter(slug__startswith=stem).values_list("slug", flat=True))
        return first_free(stem, taken)


class BoardProfile(models.Model):
    """What the public may know of a board member. The ORCID is self-asserted: typed, not signed in with."""

    user = models.OneToOneField("people.User", on_delete=models.PROTECT, related_name="board_profile")
    slug = models.SlugField(max_length=80, unique=True)
    credentials = models.CharField(max_length=80, blank=True, help_text="Degrees as you write them after your name.")
    job_title = models.CharField(max_length=120, blank=True)
    institution = models.CharField(max_length=160, blank=True)
    specialties = ArrayField(models.CharField(max_length=32, choices=MedicalSpecialty), default=list, blank=True)
    orcid = models.CharField("ORCID", max_length=19, blank=True, validators=[orcid.validate])
    bio = models.TextField(max_length=2000, blank=True)
    monthly_limit = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="How many reviews you can take on in a month; empty for the board’s usual number.",
    )

    objects = BoardProfiles.as_manager()

    class Meta:
        ordering = ("user__name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(orcid="") | Q(orcid__regex=orcid.PATTERN), name="boardprofile_orcid_shape"
            ),
            models.UniqueConstraint(fields=["orcid"], condition=~Q(orcid=""), name="boardprofile_orcid_unique"),
            models.CheckConstraint(
                condition=Q(specialties__contained_by=MedicalSpecialty.values), name="boardprofile_specialties_known"
            ),
        )

    def __str__(self) -> str:
        return self.byline

    @property
    def byline(self) -> str:
        """The name with its credentials: "Ada Example, MD, PhD"."""
        return ", ".join(part for part in (self.user.display_name, self.credentials) if part)

    @property
    def position(self) -> str:
        """Job and place: "Consultant, Example Hospital"."""
        return ", ".join(part for part in (self.job_title, self.institution) if part)

    @property
    def specialty_labels(self) -> list[str]:
        """The specialties in plain words."""
        return [str(MedicalSpecialty(value).label) for value in self.specialties]

    @property
    def orcid_url(self) -> str:
        """The address of the ORCID record, or nothing."""
        return f"https://orcid.org/{self.orcid}" if self.orcid else ""

    @property
    def is_complete(self) -> bool:
        """Whether the public would learn who this is: name, credentials, institution, a specialty."""
        return all((self.user.name, self.credentials, self.institution, self.specialties))

    def term_on(self, day: date) -> BoardTerm | None:
        """The term that runs on the day."""
        return next((term for term in self.terms.all() if term.is_running_on(day)), None)

    @transaction.atomic
    def add_term(self, starts_on: date, ends_on: date, *, by: User | None) -> BoardTerm:
        """Add a term of office.

        Raises:
            RuleBroken: it ends before it starts, lasts longer than three years, overlaps another, or is a third.
        """
        BoardProfile.objects.select_for_update().get(pk=self.pk)
        if ends_on <= starts_on:
            raise RuleBroken("A term ends after it starts.")
        if ends_on > years_after(starts_on, TERM_YEARS):
            raise RuleBroken(f"A term lasts at most {TERM_YEARS} years.")
        others = list(BoardTerm.objects.filter(profile=self))
        if len(others) >= MOST_TERMS:
            raise RuleBroken(f"A member serves at most {MOST_TERMS} terms.")
        if any(term.overlaps(starts_on, ends_on) for term in others):
            raise RuleBroken("This overlaps another term.")
        return BoardTerm.objects.create(profile=self, starts_on=starts_on, ends_on=ends_on, added_by=by)


class BoardTerm(models.Model):
    """A term of office: both days included, at most three years."""

    profile = models.ForeignKey(BoardProfile, on_delete=models.PROTECT, related_name="terms")
    starts_on = models.DateField()
    ends_on = models.DateField()
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_early_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("starts_on",)
        constraints = (
            models.UniqueConstraint(fields=["profile", "starts_on"], name="boardterm_one_start_a_day"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="boardterm_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ends_on__lte=YearsAfter(F("starts_on"), TERM_YEARS)), name="boardterm_three_years_at_most"
            ),
            models.CheckConstraint(
                condition=Q(ended_early_on=None)
                | Q(ended_early_on__gte=F("starts_on"), ended_early_on__lte=F("ends_on")),
                name="boardterm_early_end_within",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(ended_early_on__isnull=False), name="boardterm_ended_by_needs_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d} to {self.last_day:%Y-%m-%d}"

    @property
    def last_day(self) -> date:
        """The day on which it ended or will end."""
        return self.ended_early_on or self.ends_on

    def is_running_on(self, day: date) -> bool:
        """Whether the day lies in the term. See also the SQL function `review_ineligibility`."""
        ended = self.ended_early_on is not None and self.ended_early_on <= day
        return self.starts_on <= day <= self.ends_on and not ended

    def overlaps(self, starts_on: date, ends_on: date) -> bool:
        """Whether any day would belong to both."""
        free_from = self.ended_early_on or date.fromordinal(self.ends_on.toordinal() + 1)
        return self.starts_on <= ends_on and starts_on < free_from

    @transaction.atomic
    def end_early(self, on: date, *, by: User) -> None:
        """End the term: from that day on it does not run.

        Raises:
            RuleBroken: it has ended early already, or the day lies outside it.
        """
        locked = BoardTerm.objects.select_for_update().get(pk=self.pk)
        if locked.ended_early_on is not None:
            raise RuleBroken("This term has already been ended.")
        if not locked.starts_on <= on <= locked.ends_on:
            raise RuleBroken("The day lies outside the term.")
        self.ended_early_on, self.ended_by = on, by
        self.save(update_fields=["ended_early_on", "ended_by"])


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th, as PostgreSQL has it."""
    year = min(day.year + years, MAXYEAR)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
