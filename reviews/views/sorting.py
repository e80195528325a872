"""What editors say of one article besides its text."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from articles.models import Article
from people.policy import SignedInRequest, checked_inside
from reviews.article_page import ArticlePage
from reviews.forms.sorting import HandlingForm, LabelForm, UnlabelForm
from reviews.views.getters import sortable_article


@require_POST
@checked_inside(sortable_article)
def change_handling(request: SignedInRequest, article_id: int) -> HttpResponse:
    """Priority, readers a month, and who handles it."""
    article = sortable_article(request, article_id)
    form = HandlingForm(request.POST, article=article, user=request.user)
    if form.save():
        messages.success(request, "Saved." if form.changed_data else "Nothing was changed.")
        return redirect(article)
    return _again(request, article, handling=form)


@require_POST
@checked_inside(sortable_article)
def add_labels(request: SignedInRequest, article_id: int) -> HttpResponse:
    """Put labels on it."""
    article = sortable_article(request, article_id)
    form = LabelForm(request.POST)
    if form.add_to(article, by=request.user):
        return redirect(article)
    return _again(request, article, labelling=form)


@require_POST
@checked_inside(sortable_article)
def remove_label(request: SignedInRequest, article_id: int) -> HttpResponse:
    """Take one label off; one that is gone already is no error."""
    article = sortable_article(request, article_id)
    form = UnlabelForm(request.POST)
    if form.is_valid():
        article.unlabel(form.cleaned_data["label"], by=request.user)
    return redirect(article)


def _again(request: SignedInRequest, article: Article, **forms: Any) -> HttpResponse:
    page = ArticlePage(request.user, Article.objects.get(pk=article.pk), **forms)
    context = {"page": page, "article": page.article, "section": "articles"}
    return render(request, "reviews/article.html", context, status=422)
