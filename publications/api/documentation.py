"""The API's documentation as a page, made from its description: no script, nothing from elsewhere."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from publications.addresses import absolute
from publications.api.description import ABOUT, description
from publications.api.problems import TEXTS
from publications.licences import licence


class Parameter(NamedTuple):
    name: str
    kind: str
    default: str
    description: str


class Operation(NamedTuple):
    """One address: what it takes, how to ask for it in a shell, what it answers."""

    key: str
    path: str
    summary: str
    group: str
    parameters: tuple[Parameter, ...]
    command: str
    example: str


class Trouble(NamedTuple):
    status: int
    title: str
    detail: str
    what_to_do: str


def documentation() -> dict[str, Any]:
    """What `publications/api_docs.html` shows."""
    return {
        "about": ABOUT.split("\n\n"),
        "operations": list(_operations()),
        "problems": [Trouble(status.value, status.phrase, *told) for status, told in TEXTS.items()],
        "openapi_url": absolute("api:openapi"),
        "export_url": absolute("api:export"),
        "licence": licence(),
    }


def _operations() -> Iterator[Operation]:
    told = description()
    for path, methods in told["paths"].items():
        found = methods["get"]
        example = found["responses"]["200"]["content"]["application/json"]["example"]
        yield Operation(
            key=found["operationId"],
            path=path,
            summary=found["summary"],
            group=found["tags"][0],
            parameters=tuple(_parameter(each) for each in found["parameters"]),
            command=f"curl -s '{told['servers'][0]['url']}{_filled(path, found['parameters'])}'",
            example=json.dumps(example, ensure_ascii=False, indent=2),
        )


def _filled(path: str, parameters: list[dict[str, Any]]) -> str:
    """The path with the example of each part of it put in, and the first parameter that must be given."""
    for each in parameters:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(each["example"]))
    asked = [f"{each['name']}={each['example']}" for each in parameters if each["in"] == "query" and each["required"]]
    return f"{path}?{'&'.join(asked)}" if asked else path


def _parameter(raw: dict[str, Any]) -> Parameter:
    schema = raw["schema"]
    default = schema.get("default")
    return Parameter(
        raw["name"], _kind(schema), "" if default in {None, ""} else str(default), raw.get("description", "")
    )


def _kind(schema: dict[str, Any]) -> str:
    """What a value must be, in a few words."""
    if "anyOf" in schema:
        return _kind(next(each for each in schema["anyOf"] if each.get("type") != "null"))
    if "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if values := schema.get("enum"):
        return " or ".join(map(str, values)) if len(values) < 6 else f"one of {len(values)}, such as {values[0]}"
    if schema.get("type") == "integer":
        return f"a number from {schema['minimum']} to {schema['maximum']:,}"
    return "a day such as 2026-01-31" if schema.get("format") == "date" else f"up to {schema['maxLength']:,} characters"
