"""The tables of this room: what the board does to a version."""

from reviews.models.assignments import Assignment, HashChanged
from reviews.models.conflicts import Conflict
from reviews.models.decisions import Decision, follow_due_date, settle, standing
from reviews.models.findings import Finding

__all__ = ["Assignment", "Conflict", "Decision", "Finding", "HashChanged", "follow_due_date", "settle", "standing"]
