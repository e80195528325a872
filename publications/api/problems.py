"""Errors as `application/problem+json` (RFC 9457): what is wrong, and what to do about it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from pydantic import BaseModel, Field

CONTENT_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One parameter that cannot be taken as it came."""

    parameter: str = Field(description="Its name.", examples=["limit"])
    message: str = Field(description="What is wrong with it.", examples=["Input should be less than or equal to 100"])


class Problem(BaseModel):
    """What went wrong."""

    type: str = Field(description="An address that explains problems of this kind.")
    title: str = Field(description="The kind of problem.", examples=["Bad Request"])
    status: int = Field(description="The HTTP status.", examples=[400])
    detail: str = Field(description="What is wrong.", examples=["A parameter cannot be taken as it came."])
    what_to_do: str = Field(description="How to go on.", examples=["Correct the parameters named in errors."])
    errors: list[Fault] = Field(default=[], description="The parameters at fault.")


TEXTS = {
    HTTPStatus.BAD_REQUEST: (
        "A parameter cannot be taken as it came.",
        "Correct the parameters named in errors; the documentation lists those that each address knows.",
    ),
    HTTPStatus.NOT_FOUND: (
        "Nothing public stands at this address.",
        "Look for the right one in a list: /api/v1/articles, /api/v1/diagnoses or /api/v1/board.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: ("This API can only be read.", "Use GET or HEAD."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("The database cannot be reached.", "Ask again in half a minute."),
}


def problem(status: HTTPStatus, errors: Sequence[Fault] = (), **headers: str) -> HttpResponse:
    """The answer to a request that cannot be fulfilled. It names nothing that the reader did not name."""
    detail, what_to_do = TEXTS[status]
    body = Problem(
        type=f"{settings.SITE_URL}/api/v1/docs#problem-{status}",
        title=status.phrase,
        status=status,
        detail=detail,
        what_to_do=what_to_do,
        errors=list(errors),
    )
    return HttpResponse(body.model_dump_json(), status=status, content_type=CONTENT_TYPE, headers=headers)


def faults(raw: Sequence[dict[str, Any]]) -> list[Fault]:
    """The errors of a validation, each by the parameter that it is about."""
    return [Fault(parameter=str(each["loc"][-1]), message=each["msg"]) for each in raw]
