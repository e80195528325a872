"""Write all approved content into one file of JSON lines, as the API gives it in parts."""

import gzip
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandParser

from publications.api.export import Asked, whole


class Command(BaseCommand):
    help = "Write all approved content as JSON lines; into a compressed file when its name ends in .gz."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--every-version", action="store_true", help="with the texts that newer ones replaced")

    def handle(self, *, path: Path, every_version: bool, **options: Any) -> None:
        """Beside its place first, so that what stands there is always whole."""
        half = path.with_name(f".{path.name}.half")
        with gzip.open(half, "wt") if path.suffix == ".gz" else half.open("w", encoding="utf-8") as file:
            file.writelines(whole(Asked(every_version=every_version)))
        half.replace(path)
