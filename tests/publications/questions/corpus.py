"""The questions, and the demonstration's articles put into the public schema as if all of them were approved."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from content import canonical
from content.schema import Audience
from tests.conftest import Connection

HERE = Path(__file__).parent
FILES = ("", "_held_out")
_SUPERSEDED = {"night-sweats.v2.md", "twitching-around-the-belly-button.md"}
_INSERT = """
    INSERT INTO pub.publication (id, article_id, slug, number, state, title, specialty, content, content_sha256,
        body_html, body_sha256, has_patient_text, origin, ai_tool, change_note, author, signers, submitted_at,
        review_started_at, approved_at, last_reviewed_at, next_review_on, names, prose)
    SELECT id, id, slug, 1, 'current', title, 'Neurologic', content, sha256,
        '', encode(sha256(''), 'hex'), true, 'human', '', '', '{}', '[{}]', now(),
        now(), now(), now(), current_date + 365, names, prose
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
        AS given (id, slug, title, content, sha256, names, prose)
"""


class Asked(NamedTuple):
    """An answerable question. `expected` are pairs of article and diagnosis; none: nothing fits."""

    words: str
    on: str
    audience: Audience
    expected: frozenset[tuple[str, str]]


def emergencies(which: str) -> Iterator[str]:
    for group in _load(f"emergencies{which}")["group"]:
        yield from group["questions"]


def ordinary(which: str = "") -> list[str]:
    """Questions of people in no danger."""
    return list(_load(f"ordinary{which}")["questions"])


def refusals(which: str) -> Iterator[tuple[str, str]]:
    """Each question with the reason for which it is refused."""
    for reason, questions in _load(f"refusals{which}").items():
        yield from ((question, reason) for question in questions)


def answerable(which: str) -> Iterator[Asked]:
    for each in _load(f"answerable{which}")["question"]:
        article = each.get("article", each["on"])
        audience = Audience(each.get("audience", "patient"))
        yield Asked(each["asked"], each["on"], audience, frozenset((article, key) for key in each["expected"]))


def publish_all(superuser: Connection) -> None:
    """Put every article of the demonstration into the public schema, in the version that the questions are about."""
    from articles import intake
    from ddx_portal.demo.build import FOLDER

    paths = [path for path in sorted(FOLDER.glob("*.md")) if path.name not in _SUPERSEDED]
    rows = []
    for number, path in enumerate(paths, start=9_001):
        content = intake.read(path.read_text(encoding="utf-8")).content
        text = canonical.dumps(content)
        names = " · ".join(f"{each.name} {each.plain_name}" for each in content.diagnoses)
        prose = " · ".join(_strings([json.loads(text)["presentation"], json.loads(text)["diagnoses"]]))
        slug = path.name.partition(".")[0]
        rows.append((number, slug, content.title, text, canonical.sha256(text), names, prose))
    superuser.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _strings(each)


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
