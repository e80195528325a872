"""The description of the API, its page, and that the API is as described: asked at random, on a real server.

`API_EXAMPLES=500 .venv/bin/python -m pytest -n0 tests/publications/api/test_description.py` asks for longer.
"""

import json
import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import Draft202012Validator
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from publications.api.description import description
from tests.publications.api.asking import API
from tests.serving import QuietLiveServer

EXAMPLES = int(os.environ.get("API_EXAMPLES", "4"))


def answers() -> list[tuple[str, dict[str, Any]]]:
    """The answer of each address that is described as good."""
    paths = description()["paths"]
    return [(path, told["get"]["responses"]["200"]["content"]["application/json"]) for path, told in paths.items()]


def test_description_names_version_licence_and_server() -> None:
    told = json.loads(Client().get(f"{API}/openapi.json").content)
    assert (told["openapi"], told["info"]["version"]) == ("3.1.0", "1.0")
    assert told["info"]["license"] == {"name": "Content: All rights reserved"}
    assert told["servers"] == [{"url": "http://testserver"}]
    assert told == json.loads(json.dumps(description()))


@pytest.mark.parametrize(("path", "answer"), answers(), ids=[path for path, _ in answers()])
def test_example_is_what_the_schema_says(path: str, answer: dict[str, Any]) -> None:
    schema = answer["schema"] | {"components": description()["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(answer["example"])] == []


def test_page_shows_every_address_and_loads_nothing_from_elsewhere() -> None:
    response = Client().get(f"{API}/docs")
    page = BeautifulSoup(response.content, "lxml")
    headings = {each.get_text() for each in page.select("h2 code")}
    assert headings == {f"GET {path}" for path in description()["paths"]} | {f"GET {API}/export.jsonl"}
    assert all(
        str(each.get("src") or each.get("href")).startswith("/static/")
        for each in page.select("script, link[rel=stylesheet]")
    )
    assert not page.select("[style], iframe, img")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    for command in page.select("pre:first-of-type > code"):
        assert shlex.split(command.get_text())[0] in {"curl", "{"}


@pytest.mark.usefixtures("articles", "committed_db")
def test_every_command_of_the_docs_is_answered() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    commands = [shlex.split(line) for line in docs.splitlines() if line.startswith("curl ")]
    addresses = [words[-1].removeprefix("$SITE") for words in commands]
    assert {word for words in commands for word in words[:-1]} == {"curl", "-s", "--compressed"}
    assert {address: Client().get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
    asked = {
        re.sub(r"hiccups-at-night|lateral-medullary-stroke", "{slug}", each.partition("?")[0]) for each in addresses
    }
    described = {path.replace("{number}", "1") for path in description()["paths"]}
    assert described - asked == {f"{API}/board/{{slug}}"}


@pytest.mark.usefixtures("articles", "committed_db")
def test_api_is_as_described(live_server: QuietLiveServer) -> None:
    """Schemathesis: every address, with parameters right and wrong, answers as described and never with 5xx."""
    schema = schemathesis.openapi.from_dict(description())
    schema.config.base_url = live_server.url
    with requests.Session() as session:
        session.headers["Connection"] = "close"
        asked = [_ask(found.ok(), session) for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(asked) == len(description()["paths"])


def _ask(operation: Any, session: requests.Session) -> str:
    quick = (Phase.explicit, Phase.generate)
    unhurried = [HealthCheck.too_slow, HealthCheck.filter_too_much]

    @settings(max_examples=EXAMPLES, deadline=None, phases=quick, suppress_health_check=unhurried, database=None)
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        # Of all texts that look like a cursor only the signed ones are taken, which no schema can say.
        excluded = [positive_data_acceptance] if case.query.get("cursor") else []
        case.call_and_validate(session=session, excluded_checks=excluded)

    ask()
    return str(operation.label)
