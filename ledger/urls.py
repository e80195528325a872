"""Addresses of the ledger, under /desk/ledger/."""

from django.urls import path

from ledger import views

app_name = "ledger"

urlpatterns = [
    path("", views.event_list, name="list"),
    path("proof/", views.proof, name="proof"),
]
