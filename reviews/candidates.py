"""Who could review a version, with what speaks for and against each. The plan for many articles asks the same."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from articles.models import Version
from people.models import Role, User
from people.rules import today
from people.specialties import MedicalSpecialty
from reviews.eligibility import ReviewExclusions, candidates
from reviews.load import Away, Load, Window, away, load_of, with_load
from reviews.matching import price
from reviews.models import Assignment, Decision
from reviews.states import AssignmentState, Ineligible

# What a pair costs, against `reviews.matching.LOAD_COST` for a month filled to its limit.
OTHER_FIELD, SAME_INSTITUTION, LONG_AWAY, SHORT_AWAY, FULL = 400, 1_000, 1_000, 40, 1_000
DECLINED_BEFORE, STRANGER, ASKED_LATELY = 200, 150, 2
LATELY = 14  # days
#: As `get_specialty_display` has them, which takes a tenth of a millisecond: too long for each pair of a plan.
FIELDS = dict(MedicalSpecialty.choices)


class Member(NamedTuple):
    """One of the board, as they stand today."""

    pk: int
    user: Any
    profile: Any
    load: Load
    away: Away | None


class Past(NamedTuple):
    """What somebody had to do with earlier versions of an article: the last one signed, the last one turned down."""

    signed: int = 0
    declined: int = 0


class Candidate(NamedTuple):
    """Somebody with the reviewer's role, for one version. `why_not` in words, empty for who may be asked; `specialty`
    that of the article, when it is theirs too, else it is the `other_field`. The lower the `cost`, the better the fit.
    """

    member: Member
    why_not: str
    specialty: str
    is_of_same_institution: bool
    past: Past
    other_field: str = ""

    @property
    def user(self) -> User:
        return self.member.user  # type: ignore[no-any-return]

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

    @property
    def reasons(self) -> list[str]:
        """What speaks for them, or is good to know."""
        load, day = self.member.load, today()
        said = [f"Signed version {self.past.signed}"] if self.past.signed else []
        said += [f"Not in {self.other_field}"] if self.other_field else []
        said.append(f"{load.open} open review{'s'[: load.open != 1]}" if load.open else "No open review")
        if not load.is_full:
            said.append(f"{load.asked} of {load.limit} this month")
        said.append(f"Asked {_ago((day - load.last_asked_on).days)}" if load.last_asked_on else "Never asked yet")
        return said

    @property
    def warnings(self) -> list[str]:
        """What keeps them out of a plan; an editor may ask them all the same."""
        load, found = self.member.load, []
        if self.is_of_same_institution:
            found.append("Same institution as the author")
        if load.is_full:
            found.append(f"Has {load.taken} of {load.limit} reviews for this month")
        if self.member.away is not None and self.member.away.is_long:
            found.append(_capital(self.member.away.text))
        return found

    @property
    def warnings_in_short(self) -> list[str]:
        """The same for counting: without names of days and numbers."""
        found = ["At the author’s institution"] if self.is_of_same_institution else []
        found += ["Has a full month"] if self.member.load.is_full else []
        gone = self.member.away
        return [*found, "Away"] if gone is not None and gone.is_long else found

    @property
    def can_be_planned(self) -> bool:
        """Whether a plan may ask them."""
        return not self.why_not and not self.warnings_in_short

    @property
    def cautions(self) -> list[str]:
        """All that speaks against them, the warnings first."""
        found = self.warnings
        if self.member.away is not None and not self.member.away.is_long:
            found.append(_capital(self.member.away.text))
        if self.past.declined:
            found.append(f"Declined version {self.past.declined}")
        return found

    @property
    def needs_a_reason(self) -> bool:
        """Whether the editor who asks them must say why."""
        return self.is_of_same_institution

    @property
    def against(self) -> dict[str, int]:
        """How much each thing counts against them, in words; what the reviewer has in hand not counted."""
        gone, last = self.member.away, self.member.load.last_asked_on
        return {
            "it is not their field": 0 if self.specialty else OTHER_FIELD,
            "they work where the author does": SAME_INSTITUTION if self.is_of_same_institution else 0,
            "they are away": (LONG_AWAY if gone.is_long else SHORT_AWAY) if gone is not None else 0,
            "they have signed no earlier version": 0 if self.past.signed else STRANGER,
            "they declined an earlier version": DECLINED_BEFORE if self.past.declined else 0,
            "they were asked more lately": ASKED_LATELY * max(LATELY - (today() - last).days, 0) if last else 0,
        }

    @property
    def cost(self) -> int:
        """How well the two fit; what the reviewer has in hand not counted."""
        return sum(self.against.values())

    @property
    def in_hand(self) -> dict[str, int]:
        """How much counts against them what they have in hand."""
        load = self.member.load
        full = FULL if load.is_full else 0
        return {"more of their month is taken": price(load.taken + 1, load.limit), "their month is full": full}

    @property
    def rank(self) -> tuple[bool, int, str, int]:
        """The best first."""
        return bool(self.why_not), self.cost + sum(self.in_hand.values()), self.user.display_name, self.user.pk

    def why_below(self, other: Candidate) -> str:
        """What puts them below somebody: in words, what counts most of it."""
        own, others = self.against | self.in_hand, other.against | other.in_hand
        words = max(own, key=lambda each: own[each] - others[each])
        return words if own[words] > others[words] else "they fit as well; the name comes later"


def candidates_for(version: Version, window: Window | None = None) -> list[Candidate]:
    """Everybody who could be asked: those who may first, the best fit on top."""
    found = members(candidates(version), window or Window.usual())
    pasts = past_of([version.article_id])
    weighed = (_weigh(m, version, m.user.why_not, pasts.get((version.article_id, m.pk))) for m in found)
    return sorted(weighed, key=lambda candidate: candidate.rank)


def candidates_for_many(versions: Iterable[Version], window: Window) -> dict[int, list[Candidate]]:
    """The same for each of these versions, by a fixed number of queries: who was asked already is not among them."""
    wanted = list(versions)
    pks = [version.pk for version in wanted]
    found = members(User.objects.with_role(Role.REVIEWER).select_related("board_profile"), window)
    pasts = past_of([version.article_id for version in wanted])
    why_not, asked = ReviewExclusions.of(pks), _asked(pks)
    return {
        pk: [
            _weigh(
                member,
                version,
                why_not.get((pk, member.pk)) or why_not.get((None, member.pk)),
                pasts.get((version.article_id, member.pk)),
            )
            for member in found
            if (pk, member.pk) not in asked
        ]
        for pk, version in zip(pks, wanted, strict=True)
    }


def members(people: Any, window: Window) -> list[Member]:
    """These people as members of the board."""
    return [
        Member(
            user.pk, user, getattr(user, "board_profile", None), load_of(user), away(user.absences_in_window, window)
        )
        for user in with_load(people, window)
    ]


def past_of(articles: list[int]) -> dict[tuple[int, int], Past]:
    """What each reviewer had to do with these articles, by article and reviewer."""
    signed = Decision.objects.filter(article_id__in=articles).order_by("version__number")
    declined = Assignment.objects.filter(version__article_id__in=articles, state=AssignmentState.DECLINED)
    found: dict[tuple[int, int], Past] = {}
    for article, reviewer, number in signed.values_list("article_id", "reviewer_id", "version__number"):
        found[article, reviewer] = Past(signed=number)
    rows = declined.order_by("version__number").values_list("version__article_id", "reviewer_id", "version__number")
    for article, reviewer, number in rows:
        found[article, reviewer] = found.get((article, reviewer), Past())._replace(declined=number)
    return found


def _asked(versions: list[int]) -> set[tuple[int, int]]:
    asked = Assignment.objects.filter(version_id__in=versions, rereview=None)
    return set(asked.exclude(state=AssignmentState.CANCELLED).values_list("version_id", "reviewer_id"))


def _weigh(member: Member, version: Version, why_not: str | None, past: Past | None) -> Candidate:
    specialty = version.article.specialty
    is_specialist = bool(specialty) and member.profile is not None and specialty in member.profile.specialties
    return Candidate(
        member=member,
        why_not=Ineligible(why_not).label if why_not else "",
        specialty=FIELDS.get(specialty, specialty) if is_specialist else "",
        is_of_same_institution=at_the_authors(version, member.profile),
        past=past or Past(),
        other_field="" if is_specialist else FIELDS.get(specialty, specialty),
    )


def at_the_authors(version: Version, profile: Any) -> bool:
    """Whether a board member with this profile works where the author does."""
    theirs = _plain(str(version.author_statement.get("institution", "")))
    return bool(theirs) and profile is not None and _plain(profile.institution) == theirs


@lru_cache(maxsize=2_000)
def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
