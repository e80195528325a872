"""Where a version stands: what pages, permissions and queries ask of its state, in words."""

from __future__ import annotations

from typing import Any

from articles import states
from articles.states import VersionState
from articles.workflow import VersionWorkflow
from people.models import User


class VersionStanding(VersionWorkflow):
    """A version as far as its state tells."""

    assignments: Any

    class Meta:
        abstract = True

    @property
    def state_word(self) -> VersionState:
        return VersionState(self.state)

    @property
    def is_draft(self) -> bool:
        return bool(self.state == VersionState.DRAFT)

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for an editor."""
        return bool(self.state == VersionState.SUBMITTED)

    @property
    def is_sent_back(self) -> bool:
        """Whether its review ended with a request for changes."""
        return bool(self.state == VersionState.CHANGES_REQUESTED)

    @property
    def is_under_review(self) -> bool:
        return bool(self.state == VersionState.UNDER_REVIEW)

    @property
    def is_public(self) -> bool:
        """See also `VersionQuerySet.public`."""
        return bool(self.state == VersionState.APPROVED)

    @property
    def was_public(self) -> bool:
        return self.state in states.PUBLIC_RECORD

    @property
    def is_open(self) -> bool:
        return self.state in states.OPEN

    def is_asked(self, user: User) -> bool:
        """Whether this person was asked to review this version and has neither declined nor been taken off."""
        return bool(self.assignments.filter(reviewer=user, state__in=states.ASKED).exists())

    def awaits(self, user: User) -> bool:
        """Whether this person is reviewing it: was asked, has not signed yet, and the review or re-review goes on."""
        goes_on = self.is_under_review or self.is_public
        return goes_on and bool(self.assignments.outstanding().filter(reviewer=user).exists())
