from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "publications"

    def ready(self) -> None:
        """A licence that nobody knows, or a ranking whose packages are missing, stops the start."""
        from ledger.lent import lend
        from publications.derived.proof import derived_rows_hold
        from publications.licences import licence
        from publications.meaning.model import check_packages
        from publications.ready.proof import pages_hold

        licence()
        check_packages()
        lend(pages_hold)
        lend(derived_rows_hold)
