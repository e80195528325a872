"""Mail about reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviews.models import Assignment, Decision


def invited(assignment: Assignment) -> None:
    """Ask a reviewer."""


def invitation_declined(assignment: Assignment) -> None:
    """Tell the editor who asked."""


def assignment_cancelled(assignment: Assignment) -> None:
    """Tell the reviewer."""


def decided(decision: Decision) -> None:
    """Tell the editors."""
