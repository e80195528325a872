"""What one member of the board has signed, the latest review first, a page at a time."""

import re
from datetime import UTC, datetime
from typing import NamedTuple, Self

from django.db.models import Q

from publications.models import Publication
from publications.querysets import PublicationQuerySet

PER_PAGE = 20
_PLACE = re.compile(r"([0-9]{1,17})-([0-9]{1,18})\Z", re.ASCII)


class SignedPage(NamedTuple):
    """Some of the texts; `next_query` leads to the next page, "" at the end."""

    texts: list[Publication]
    next_query: str
    is_later: bool

    @classmethod
    def read(cls, place: str, signed: PublicationQuerySet) -> Self:
        """The page after that place; what is no place of ours is the first page."""
        after = _after(place)
        shown = signed.filter(~Q(state="retracted"))
        rows = list((shown.filter(after) if after else shown)[: PER_PAGE + 1])
        more = f"?before={_place(rows[PER_PAGE - 1])}" if len(rows) > PER_PAGE else ""
        return cls(rows[:PER_PAGE], more, after is not None)


def _after(place: str) -> Q | None:
    match = _PLACE.match(place)
    if not match or int(match[1]) > 253_402_300_799_000_000:  # the year 9999, in microseconds
        return None
    moment = datetime.fromtimestamp(int(match[1]) // 1_000_000, UTC).replace(microsecond=int(match[1]) % 1_000_000)
    return Q(last_reviewed_at__lt=moment) | Q(last_reviewed_at=moment, pk__lt=int(match[2]))


def _place(last: Publication) -> str:
    moment = last.last_reviewed_at
    return f"{int(moment.timestamp()) * 1_000_000 + moment.microsecond}-{last.pk}"
