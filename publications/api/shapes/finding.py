"""What was found, in the answers of the API: articles with what they have of it, and diagnoses."""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from pydantic import Field

from content.schema import Tier
from publications.addresses import absolute
from publications.api.shapes.articles import NoticeShape
from publications.api.shapes.base import Licence, ListOf, Shape
from publications.finding.diagnoses import Name
from publications.finding.lines import Line, Mention


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


class FoundList(ListOf[FoundLine]):
    """Part of what a search found. Follow next_url, or ask again with cursor=next, until they are null."""

    is_cut: bool = Field(
        description="More may fit than the hundred best that a search lists: ask for less, with another word or filter."
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

    tier: Tier = Field(
        description="do_not_miss has what must not be missed of the other tiers, too: there, and in its own."
    )
    items: list[FoundLine]
    next: str | None = Field(description="What to send as cursor, with this tier, for the items that follow.")
    next_url: str | None


class DiagnosisShape(NameLine):
    """A diagnosis with the articles that name it, tier by tier."""

    also: list[str] = Field(description="Other names that these articles, or the editors, have for it.")
    codes: list[str] = Field(description="Its ICD-10-CM codes in the articles shown here.")
    tiers: list[InTierShape]
    licence: Licence
