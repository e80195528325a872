"""Articles in the answers of the API: a line of a list, a version, and the whole."""

from datetime import date, datetime
from typing import Any, Literal, Self, cast

from django.conf import settings
from pydantic import Field

from content.schema import Content
from publications.addresses import absolute
from publications.api.shapes.base import Licence, Sha256, Shape
from publications.api.shapes.people import PersonShape, SignatureShape
from publications.models import Publication
from publications.record import Edition, Notice

State = Literal["current", "superseded", "retracted"]


class NoticeShape(Shape):
    """A public notice on an article: Crossref's kinds."""

    number: int = Field(description="Counts the notices of the version, from 1.")
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
    contributors: list[PersonShape] = Field(description="Who else has worked on the text, as of its submission.")
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
            contributors=[PersonShape.of(each) for each in row.contributors],
            signatures=signatures(row),
            submitted_at=row.submitted_at,
            review_started_at=row.review_started_at,
            history=[VersionLine.of(each, row.slug) for each in row.editions],
            content=row.document if with_content else None,
            provenance_url=settings.SITE_URL + row.provenance_url,
            jats_url=absolute("publications:version_jats", row.slug, row.number),
            licence=Licence.now(),
        )


def line(row: Publication) -> dict[str, Any]:
    """The fields of a list's line."""
    kept = ("slug", "title", "specialty", "state", "content_sha256", "has_patient_text", "approved_at")
    return {name: getattr(row, name) for name in (*kept, "last_reviewed_at", "next_review_on", "is_overdue")} | {
        "version": row.number,
        "notices": [NoticeShape.of(each) for each in row.standing],
        "url": row.canonical_url,
        "api_url": settings.SITE_URL + row.api_url,
    }


def signatures(row: Publication) -> list[SignatureShape]:
    approvals = [SignatureShape.of(each, "approve") for each in row.signatures]
    return approvals + [SignatureShape.of(each, "confirm") for each in row.confirmed_by]
