"""Tables as CSV that spreadsheets open without running anything in them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

#: What makes a spreadsheet take a cell for a formula.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The rows as lines of a CSV file in UTF-8, the first with the mark that spreadsheets know it by."""
    start = "\ufeff"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([_cell(value) for value in row])
        yield start + line.getvalue()
        start = ""


def _cell(value: object) -> object:
    """Text that is no formula; numbers stay numbers, nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_STARTS):
        return f"'{value}"
    return value
