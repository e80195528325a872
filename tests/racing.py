"""Several people acting in the same instant: each in a thread with a database connection of its own."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from articles.models import EditConflict
from people.rules import RuleBroken
from tests.conftest import Connection

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


@contextmanager
def naive_twin(superuser: Connection, function: str, lock: str) -> Iterator[tuple[str, str]]:
    """A function of the database without this lock, beside it; gives the names of both.

    Afterwards the schema is as it was, so that the database is swept and not cloned.
    """
    names = function, f"{function}_naively"
    (definition,) = superuser.execute("SELECT pg_get_functiondef(%s::regproc)", [function]).fetchone() or ("",)
    assert (definition.count(lock), definition.count(function)) == (1, 1)
    superuser.execute(definition.replace(lock, "").replace(*names))
    try:
        yield names
    finally:
        superuser.execute(f"DROP FUNCTION {names[1]}")
