"""A new article: pasted, uploaded or empty; and the page that a draft was read from."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.forms.intake import NewArticleForm, make_empty
from articles.models import Version
from articles.views.getters import visible_version
from content.counting import counted
from people.permissions import may_create_article
from people.policy import SignedInRequest, checked_inside, policy
from people.views import posted


@require_http_methods(["GET", "POST"])
@policy(may_create_article)
def new(request: SignedInRequest) -> HttpResponse:
    """Hand in a page; what is no article comes back with the reason, and the text kept."""
    form = NewArticleForm(posted(request), request.FILES or None)
    if request.method == "POST" and (version := form.make(by=request.user)):
        messages.success(request, _what_was_read(version))
        return redirect("articles:edit", version.article_id, version.number)
    status = 422 if form.is_bound else 200
    return render(request, "articles/new.html", {"form": form, "section": "new"}, status=status)


@require_POST
@policy(may_create_article)
def start_empty(request: SignedInRequest) -> HttpResponse:
    """Begin without a page."""
    version = make_empty(by=request.user)
    return redirect("articles:edit", version.article_id, version.number)


@require_GET
@checked_inside(visible_version)
def source(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """The page as it was handed in, its lines numbered."""
    version = visible_version(request, article_id, number)
    context = {"version": version, "lines": version.source.splitlines(), "section": "articles"}
    return render(request, "articles/source.html", context)


def _what_was_read(version: Version) -> str:
    count = len(version.document.diagnoses)
    doubts = sum(doubt["kind"] == "doubt" for doubt in version.doubts)
    read = f"Read {counted(count, 'diagnosis', 'diagnoses')} and saved them as a draft."
    if not doubts:
        return f"{read} Look them through, then add what is missing."
    return f"{read} {counted(doubts, 'place')} to look at: see the list of doubts."
