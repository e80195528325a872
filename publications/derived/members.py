"""The proof of the board's pages: each row of `pub.member` is what the portal knows of a member."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any

from ledger.evidence import Problem, rows
from people.models import BoardProfile, BoardTerm, Disclosure
from publications.board.members import Member

_SIGNERS = "SELECT DISTINCT s ->> 'slug' AS slug FROM publication, jsonb_array_elements(signers || confirmations) s"


def members_hold() -> Iterator[Problem]:
    """Everybody whose term has ever been set and who has a name or has signed, as they describe themselves now."""
    shown = {member.pk: member for member in Member.objects.all()}
    signed = {row["slug"] for row in rows(_SIGNERS, alias="public")}
    newest = Disclosure.objects.order_by("user_id", "-declared_at", "-pk").distinct("user_id")
    declared = {each.user_id: each for each in newest}
    profiles = BoardProfile.objects.select_related("user").prefetch_related("terms").order_by("pk")
    for profile in profiles.iterator(chunk_size=500):
        terms = [term for term in profile.terms.all() if term.ended_early_on != term.starts_on]
        member = shown.pop(profile.pk, None)
        has_signed = profile.slug in signed
        if terms and (profile.user.name or has_signed):
            expected = _expected(profile, terms, declared.get(profile.user_id)) | {"has_signed": has_signed}
            yield from _compared(profile, member, expected)
        elif member is not None:
            yield Problem(f"member {profile.slug}", "is shown, and has no name or was never to serve")
    for stray in shown.values():
        yield Problem(f"member {stray.slug}", "is shown, and is not on the board")


def _expected(profile: BoardProfile, terms: list[BoardTerm], declared: Disclosure | None) -> dict[str, Any]:
    """An early end counts from its day on."""
    own = ("slug", "credentials", "job_title", "institution", "specialties", "orcid", "bio")
    return {name: getattr(profile, name) for name in own} | {
        "name": profile.user.name,
        "terms": [
            {
                "starts_on": term.starts_on.isoformat(),
                "last_day": (term.ended_early_on - timedelta(1) if term.ended_early_on else term.ends_on).isoformat(),
                "ended_on": term.ended_early_on and term.ended_early_on.isoformat(),
            }
            for term in sorted(terms, key=lambda term: term.starts_on)
        ],
        "interests": declared.statement if declared else "",
        "interests_declared_on": declared and declared.declared_at.astimezone(UTC).date(),
        "interests_valid_until": declared and declared.valid_until,
    }


def _compared(profile: BoardProfile, member: Member | None, expected: dict[str, Any]) -> Iterator[Problem]:
    name = f"member {profile.slug}"
    if member is None:
        if profile.user.name:  # who has none is in no list
            yield Problem(name, "is missing from the board's pages")
        return
    for column, value in expected.items():
        if getattr(member, column) != value:
            yield Problem(name, f"its {column} is not what the portal knows")
