"""Addresses of the desk, under /desk/: the queue, articles and their versions, and what editors and reviewers do."""

from django.urls import URLPattern, URLResolver, include, path

from reviews import report_urls, review_urls, site_urls
from reviews.views import (
    bulk,
    comparing,
    editing,
    labels,
    notices,
    planning,
    queue,
    rereviewing,
    saved_views,
    sorting,
    triage,
    versions,
)

app_name = "reviews"

version = [
    path("", versions.version_page, name="version"),
    path("peek/", queue.peek, name="peek"),
    path("compare/", comparing.compare_versions, name="compare"),
    path("assign/", editing.assign, name="assign"),
    path("remind/", editing.remind, name="remind"),
    path("decline/", editing.decline, name="decline"),
    path("send-back/", editing.send_back, name="send_back"),
    path("retract/", editing.retract, name="retract"),
    path("notice/", notices.post_notice, name="post_notice"),
    path("confirm/", rereviewing.ask_to_confirm, name="ask_to_confirm"),
    path("confirm/stop/", rereviewing.stop, name="stop_rereview"),
    path("revision/", rereviewing.request_revision, name="request_revision"),
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
plan = [
    path("", planning.plan_page, name="plan"),
    path("again/", planning.plan_again, name="plan_again"),
    path("commit/", planning.commit_plan, name="commit_plan"),
    path("discard/", planning.discard_plan, name="discard_plan"),
    path("<int:version_id>/", planning.edit_plan, name="edit_plan"),
]
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("articles/", queue.article_list, name="articles"),
    path("bulk/", bulk.act, name="bulk"),
    path("bulk/decline/", bulk.decline, name="bulk_decline"),
    path("views/", saved_views.saved_views, name="saved_views"),
    path("views/<int:pk>/rename/", saved_views.rename_view, name="rename_view"),
    path("views/<int:pk>/remove/", saved_views.remove_view, name="remove_view"),
    path("articles/<int:article_id>/", include(article)),
    path("triage/", triage.triage_list, name="triage"),
    path("triage/act/", triage.act, name="triage_act"),
    path("labels/", labels.label_list, name="labels"),
    path("labels/<int:pk>/", include(label)),
    path("plans/", planning.plan_list, name="plans"),
    path("plans/<int:pk>/", include(plan)),
    path("reviews/<int:pk>/cancel/", editing.cancel, name="cancel"),
    path("reports/", include(report_urls)),
    path("site/", include(site_urls)),
    path("", include(review_urls)),
]
