"""The static files as they are served: each under a name that has its hash, the styles of every page in one file."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

#: One file a component; tokens.css declares the order of the layers, so it stands first.
STYLES = (
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/header.css",
    "css/button.css",
    "css/form.css",
    "css/alert.css",
    "css/nav.css",
    "css/pill.css",
    "css/card.css",
    "css/tier.css",
    "css/trust.css",
    "css/audience.css",
    "css/article.css",
    "css/terms.css",
    "css/question.css",
    "css/listing.css",
    "css/suggest.css",
    "css/touch.css",
)
PRINT_STYLES = "css/print.css"
FOLDED = "css/site.css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\s*\n\s*")


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """What a script imports is named by its hash, too, so that no browser mixes old scripts with new ones."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Fold the styles of every page into one file beside them, then name and compress everything."""
        if not dry_run and paths.keys() >= {*STYLES, PRINT_STYLES}:
            with self.open(FOLDED, "w") as file:
                file.write(folded(self._text))
            paths = {**paths, FOLDED: (self, FOLDED)}
        yield from super().post_process(paths, dry_run, **options)

    def _text(self, name: str) -> str:
        with self.open(name) as file:
            return str(file.read().decode())


def folded(read: Callable[[str], str]) -> str:
    """The styles of every page as one sheet, in their order, without comments and indents."""
    sheets = [*map(read, STYLES), f"@media print {{\n{read(PRINT_STYLES)}}}\n"]
    return _INDENT.sub("\n", _COMMENT.sub("", "".join(sheets))).strip() + "\n"
