"""What each address answers with, in small: made-up articles and people, for the description and its page."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.conf import settings

from content import canonical
from content.schema import Content, Tier
from publications.api.shapes.articles import Article, ArticleLine, VersionLine
from publications.api.shapes.base import Licence, ListOf, Shape
from publications.api.shapes.finding import DiagnosisShape, FoundLine, FoundList, InTierShape, MentionShape, NameLine
from publications.api.shapes.people import MemberShape, PersonShape, SignatureShape, TermShape

SLUG = "hiccups-at-night"
_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_CONTENT = Content.model_validate(
    {
        "title": "Hiccups at night",
        "presentation": {"clinician": "Hiccups that wake the patient.", "patient": "Hiccups wake you up."},
        "diagnoses": [
            {
                "key": "full-stomach",
                "tier": "most_likely",
                "name": "Gastric distension",
                "plain_name": "A full stomach",
                "codes": ["K31.89"],
                "clinician": {"rationale": "Begins soon after a late, large meal."},
                "patient": {"rationale": "You ate a lot, late."},
                "references": ["example"],
            }
        ],
        "no_do_not_miss_reason": "This is an example, not an article.",
        "references": [
            {"key": "example", "citation": "Example Institute. Hiccups, 2024.", "url": "https://example.org/"}
        ],
    }
)


@cache
def examples() -> dict[str, Any]:
    """An answer of each address, by its name."""
    made: dict[str, Shape] = {
        "articles": ListOf[ArticleLine](
            items=[ArticleLine(**_line())],
            next="WyI3YjFk…",
            next_url=f"{_api('articles')}?limit=1&cursor=WyI3YjFk…",
            licence=Licence.now(),
        ),
        "article": _article(),
        "versions": ListOf[VersionLine](items=[_version()], next=None, next_url=None, licence=Licence.now()),
        "version": _article(),
        "search": FoundList(items=[_found()], next=None, next_url=None, is_cut=False, licence=Licence.now()),
        "diagnoses": ListOf[NameLine](items=[NameLine(**_name())], next=None, next_url=None, licence=Licence.now()),
        "diagnosis": DiagnosisShape(
            **_name(),
            also=["A full stomach"],
            codes=["K31.89"],
            tiers=[InTierShape(tier=Tier.MOST_LIKELY, items=[_found()], next=None, next_url=None)],
            licence=Licence.now(),
        ),
        "board": ListOf[MemberShape](items=[_member()], next=None, next_url=None, licence=Licence.now()),
        "member": _member(),
    }
    return {name: each.model_dump(mode="json") for name, each in made.items()}


def _api(path: str) -> str:
    return f"{settings.SITE_URL}/api/v1/{path}"


def _page(path: str) -> str:
    return f"{settings.SITE_URL}/{path}/"


def _line() -> dict[str, Any]:
    return {
        "slug": SLUG,
        "title": _CONTENT.title,
        "specialty": "Gastroenterologic",
        "state": "current",
        "version": 1,
        "content_sha256": canonical.sha256(canonical.dumps(_CONTENT)),
        "has_patient_text": True,
        "approved_at": _AT,
        "last_reviewed_at": _AT,
        "next_review_on": date(2027, 3, 2),
        "is_overdue": False,
        "notices": [],
        "url": _page(f"articles/{SLUG}"),
        "api_url": _api(f"articles/{SLUG}"),
    }


def _article() -> Article:
    sha256 = _line()["content_sha256"]
    signers = (_person("Ana Example", "ana-example"), _person("Ben Example", "ben-example"))
    return Article(
        **_line(),
        change_note="",
        origin="human",
        origin_sentence="Written by a person.",
        author=_person("Cleo Example", ""),
        contributors=[_person("Dan Example", "")],
        signatures=[SignatureShape(by=by, verdict="approve", signed_at=_AT, content_sha256=sha256) for by in signers],
        submitted_at=_AT,
        review_started_at=_AT,
        history=[_version()],
        content=_CONTENT,
        provenance_url=_page(f"articles/{SLUG}/v/1") + "provenance.json",
        jats_url=_page(f"articles/{SLUG}/v/1") + "jats.xml",
        licence=Licence.now(),
    )


def _found() -> FoundLine:
    same = ("slug", "title", "specialty", "last_reviewed_at", "next_review_on", "is_overdue", "notices")
    line = _line()
    mention = MentionShape(
        name="Gastric distension",
        tier=Tier.MOST_LIKELY,
        must_not_be_missed=False,
        url=_page(f"articles/{SLUG}") + "#full-stomach",
    )
    return FoundLine(
        **{name: line[name] for name in (*same, "url", "api_url")},
        mentions=[mention],
        snippet_html="… <mark>Hiccups</mark> that wake the patient. …",
    )


def _name() -> dict[str, Any]:
    name, slug = "Gastric distension", "gastric-distension"
    return {
        "slug": slug,
        "name": name,
        "articles": 1,
        "url": _page(f"diagnoses/{slug}"),
        "api_url": _api(f"diagnoses/{slug}"),
    }


def _person(name: str, slug: str) -> PersonShape:
    return PersonShape(
        name=name,
        credentials="MD",
        job_title="Consultant",
        institution="Example Hospital",
        specialties=["Gastroenterologic"],
        orcid=None,
        interests="None declared",
        interests_declared_on=date(2026, 1, 15),
        url=_page(f"board/{slug}") if slug else None,
    )


def _version() -> VersionLine:
    return VersionLine(
        number=1,
        state="current",
        change_note="",
        approved_on=_AT.date(),
        content_sha256=_line()["content_sha256"],
        url=_page(f"articles/{SLUG}/v/1"),
        api_url=_api(f"articles/{SLUG}/versions/1"),
    )


def _member() -> MemberShape:
    return MemberShape(
        slug="ana-example",
        name="Ana Example",
        credentials="MD",
        job_title="Consultant",
        institution="Example Hospital",
        specialties=["Gastroenterologic"],
        orcid=None,
        bio="",
        terms=[TermShape(starts_on=date(2025, 1, 1), last_day=date(2027, 12, 31))],
        is_past=False,
        interests="None declared",
        interests_declared_on=date(2026, 1, 15),
        url=_page("board/ana-example"),
        articles_url=_api("articles") + "?reviewer=ana-example",
    )
