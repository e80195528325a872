"""What docs/ and README.md say of settings, addresses, commands, chores and pictures is so."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands
from django.urls import get_resolver

from reviews.chores import CHORES

ROOT = Path(__file__).resolve().parents[2]
DOCS = {path.name: path.read_text(encoding="utf-8") for path in [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]}
OWN = ("articles", "ddx_portal", "ledger", "people", "reviews")


def addresses(resolver: Any, before: str = "/") -> Iterator[str]:
    for each in resolver.url_patterns:
        here = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from addresses(each, here)
        else:
            yield here


def test_every_setting_is_in_the_list() -> None:
    source = (ROOT / "ddx_portal" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'(?:required|number|switch|environ\.get)\(\s*"([A-Z_]+)"', source))
    assert len(names) > 20
    assert {name for name in names if f"`{name}`" not in DOCS["operations.md"]} == set()


def test_every_address_is_in_the_table() -> None:
    table = DOCS["architecture.md"].partition("## Addresses")[2].partition("## Commands")[0]
    known = {re.match(r"/(?:desk/)?[^/<]*", address) for address in addresses(get_resolver())}
    parts = {match[0] for match in known if match}
    assert {part for part in parts if f"`{part}" not in table} == set()


def test_every_step_of_a_version_is_in_the_table() -> None:
    table = DOCS["architecture.md"].partition("## Addresses")[2].partition("## Commands")[0]
    below = "/desk/articles/<int:article_id>/v/<int:number>/"
    steps = {address.removeprefix(below) for address in addresses(get_resolver()) if address.startswith(below)}
    lasts = {step.rstrip("/").rpartition("/")[2] for step in steps if step}
    assert {last for last in lasts if last not in table} == set()


def test_every_command_and_chore_is_told_of() -> None:
    told = DOCS["architecture.md"] + DOCS["operations.md"]
    own = {name for name, room in get_commands().items() if str(room) in OWN}
    assert {name for name in own if not re.search(rf"\b{name}\b", told)} == set()
    assert {chore.name for chore in CHORES if f"| {chore.name} |" not in DOCS["operations.md"]} == set()


def test_every_picture_is_there_shown_and_light() -> None:
    said = "".join(DOCS.values())
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}
    assert set(re.findall(r"!\[[^]]+\]\((?:docs/)?images/([^)]+)\)", said)) == set(pictures)
    assert {name for name, size in pictures.items() if size > 160_000} == set()


@pytest.mark.parametrize("page", DOCS)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    folder = ROOT if page == "README.md" else ROOT / "docs"
    links = {link for link in re.findall(r"\]\(([^)#]+)", DOCS[page]) if "://" not in link}
    assert {link for link in links if not (folder / link).exists()} == set()
