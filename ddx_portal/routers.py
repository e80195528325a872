"""Which database login may change tables."""

PUBLIC = "public"


class PublicLogin:
    """Keep migrations away from the public login, which may only read the schema ``pub``."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool | None:
        """Return False for the public login and no opinion on others."""
        return False if db == PUBLIC else None
