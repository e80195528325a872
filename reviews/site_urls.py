"""Addresses under /desk/site/: what editors keep of the public site."""

from django.urls import path

from reviews.views import site, synonyms

urlpatterns = [
    path("", site.site, name="site"),
    path("policies/new/", site.new_policy, name="new_policy"),
    path("policies/<slug:name>/", site.edit_policy, name="edit_policy"),
    path("policies/<slug:name>/take-back/", site.take_back_policy, name="take_back_policy"),
    path("words/", synonyms.synonyms, name="synonyms"),
    path("words/<int:number>/", synonyms.edit_synonyms, name="edit_synonyms"),
    path("words/<int:number>/remove/", synonyms.remove_synonyms, name="remove_synonyms"),
]
