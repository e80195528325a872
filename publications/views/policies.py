"""The policies: what is in force, each version, and what changed."""

from django.http import Http404, HttpRequest, HttpResponse

from publications.pages import page, public_page
from publications.policies import Policy, changes


def _in_force() -> list[Policy]:
    return [policy for policy in Policy.objects.newest() if not policy.is_withdrawn]


@public_page
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy in force."""
    return page(request, "publications/policies.html", {"policies": _in_force()})


@public_page
def policy(request: HttpRequest, name: str) -> HttpResponse:
    """One policy as it is in force, or that it was taken back."""
    versions = list(Policy.objects.versions(name))
    if not versions:
        raise Http404
    shown = versions[0]
    context = {"policy": shown, "latest": shown, "policies": _in_force(), "is_first": shown.number == 1}
    return page(request, "publications/policy.html", context, indexed=not shown.is_withdrawn)


@public_page
def policy_version(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One version, for good."""
    versions = {each.number: each for each in Policy.objects.versions(name)}
    if number not in versions:
        raise Http404
    context = {"policy": versions[number], "latest": versions[max(versions)], "policies": _in_force()}
    return page(request, "publications/policy.html", context, indexed=False)


@public_page
def policy_history(request: HttpRequest, name: str) -> HttpResponse:
    """Every version of one policy, and what changed from each to the next."""
    versions = list(Policy.objects.versions(name))
    if not versions:
        raise Http404
    context = {"policy": versions[0], "changes": changes(versions)}
    return page(request, "publications/policy_history.html", context, indexed=False)
