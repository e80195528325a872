"""Mail if and only if it was committed: promise 10, with commits that are real."""

from collections.abc import Callable

import pytest
from django.db import transaction

from articles.models import Version
from tests.factories import editor, make_version, submit
from tests.post import outbox, waiting

type Run = Callable[[], int]


class Changed(Exception):
    """Something went wrong after the step, in the transaction around it."""


def test_message_goes_with_the_transaction_around_the_step(committed_db: None, run_tasks: Run) -> None:
    version = make_version(editor=editor())
    with pytest.raises(Changed):
        submit_and_fail(version)
    assert (waiting(), run_tasks(), outbox()) == (0, 0, [])
    submit(version)
    assert run_tasks() == 2
    assert len(outbox()) == 2
    assert (run_tasks(), outbox()) == (0, [])


@transaction.atomic
def submit_and_fail(version: Version) -> None:
    submit(version)
    assert waiting() == 2
    raise Changed
