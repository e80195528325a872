"""The static files as they are served: each under a name that has its hash."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """What a script imports is named by its hash, too, so that no browser mixes old scripts with new ones."""

    support_js_module_import_aggregation = True
