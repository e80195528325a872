"""An article with its versions, and the page of each version."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from people.policy import SignedInRequest, checked_inside
from reviews.article_page import ArticlePage
from reviews.forms.editing import SpecialtyForm
from reviews.version_page import VersionPage
from reviews.views.getters import classifiable_article, visible_article, visible_version


@require_GET
@checked_inside(visible_article)
def article_page(request: SignedInRequest, article_id: int) -> HttpResponse:
    """The lasting identity: owner, specialty, all versions, what is public."""
    page = ArticlePage(request.user, visible_article(request, article_id))
    return render(request, "reviews/article.html", {"page": page, "article": page.article, "section": "articles"})


@require_POST
@checked_inside(classifiable_article)
def change_specialty(request: SignedInRequest, article_id: int) -> HttpResponse:
    """File the article under a field of medicine."""
    article = classifiable_article(request, article_id)
    form = SpecialtyForm(request.POST)
    if form.is_valid():
        article.classify(form.cleaned_data["specialty"], by=request.user)
        messages.success(request, "The specialty is changed.")
        return redirect(article)
    page = ArticlePage(request.user, article, form=form)
    return render(
        request, "reviews/article.html", {"page": page, "article": article, "section": "articles"}, status=422
    )


@require_GET
@checked_inside(visible_version)
def version_page(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """One version: its text as readers see it, its review, its history."""
    version = visible_version(request, article_id, number)
    page = VersionPage(request.user, version, tab=request.GET.get("tab", ""))
    return render(request, "reviews/version.html", {"page": page, "version": version, "section": "articles"})
