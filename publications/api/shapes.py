"""What the API answers with, typed: each shape is made of what a public page shows."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self, cast

from django.conf import settings
from django.urls import reverse
from pydantic import BaseModel, ConfigDict, Field

from content.schema import Content, Tier
from publications import licences
from publications.board.members import Member, Office
from publications.finding.diagnoses import Name
from publications.finding.lines import Line, Mention
from publications.models import Publication
from publications.record import Edition, Notice, Person, Signature

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 in hexadecimal.")]
State = Literal["current", "superseded", "retracted"]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Licence(Shape):
    """What others may do with the texts of this answer."""

    id: str = Field(description="SPDX identifier, or all-rights-reserved.")
    name: str
    url: str | None = Field(description="The licence's own words; null when all rights are reserved.")

    @classmethod
    def now(cls) -> Self:
        held = licences.licence()
        return cls(id=held.id, name=held.name, url=held.url or None)


class NoticeShape(Shape):
    """A public notice on an article: Crossref's kinds."""

    number: int = Field(description="Counts the notices of the article, from 1.")
    kind: Literal["correction", "expression_of_concern", "concern_lifted", "retraction"]
    words: str = Field(description="What readers are told.")
    reason: str = Field(description="Why; may be empty.")
    by: str = Field(description="Who answers for the notice; may be empty.")
    on: date
    stands: bool = Field(description="False for a concern that was lifted, and for the lifting itself.")

    @classmethod
    def of(cls, notice: Notice) -> Self:
        fields = {name: getattr(notice, name) for name in cls.model_fields}
        return cls(**fields)


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


class VersionLine(Shape):
    """One version that was once approved."""

    number: int
    state: State
    change_note: str
    approved_on: date
    content_sha256: Sha256
    url: str = Field(description="Its page.")
    api_url: str

    @classmethod
    def of(cls, edition: Edition, slug: str) -> Self:
        return cls(
            number=edition.number,
            state=cast("State", edition.state),
            change_note=edition.change_note,
            approved_on=edition.approved_on,
            content_sha256=edition.content_sha256,
            url=absolute("publications:version", slug, edition.number),
            api_url=absolute("api:version", slug, edition.number),
        )


class ArticleLine(Shape):
    """An article in a list."""

    slug: str
    title: str
    specialty: str = Field(description="A schema.org MedicalSpecialty; may be empty.")
    state: State
    version: int
    content_sha256: Sha256
    has_patient_text: bool
    approved_at: datetime
    last_reviewed_at: datetime = Field(description="Moved by a whole review only: the approval or a confirmation.")
    next_review_on: date
    is_overdue: bool
    notices: list[NoticeShape] = Field(description="Those that hold now, the latest first.")
    url: str = Field(description="Its page.")
    api_url: str

    @classmethod
    def of(cls, row: Publication) -> Self:
        return cls(**line(row))


class Article(ArticleLine):
    """One version of an article as it was signed, or the notice in place of a retracted one."""

    change_note: str
    origin: str = Field(description="How the text was made: human, ai_assisted or ai_drafted.")
    origin_sentence: str
    author: PersonShape
    signatures: list[SignatureShape] = Field(description="Approvals, then confirmations, in their order.")
    submitted_at: datetime
    review_started_at: datetime
    history: list[VersionLine] = Field(description="Every version that was once approved, the latest first.")
    content: Content | None = Field(
        description="The signed document; null at the address of an article that is retracted."
    )
    provenance_url: str
    jats_url: str
    licence: Licence

    @classmethod
    def of(cls, row: Publication, *, with_content: bool = True) -> Self:
        return cls(
            **line(row) | {"notices": [NoticeShape.of(each) for each in row.notices]},
            change_note=row.change_note,
            origin=row.origin,
            origin_sentence=row.origin_sentence,
            author=PersonShape.of(row.written_by),
            signatures=signatures(row),
            submitted_at=row.submitted_at,
            review_started_at=row.review_started_at,
            history=[VersionLine.of(each, row.slug) for each in row.editions],
            content=row.document if with_content else None,
            provenance_url=settings.SITE_URL + row.provenance_url,
            jats_url=absolute("publications:version_jats", row.slug, row.number),
            licence=Licence.now(),
        )


class MentionShape(Shape):
    """A diagnosis of an article that has what was looked for."""

    name: str = Field(description="With the plain name behind it where that has what was looked for.")
    tier: Tier
    must_not_be_missed: bool
    url: str = Field(description="Its place on the article's page.")

    @classmethod
    def of(cls, mention: Mention) -> Self:
        url = settings.SITE_URL + mention.url
        return cls(name=mention.name, tier=mention.tier, must_not_be_missed=mention.must_not_be_missed, url=url)


class FoundLine(Shape):
    """An article that was found."""

    slug: str
    title: str
    specialty: str
    last_reviewed_at: datetime
    next_review_on: date
    is_overdue: bool
    notices: list[NoticeShape] = Field(description="Those that hold now, the latest first.")
    mentions: list[MentionShape] = Field(description="Its diagnoses that have what was looked for.")
    snippet_html: str = Field(description="A piece of its text: escaped HTML in which mark stands around words found.")
    url: str = Field(description="Its page.")
    api_url: str

    @classmethod
    def of(cls, found: Line) -> Self:
        same = ("slug", "title", "specialty", "last_reviewed_at", "next_review_on", "is_overdue")
        fields: dict[str, Any] = {name: getattr(found, name) for name in same}
        return cls(
            **fields,
            notices=[NoticeShape.of(each) for each in found.standing],
            mentions=[MentionShape.of(each) for each in found.mentions],
            snippet_html=str(found.marked_snippet),
            url=settings.SITE_URL + found.url,
            api_url=absolute("api:article", found.slug),
        )


class NameLine(Shape):
    """A diagnosis that current articles name."""

    slug: str
    name: str
    articles: int = Field(description="How many name it.")
    url: str = Field(description="Its page.")
    api_url: str

    @classmethod
    def of(cls, name: Name) -> Self:
        url, api_url = settings.SITE_URL + name.url, absolute("api:diagnosis", name.slug)
        return cls(**name._asdict(), url=url, api_url=api_url)


class InTierShape(Shape):
    """The articles that have a diagnosis in one tier, by title."""

    tier: Tier
    items: list[FoundLine]
    next: str | None = Field(description="What to send as cursor, with this tier, for the items that follow.")
    next_url: str | None


class DiagnosisShape(NameLine):
    """A diagnosis with the articles that name it, tier by tier."""

    also: list[str] = Field(description="Other names that these articles, or the editors, have for it.")
    codes: list[str] = Field(description="Its ICD-10-CM codes in the articles shown here.")
    tiers: list[InTierShape]
    licence: Licence


class TermShape(Shape):
    """A term of office, both days included."""

    starts_on: date
    last_day: date

    @classmethod
    def of(cls, term: Office) -> Self:
        return cls(**term._asdict())


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


class ListOf[S: Shape](Shape):
    """Part of a list. Follow next_url, or ask again with cursor=next, until they are null."""

    items: list[S]
    next: str | None = Field(description="What to send as cursor for the items that follow.")
    next_url: str | None
    licence: Licence


def line(row: Publication) -> dict[str, Any]:
    """The fields of a list's line."""
    kept = ("slug", "title", "specialty", "state", "content_sha256", "has_patient_text", "approved_at")
    return {name: getattr(row, name) for name in (*kept, "last_reviewed_at", "next_review_on", "is_overdue")} | {
        "version": row.number,
        "notices": [NoticeShape.of(each) for each in row.standing],
        "url": row.canonical_url,
        "api_url": api_address(row),
    }


def signatures(row: Publication) -> list[SignatureShape]:
    approvals = [SignatureShape.of(each, "approve") for each in row.signatures]
    return approvals + [SignatureShape.of(each, "confirm") for each in row.confirmed_by]


def api_address(row: Publication) -> str:
    return absolute("api:article", row.slug) if row.is_page else absolute("api:version", row.slug, row.number)


def orcid_address(orcid: str) -> str | None:
    return f"https://orcid.org/{orcid}" if orcid else None


def absolute(name: str, *arguments: str | int) -> str:
    return settings.SITE_URL + reverse(name, args=arguments)


def lines(rows: Iterable[Publication]) -> list[ArticleLine]:
    return [ArticleLine.of(each) for each in rows]
