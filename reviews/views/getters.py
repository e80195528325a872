"""Objects by their address, for who may handle them: a stranger gets 404, a reader without the right 403."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from articles.models import Article, Version
from articles.views.getters import visible_article, visible_version
from people import permissions
from people.policy import SignedInRequest
from reviews.models import Assignment, Plan

__all__ = [
    "classifiable_article",
    "handled_assignment",
    "handled_plan",
    "handled_version",
    "noticeable_version",
    "sortable_article",
    "visible_article",
    "visible_version",
]


def classifiable_article(request: SignedInRequest, article_id: int) -> Article:
    """The article, for who may file it under a specialty."""
    article = visible_article(request, article_id)
    if not permissions.may_classify(request.user, article):
        raise PermissionDenied
    return article


def sortable_article(request: SignedInRequest, article_id: int) -> Article:
    """The article, for an editor who sorts the work."""
    article = visible_article(request, article_id)
    if not permissions.may_sort_articles(request.user):
        raise PermissionDenied
    return article


def handled_version(request: SignedInRequest, article_id: int, number: int) -> Version:
    """The version, for an editor who may handle it: not one who wrote it."""
    version = visible_version(request, article_id, number)
    if not permissions.may_handle(request.user, version):
        raise PermissionDenied
    return version


def noticeable_version(request: SignedInRequest, article_id: int, number: int) -> Version:
    """The version, for an editor who may post notices on it."""
    version = visible_version(request, article_id, number)
    if not permissions.may_post_notice(request.user, version):
        raise PermissionDenied
    return version


def handled_assignment(request: SignedInRequest, pk: int) -> Assignment:
    """The assignment, for an editor who may handle its version."""
    assignment = get_object_or_404(Assignment.objects.visible_to(request.user).with_people(), pk=pk)
    if not permissions.may_assign(request.user, assignment.version):
        raise PermissionDenied
    return assignment


def handled_plan(request: SignedInRequest, pk: int) -> Plan:
    """A plan of one's own, for an editor."""
    plan = get_object_or_404(Plan.objects.select_related("made_by"), pk=pk, made_by=request.user)
    if not permissions.may_plan(request.user):
        raise PermissionDenied
    return plan
