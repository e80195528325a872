"""What changed between two versions of an article, beside what was found and answered."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from articles.models import Version
from content.diff import compare
from people.policy import SignedInRequest, checked_inside
from reviews.talk import talk
from reviews.views.getters import visible_version


@require_GET
@checked_inside(visible_version)
def compare_versions(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """The version beside an earlier one: `?with=` its number, else the one before."""
    version = visible_version(request, article_id, number)
    earlier = list(Version.objects.submitted_before(version))
    before = _chosen(earlier, request.GET.get("with"))
    context = {
        "version": version,
        "before": before,
        "earlier": earlier,
        "comparison": compare(before.document, version.document) if before else None,
        "talk": talk(request.user, version),
        "section": "articles",
    }
    return render(request, "reviews/compare.html", context)


def _chosen(earlier: list[Version], number: str | None) -> Version | None:
    """The version of that number; without one, the version before."""
    if number is None:
        return earlier[0] if earlier else None
    chosen = next((version for version in earlier if str(version.number) == number), None)
    if chosen is None:
        raise Http404
    return chosen
