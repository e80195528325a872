"""What a DOI, PMID or address is, and what the articles here say of it. Nothing is fetched."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from articles.likeness import citation_of
from content.citing import Unrecognised, recognise
from people.permissions import may_create_article
from people.policy import SignedInRequest, policy


@require_GET
@policy(may_create_article)
def sources(request: SignedInRequest) -> HttpResponse:
    """The identifier `q`, spelled properly, with a citation if an article has one that this person may read."""
    try:
        found = recognise(request.GET.get("q", ""))
    except Unrecognised as refusal:
        return JsonResponse({"problem": str(refusal)})
    citation = citation_of(found, by=request.user).get("citation", "")
    return JsonResponse({"kind": found.kind.label, "value": found.value, "citation": citation})
