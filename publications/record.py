"""What stands in the JSON columns of a publication, typed: who signed, which versions there were, the notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
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

    @property
    def declaration(self) -> str:
        """What they declared, for a sentence."""
        return self.interests or "nothing was declared"

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
    notices: tuple[Notice, ...] = ()

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            raw["number"],
            raw["state"],
            raw["change_note"],
            date.fromisoformat(raw["approved_on"]),
            raw["content_sha256"],
            tuple(Notice.read_all(raw.get("notices", ()))),
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


class NoticeKind(StrEnum):
    """What a notice is, in Crossref's words; the lifting of a concern is ours."""

    CORRECTION = "correction"
    CONCERN = "expression_of_concern"
    LIFTED = "concern_lifted"
    RETRACTION = "retraction"


NOTICES = {
    NoticeKind.CORRECTION: "Correction",
    NoticeKind.CONCERN: "Expression of concern",
    NoticeKind.LIFTED: "Expression of concern lifted",
    NoticeKind.RETRACTION: "Retraction",
}


class Notice(NamedTuple):
    """A public notice on a version, numbered from 1. `ends` is the number of the expression of concern that it ends;
    `ended_by` is the notice that ended this one.
    """

    number: int
    kind: str
    words: str
    reason: str
    by: str
    on: date
    ends: int | None = None
    ended_by: Notice | None = None

    @classmethod
    def read(cls, raw: Mapping[str, Any], ended_by: Notice | None = None) -> Self:
        """From a row's own list, or the short form in an article's history, which has neither words nor reason."""
        return cls(
            number=raw["number"],
            kind=raw["kind"],
            words=raw.get("words") or "",
            reason=raw.get("reason") or "",
            by=raw.get("by") or "",
            on=date.fromisoformat(raw["on"]),
            ends=raw.get("ends"),
            ended_by=ended_by,
        )

    @classmethod
    def read_all(cls, rows: Iterable[Mapping[str, Any]]) -> list[Self]:
        """The latest first, each with the one that ended it."""
        ending: dict[int, Notice] = {}
        found = []
        for raw in sorted(rows, key=lambda row: -row["number"]):
            notice = cls.read(raw, ending.get(raw["number"]))
            if notice.ends is not None:
                ending[notice.ends] = notice
            found.append(notice)
        return found

    @property
    def label(self) -> str:
        return NOTICES[NoticeKind(self.kind)]

    @property
    def anchor(self) -> str:
        """The id of its place on the page."""
        return f"notice_{self.number}"

    @property
    def is_concern(self) -> bool:
        return self.kind == NoticeKind.CONCERN

    @property
    def is_retraction(self) -> bool:
        return self.kind == NoticeKind.RETRACTION

    @property
    def stands(self) -> bool:
        """Whether it holds now: a concern until it is ended; that it was lifted is news, and no mark of its own."""
        return self.ended_by is None and self.kind != NoticeKind.LIFTED


def origin_sentence(origin: str, ai_tool: str) -> str:
    """How a text was made, in a sentence."""
    return ORIGINS.get(origin, "").format(tool=ai_tool or "no tool named")
