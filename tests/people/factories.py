"""People for tests: `make_person(roles=…)`, `board_member()`."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from factory.declarations import Sequence
from factory.django import DjangoModelFactory

from people import icmje
from people.models import BoardProfile, BoardTerm, Disclosure, Pace, Role, RoleGrant, User
from people.models.board import TERM_YEARS, years_after
from people.rules import today
from people.specialties import MedicalSpecialty

PASSWORD = "a long and quiet password"


class UserFactory(DjangoModelFactory[User]):
    """Somebody with an account and no role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = Sequence(lambda n: f"person-{n}@example.org")  # type: ignore[no-untyped-call]
    name = Sequence(lambda n: f"Person {n} Example")  # type: ignore[no-untyped-call]

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        # a mail an event, so that each can be looked at
        quick = {
            "password": PASSWORD,
            "mail_pace": Pace.AS_IT_HAPPENS,
        }
        return model_class.objects.create_user(*args, **{**quick, **kwargs})


def make_person(*, roles: Iterable[str] = (), **fields: Any) -> User:
    """Somebody with these roles (see `PASSWORD`)."""
    user = UserFactory.create(**fields)
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    return user


def author(**fields: Any) -> User:
    """An author with a current disclosure, so that they can submit."""
    user = make_person(roles=[Role.AUTHOR], **fields)
    disclose_nothing(user)
    return user


def editor(**fields: Any) -> User:
    """An editor."""
    return make_person(roles=[Role.EDITOR], **fields)


def administrator(**fields: Any) -> User:
    """An administrator."""
    return make_person(roles=[Role.ADMINISTRATOR], **fields)


def board_member(*, starts_on: date | None = None, specialties: Iterable[str] = (), **fields: Any) -> User:
    """A reviewer with a complete profile, a running term of three years and a current disclosure."""
    user = make_person(roles=[Role.REVIEWER], **fields)
    profile = BoardProfile.objects.create(
        user=user,
        slug=f"member-{user.pk}",
        credentials="MD",
        job_title="Consultant",
        institution=f"Example Hospital {user.pk}",
        specialties=list(specialties) or [MedicalSpecialty.NEUROLOGIC],
    )
    first = starts_on or today() - timedelta(days=30)
    BoardTerm.objects.create(profile=profile, starts_on=first, ends_on=years_after(first, TERM_YEARS))
    disclose_nothing(user)
    return user


def disclose_nothing(user: User, **fields: Any) -> Disclosure:
    """A disclosure in which every item is none; `declared_at` may lie in the past."""
    return Disclosure.objects.create(user=user, items=icmje.all_none(), **fields)
