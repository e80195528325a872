"""What many modules begin with, made once for each: two reviewers asked for a version."""

import pytest

from reviews.models import Assignment
from tests.reviews.desks import Asked, two_asked


@pytest.fixture(scope="module")
def kept_two(kept_db: None) -> list[int]:
    return [assignment.pk for assignment in two_asked()]


@pytest.fixture
def two(db: None, kept_two: list[int]) -> Asked:
    """Two reviewers asked to review the same version, read anew for each test."""
    first, second = Assignment.objects.with_people().filter(pk__in=kept_two).order_by("pk")
    return first, second
