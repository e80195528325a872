"""What stands in the JSON columns of a publication, typed: who signed, which versions there were, the notice."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, Self

ORIGINS = {
    "human": "Written by a person.",
    "ai_assisted": "Written by a person with the help of AI ({tool}).",
    "ai_drafted": "Drafted by AI ({tool}), then edited by a person.",
}


class Person(NamedTuple):
    """A person as of the moment when they signed or submitted something."""

    name: str
    slug: str
    credentials: str
    job_title: str
    institution: str
    specialties: tuple[str, ...]
    orcid: str
    interests: str
    interests_declared_on: date | None

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        declared = raw.get("interests_declared_on")
        return cls(
            name=raw.get("name", ""),
            slug=raw.get("slug", ""),
            credentials=raw.get("credentials", ""),
            job_title=raw.get("job_title", ""),
            institution=raw.get("institution", ""),
            specialties=tuple(raw.get("specialties", ())),
            orcid=raw.get("orcid", ""),
            interests=raw.get("interests", ""),
            interests_declared_on=date.fromisoformat(declared) if declared else None,
        )


class Signature(NamedTuple):
    """One reviewer's approval of one hash."""

    by: Person
    signed_at: datetime
    content_sha256: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(Person.read(raw), datetime.fromisoformat(raw["signed_at"]), raw["content_sha256"])


class Edition(NamedTuple):
    """One line of an article's history: a version that was once approved."""

    number: int
    state: str
    change_note: str
    approved_on: date
    content_sha256: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            raw["number"],
            raw["state"],
            raw["change_note"],
            date.fromisoformat(raw["approved_on"]),
            raw["content_sha256"],
        )

    @property
    def is_current(self) -> bool:
        return self.state == "current"

    @property
    def is_retracted(self) -> bool:
        return self.state == "retracted"

    @property
    def pill(self) -> str:
        """The state as the desk and `{% pill %}` call it."""
        return "approved" if self.is_current else self.state


class Notice(NamedTuple):
    """A public notice that stands above a text or in its place. `kind` is one of Crossref's."""

    kind: str
    reason: str
    by: str
    on: date

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(raw["kind"], raw["reason"], raw.get("by") or "", date.fromisoformat(raw["on"]))


def origin_sentence(origin: str, ai_tool: str) -> str:
    """How a text was made, in a sentence."""
    return ORIGINS.get(origin, "").format(tool=ai_tool or "no tool named")
