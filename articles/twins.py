"""The closest look-alike of each version: a fact that is stored (`Fingerprint.closest`) and brought up to date here.

Storing a text only marks its fingerprint. The work is done afterwards, once a text: when it is saved by a button,
submitted or taken in, and by a chore for what is left over: what looked like a text that has changed or gone, and
drafts that nobody has typed in for a while. So typing costs nothing, and editors read one row.

Whom a version looks like is told to editors alone: they may read all articles. What a person may be told who may not is
looked for by itself (`articles.likeness`): even that the closest of all is hidden from them would say that it is there.
"""

import logging
import time
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from articles import states
from articles.fingerprints import Due, Fingerprint, Found
from articles.models import Version
from articles.states import VersionState
from content.similarity import Likeness, overlap, runs

logger = logging.getLogger(__name__)
MOST_NEAR, MOST_SAME = 3, 2  # texts that are compared word for word: of near-same words, of the same subject
REST = timedelta(minutes=10)  # that a draft is left alone before the chore looks at it
MOST_AT_ONCE = 2_000


def compare(version_id: int) -> None:
    """Find the closest look-alike of this version if it is due, and tell the other side. Not within a transaction."""
    if (mine := Fingerprint.objects.claim(version_id)) is None:
        return
    if not mine.is_drawn:
        mine = Fingerprint.objects.draw(mine)
    chosen = _chosen(mine)
    others = Version.objects.filter(pk__in=[one.version_id for one in chosen]).only("content")
    words = runs(mine.version.document) if chosen else set()
    same = {one.version_id for one in chosen if one.is_same_subject}
    alike = {each.pk: Likeness(overlap(words, runs(each.document)), each.pk in same) for each in others}
    Fingerprint.objects.settle(mine, alike)


def _chosen(mine: Fingerprint) -> list[Found]:
    if mine.version.state in states.PAST:
        return []  # it was drawn, for the sources that it cites; nobody asks what it looks like
    found = Fingerprint.objects.nearest(mine.sketch, article_id=mine.version.article_id)
    same = [one for one in found if one.is_same_subject][:MOST_SAME]
    return list(dict.fromkeys([*(one for one in found if one.shared)][:MOST_NEAR] + same))


def compare_due(*, seconds: float = 10.0) -> int:
    """The chore: compare what is due, for about so long; how many that were."""
    until, done = time.monotonic() + seconds, 0
    for version_id in _due():
        if time.monotonic() >= until:
            break
        try:
            compare(version_id)
        except Exception:
            logger.exception("Version %s could not be compared", version_id)
            Fingerprint.objects.filter(pk=version_id).update(due=Due.NO)
        done += 1
    return done


def _due() -> list[int]:
    """What is past comes last."""
    due = Fingerprint.objects.exclude(due=Due.NO)
    typed = Q(version__state=VersionState.DRAFT, version__updated_at__gt=timezone.now() - REST)
    newer = due.exclude(version__state__in=states.PAST).exclude(typed, due=Due.TEXT)
    past = due.filter(version__state__in=states.PAST)
    return [pk for some in (newer, past) for pk in some.values_list("pk", flat=True)[:MOST_AT_ONCE]]
