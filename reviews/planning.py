"""Plans for many versions: made by the matching and kept. `reviews.carrying_out` sends them off."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Version
from articles.states import IN_REVIEW
from people.models import User
from people.rules import RuleBroken
from reviews.candidates import Candidate, candidates_for_many
from reviews.eligibility import handled_by
from reviews.load import Load, Window, load_of, with_load
from reviews.matching import Article, Lack, Option, Reviewer
from reviews.matching import plan as match
from reviews.models import Assignment, Decision, Plan, PlanItem
from reviews.states import OUTSTANDING, Specialists, Verdict

#: Versions in one plan, and as many as are planned while the editor waits. The chore plans what is larger.
MOST, SMALL = 2_000, 100
SENT_OFF = "This plan has been sent off already: nothing was changed."
FULL = "a full month, with what this plan gives them"


def plannable(user: User) -> Any:
    """Versions in review that this editor may handle; see also `lacking`."""
    return handled_by(user, Version.objects.visible_to(user).filter(state__in=IN_REVIEW))


def lacking(versions: Iterable[Version]) -> dict[int, int]:
    """How many more reviewers each version needs, where it needs any: three queries."""
    wanted = list(versions)
    pks = [version.pk for version in wanted]
    owed = Counter(
        Assignment.objects.filter(version_id__in=pks, rereview=None, state__in=OUTSTANDING).values_list(
            "version_id", flat=True
        )
    )
    signed = Decision.objects.filter(version_id__in=pks, rereview=None).with_eligibility()
    against = {each.version_id for each in signed if each.verdict == Verdict.REQUEST_CHANGES}
    approved = Counter(each.version_id for each in signed if each.approves and each.why_not is None)
    found = {v.pk: v.approvals_required - owed[v.pk] - approved[v.pk] for v in wanted if v.pk not in against}
    return {pk: count for pk, count in found.items() if count > 0}


def make(versions: Iterable[int], window: Window, specialists: str, *, by: User) -> tuple[Plan, int]:
    """A plan for those of these versions that need reviewers and that this editor may handle; how many were not. A
    small one is planned at once.

    Raises:
        ValidationError: none of them needs a reviewer, or there are too many.
    """
    chosen = set(versions)
    if len(chosen) > MOST:
        raise ValidationError(f"A plan takes {MOST:,} articles at most. Choose fewer.")
    known = plannable(by).filter(pk__in=chosen)
    needs = lacking(known.only("pk", "approvals_required", "state", "article_id"))
    if not needs:
        raise ValidationError("None of the articles chosen waits for reviewers that you could assign.")
    with transaction.atomic():
        plan = Plan.objects.create(made_by=by, specialists=specialists, **window._asdict())
        PlanItem.objects.bulk_create(PlanItem(plan=plan, version_id=pk) for pk in needs)
        if len(needs) <= SMALL:
            work_out(plan)
    return plan, len(chosen) - len(needs)


def make_anew(plan: Plan, window: Window, specialists: str, *, by: User) -> None:
    """Find the reviewers anew by other dates or another rule; what was edited by hand is lost.

    Raises:
        PermissionDenied: `by` did not make it, or is no editor.
        RuleBroken: the plan was sent off.
    """
    plan.check_is_of(by)
    with transaction.atomic():
        locked = Plan.objects.select_for_update().get(pk=plan.pk)
        if not locked.is_open:
            raise RuleBroken(SENT_OFF)
        locked.answer_due_on, locked.review_due_on = window
        locked.specialists, locked.planned_at = specialists, None
        locked.save(update_fields=("answer_due_on", "review_due_on", "specialists", "planned_at"))
        if locked.items.values("version").distinct().count() <= SMALL:
            work_out(locked)


def work_out(plan: Plan) -> bool:
    """Find the reviewers of a plan; False when it was discarded, sent off or given other dates in the meantime."""
    versions = list(_versions(plan))
    needs = lacking(versions)
    candidates = candidates_for_many(versions, Window(plan.answer_due_on, plan.review_due_on))
    board = {c.member.pk: c.member for found in candidates.values() for c in found}
    wanted = [_wanted(v, needs.get(v.pk, 0), candidates[v.pk], plan.specialists) for v in versions]
    loads = ((pk, member.load) for pk, member in sorted(board.items()))
    found = match(wanted, (Reviewer(pk, load.room, load.taken, load.limit) for pk, load in loads))
    for_all = plan.specialists == Specialists.ALL
    unmet = {
        str(v.pk): why(found.lacks[v.pk], v, candidates[v.pk], len(found.chosen[v.pk]), needs[v.pk], is_for_all=for_all)
        for v in versions
        if v.pk in found.lacks
    }
    with transaction.atomic():
        locked = Plan.objects.select_for_update().filter(pk=plan.pk).first()
        if locked is None or not locked.is_open or locked.asks_for != plan.asks_for:
            return False
        plan.items.all().delete()
        PlanItem.objects.bulk_create(_items(plan, found.chosen, candidates))
        plan.unmet, plan.planned_at = unmet, timezone.now()
        plan.save(update_fields=("unmet", "planned_at"))
    return True


def _versions(plan: Plan) -> QuerySet[Version]:
    """Its versions, what is to be done first on top; not those that its maker is to review by now."""
    handled = handled_by(plan.made_by, Version.objects.filter(pk__in=plan.items.values("version")))
    said = (
        "state",
        "author_statement",
        "approvals_required",
        "submitted_at",
        "article__specialty",
        "article__priority",
    )
    found: QuerySet[Version] = handled.select_related("article").only(*said)
    return found.order_by("article__priority", "submitted_at", "pk")


def _wanted(version: Version, needs: int, candidates: list[Candidate], rule: str) -> Article:
    options = [Option(c.member.pk, c.cost, c.is_specialist) for c in candidates if c.can_be_planned]
    least = {Specialists.ALL: needs, Specialists.ONE: 1 if needs == version.approvals_required else 0}
    specialists = min(least.get(Specialists(rule), 0), needs) if version.article.specialty else 0
    return Article(version.pk, needs, specialists, options)


def _items(plan: Plan, chosen: dict[int, list[int]], candidates: dict[int, list[Candidate]]) -> list[PlanItem]:
    items = []
    for version, reviewers in chosen.items():
        known = {c.member.pk: c for c in candidates[version] if c.member.pk in reviewers}
        items += [
            PlanItem(plan=plan, version_id=version, reviewer_id=pk, reasons=reasons(known[pk])) for pk in reviewers
        ] or [PlanItem(plan=plan, version_id=version)]
    return items


def reasons(candidate: Candidate) -> list[str]:
    """What a plan says of somebody."""
    return [*([candidate.specialty] if candidate.specialty else []), *candidate.reasons, *candidate.cautions]


# What cannot be met, in words


def why(
    lack: Lack, version: Version, candidates: list[Candidate], found: int, needs: int, *, is_for_all: bool = False
) -> str:
    """Why a version does not get all the reviewers that it needs. `is_for_all`: all must be of its field."""
    field = version.article.get_specialty_display()
    lead = f"{found} of {needs} found. " if found else ""
    inside = [c for c in candidates if c.is_specialist]
    others = f" Everybody else who can be asked has {FULL}." if found + 1 < needs and not is_for_all else ""
    match lack:
        case Lack.NOBODY:
            return f"Nobody on the board can be asked; left out: {_kept_out(candidates)}."
        case Lack.NO_SPECIALIST if not inside:
            return f"{lead}Nobody else on the board is in {field}.{others}"
        case Lack.NO_SPECIALIST:
            return f"{lead}Too few in {field} can be asked; left out: {_kept_out(inside)}.{others}"
        case Lack.TOO_FEW:
            return f"{lead}Too few on the board can be asked; left out: {_kept_out(candidates)}."
        case Lack.SPECIALISTS_FULL:
            return f"{lead}Everybody in {field} who can be asked has {FULL}."
    return f"{lead}Everybody who can be asked has {FULL}."


def _kept_out(candidates: list[Candidate]) -> str:
    counted = Counter(c.why_not or c.warnings_in_short[0] for c in candidates if not c.can_be_planned)
    said = [f"{reason[:1].lower()}{reason[1:]} ({count})" for reason, count in counted.most_common(4)]
    return ", ".join(said) or "nobody"


class Given(NamedTuple):
    """How many articles a plan gives a reviewer; `too_many` says by how much that goes over their month, or nothing."""

    name: str
    number: int
    too_many: str


def loads_in(plan: Plan) -> list[Given]:
    """Who gets how many articles, the most on top. By hand a plan can be given more than a month takes."""
    numbers = Counter(plan.items.exclude(reviewer=None).values_list("reviewer_id", flat=True))
    people = User.objects.filter(pk__in=numbers).select_related("board_profile")
    window = Window(plan.answer_due_on, plan.review_due_on)
    found = [
        Given(user.display_name, numbers[user.pk], _too_many(load_of(user), numbers[user.pk]) if plan.is_open else "")
        for user in with_load(people, window)
    ]
    return sorted(found, key=lambda given: (-given.number, given.name))


def _too_many(load: Load, number: int) -> str:
    if number <= load.room:
        return ""
    return f"{load.taken + number} of {load.limit} this month"


def by_version(items: Iterable[PlanItem]) -> dict[int, list[PlanItem]]:
    """The items of each version, in their order."""
    found: dict[int, list[PlanItem]] = defaultdict(list)
    for item in items:
        found[item.version_id].append(item)
    return found
