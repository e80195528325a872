"""Which database login reads and changes what."""

from django.db.models import Model

PUBLIC = "public"
LOGINS = (PUBLIC, "inbox")  # the second where the first reads a replica


class PublicLogin:
    """Read what is public through the public login, which may only read the schema ``pub``; migrate with another."""

    def db_for_read(self, model: type[Model], **hints: object) -> str | None:
        """Read publications through the public login, in every process."""
        return PUBLIC if model._meta.app_label == "publications" else None

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool | None:
        """Return False for the public login and no opinion on others."""
        return False if db in LOGINS else None
