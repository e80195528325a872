"""What a report is asked for: a period, filters, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from people.models import User
from people.rules import today

#: Articles in whose review this person takes part, or that they wrote: what is said of these would tell them how the
#: others judge (`reviews.sight`), however little of a figure it is. They are left out before anything is counted.
APART = """
    SELECT id FROM articles_article WHERE owner_id = %(user)s
    UNION SELECT v.article_id FROM articles_version_contributors c JOIN articles_version v ON v.id = c.version_id
        WHERE c.user_id = %(user)s
    UNION SELECT v.article_id FROM reviews_assignment a JOIN articles_version v ON v.id = a.version_id
        WHERE a.reviewer_id = %(user)s AND a.state IN ('invited', 'accepted')
"""
SPANS = {30: "Last 30 days", 90: "Last 90 days", 365: "Last 365 days"}
USUAL = 90
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Scope:
    """Which articles count. The filters are those on the article's row in reviews_turn, where there are any."""

    filters: str

    def within(self, column: str) -> str:
        """The condition on this column of SQL, an article's number."""
        found = f"SELECT article_id FROM reviews_turn WHERE {self.filters}"  # noqa: S608 - our own words
        within = f" AND {column} IN ({found})" if self.filters else ""
        return f"{column} NOT IN ({APART}){within}"


@dataclass(frozen=True)
class Asked:
    """From the first day to the last, both included, in UTC; "" and 0 ask for nothing. With `is_whole` no table stops
    short, and no figure leads on: for CSV.
    """

    user: User
    since: date
    until: date
    specialty: str = ""
    editor: int = 0
    label: int = 0
    is_whole: bool = False

    @classmethod
    def last(cls, days: int, user: User, **filters: Any) -> Asked:
        return cls(user, today() - timedelta(days - 1), today(), **filters)

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def scope(self) -> Scope:
        """Which articles count."""
        filters = ["specialty = %(specialty)s"] if self.specialty else []
        filters += ["editor_id = %(editor)s"] if self.editor else []
        filters += ["labels @> ARRAY[%(label)s]::bigint[]"] if self.label else []
        return Scope(" AND ".join(filters))

    @property
    def params(self) -> dict[str, Any]:
        """What the SQL of a report may speak of."""
        begin = datetime.combine(self.since, time.min, UTC)
        end = datetime.combine(self.until, time.min, UTC) + timedelta(1)
        asked = {"user": self.user.pk, "specialty": self.specialty, "editor": self.editor, "label": self.label}
        return asked | {"begin": begin, "end": end, "today": today()}

    @property
    def query(self) -> dict[str, Any]:
        """The same as an address says it."""
        filters = {"specialty": self.specialty, "editor": self.editor, "label": self.label}
        period = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return period | {name: value for name, value in filters.items() if value}

    def url(self, name: str, key: str, **more: Any) -> str:
        """The address of a page of this report, with all that was asked."""
        if self.is_whole:
            return ""
        return f"{reverse(f'reviews:{name}', args=(key,))}?{urlencode(self.query | more)}"
