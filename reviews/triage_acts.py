"""What triage does to articles in one step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.core.exceptions import ValidationError

from articles.labels import Priority
from articles.likeness import lookalikes
from articles.models import Version
from people.models import User
from people.specialties import MedicalSpecialty

DECLINED_AS_DOUBLE = "There is an article on the same subject here already"


def file_under(version: Version, value: str, *, by: User) -> None:
    version.article.classify(value, by=by)


def prioritise(version: Version, value: str, *, by: User) -> None:
    version.article.prioritise(int(value), by=by)


def label(version: Version, value: str, *, by: User) -> None:
    version.article.label(*(name for name in value.split(",") if name.strip()), by=by)


def decline_as_double(version: Version, value: str, *, by: User) -> None:
    """Decline it, with the reason filled in. It names the other article only when the author may read that."""
    version.move("decline", by=by, reason=reason_for(version))


def reason_for(version: Version) -> str:
    """Why it is declined as a duplicate, in words that its author may read."""
    found = lookalikes(version, version.document, by=version.article.owner)
    if not found:
        return f"{DECLINED_AS_DOUBLE}."
    twin = found[0]
    same = f"; {twin.percent}% of the text is the same" if twin.percent else ""
    return f"{DECLINED_AS_DOUBLE}: “{twin.version.title}”{same}."


type Act = Callable[..., None]
ACTS: dict[str, tuple[Act, str]] = {
    "specialty": (file_under, "filed"),
    "priority": (prioritise, "set to that priority"),
    "label": (label, "labelled"),
    "decline": (decline_as_double, "declined as duplicates"),
}
#: What a verb may be given.
VALUES: dict[str, set[str]] = {
    "specialty": {"", *MedicalSpecialty.values},
    "priority": {str(value) for value in Priority.values},
}


def step(verb: str, value: str, *, by: User) -> Callable[[Version], None]:
    """What is done to each version (`reviews.desk_bulk.act_on`).

    Raises:
        ValidationError: there is no such step, or no such value of it.
    """
    if verb not in ACTS or value not in VALUES.get(verb, {value}):
        raise ValidationError("There is no such step.")
    return partial(ACTS[verb][0], value=value, by=by)
