"""What the API has besides its typed addresses: its description, its documentation, the export."""

import json
import re
from http import HTTPStatus

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.urls import reverse
from ninja.errors import ValidationError

from publications import pages
from publications.api import export as exporting
from publications.api.asked import check_names, refused
from publications.api.description import description
from publications.api.documentation import documentation
from publications.api.problems import faults, problem
from publications.models import Publication
from publications.pages import public_page

_ID = re.compile(r"([-a-zA-Z0-9_]{1,200})/v/([0-9]{1,9})")


def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API as OpenAPI 3.1."""
    return pages.answer(
        request,
        lambda: json.dumps(description(), ensure_ascii=False),
        content_type="application/vnd.oai.openapi+json;version=3.1",
        indexed=False,
    )


@public_page
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people, without a script."""
    return pages.page(request, "publications/api_docs.html", documentation())


@public_page
def root(request: HttpRequest) -> HttpResponse:
    """Whoever looks at the API's own address wants to read about it."""
    return HttpResponseRedirect(reverse("api:docs"))


def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The answer at every address that the API does not have."""
    return problem(HTTPStatus.NOT_FOUND)


def export(request: HttpRequest) -> HttpResponse:
    """A part of all approved content."""
    try:
        asked = _asked(request)
    except ValidationError as error:
        return problem(HTTPStatus.BAD_REQUEST, faults(error.errors))
    return pages.answer(
        request,
        lambda: exporting.part(asked),
        tag=f"export {exporting.stamp()} {asked.versions} {asked.after}",
        content_type=exporting.CONTENT_TYPE,
        indexed=False,
        headers={"Content-Disposition": 'attachment; filename="ddx-portal-export.jsonl"'},
    )


def _asked(request: HttpRequest) -> exporting.Asked:
    """Whether every version is wanted, and after which row to go on."""
    check_names(request, {"versions": str, "after": str})
    wanted = request.GET.get("versions", "current")
    if wanted not in {"current", "all"}:
        raise refused("versions", "It must be current or all.")
    if not (after := request.GET.get("after", "")):
        return exporting.Asked(every_version=wanted == "all")
    found = _ID.fullmatch(after)
    row = found and Publication.objects.edition(found[1], int(found[2])).values_list("pk", flat=True).first()
    if not row:
        raise refused("after", "It must be the id of a line of the export.")
    return exporting.Asked(every_version=wanted == "all", after=row)
