"""One measurement beside its limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any, NamedTuple


class Measured(NamedTuple):
    """What was measured, in `unit`. Within the limit when not above it; a limit of None only tells."""

    what: str
    figure: float
    unit: str
    limit: float | None = None
    note: str = ""

    @property
    def is_within(self) -> bool:
        return self.limit is None or self.figure <= self.limit

    def line(self, width: int) -> str:
        limit = "" if self.limit is None else f"at most {self.limit:,g} {self.unit}".rstrip()
        verdict = "" if self.limit is None else ("ok" if self.is_within else "BROKEN")
        figure = f"{self.figure:,.0f}" if self.figure >= 100 or self.figure % 1 == 0 else f"{self.figure:,.1f}"
        figure = f"{figure} {self.unit}".rstrip()
        return f"{self.what:<{width}}  {figure:>12}  {limit:<18} {verdict:<6} {self.note}".rstrip()


def milliseconds(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return 1_000 * (perf_counter() - began)


def percentile(times: Iterable[float], share: float) -> float:
    """The time within which this share of them stayed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
