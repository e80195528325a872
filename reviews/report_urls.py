"""Addresses of the reports, under /desk/reports/."""

from django.urls import path

from reviews.views import reports

urlpatterns = [
    path("", reports.report_index, name="report_index"),
    path("<slug:key>/", reports.report, name="report"),
    path("<slug:key>/csv/", reports.report_csv, name="report_csv"),
    path("<slug:key>/list/", reports.report_list, name="report_list"),
]
