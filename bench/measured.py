"""One measurement beside its limit, and how measurements are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import Any, NamedTuple

RATIO = "×"
COLUMNS = ("measured", "limit", "seen", "")


class Measured(NamedTuple):
    """What was measured, in `unit`. Within the limit when not above it, or, with `is_least`, not below; a limit of None
    only tells.
    """

    what: str
    figure: float
    unit: str
    limit: float | None = None
    note: str = ""
    is_least: bool = False

    @property
    def is_within(self) -> bool:
        if self.limit is None:
            return True
        return self.figure >= self.limit if self.is_least else self.figure <= self.limit

    @property
    def seen(self) -> str:
        if self.unit == RATIO:
            return f"{self.figure:.2f} {RATIO}"
        figure = f"{self.figure:,.0f}" if self.figure >= 100 or self.figure % 1 == 0 else f"{self.figure:,.1f}"
        return f"{figure} {self.unit}".rstrip()

    @property
    def bound(self) -> str:
        """The limit as it stands in a table."""
        if self.limit is None:
            return ""
        return f"{'at least ' if self.is_least else ''}{self.limit:,g} {self.unit}".rstrip()

    def line(self, width: int) -> str:
        limit = self.bound if self.is_least or not self.bound else f"at most {self.bound}"
        verdict = "" if self.limit is None else ("ok" if self.is_within else "BROKEN")
        return f"{self.what:<{width}}  {self.seen:>12}  {limit:<18} {verdict:<6} {self.note}".rstrip()

    def row(self) -> str:
        """A line of a table in Markdown."""
        seen = self.seen if self.is_within else f"**{self.seen}**"
        return f"| {self.what} | {self.bound} | {seen} | {self.note} |"


class Part(NamedTuple):
    """Measurements of one kind, made as they are asked for; `how` says what is measured."""

    title: str
    how: str
    measured: Iterator[Measured]

    def heading(self) -> str:
        return f"\n{self.title}: {self.how}"

    def table_heading(self) -> str:
        """The same in Markdown, with the head of the table."""
        how = f"{self.how[:1].upper()}{self.how[1:]}."
        return f"\n### {self.title}\n\n{how}\n\n| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}"


def milliseconds(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return 1_000 * (perf_counter() - began)


def percentile(times: Iterable[float], share: float) -> float:
    """The time within which this share of them stayed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
