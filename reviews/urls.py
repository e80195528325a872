"""Addresses of the desk, under /desk/: the queue, articles and their versions, and what editors and reviewers do."""

from django.urls import URLPattern, URLResolver, include, path

from reviews import review_urls
from reviews.views import comparing, editing, labels, queue, sorting, versions

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
    path("handling/", sorting.change_handling, name="handling"),
    path("labels/", sorting.add_labels, name="add_labels"),
    path("labels/remove/", sorting.remove_label, name="remove_label"),
    path("v/<int:number>/", include(version)),
]
label = [
    path("", labels.label_page, name="label"),
    path("merge/", labels.merge_label, name="merge_label"),
    path("remove/", labels.remove_label, name="label_remove"),
]
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("articles/", queue.article_list, name="articles"),
    path("articles/<int:article_id>/", include(article)),
    path("labels/", labels.label_list, name="labels"),
    path("labels/<int:pk>/", include(label)),
    path("reviews/<int:pk>/cancel/", editing.cancel, name="cancel"),
    path("", include(review_urls)),
]
