"""The reports there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from reviews.reports import board, overdue, remarks, rereviews, throughput, waiting
from reviews.reports.asked import Asked
from reviews.reports.table import Report
from reviews.reports.tally import Facts


class Kind(NamedTuple):
    """One report."""

    key: str
    title: str
    lead: str
    icon: str
    facts: Facts
    make: Callable[[Asked], Report]
    is_of_now: bool = False  # it tells how things stand, whatever period is asked for


def _kind(module: Any, title: str, lead: str, icon: str) -> Kind:
    return Kind(module.KEY, title, lead, icon, module.FACTS, module.make)


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            waiting.KEY,
            "Time",
            "How long versions were in each state, and with whom.",
            "clock",
            waiting.FACTS,
            waiting.make,
        ),
        Kind(
            throughput.KEY, "Throughput", "What came in and what went out.", "send", throughput.FACTS, throughput.make
        ),
        Kind(
            overdue.KEY,
            "Overdue",
            "What is late now, where, and by how long.",
            "circle-alert",
            overdue.FACTS,
            overdue.make,
            is_of_now=True,
        ),
        Kind(
            board.KEY, "Reviewers", "What reviewers take on, and how long they take.", "users", board.FACTS, board.make
        ),
        Kind(
            remarks.KEY,
            "Findings",
            "What reviewers find, and how it is answered.",
            "message-square",
            remarks.FACTS,
            remarks.make,
        ),
        _kind(rereviews, "Re-reviews", "Review dates that come due.", "history"),
    )
}
