"""The addresses of the read API. Each reads through the public login alone, in one query or two."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError
from pydantic import BaseModel

from content.text import line
from publications import pages
from publications.addresses import absolute
from publications.api.asked import (
    ArticlesAsked,
    DiagnosisAsked,
    NamesAsked,
    PartAsked,
    PlaceAsked,
    SearchAsked,
    Slug,
    check_names,
    refused,
)
from publications.api.problems import Problem, faults, problem
from publications.api.shapes.articles import Article, ArticleLine, VersionLine
from publications.api.shapes.base import Licence, ListOf, Shape
from publications.api.shapes.finding import DiagnosisShape, FoundLine, FoundList, InTierShape, NameLine
from publications.api.shapes.people import MemberShape
from publications.board.members import BY_NAME, Member
from publications.cursors import Page
from publications.finding.diagnoses import DiagnosisPage, InTier, names
from publications.finding.search import NOTHING, find
from publications.models import Publication
from publications.pages import PageView

JSON = "application/json"
NAMESPACE = "api"
SlugPath = Annotated[
    Slug, Path(description="The article's or member's name in addresses.", examples=["hiccups-at-night"])
]
NumberPath = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of the version.", examples=[1])]

api = NinjaAPI(title="DDx Portal read API", version="1", openapi_url=None, docs_url=None, urls_namespace=NAMESPACE)
log = logging.getLogger(__name__)


def get[**P](path: str, shape: Any, *errors: int, tags: list[str]) -> Callable[[PageView[P]], PageView[P]]:
    """Register an address that is read with GET or HEAD. Parameters that `asked` does not have are refused."""
    answers = {200: shape} | dict.fromkeys((*errors, 400), Problem)

    def register(view: PageView[P]) -> PageView[P]:
        asked = view.__annotations__.get("asked")
        known = get_args(asked)[0].model_fields if asked else {}

        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            check_names(request, known)
            return view(request, *args, **kwargs)

        operation = api.api_operation(
            ["GET", "HEAD"], path, response=answers, tags=tags, operation_id=view.__name__, summary=_first_line(view)
        )
        registered: PageView[P] = operation(checked)
        return registered

    return register


def _first_line(view: Callable[..., Any]) -> str:
    return (view.__doc__ or "").strip().partition("\n")[0]


def reply(request: HttpRequest, make: Callable[[], BaseModel], *, tag: str = "") -> HttpResponse:
    """Answer like every public page: with an ETag, compressed when the reader takes it, checked anew each time."""
    return pages.answer(
        request, lambda: make().model_dump_json(), tag=tag and f"api {tag}", content_type=JSON, indexed=False
    )


def listed[S: Shape](name: str, asked: PlaceAsked, place: str, items: list[S]) -> ListOf[S]:
    """A part of a list, with the address where it goes on, at that place."""
    cursor = asked.next(place)
    given = asked.model_dump(mode="json", exclude_unset=True) | {"cursor": cursor}
    query = urlencode({key: value for key, value in given.items() if value not in {None, ""}})
    following = f"{absolute(f'{NAMESPACE}:{name}')}?{query}" if cursor else None
    return ListOf(items=items, next=cursor or None, next_url=following, licence=Licence.now())


@get("/articles", ListOf[ArticleLine], tags=["Articles"])
def articles(request: HttpRequest, asked: Query[ArticlesAsked]) -> HttpResponse:
    """The current articles. A retracted one is in no list; its own address answers with the notice."""
    part = asked.part()
    return reply(request, lambda: listed("articles", asked, part.next, [ArticleLine.of(each) for each in part.rows]))


@get("/articles/{slug:slug}", Article, 404, tags=["Articles"])
def article(request: HttpRequest, slug: SlugPath) -> HttpResponse:
    """The text that stands at an article's own address, or the notice in its place."""
    row = get_object_or_404(Publication.objects.page(slug))
    tag = f"at its own address {row.fingerprint}"
    return reply(request, lambda: Article.of(row, with_content=not row.is_retracted), tag=tag)


@get("/articles/{slug:slug}/versions", ListOf[VersionLine], 404, tags=["Articles"])
def versions(request: HttpRequest, slug: SlugPath) -> HttpResponse:
    """Every version of an article that was once approved, the latest first."""
    row = get_object_or_404(Publication.objects.page(slug))
    items = [VersionLine.of(each, slug) for each in row.editions]
    return reply(request, lambda: ListOf(items=items, next=None, next_url=None, licence=Licence.now()))


@get("/articles/{slug:slug}/versions/{int:number}", Article, 404, tags=["Articles"])
def version(request: HttpRequest, slug: SlugPath, number: NumberPath) -> HttpResponse:
    """One version that was once approved, for good; its state says what has become of it."""
    row = get_object_or_404(Publication.objects.edition(slug, number))
    return reply(request, lambda: Article.of(row), tag=row.fingerprint)


@get("/search", FoundList, tags=["Search"])
def search(request: HttpRequest, asked: Query[SearchAsked]) -> HttpResponse:
    """The current articles that have these words or this code, the best first, twenty at a time."""
    wanted = asked.search()
    found = NOTHING if wanted.is_list else find(wanted)
    lines = [FoundLine.of(each) for each in found.lines]
    return reply(request, lambda: FoundList(**dict(listed("search", asked, found.next, lines)), is_cut=found.is_cut))


@get("/diagnoses", ListOf[NameLine], tags=["Diagnoses"])
def diagnoses(request: HttpRequest, asked: Query[NamesAsked]) -> HttpResponse:
    """Every diagnosis that a current article names, by name, sixty at a time."""
    found = names(letter=line(asked.letter).upper()[:1], after=asked.place()).page
    return reply(request, lambda: listed("diagnoses", asked, found.next, [NameLine.of(each) for each in found.rows]))


@get("/diagnoses/{slug:slug}", DiagnosisShape, 404, tags=["Diagnoses"])
def diagnosis(request: HttpRequest, slug: SlugPath, asked: Query[DiagnosisAsked]) -> HttpResponse:
    """A diagnosis and the current articles that name it, tier by tier, twenty of a tier at a time."""
    if asked.cursor and not asked.tier:
        raise refused("tier", "A cursor goes on in one tier: name it.")
    found = DiagnosisPage.read(slug, tier=asked.tier or "", after=asked.place(slug=slug))
    if found is None:
        raise Http404
    return reply(request, lambda: diagnosed(found))


def diagnosed(found: DiagnosisPage) -> DiagnosisShape:
    """The answer about one diagnosis; each tier goes on by itself."""
    return DiagnosisShape(
        **NameLine.of(found.name).model_dump() | {"articles": found.articles},
        also=list(found.also),
        codes=list(found.codes),
        tiers=[_in_tier(found.name.slug, each) for each in found.tiers],
        licence=Licence.now(),
    )


def _in_tier(slug: str, part: InTier) -> InTierShape:
    following = DiagnosisAsked(tier=part.tier).next(part.page.next, slug=slug)
    query = urlencode({"tier": part.tier.value, "cursor": following})
    return InTierShape(
        tier=part.tier,
        items=[FoundLine.of(each) for each in part.page.rows],
        next=following or None,
        next_url=f"{absolute(f'{NAMESPACE}:diagnosis', slug)}?{query}" if following else None,
    )


@get("/board", ListOf[MemberShape], tags=["Board"])
def board(request: HttpRequest, asked: Query[PartAsked]) -> HttpResponse:
    """The Medical Advisory Board: who serves now and who has served."""
    part: Page[Member] = BY_NAME.page(Member.objects.listed(), asked.limit, after=asked.place())
    return reply(request, lambda: listed("board", asked, part.next, [MemberShape.of(each) for each in part.rows]))


@get("/board/{slug:slug}", MemberShape, 404, tags=["Board"])
def member(request: HttpRequest, slug: SlugPath) -> HttpResponse:
    """One member, as of today."""
    found = get_object_or_404(Member.objects.listed(), slug=slug)
    return reply(request, lambda: MemberShape.of(found))


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND)


@api.exception_handler(ValidationError)
def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if any(each["loc"][0] == "path" for each in error.errors):
        return problem(HTTPStatus.NOT_FOUND)
    return problem(HTTPStatus.BAD_REQUEST, faults(error.errors))


@api.exception_handler(OperationalError)
def _unreachable(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("The API could not reach the database.", exc_info=error)
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, (), **{"Retry-After": "30"})
