"""Everything that is to be found by its meaning, now."""

import time
from typing import Any

from django.core.management import BaseCommand, CommandError

from publications.meaning import indexing
from publications.meaning.model import is_wanted
from publications.meaning.nearest import NEEDS_PGVECTOR, has_pgvector

A_WHILE = 10.0  # seconds between two words


class Command(BaseCommand):
    """`manage.py index_passages`."""

    help = "Read what was published, so that questions find it by its meaning; the worker does so beside its mail."

    def handle(self, *args: Any, **options: Any) -> None:
        """Read until nothing is left. Can be ended at any time."""
        if not is_wanted():
            raise CommandError("QUESTION_RANKING is not hybrid: questions are ranked by their words.")
        if not has_pgvector("default"):
            raise CommandError(NEEDS_PGVECTOR)
        began, done = time.monotonic(), 0
        while some := indexing.go_on(A_WHILE):
            done += some
            self.stdout.write(f"{done:,} passages read, {done / (time.monotonic() - began):,.0f} a second")
        if failed := indexing.failed():
            raise CommandError(f"{failed} passages, or more, cannot be read: the log names them.")
        self.stdout.write("Every passage is read.")
