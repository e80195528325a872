"""The tables of this room: what the board does to a version, and what the desks keep."""

from reviews.models.alternates import Alternate
from reviews.models.assignments import Assignment
from reviews.models.checklist import Answer, Answers, ChecklistItem, affirmed, fingerprint
from reviews.models.conflicts import Conflict
from reviews.models.decisions import Decision, settle, standing
from reviews.models.findings import Finding
from reviews.models.letters import ReaderLetter
from reviews.models.plans import Plan, PlanItem
from reviews.models.reminders import Reminder
from reviews.models.rereviews import Rereview
from reviews.models.saved_views import SavedView
from reviews.models.signatures import HashChanged
from reviews.models.turns import Turn, TurnSpan

__all__ = [
    "Alternate",
    "Answer",
    "Answers",
    "Assignment",
    "ChecklistItem",
    "Conflict",
    "Decision",
    "Finding",
    "HashChanged",
    "Plan",
    "PlanItem",
    "ReaderLetter",
    "Reminder",
    "Rereview",
    "SavedView",
    "Turn",
    "TurnSpan",
    "affirmed",
    "fingerprint",
    "settle",
    "standing",
]
