"""Notices on what is public: corrections, expressions of concern, and what ends a concern. Each is an editor's act.

The event of the ledger is the record; the database makes the public notice from it, and from nothing else. The signed
text stays as it is: what a notice changes in it comes with a new version.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from articles.models import IllegalMove, Version
from articles.states import UNRETRACTED
from content import text
from ledger.models import Event
from people import permissions
from people.models import User
from publications.models import Publication
from publications.record import Notice, NoticeKind


def posted(version: Version) -> list[Notice]:
    """Those on this version, the latest first, as the ledger tells of them; a retraction is not among them."""
    events = Event.objects.about_version(version.pk).filter(kind="notice_posted").order_by("seq")
    rows = ({**event.details, "event": event} for event in events)
    return Notice.read_all(
        row | {"kind": row["notice"], "by": row["name"], "on": row["event"].at.date().isoformat()} for row in rows
    )


def standing_concern(notices: list[Notice]) -> Notice | None:
    """The expression of concern that nothing has ended yet."""
    return next((notice for notice in notices if notice.is_concern and notice.stands), None)


def draft(version: Version, *, by: User, kind: str, words: str, reason: str, ends_concern: bool = False) -> Notice:
    """The notice as the public would read it.

    Raises:
        IllegalMove: the version is not public, or was retracted.
        ValidationError: words or reason are missing, or there is no concern to end, or one stands already.
    """
    if version.state not in UNRETRACTED:
        raise IllegalMove(f"Version {version.number} is {version.get_state_display().lower()}: nothing was changed.")
    notices = posted(version)
    concern, words, reason = standing_concern(notices), text.prose(words), text.prose(reason)
    if not words or not reason:
        raise ValidationError("Give both the words of the notice and its reason.")
    if kind == NoticeKind.CONCERN and concern is not None:
        raise ValidationError("An expression of concern stands on this version already. End that one first.")
    is_ending = kind == NoticeKind.LIFTED or ends_concern
    if is_ending and (concern is None or kind == NoticeKind.CONCERN):
        raise ValidationError("No expression of concern stands on this version that this could end.")
    ends = concern.number if concern and is_ending else None
    return Notice(len(notices) + 1, kind, words, reason, by.name, timezone.now().date(), ends)


def post(version: Version, *, by: User, expected: int = 0, **said: Any) -> Notice:
    """Put a notice above a public text, at once, and tell its author and who signed it. `said` is as of `draft`.

    Raises as `draft`, and PermissionDenied when `by` may not. `expected` is the number that it had when it was shown:
    when another came between, or it is posted twice, that is an IllegalMove.
    """
    from reviews import notice_mail as mail

    with transaction.atomic():
        version = Version.objects.locked(version.pk)
        by = User.objects.get(pk=by.pk)
        if not permissions.may_post_notice(by, version):
            raise PermissionDenied("Only editors post notices, and not on texts of their own.")
        notice = draft(version, by=by, **said)
        if expected and notice.number != expected:
            raise IllegalMove("Another notice was posted on this version in the meantime: nothing was changed.")
        told = {name: getattr(notice, name) for name in ("number", "ends", "words", "reason")}
        told |= {"notice": notice.kind, "name": notice.by}
        event = Event.objects.append("notice_posted", by=by, **version.reference, **told)
        Publication.objects.post_notice(event.pk)
        mail.notice_posted(version, notice)
    return notice
