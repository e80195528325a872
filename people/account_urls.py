"""Addresses of accounts, under /accounts/: accepting an invitation, and allauth's own."""

from django.urls import include, path

from people.views.invitations import accept_invitation

urlpatterns = [
    path("invitation/<str:token>/", accept_invitation, name="accept_invitation"),
    path("", include("allauth.urls")),
]
