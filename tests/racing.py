"""Several people acting in the same instant: each in a thread with a database connection of its own."""

import os
import threading
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from articles.models import EditConflict
from people.rules import RuleBroken

#: How often each race is run; `DDX_RACES=10000 make test` is the long way.
TRIALS = int(os.environ.get("DDX_RACES", "3"))

#: What a person who came too late is told.
REFUSED = (PermissionDenied, ValidationError, EditConflict, RuleBroken)


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run the actions together; return what each gave, or the refusal it met. Any other error is raised."""
    start = threading.Barrier(len(actions))
    outcomes: list[Any] = [None] * len(actions)

    def run(place: int, action: Callable[[], Any]) -> None:
        start.wait()
        try:
            outcomes[place] = action()
        except Exception as error:  # noqa: BLE001 - looked at below, in the test's own thread
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, REFUSED):
            raise outcome
    return outcomes


def refusals(outcomes: list[Any]) -> int:
    """How many came too late."""
    return sum(isinstance(outcome, REFUSED) for outcome in outcomes)
