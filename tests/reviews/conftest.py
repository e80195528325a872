"""What many modules begin with, made once for each: two reviewers asked for a version, a version in every state."""

import pytest

from articles.models import Version
from articles.states import VersionState
from reviews.models import Assignment
from tests.factories import make_version, reread
from tests.reviews.desks import Asked, InState, two_asked


@pytest.fixture(scope="module")
def kept_two(kept_db: None) -> list[int]:
    return [assignment.pk for assignment in two_asked()]


@pytest.fixture
def two(db: None, kept_two: list[int]) -> Asked:
    """Two reviewers asked to review the same version, read anew for each test."""
    first, second = Assignment.objects.with_people().filter(pk__in=kept_two).order_by("pk")
    return first, second


@pytest.fixture(scope="module")
def kept_states(kept_db: None) -> dict[str, Version]:
    return {state: make_version(state) for state in VersionState.values}


@pytest.fixture
def in_state(db: None, kept_states: dict[str, Version]) -> InState:
    """Return a function that reads the version in a state anew: there is one in each."""
    return lambda state: reread(kept_states[state])
