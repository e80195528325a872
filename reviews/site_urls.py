"""Addresses under /desk/site/: what editors keep of the public site."""

from django.urls import path

from reviews.views import site

urlpatterns = [
    path("", site.site, name="site"),
    path("policies/new/", site.new_policy, name="new_policy"),
    path("policies/<slug:name>/", site.edit_policy, name="edit_policy"),
    path("policies/<slug:name>/take-back/", site.take_back_policy, name="take_back_policy"),
]
