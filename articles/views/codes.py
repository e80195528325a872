"""Finding a code of ICD-10-CM."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from articles.codes import Icd10Code
from people.permissions import may_create_article
from people.policy import SignedInRequest, policy

MOST = 12


@require_GET
@policy(may_create_article)
def codes(request: SignedInRequest) -> HttpResponse:
    """The codes that begin with `q`, or whose names have its words."""
    found = Icd10Code.objects.matching(request.GET.get("q", ""))[:MOST]
    results = [{"code": row.code, "name": _name(row), "billable": row.is_billable} for row in found]
    return JsonResponse({"results": results})


def _name(row: Icd10Code) -> str:
    return row.title if row.is_billable else f"{row.title} (heading)"
