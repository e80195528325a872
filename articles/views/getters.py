"""Objects by their address, for whoever may see them: a stranger gets 404, a reader without the right 403."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from articles.models import Article, Version
from people import permissions
from people.policy import SignedInRequest


def visible_article(request: SignedInRequest, article_id: int) -> Article:
    """The article, for who may read some version of it."""
    return get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)


def revisable_article(request: SignedInRequest, article_id: int) -> Article:
    """The article, for who may begin its next version."""
    article = visible_article(request, article_id)
    _require(permissions.may_start_draft(request.user, article))
    return article


def visible_version(request: SignedInRequest, article_id: int, number: int) -> Version:
    """The version, for who may read it."""
    versions = Version.objects.visible_to(request.user).with_people()
    return get_object_or_404(versions, article_id=article_id, number=number)


def editable_version(request: SignedInRequest, article_id: int, number: int) -> Version:
    """The version, for who may write it while it is a draft."""
    version = visible_version(request, article_id, number)
    _require(permissions.may_edit(request.user, version))
    return version


def submittable_version(request: SignedInRequest, article_id: int, number: int) -> Version:
    """The version, for who may submit it."""
    version = visible_version(request, article_id, number)
    _require(permissions.may_submit(request.user, version))
    return version


def withdrawable_version(request: SignedInRequest, article_id: int, number: int) -> Version:
    """The version, for who may withdraw it."""
    version = visible_version(request, article_id, number)
    _require(permissions.may_withdraw(request.user, version))
    return version


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
