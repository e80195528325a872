"""People in the answers of the API: as of the moment when they signed, and as of today."""

from datetime import date, datetime
from typing import Any, Literal, Self

from django.conf import settings
from pydantic import Field

from publications.addresses import absolute
from publications.api.shapes.base import Sha256, Shape
from publications.board.members import Member, Office
from publications.record import Person, Signature


class PersonShape(Shape):
    """Somebody as of the moment when they wrote or signed."""

    name: str
    credentials: str
    job_title: str
    institution: str
    specialties: list[str]
    orcid: str | None = Field(description="Address at orcid.org.")
    interests: str = Field(description="Conflicts of interest as declared.")
    interests_declared_on: date | None
    url: str | None = Field(description="Their page, when they are on the board.")

    @classmethod
    def of(cls, person: Person) -> Self:
        return cls(
            name=person.name,
            credentials=person.credentials,
            job_title=person.job_title,
            institution=person.institution,
            specialties=list(person.specialties),
            orcid=orcid_address(person.orcid),
            interests=person.interests,
            interests_declared_on=person.interests_declared_on,
            url=absolute("publications:member", person.slug) if person.slug else None,
        )


class SignatureShape(Shape):
    """One reviewer's approval, or later confirmation, of exactly one text."""

    by: PersonShape
    verdict: Literal["approve", "confirm"]
    signed_at: datetime
    content_sha256: Sha256

    @classmethod
    def of(cls, signature: Signature, verdict: Literal["approve", "confirm"]) -> Self:
        by = PersonShape.of(signature.by)
        return cls(by=by, verdict=verdict, signed_at=signature.signed_at, content_sha256=signature.content_sha256)


class TermShape(Shape):
    """A term of office, both days included."""

    starts_on: date
    last_day: date

    @classmethod
    def of(cls, term: Office) -> Self:
        return cls(starts_on=term.starts_on, last_day=term.until)


class MemberShape(Shape):
    """Somebody who serves on the board, or has served, as of today."""

    slug: str
    name: str
    credentials: str
    job_title: str
    institution: str
    specialties: list[str]
    orcid: str | None
    bio: str
    terms: list[TermShape] = Field(description="Terms that have begun, the first first.")
    is_past: bool
    interests: str = Field(description="Conflicts of interest as declared; empty when none were ever declared.")
    interests_declared_on: date | None
    url: str = Field(description="Their page.")
    articles_url: str = Field(description="What they have signed, in this API.")

    @classmethod
    def of(cls, member: Member) -> Self:
        same = cls.model_fields.keys() - {"orcid", "terms", "url", "articles_url"}
        fields: dict[str, Any] = {name: getattr(member, name) for name in same}
        return cls(
            **fields,
            orcid=orcid_address(member.orcid),
            terms=[TermShape.of(each) for each in member.terms_served],
            url=settings.SITE_URL + member.get_absolute_url(),
            articles_url=f"{absolute('api:articles')}?reviewer={member.slug}",
        )


def orcid_address(orcid: str) -> str | None:
    return f"https://orcid.org/{orcid}" if orcid else None
