"""What became of each file of a batch, to take away."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from articles.batch_files import FileState
from articles.batches import IntakeBatch

COLUMNS = (
    "file",
    "what became of it",
    "line",
    "reason",
    "doubts",
    "title",
    "article",
    "looks like",
    "per cent the same",
)
AT_ONCE = 500


def lines(batch: IntakeBatch) -> Iterator[tuple[object, ...]]:
    """The names of the columns, then a line a file."""
    yield COLUMNS
    file: Any  # with what `reported` adds
    for file in batch.files.reported().iterator(AT_ONCE):
        reason = file.reason or " ".join(file.missing)
        page = settings.SITE_URL + file.article.get_absolute_url() if file.article else ""
        twin = settings.SITE_URL + reverse("reviews:article", args=(file.twin_pk,)) if file.twin_pk else ""
        line = file.line if file.state == FileState.REFUSED else ""
        yield (
            file.name, file.get_state_display(), line, reason, file.doubts, file.title, page, twin, file.twin_percent
        )  # fmt: skip
