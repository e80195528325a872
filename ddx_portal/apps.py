"""The front door as a Django app: its commands, template tags and static files."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Shared pieces of every page; has no models of its own."""

    name = "ddx_portal"
    verbose_name = "DDx Portal"
