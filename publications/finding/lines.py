"""One line of a list: an article as searches and lists show it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from django.utils import timezone
from django.utils.safestring import SafeString

from content.schema import Tier
from people.specialties import MedicalSpecialty
from publications.addresses import article_url
from publications.finding.snippets import highlighted
from publications.record import Notice

#: The notices are fetched where there are any: whatever else is shown stands in the indexes of the lists.
COLUMNS = (
    "p.id, p.slug, p.title, p.specialty, p.last_reviewed_at, p.next_review_on, CASE WHEN p.noticed_at IS NOT NULL "
    "THEN (SELECT n.notices::json FROM publication n WHERE n.id = p.id) END"
)
LABELS = {value: str(label) for value, label in MedicalSpecialty.choices}


class Mention(NamedTuple):
    """A diagnosis of the article that has the words, or the code or tier, which were looked for."""

    url: str
    name: str
    tier: Tier
    must_not_be_missed: bool
    stems: Sequence[str]

    @property
    def marked_name(self) -> SafeString:
        return highlighted(self.name, self.stems)


class Line(NamedTuple):
    """A current article. What was found is marked with `stems`, the stems of the words that were looked for."""

    id: int
    slug: str
    title: str
    specialty: str
    last_reviewed_at: datetime
    next_review_on: date
    notice_rows: list[dict[str, Any]] | None
    stems: Sequence[str] = ()
    excerpt: str = ""
    mentions: Sequence[Mention] = ()

    @classmethod
    def read(cls, row: Sequence[Any], stems: Sequence[str], mentioned: Any, excerpt: str) -> Self:
        """From the columns of `COLUMNS`, and what a search adds to them."""
        url = article_url(row[1])
        mentions = [Mention(f"{url}#{key}", name, Tier(tier), must, stems) for key, name, tier, must in mentioned or ()]
        return cls._make((*row, stems, excerpt, mentions))

    @property
    def url(self) -> str:
        return article_url(self.slug)

    @property
    def is_page(self) -> bool:
        """A search and a list hold what stands at an article's own address, and nothing else."""
        return True

    @property
    def specialty_label(self) -> str:
        return LABELS.get(self.specialty, "")

    @property
    def last_reviewed_on(self) -> date:
        return self.last_reviewed_at.date()

    @property
    def is_overdue(self) -> bool:
        return self.next_review_on < timezone.now().date()

    @property
    def standing(self) -> list[Notice]:
        """See also `Publication.standing`."""
        return [each for each in Notice.read_all(self.notice_rows) if each.stands] if self.notice_rows else []

    @property
    def marked_title(self) -> SafeString:
        return highlighted(self.title, self.stems)

    @property
    def marked_snippet(self) -> SafeString:
        """A piece of the text with the words marked, cut at whole words; nothing when none of them is in it."""
        return highlighted(self.excerpt, self.stems, is_piece=True) if self.excerpt else SafeString("")
