"""Asking the API in tests."""

import json
from collections.abc import Iterator
from typing import Any

from django.test import Client

API = "/api/v1"


def ask(path: str, **headers: str) -> Any:
    """The answer at that address below the API's own, which must be there."""
    response = Client().get(f"{API}/{path}", headers=headers)
    assert response.status_code == 200, (path, response.status_code, response.content)
    return json.loads(response.content)


def refused(path: str, status: int = 400) -> dict[str, str]:
    """What is wrong with each parameter."""
    response = Client().get(f"{API}/{path}")
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    told = json.loads(response.content)
    assert told["status"] == status
    assert told["what_to_do"]
    return {each["parameter"]: each["message"] for each in told["errors"]}


def parts(path: str) -> Iterator[Any]:
    """The parts of a list, one after the other."""
    while path:
        part = ask(path)
        yield part
        path = (part["next_url"] or "").partition("/api/v1/")[2]
