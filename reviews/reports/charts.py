"""Charts as plain geometry, for templates that draw SVG. Widths are per cent, so that a chart fits any screen and its
words keep their size; heights are pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

ROW, BAR = 46, 14  # the height of a row of bars, and of a bar in it
FULL = 100.0
PLOT = 120  # the height of the columns' room
MOST_VALUES = 14  # columns that have room for their value
SPACE = 0.22  # of a column's room, left free


class Part(NamedTuple):
    """One piece of a bar; `look` names its colour (`css/reports.css`)."""

    x: float
    width: float
    look: str


class Bar(NamedTuple):
    label: str
    value: str
    y: int
    bar_y: int
    parts: list[Part]


class Key(NamedTuple):
    """A line of the legend."""

    look: str
    label: str


class Bars(NamedTuple):
    """Horizontal bars, one a row, each of one or more parts."""

    title: str
    text: str
    height: int
    bars: list[Bar]
    keys: list[Key]
    bar_height: int = BAR


def bars(title: str, text: str, rows: Sequence[tuple[str, str, Sequence[float]]], keys: Sequence[Key]) -> Bars | None:
    """Bars of parts, one after the other; `keys` say what the parts are. `rows` are label, words, sizes of the parts.

    A row that is nothing is left out; None when there is nothing to draw.
    """
    rows = [row for row in rows if sum(row[2])]
    most = max((sum(sizes) for _, _, sizes in rows), default=0)
    if not most:
        return None
    drawn = []
    for n, (label, value, sizes) in enumerate(rows):
        parts, x = [], 0.0
        for key, size in zip(keys, sizes, strict=True):
            width = FULL * size / most
            parts += [Part(round(x, 2), round(width, 2), key.look)] if size else []
            x += width
        drawn.append(Bar(label, value, n * ROW + 16, n * ROW + 23, parts))
    return Bars(title, text, len(rows) * ROW, drawn, list(keys) if len(keys) > 1 else [])


class Column(NamedTuple):
    x: float
    width: float
    y: float
    height: float
    middle: float
    value: str  # "" for none, and where there is no room
    value_y: float
    label: str  # "" where there is no room


class Columns(NamedTuple):
    """Columns side by side, such as one a week."""

    title: str
    text: str
    look: str
    columns: list[Column]
    height: int = PLOT


def columns(title: str, text: str, look: str, values: Sequence[tuple[str, float]], *, most: float = 0) -> Columns:
    """Columns in order; `most` is the value that fills the height, the greatest of the values if not given."""
    top = max(most, max((value for _, value in values), default=0))
    room = FULL / max(len(values), 1)
    every = -(-len(values) // 5)  # five labels fit on a phone
    drawn = []
    for n, (label, value) in enumerate(values):
        height = round(PLOT * value / top, 1) if top else 0.0
        x, middle = room * (n + SPACE / 2), room * (n + 0.5)
        width, shown = round(room * (1 - SPACE), 2), label if n % every == 0 and middle < 92 else ""
        told = f"{value:,g}" if value and len(values) <= MOST_VALUES and top < 1_000 else ""
        y = round(PLOT - height, 1)
        drawn.append(Column(round(x, 2), width, y, height, round(middle, 2), told, round(y - 5, 1), shown))
    return Columns(title, text, look, drawn)
