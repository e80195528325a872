"""The pages of one article: its text or notice, each version, what changed, and the proof."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from publications.models import Publication
from publications.pages import answer, answer_leaf, page, public_page
from publications.provenance.countersigning import ProvenanceKey
from publications.provenance.proofs import JSON, keys_file, provenance
from publications.ready import leaves
from publications.ready.answers import answer_ready
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
    """The countersigned proof; until the press has made it, the same without the countersignature, which nobody keeps:
    what the press does is no change of anything that is told of.
    """
    if made := answer_ready(request, publication, publication.provenance_url):
        return made
    tag = f"proof {publication.fingerprint}"
    passing = {"Cache-Control": "no-cache"}
    return answer(request, lambda: provenance(publication), tag=tag, content_type=JSON, indexed=False, headers=passing)


@public_page
def page_provenance(request: HttpRequest, slug: str) -> HttpResponse:
    """Who signed which hash of what stands at the article's own address."""
    return _proof(request, get_object_or_404(Publication.objects.page(slug)))


@public_page
def version_provenance(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The same of any version that was approved once."""
    return _proof(request, get_object_or_404(Publication.objects.edition(slug, number)))


@public_page
def provenance_keys(request: HttpRequest) -> HttpResponse:
    """The public halves of the keys that proofs are countersigned with, the latest first; old ones stay for good."""
    keys = ProvenanceKey.objects.order_by("-since")
    return answer(request, lambda: keys_file(keys), content_type=JSON, indexed=False)
