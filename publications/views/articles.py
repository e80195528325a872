"""The pages of one article: its text or notice, each version, what changed, and the proof."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from publications import leaves
from publications.models import Publication
from publications.pages import answer, answer_leaf, page, public_page
from publications.provenance import provenance
from publications.revisions import revisions


@public_page
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The current text, or the notice that stands in its place."""
    return answer_leaf(request, leaves.article(get_object_or_404(Publication.objects.page(slug))))


@public_page
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A version that was approved once, for good; what has become of it stands above it."""
    return answer_leaf(request, leaves.version(get_object_or_404(Publication.objects.edition(slug, number))))


@public_page
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every approved version, and what changed from each to the next."""
    versions = list(Publication.objects.editions(slug))
    if not versions:
        raise Http404
    latest = versions[0]
    context = {"publication": latest, "revisions": revisions(versions)}
    tag = " ".join(each.fingerprint for each in versions)
    return page(request, "publications/history.html", context, tag=tag, indexed=latest.is_current)


def _proof(request: HttpRequest, publication: Publication) -> HttpResponse:
    tag = f"proof {publication.fingerprint}"
    return answer(request, lambda: provenance(publication), tag=tag, content_type="application/json", indexed=False)


@public_page
def page_provenance(request: HttpRequest, slug: str) -> HttpResponse:
    """Who signed which hash of what stands at the article's own address."""
    return _proof(request, get_object_or_404(Publication.objects.page(slug)))


@public_page
def version_provenance(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The same of any version that was approved once."""
    return _proof(request, get_object_or_404(Publication.objects.edition(slug, number)))
