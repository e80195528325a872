"""The proof of the public rows: each is what was signed, by whom and when it says, and none is missing."""

import json
from collections.abc import Iterator

from content import canonical
from ledger.evidence import (
    DECISIONS_BY_OTHERS,
    Problem,
    Row,
    as_one_text,
    at_once,
    count_approvals,
    rows,
    side_by_side,
    signature,
)
from ledger.told import Publishing, Told

PUBLIC_STATE = {"approved": "current", "superseded": "superseded", "retracted": "retracted"}
_VERSIONS = """
    SELECT v.*, a.slug, a.specialty FROM articles_version v JOIN articles_article a ON a.id = v.article_id
    WHERE v.state IN ('approved', 'superseded', 'retracted') ORDER BY v.id"""
_COPIED = {
    "author": "author_statement",
    "origin": "origin",
    "ai_tool": "ai_tool",
    "change_note": "change_note",
    "submitted_at": "submitted_at",
    "review_started_at": "review_started_at",
    "approved_at": "decided_at",
    "slug": "slug",
}


def public_rows(told: Told) -> Iterator[Problem]:
    """Hold each against its version, its signatures and its events; one version is in memory at a time."""
    decided = rows(f"{DECISIONS_BY_OTHERS} AND d.rereview_id IS NULL ORDER BY d.version_id, d.id")
    public = rows("SELECT * FROM publication ORDER BY id", alias="public")
    found = side_by_side(versions=("id", rows(_VERSIONS)), public=("id", public), decisions=("version_id", decided))
    for pk, sides in found:
        if not sides["versions"]:
            yield from (Problem(f"publication {pk}", "is public and was never approved") for _ in sides["public"])
        elif not sides["public"]:
            yield Problem(f"version {pk}", "was approved and is missing from the public schema")
        else:
            (version,), (row,) = sides["versions"], sides["public"]
            yield from _text(row, version, told.published.get(pk))
            yield from _copied(row, version, told)
            yield from _quorum(version, sides["decisions"])
            yield from _signatures(row, version, sides["decisions"])


def _text(row: Row, version: Row, told: Publishing | None) -> Iterator[Problem]:
    name = f"publication {row['id']}"
    if row["content"] != version["content"] or row["content_sha256"] != version["content_sha256"]:
        yield Problem(name, "its text is not the text that was signed")
    if canonical.sha256(row["content"]) != row["content_sha256"]:
        yield Problem(name, "its text is not the text of its hash")
    if told is None or (told.sha256, told.body_sha256) != (row["content_sha256"], canonical.sha256(row["body_html"])):
        yield Problem(name, "its page is not the page that was published")
    if row["body_sha256"] != canonical.sha256(row["body_html"]):
        yield Problem(name, "names another hash of its page")
    if row["title"] != json.loads(version["content"])["title"]:
        yield Problem(name, "bears another title than was signed")
    if (row["article_id"], row["number"]) != (version["article_id"], version["number"]):
        yield Problem(name, "is filed under another article or number")
    if row["state"] != PUBLIC_STATE[version["state"]]:
        yield Problem(name, f"is {row['state']} in public and {version['state']} at the desk")


def _copied(row: Row, version: Row, told: Told) -> Iterator[Problem]:
    """What stands beside the text: who wrote it and how, when each step was taken, where it is filed."""
    name, published = f"publication {row['id']}", told.published.get(row["id"])
    for public, own in _COPIED.items():
        if row[public] != version[own]:
            yield Problem(name, f"its {public.replace('_', ' ')} is not what the desk has")
    if published and not at_once(row["approved_at"], published.at):
        yield Problem(name, "was not approved when it says")
    filed = version["specialty"] if row["article_id"] not in told.filed else published and published.specialty
    if filed is not None and row["specialty"] != filed:
        yield Problem(name, "is filed under another specialty than it was published under")


def _quorum(version: Row, decisions: list[Row]) -> Iterator[Problem]:
    name = f"version {version['id']}"
    signed = [(each["reviewer_id"], each["verdict"], each["content_sha256"]) for each in decisions]
    count = count_approvals(signed, version["content_sha256"])
    if count < max(1, version["approvals_required"]):
        yield Problem(name, f"was published with {count} of {version['approvals_required']} approvals")
    if any(verdict == "request_changes" for _, verdict, _ in signed):
        yield Problem(name, "was published although changes were asked for")


def _signatures(row: Row, version: Row, decisions: list[Row]) -> Iterator[Problem]:
    """Each that is shown was given, in these words. One who was not eligible any more at the approval is not shown."""
    name, shown = f"publication {row['id']}", [as_one_text(each) for each in json.loads(row["signers"])]
    given = {signature(each) for each in decisions if each["verdict"] == "approve"}
    if any(each["content_sha256"] != row["content_sha256"] for each in json.loads(row["signers"])):
        yield Problem(name, "a signature on it names another hash")
    if not given.issuperset(shown) or len(set(shown)) < len(shown):
        yield Problem(name, "shows a signature that nobody gave")
    if len(shown) < version["approvals_required"]:
        yield Problem(name, f"shows {len(shown)} of {version['approvals_required']} signatures")
