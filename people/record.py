"""What is written down of a person beside something they sign: as of that moment, for good."""

from typing import Any

from people.models import Disclosure, User
from people.rules import RuleBroken


class NoDisclosure(RuleBroken):
    """The person has no current disclosure, and so cannot sign or submit."""

    def __init__(self) -> None:
        super().__init__("Your disclosure of interests is missing or older than 12 months. Renew it, then come back.")


def public_record(user: User) -> dict[str, Any]:
    """The public statement of a person: name, credentials, position, specialties, declared interests.

    Raises:
        NoDisclosure: there is no current disclosure.
    """
    if (disclosure := user.current_disclosure()) is None:
        raise NoDisclosure
    return _record(user, disclosure)


def contributor_record(user: User) -> dict[str, Any]:
    """The same of somebody who neither signs nor submits: with what they declared last, however long ago, if ever."""
    newest = max(user.disclosures.all(), key=lambda disclosure: disclosure.declared_at, default=None)
    return _record(user, newest)


def _record(user: User, disclosure: Disclosure | None) -> dict[str, Any]:
    profile = getattr(user, "board_profile", None)
    return {
        "name": user.display_name,
        "slug": profile.slug if profile else "",
        "credentials": profile.credentials if profile else "",
        "job_title": profile.job_title if profile else "",
        "institution": profile.institution if profile else "",
        "specialties": [str(label) for label in profile.specialty_labels] if profile else [],
        "orcid": profile.orcid if profile else "",
        "interests": disclosure.statement if disclosure else "",
        "interests_declared_on": disclosure.declared_at.date().isoformat() if disclosure else None,
    }
