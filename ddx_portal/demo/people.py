"""The people of the demonstration, from people.toml."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from people import icmje
from people.accounts import confirm_email
from people.models import Absence, BoardProfile, Conflict, Disclosure, Pace, User
from people.rules import today

FILE = Path(__file__).with_name("people.toml")
ADMIN = "admin@demo.example"
PROFILE = ("slug", "credentials", "job_title", "institution", "specialties", "bio")


class NotEmpty(Exception):
    """Somebody uses this database: no demonstration is put into it."""


def load() -> list[dict[str, Any]]:
    """What people.toml says."""
    people: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["person"]
    return people


def make_people(password: str) -> dict[str, User]:
    """Make whoever is missing, and have everybody sign in with this password; the people by their e-mail.

    Raises:
        NotEmpty: there are accounts, but none of the demonstration's.
    """
    described = load()
    emails = [person["email"] for person in described]
    if User.objects.exists() and not User.objects.filter(email__in=emails).exists():
        raise NotEmpty("This database has people of its own: the demonstration is made in an empty one.")
    for person in described:
        with transaction.atomic():
            if user := User.objects.with_email(person["email"]):
                let_in(user, password)
            else:
                make_person(person, password)
    return User.objects.in_bulk(emails, field_name="email")


def let_in(user: User, password: str) -> None:
    """The password that `make demo` prints is one that works, also when another one was given before."""
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])


def make_person(person: dict[str, Any], password: str) -> None:
    """One account with its roles, profile, term, disclosure and conflict."""
    # a mail an event, so that the folder of the demonstration shows each at once
    pace = Pace(person.get("mail_pace", Pace.AS_IT_HAPPENS))
    user = User.objects.create_user(person["email"], password, name=person["name"], mail_pace=pace)
    confirm_email(user)
    for role in person["roles"]:
        user.grant(role, by=None)
    profile = BoardProfile.objects.draft_for(user)
    for name in PROFILE:
        setattr(profile, name, person[name])
    profile.monthly_limit = person.get("monthly_limit")
    profile.full_clean()
    profile.save()
    if term := person.get("term"):
        profile.add_term(in_days(term["starts_days"]), in_days(term["ends_days"]), by=None)
    disclose(user, **person["disclosure"])
    for away in person.get("away", []):
        Absence.objects.add(user, in_days(away["first_days"]), in_days(away["last_days"]), away["note"])
    if conflict := person.get("conflict"):
        Conflict.objects.declare(User.objects.get(email=conflict["with"]), conflict["reason"], by=user)


@transaction.atomic
def end_terms(people: dict[str, User]) -> None:
    """Whoever leaves the board leaves it now, unless somebody has dealt with their terms since."""
    for person in load():
        if person.get("term", {}).get("leaves"):
            terms = list(people[person["email"]].board_profile.terms.all())
            if len(terms) == 1 and terms[0].ended_early_on is None and terms[0].is_running_on(today()):
                terms[0].end_early(today(), by=people[ADMIN])


def disclose(user: User, *, declared_days: int, interests: dict[str, list[icmje.Row]] | None = None) -> None:
    """What the person declared some days ago; every item that is not named is "none"."""
    items = icmje.all_none() | (interests or {})
    icmje.validate(items)
    declared_at = timezone.now() + timedelta(days=declared_days)
    Disclosure.objects.create(user=user, items=items, declared_at=declared_at)


def in_days(days: int) -> date:
    return today() + timedelta(days=days)
