"""The API's description as OpenAPI 3.1, made from its code once a process."""

from functools import cache
from typing import Any

from django.conf import settings

from content.schema import Content
from publications.api.examples import examples
from publications.api.problems import CONTENT_TYPE
from publications.api.routes import JSON, api
from publications.licences import PUBLISHER, licence

REF = "#/components/schemas/{model}"
ABOUT = """\
Every approved article of the portal, as its public pages show it: read only, without a key, the same for everybody.

Nothing here is unapproved. Each text carries the SHA-256 that its reviewers signed. An answer holds at the moment when
it is given: keep its ETag and send it as If-None-Match, and an unchanged answer is 304 without a body. A retracted
article leaves every list at once, and its own address answers with the notice.

It is reference, not advice: keep the date of the last review and the notices with every text that you show."""


@cache
def description() -> dict[str, Any]:
    """The whole description."""
    told: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    for address in told["paths"].values():
        address.pop("head", None)
        _complete(address["get"])
    told["info"] = _info()
    told["servers"] = [{"url": settings.SITE_URL}]
    schemas = told["components"]["schemas"] | _content_schemas()
    told["components"]["schemas"] = {name: each for name, each in schemas.items() if not name.endswith("Asked")}
    return told


def _info() -> dict[str, Any]:
    held = licence()
    return {
        "title": api.title,
        "version": f"{api.version}.0",
        "summary": "Reviewed differential diagnoses, as data.",
        "description": ABOUT,
        "license": {"name": f"Content: {held.name}"} | ({"url": held.url} if held.url else {}),
        "contact": {"name": PUBLISHER, "url": f"{settings.SITE_URL}/"},
    }


def _complete(operation: dict[str, Any]) -> None:
    """Say of each answer what it looks like, by an example, and that problems have a media type of their own."""
    for parameter in operation["parameters"]:
        if "examples" in parameter:  # a list in JSON Schema, which is something else here
            parameter["example"] = parameter.pop("examples")[0]
    for status, answer in operation["responses"].items():
        media = answer["content"].pop(JSON)
        if status == 200:
            media["example"] = examples()[operation["operationId"]]
            answer["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "Changes when the answer does."}}
        answer["content"][JSON if status == 200 else CONTENT_TYPE] = media
    operation["responses"][304] = {"description": "Unchanged since the answer with the ETag in If-None-Match."}
    operation["responses"] = {str(status): answer for status, answer in operation["responses"].items()}


def _content_schemas() -> dict[str, Any]:
    """The signed document's own types: what they accept is what they write."""
    schema = Content.model_json_schema(ref_template=REF)
    parts: dict[str, Any] = schema.pop("$defs")
    return parts | {"Content": schema}
