"""The policies, each a page of words."""

from django.http import Http404, HttpRequest, HttpResponse

from publications.pages import page, public_page

POLICIES = {
    "editorial": "Editorial policy",
    "corrections": "Corrections and retractions",
    "conflicts": "Conflicts of interest",
    "ai-use": "Use of AI",
    "privacy": "Privacy",
}


@public_page
def policy(request: HttpRequest, name: str) -> HttpResponse:
    """One policy by its name."""
    if name not in POLICIES:
        raise Http404
    context = {
        "policy_template": f"publications/policies/{name}.html",
        "policy_name": name,
        "policy_title": POLICIES[name],
    }
    return page(request, "publications/policy.html", context)
