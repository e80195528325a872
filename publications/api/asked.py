"""What can be asked of the lists, typed and bounded. A parameter that none of these knows is refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import ValidationError
from pydantic import Field

from content.schema import ICD10CM_CODE, Tier
from people.specialties import MedicalSpecialty
from publications.api.cursors import MAX_CURSOR, WrongCursor, read, write
from publications.cursors import Key, Page
from publications.finding.forms import MAX_QUERY, Search
from publications.models import Publication
from publications.querysets import NEWEST_FIRST, PublicationQuerySet

Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]+$", max_length=200)]
Since = Annotated[
    date | None,
    Field(description="Only what was approved or confirmed on this day (UTC) or later.", examples=["2026-01-31"]),
]
Words = Annotated[
    str,
    Field(
        max_length=MAX_QUERY, description="Words; “…” for a phrase, - for what must not be there.", examples=["hiccups"]
    ),
]
Code = Annotated[
    str,
    Field(
        pattern=f"^({ICD10CM_CODE.pattern})?$",
        max_length=8,
        description="An ICD-10-CM code, or its first three characters.",
    ),
]
IN_LINE = [  # what `shapes.line` shows
    *("slug", "number", "is_page", "state", "title", "specialty", "content_sha256", "has_patient_text"),
    *("approved_at", "last_reviewed_at", "next_review_on", "notice_rows"),
]
ORDERS = {"title": Key("title", str), "reviewed": NEWEST_FIRST}


class PlaceAsked(Schema):
    """Where a list goes on."""

    cursor: Annotated[str, Field(max_length=MAX_CURSOR, description="The next of the answer before; opaque.")] = ""

    @property
    def question(self) -> dict[str, Any]:
        """All that was asked but which part of it: what a cursor fits."""
        return self.model_dump(exclude={"limit", "cursor"}) | {"asked": type(self).__name__}

    def place(self, **question: Any) -> str:
        """The place that the cursor stands for, in the words of whoever keeps the list; "" for its beginning."""
        if not self.cursor:
            return ""
        try:
            return read(self.cursor, self.question | question)
        except WrongCursor as error:
            raise refused("cursor", f"This is {error}. Begin again without one.") from error

    def next(self, place: str, **question: Any) -> str:
        """The cursor of that place; "" for the end of the list."""
        return write(place, self.question | question) if place else ""


class PartAsked(PlaceAsked):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many items at most.")] = 20


class ArticlesAsked(PartAsked):
    """Which articles, in which order."""

    specialty: Annotated[MedicalSpecialty | None, Field(description="Only this one.", examples=["Neurologic"])] = None
    reviewer: Annotated[Slug | None, Field(description="Only what this board member has signed; see /board.")] = None
    reviewed_since: Since = None
    sort: Annotated[
        Literal["title", "reviewed"], Field(description="By title, or by the last whole review, the latest first.")
    ] = "title"

    def rows(self) -> PublicationQuerySet:
        found = Publication.objects.current()
        if self.specialty:
            found = found.filter(specialty=self.specialty)
        if self.reviewer:
            found = found.signed_by(self.reviewer)
        if self.reviewed_since:
            found = found.filter(last_reviewed_at__gte=datetime.combine(self.reviewed_since, time.min, UTC))
        return found.only(*IN_LINE)

    def part(self) -> Page[Publication]:
        return ORDERS[self.sort].page(self.rows(), self.limit, after=self.place())


class SearchAsked(PlaceAsked):
    """What is looked for: words, or a code, or both. Nothing is found by neither; /articles lists by specialty."""

    q: Words = ""
    code: Code = ""
    specialty: Annotated[MedicalSpecialty | None, Field(description="Only this one.", examples=["Neurologic"])] = None
    tier: Annotated[Tier | None, Field(description="Only where what was looked for is a diagnosis of this tier.")] = (
        None
    )
    reviewed_since: Since = None

    def search(self) -> Search:
        """The same as the search page reads it."""
        sent = {"q": self.q, "code": self.code, "specialty": self.specialty or "", "tier": self.tier or ""}
        sent |= {"since": self.reviewed_since.isoformat() if self.reviewed_since else "", "after": self.place()}
        return Search.read(sent)


class NamesAsked(PlaceAsked):
    """Which names of diagnoses."""

    letter: Annotated[str, Field(max_length=1, description="Only names that begin with it.", examples=["G"])] = ""


class DiagnosisAsked(PlaceAsked):
    """Which of the articles that name a diagnosis."""

    tier: Annotated[
        Tier | None,
        Field(description="Only those that have it in this tier; a cursor needs it.", examples=["do_not_miss"]),
    ] = None


def refused(parameter: str, message: str) -> ValidationError:
    return ValidationError([{"loc": ("query", parameter), "msg": message}])


def check_names(request: HttpRequest, known: Mapping[str, Any]) -> None:
    """Refuse what nobody reads, lest a filter that is spelled wrong looks as if it had worked."""
    given = request.GET
    faults = [{"loc": ("query", name), "msg": "There is no such parameter."} for name in given if name not in known]
    faults += [
        {"loc": ("query", name), "msg": "It was given more than once."}
        for name in known
        if len(given.getlist(name)) > 1
    ]
    if faults:
        raise ValidationError(faults[:20])
