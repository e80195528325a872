"""Who could review a version, with what speaks for and against each."""

from typing import Any, NamedTuple

from articles.models import Version
from people.models import User
from reviews.models import Decision
from reviews.querysets import candidates
from reviews.states import Ineligible


class Candidate(NamedTuple):
    """Somebody with the reviewer's role. `why_not` in words, empty for who may be asked; `specialty` that of the
    article, when it is theirs too.
    """

    user: User
    why_not: str
    reasons: list[str]
    cautions: list[str]
    specialty: str
    open_reviews: int

    @property
    def pk(self) -> str:
        """The person's number as forms send it."""
        return str(self.user.pk)

    @property
    def is_eligible(self) -> bool:
        return not self.why_not

    @property
    def is_specialist(self) -> bool:
        return bool(self.specialty)


def candidates_for(version: Version) -> list[Candidate]:
    """Everybody who could be asked: those who may first, specialists on top, then who has the least to do."""
    signed = _signed_before(version)
    found = [_weigh(user, version, signed.get(user.pk)) for user in candidates(version)]
    return sorted(found, key=lambda c: (bool(c.why_not), not c.is_specialist, c.open_reviews, c.user.display_name))


def _weigh(user: Any, version: Version, signed: int | None) -> Candidate:
    profile = getattr(user, "board_profile", None)
    is_specialist = profile is not None and version.article.specialty in profile.specialties
    reasons = [f"Signed version {signed}"] if signed else []
    reasons.append(_load(user.open_reviews))
    return Candidate(
        user=user,
        why_not=Ineligible(user.why_not).label if user.why_not else "",
        reasons=reasons,
        cautions=["Same institution as the author"] if _same_institution(profile, version) else [],
        specialty=version.article.get_specialty_display() if is_specialist else "",
        open_reviews=user.open_reviews,
    )


def _signed_before(version: Version) -> dict[int, int]:
    """The last version of this article that each reviewer has signed."""
    decisions = Decision.objects.filter(article_id=version.article_id).order_by("version__number")
    return dict(decisions.values_list("reviewer_id", "version__number"))


def _same_institution(profile: Any, version: Version) -> bool:
    theirs = " ".join(str(version.author_statement.get("institution", "")).split()).casefold()
    return bool(theirs) and profile is not None and " ".join(profile.institution.split()).casefold() == theirs


def _load(count: int) -> str:
    return f"{count} open review{'s'[: count != 1]}" if count else "No open review"
