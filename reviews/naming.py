"""What this room lends to the ledger's pages: names of versions, and discretion about reviews that go on."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch

from articles.models import Version
from ledger.models import Event
from ledger.subjects import Subject
from people.models import User
from reviews.models import Assignment
from reviews.sight import Sight, decide
from reviews.states import OUTSTANDING, AssignmentState
from reviews.timeline import Known, is_told


def name_versions(user: User, version_ids: Iterable[int]) -> dict[int, Subject]:
    """Title, number and page of each version that still exists; to who may not read it, its number alone."""
    found = Version.objects.filter(pk__in=list(version_ids)).only("pk", "title", "number", "article_id")
    readable = set(found.visible_to(user).values_list("pk", flat=True))
    return {
        version.pk: Subject(str(version), version.get_absolute_url())
        if version.pk in readable
        else Subject(f"Version {version.number}", "")
        for version in found
    }


def withheld_events(user: User, events: Sequence[Event]) -> set[int]:
    """The events of versions that this person wrote, or has yet to sign, which the version's own page would hide."""
    ids = {event.version_id for event in events if event.version_id}
    known = {version.pk: _known(version, user) for version in _entangled(user, ids)}
    return {
        event.seq
        for event in events
        if event.version_id in known and not is_told(event, user, *known[event.version_id])
    }


def _entangled(user: User, version_ids: set[int]) -> list[Version]:
    """Those of the versions that this person wrote or was asked to review."""
    wrote = Version.objects.filter(contributors=user) | Version.objects.filter(article__owner=user)
    asked = Assignment.objects.filter(reviewer=user, state__in=OUTSTANDING).values("version")
    found = Version.objects.filter(pk__in=version_ids)
    own = found.filter(pk__in=wrote.values("pk")) | found.filter(pk__in=asked)
    found = own.defer("content", "source").select_related("article")
    return list(found.prefetch_related(Prefetch("assignments", Assignment.objects.select_related("rereview"))))


def _known(version: Version, user: User) -> tuple[Sight, Known]:
    everybody = list(version.assignments.all())
    mine = [a for a in everybody if a.reviewer_id == user.pk]
    asked = mine[0].state if mine and version.is_under_review else None
    seen = decide(user, state=version.state, asked=asked, wrote=asked not in OUTSTANDING)
    round_ = next((a.rereview for a in everybody if a.rereview and a.rereview.is_open), None)
    signed = {(a.reviewer_id, a.rereview) for a in everybody if a.state == AssignmentState.SIGNED}
    return Sight.OWN_REVIEW if any(a.is_outstanding for a in mine) else seen, Known(
        own={a.pk for a in mine},
        signed={reviewer for reviewer, _ in signed},
        is_over=not version.is_under_review,
        rereview=round_.pk if round_ else None,
        confirmed={reviewer for reviewer, rereview in signed if round_ and rereview == round_},
    )
