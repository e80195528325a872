"""Sets of publications: pages, lists, search, the board."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Q

from content.schema import Content
from publications.cursors import Key
from publications.render import render_body

if TYPE_CHECKING:
    from publications.models import Publication  # noqa: F401 - named in the base class below

NEWEST_FIRST = Key("last_reviewed_at", datetime, falling=True)


class PublicationQuerySet(models.QuerySet["Publication"]):
    def current(self) -> Self:
        """What stands in lists, search, feed and sitemap. See also `Publication.is_current`."""
        return self.filter(state="current")

    def page(self, slug: str) -> Self:
        """The row behind an article's own address: its current text, or the notice in its place."""
        return self.filter(slug=slug, is_page=True)

    def edition(self, slug: str, number: int) -> Self:
        """One version that was once approved, whatever has become of it."""
        return self.filter(slug=slug, number=number)

    def editions(self, slug: str) -> Self:
        """Every version of an article that was once approved, the latest first."""
        return self.filter(slug=slug).order_by("-number")

    def signed_by(self, slug: str) -> Self:
        """Whatever the board member of this address has approved or confirmed."""
        signed = Q(signers__contains=[{"slug": slug}]) | Q(confirmations__contains=[{"slug": slug}])
        return self.for_lists().filter(signed)

    def for_lists(self) -> Self:
        return self.only(
            "id",
            "slug",
            "number",
            "is_page",
            "state",
            "title",
            "specialty",
            "approved_at",
            "last_reviewed_at",
            "next_review_on",
            "signers",
            "confirmations",
            "notice_rows",
            "noticed_at",
        )

    def newest(self) -> Self:
        """What was approved or confirmed last, on top."""
        return self.current().for_lists().order_by("-last_reviewed_at", "-pk")

    def noticed(self) -> Self:
        """The current texts that bear notices, the one with the newest on top."""
        return self.current().for_lists().filter(noticed_at__isnull=False).order_by("-noticed_at", "-pk")

    def publish(self, version_id: int, content: Content) -> str:
        """Copy an approved version into the public schema, inside the caller's transaction.

        Returns the SHA-256 of the rendered body. The database refuses when the quorum is not met.
        """
        return str(_call("publish_version", version_id, render_body(content)))

    def confirm(self, rereview_id: int, *, months: int) -> date:
        """End a re-review that has its quorum, and move the review date of the public row, in the caller's transaction.

        Returns the new date. The database refuses when the quorum is not met.
        """
        day: date = _call("confirm_version", rereview_id, months)
        return day

    def retract(self, version_id: int) -> None:
        """Put the notice in the place of the page; its words come from the retracted version."""
        _call("retract_publication", version_id)

    def post_notice(self, event_seq: int) -> None:
        """Put what this event of the ledger says above the version that it is about, in the caller's transaction.

        The database refuses what no editor may post, and what is not public.
        """
        _call("post_notice", event_seq)


def _call(function: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(arguments))})", arguments)
        return cursor.fetchone()[0]
