"""Addresses of the desk, under /desk/: the queue, articles and their versions, and what editors and reviewers do."""

from django.urls import URLPattern, URLResolver, include, path

from reviews import review_urls
from reviews.views import comparing, editing, queue, versions

app_name = "reviews"

version = [
    path("", versions.version_page, name="version"),
    path("compare/", comparing.compare_versions, name="compare"),
    path("assign/", editing.assign, name="assign"),
    path("decline/", editing.decline, name="decline"),
    path("send-back/", editing.send_back, name="send_back"),
    path("retract/", editing.retract, name="retract"),
]
article: list[URLPattern | URLResolver] = [
    path("", versions.article_page, name="article"),
    path("specialty/", versions.change_specialty, name="specialty"),
    path("v/<int:number>/", include(version)),
]
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("articles/", queue.article_list, name="articles"),
    path("articles/<int:article_id>/", include(article)),
    path("reviews/<int:pk>/cancel/", editing.cancel, name="cancel"),
    path("", include(review_urls)),
]
