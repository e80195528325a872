"""The room's Django application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People: the lowest room with tables of its own."""

    name = "people"
    verbose_name = "People"
