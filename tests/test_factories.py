"""The factories make what they say."""

import pytest

from articles.states import VersionState
from ledger.models import Event
from tests.factories import assign, find, make_content, make_version, reread, revise, sign, submit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", VersionState.values)
def test_every_state_can_be_made(state: str) -> None:
    version = make_version(state)
    assert (version.state, reread(version).state) == (state, state)


def test_superseded_has_an_approved_one_over_it() -> None:
    version = make_version("superseded")
    current = version.article.current
    assert current is not None
    assert (current.number, current.state) == (2, "approved")


def test_steps_can_be_walked_one_by_one() -> None:
    version = submit(revise(make_version("changes_requested"), make_content("Hiccups by day")))
    first, second = assign(version)
    find(first)
    sign(first, "request_changes")
    assert reread(version).state == "under_review"
    sign(second)
    assert (reread(version).number, reread(version).state) == (2, "changes_requested")
    assert Event.objects.filter(kind="finding_made").count() == 1


def test_canary_stands_in_every_text() -> None:
    content = make_content(canary="ostrich")
    assert content.title.endswith("ostrich")
    assert all("ostrich" in d.patient.rationale and "ostrich" in d.clinician.red_flags[0] for d in content.diagnoses)
