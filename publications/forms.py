"""What a reader can ask the search for. Everything is taken as it comes and cut to size: no query is an error."""

from collections.abc import Mapping
from typing import NamedTuple, Self

from content import text
from people.specialties import MedicalSpecialty
from publications.models import Publication
from publications.querysets import MAX_QUERY, PublicationQuerySet, search_url

PER_PAGE = 20
LAST_PAGE = 500


class Results(NamedTuple):
    """One page of results. The addresses are "" where there is no such page."""

    results: list[Publication]
    total: int
    showing: str
    previous_url: str
    next_url: str


class Search(NamedTuple):
    """Words, a specialty, a first letter (each "" for any), and which page of the results."""

    query: str
    specialty: str
    letter: str
    page: int

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Self:
        specialty, page = sent.get("specialty", ""), sent.get("page", "")
        return cls(
            query=text.line(sent.get("q", "")[: 4 * MAX_QUERY])[:MAX_QUERY].strip(),
            specialty=specialty if specialty in MedicalSpecialty.values else "",
            letter=text.line(sent.get("letter", "")[:1]).upper()[:1],
            page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
        )

    @property
    def is_empty(self) -> bool:
        return not (self.query or self.specialty or self.letter)

    @property
    def heading(self) -> str:
        if self.query or self.is_empty:
            return ""
        about = f"{MedicalSpecialty(self.specialty).label}" if self.specialty else "Articles"
        return f"{about}, {self.letter}" if self.letter else about

    def found(self) -> PublicationQuerySet:
        """Everything that fits, in the order to show."""
        publications = Publication.objects.all()
        if self.is_empty:
            return publications.none()
        found = publications.matching(self.query) if self.query else publications.by_title()
        if self.specialty:
            found = found.filter(specialty=self.specialty)
        return found.filter(title__istartswith=self.letter) if self.letter else found

    def results(self) -> Results:
        found = self.found()
        first = (self.page - 1) * PER_PAGE
        rows = list(found[first : first + PER_PAGE])
        total = found.count()
        more = first + PER_PAGE < total and self.page < LAST_PAGE
        return Results(
            rows,
            total,
            f"{first + 1}–{first + len(rows)} of {total}" if rows else "",
            self._url(self.page - 1) if self.page > 1 else "",
            self._url(self.page + 1) if more else "",
        )

    def _url(self, page: int) -> str:
        kept = {"q": self.query, "specialty": self.specialty, "letter": self.letter}
        return search_url(**{name: value for name, value in kept.items() if value}, page=str(page))
