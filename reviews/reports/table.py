"""Tables of figures, for a page and for CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import NamedTuple

from content.counting import counted
from reviews.reports.charts import Bars, Columns

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for a formula at the start of a cell


class Figure(NamedTuple):
    """One figure: as shown, as a number for CSV, and the address of its list, "" without one."""

    text: str
    number: float | None
    url: str = ""


class Line(NamedTuple):
    label: str
    figures: Sequence[Figure]
    is_total: bool = False

    @property
    def is_nothing(self) -> bool:
        return not any(figure.number for figure in self.figures)


@dataclass
class Table:
    """`first` heads the labels, `heads` the figures."""

    title: str
    first: str
    heads: Sequence[str]
    lines: list[Line]
    note: str = ""

    @property
    def rows(self) -> list[tuple[Line, list[tuple[str, Figure]]]]:
        """Each line with its figures, each with its head."""
        return [(line, list(zip(self.heads, line.figures, strict=True))) for line in self.lines]


@dataclass
class Report:
    """What one report says. `reading` is what stands out, in a sentence; `empty` is said when there is nothing."""

    reading: str
    tables: list[Table]
    bars: list[Bars] = field(default_factory=list)
    columns: list[Columns] = field(default_factory=list)
    empty: str = ""


def count(number: int, url: str = "") -> Figure:
    return Figure(f"{number:,}", number, url if number else "")


def days(value: float | None, url: str = "") -> Figure:
    """A number of days in words; CSV has the number."""
    if value is None:
        return Figure("–", None)
    return Figure(duration(value), round(value, 2), url)


def duration(value: float) -> str:
    """So many days in words: to a tenth below ten, in hours below one, in minutes below an hour."""
    minutes, hours = round(value * 24 * 60), round(value * 24)
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return counted(minutes, "minute")
    if hours < 24:
        return counted(hours, "hour")
    text = f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:,.0f}"
    return f"{text} day" if text == "1" else f"{text} days"


def as_csv(tables: Iterable[Table]) -> str:
    """All tables, one under the other, a blank line between. No cell is taken for a formula."""
    out = StringIO()
    writer = csv.writer(out)
    for n, table in enumerate(tables):
        writer.writerows([[]] if n else [])
        writer.writerow([harmless(cell) for cell in (table.first, *table.heads)])
        for line in table.lines:
            writer.writerow([harmless(line.label), *("" if f.number is None else f.number for f in line.figures)])
    return out.getvalue()


def harmless(cell: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would compute it."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) or cell.startswith(FORMULA) else cell
