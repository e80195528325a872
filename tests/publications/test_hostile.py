"""Hostile words in every field that a public page shows: they are shown, and never run."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles.models import Article, Version
from articles.states import Origin
from content.schema import Content
from people.models import User
from tests import factories

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title></script></textarea><iframe src=javascript:alert(1)>",
    "[click](javascript:alert(1)) ![x](data:text/html,x) <a href=javascript:alert(1)>x</a>",
    "{{ 7|add:7 }}{% now 'Y' %}]]>-->",
]
#: Several to an article where they fit into its shortest field.
TOGETHER = [" ".join(PAYLOADS[:3]), *PAYLOADS[3:]]
OURS = [None, "module", "application/ld+json"]

pytestmark = pytest.mark.usefixtures("committed_db")


def content(words: str) -> Content:
    def text() -> dict[str, Any]:
        return {"rationale": words, "red_flags": [words], "distinguishing_signs": [words]}

    diagnoses = [
        {"key": tier.replace("_", "-"), "tier": tier, "name": words, "plain_name": words}
        | {"clinician": text(), "patient": text()}
        for tier in ("most_likely", "other_likely", "rare")
    ]
    return Content.model_validate(
        {
            "title": f"Odd {words}",
            "presentation": {"clinician": words, "patient": words},
            "diagnoses": diagnoses,
            "no_do_not_miss_reason": words,
            "references": [{"key": "one", "citation": words, "url": "https://example.org/'onmouseover=alert(1)"}],
        }
    )


def signatory(words: str) -> User:
    user = factories.board_member(name=f"Name {words}"[:140])
    profile = user.board_profile
    profile.credentials, profile.job_title, profile.institution = words[:80], words[:80], words[:80]
    profile.save()
    return user


def publish(words: str) -> Article:
    """Two versions whose every word is hostile, the second retracted with a hostile reason in the end."""
    first = factories.make_version(content=content(words), author=factories.author(name=f"Author {words}"[:140]))
    reviewers = [signatory(words), signatory(words)]
    for number, version in enumerate((first, None), start=1):
        current = version or factories.revise(factories.reread(first), content(f"{words} again {words}"))
        by = current.article.owner
        current = current.move("submit", by=by, change_note=words, origin=Origin.AI_DRAFTED, ai_tool=words[:150])
        factories.assign(current, reviewers)
        assert factories.approve(current).number == number
    return first.article


def problems(html: bytes) -> list[str]:
    """What in this page could run that is not ours."""
    found = []
    for tag in BeautifulSoup(html, "lxml").find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction"):
            address = str(tag.get(name, ""))
            if ":" in address.partition("/")[0] and not address.startswith(("http:", "https:")):
                found.append(f"{tag.name} {name}={address}")
        if tag.name in {"iframe", "img", "object", "embed", "style", "base"}:
            found.append(tag.name)
        if tag.name == "script" and (tag.get("type") not in OURS or (tag.get("type") != OURS[2] and tag.get_text())):
            found.append(str(tag))
        if tag.name == "script" and tag.get("type") == OURS[2]:
            json.loads(tag.get_text())
    return found


@pytest.mark.parametrize("words", TOGETHER)
def test_hostile_words_are_shown_and_never_run(client: Client, words: str) -> None:
    article = publish(words)
    page = f"/articles/{article.slug}/"
    member = Version.objects.filter(article=article)[0].decisions.all()[0].reviewer.board_profile.slug
    paths = ["/", "/search/?q=odd", "/search/?letter=O", "/board/", f"/board/{member}/", page, f"{page}v/1/"]
    for path in (*paths, f"{page}v/2/", f"{page}history/"):
        response = client.get(path)
        assert (response.status_code, problems(response.content)) == (200, []), path
    for path in (f"{page}provenance.json", f"{page}v/1/provenance.json"):
        assert json.loads(client.get(path).content)["change_note"] == words
    assert client.get("/feed.atom").status_code == 200
    Version.objects.get(article=article, number=2).move("retract", by=factories.editor(name=words[:140]), reason=words)
    for path in (page, f"{page}v/1/", f"{page}v/2/", f"{page}history/"):
        response = client.get(path)
        assert (response.status_code, problems(response.content)) == (200, []), path
        assert "14" not in response.content.decode().partition("<h1")[2].partition("</h1>")[0]


def test_the_check_bites() -> None:
    assert problems(b"<p onclick=x>") == ["p onclick"]
    assert problems(b"<a href=javascript:alert(1)>x</a>") == ["a href=javascript:alert(1)"]
    assert problems(b"<script>alert(1)</script>") != []
    assert problems(b"<script type=module>alert(1)</script>") != []
