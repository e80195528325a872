"""The room's Django application."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PeopleConfig(AppConfig):
    """People: the lowest room with tables of its own."""

    name = "people"
    verbose_name = "People"

    def ready(self) -> None:
        """Have every room make its kinds of mail known (`people.letters.KINDS`)."""
        autodiscover_modules("mail", "digest", "chasing")
