"""The addresses of the read API."""

from django.urls import URLPattern, path

from publications.api import views
from publications.api.opened import opened
from publications.api.routes import NAMESPACE, api

app_name = NAMESPACE

urlpatterns: list[URLPattern] = [
    path("v1/", views.root, name="root"),
    path("v1/docs", views.docs, name="docs"),
    path("v1/openapi.json", opened(views.openapi), name="openapi"),
    path("v1/export.jsonl", opened(views.export), name="export"),
    *(
        path(f"v1/{each.pattern}", opened(each.callback), name=each.name)
        for each in api.urls[0]
        if isinstance(each, URLPattern) and each.name != "api-root"
    ),
    path("<path:rest>", opened(views.nothing), name="nothing"),
]
