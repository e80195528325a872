"""What a reader can ask the search for. Everything is taken as it comes and cut to size: no query is an error."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from content import text
from content.schema import ICD10CM_CODE, Tier
from people.specialties import MedicalSpecialty
from publications.addresses import search_url
from publications.cursors import Place
from publications.finding.words import Typed

MAX_QUERY = 200
_NAMES = {"query": "q"}
_SPECIALTIES, _TIERS = frozenset(MedicalSpecialty.values), frozenset(Tier)


class Search(NamedTuple):
    """Words; the filters (each "" for any); and where the page begins. `letter` is for lists, `tier` for words or a
    code: it is the tier of the diagnosis that was looked for.
    """

    query: str
    specialty: str
    tier: str
    code: str
    since: str
    letter: str
    after: str
    before: str

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Self:
        specialty, tier = sent.get("specialty", ""), sent.get("tier", "")
        query = text.line(sent.get("q", "")[: 4 * MAX_QUERY])[:MAX_QUERY].strip()
        return cls(
            query=query,
            specialty=specialty if specialty in _SPECIALTIES else "",
            tier=tier if tier in _TIERS else "",
            code=_code(sent.get("code", "")),
            since=_day(sent.get("since", "")),
            letter="" if query else text.line(sent.get("letter", "")[:1]).upper()[:1],
            after=sent.get("after", ""),
            before=sent.get("before", ""),
        )

    @property
    def typed(self) -> Typed:
        return Typed.read(self.query)

    @property
    def is_empty(self) -> bool:
        return not any((self.query, self.specialty, self.tier, self.code, self.since, self.letter))

    @property
    def is_list(self) -> bool:
        """Whether nothing is looked for that could be ranked."""
        return not (self.query or self.code)

    @property
    def has_filters(self) -> bool:
        return any((self.specialty, self.tier, self.code, self.since))

    @property
    def by_diagnosis(self) -> bool:
        """Whether articles are found by one of their diagnoses."""
        return bool(self.code or (self.tier and self.query))

    @property
    def place(self) -> Place:
        """Where the page begins: at a rank, a moment or a title."""
        kind = (datetime if self.since else str) if self.is_list else float
        return Place.read(kind, int, after=self.after, before=self.before)

    @property
    def heading(self) -> str:
        if self.query or self.is_empty:
            return ""
        about = f"{MedicalSpecialty(self.specialty).label}" if self.specialty else "Articles"
        return f"{about}, {self.letter}" if self.letter else about

    def url(self, **changes: Any) -> str:
        """The same search with something changed, from its beginning unless a cursor is given."""
        wanted = self._replace(**({"after": "", "before": ""} | changes))
        return search_url(**{_NAMES.get(name, name): value for name, value in wanted._asdict().items() if value})


def _code(sent: str) -> str:
    """A code of ICD-10-CM, or what codes begin with."""
    code = text.line(sent[:20]).upper().rstrip(".")
    return code if ICD10CM_CODE.fullmatch(code) else ""


def _day(sent: str) -> str:
    try:
        day = date.fromisoformat(sent) if len(sent) == 10 else None
    except ValueError:
        return ""
    return day.isoformat() if day and day.year > 1900 else ""
