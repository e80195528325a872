"""The press and the front in a test: each with the login that it has in life."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from ddx_portal import database
from publications.ready import press
from tests.harness import WorkerDatabase


@contextmanager
def as_login(worker_database: WorkerDatabase, login: str) -> Iterator[None]:
    """Let Django's own connection be another login's."""
    connections["default"].close()
    worker_database._point_django_at(worker_database.name, login)
    try:
        yield
    finally:
        connections["default"].close()
        worker_database._point_django_at(worker_database.name, database.STAFF)


def press_all(worker_database: WorkerDatabase) -> int:
    """Press until nothing is left, as the worker does; returns how much that was."""
    done = 0
    with as_login(worker_database, database.WORKER):
        while pressed := press.go_on(seconds=60):
            done += pressed
    return done
