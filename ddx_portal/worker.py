"""The worker: does what is queued at least once, whatever ends in between; what time is left it gives to the press.

To the worker of django_tasks_db this adds three things. A task that fails is put off and tried again, for two days. A
task whose worker was killed in the middle of it is taken up by another. When the database is away, the worker waits.
What is done twice in this way bears the same Message-ID twice (`people.mail`).
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any, override

from django.core.management import call_command
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
    transaction,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.tasks import TaskContext, TaskResultStatus
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from people import mail
from publications.meaning import indexing
from publications.ready import press

logger = logging.getLogger(__name__)

DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440))  # two days in all
MAX_DEATHS = 20  # of workers over one task, before it is left alone
LOST = "lost "  # before the name of a worker that died over a task, in the task's list of workers
LOCK_SPACE = 0x44_44_78  # of the advisory locks; others may use theirs
PRESS_SECONDS = 0.5  # of pressing, and of reading for questions, before mail is looked for again
CHECK_EVERY = 60.0  # seconds between looks for what dead workers left
AWAY_PAUSE = 1.0  # seconds to wait for a database that is away
KEEP_DAYS, KEEP_FAILED_DAYS = 14, 90


class LeaseLost(OperationalError):
    """The session that shows us to be alive has ended."""


class WorkerDied(Exception):
    """A task took its worker with it again and again."""


class Lease:
    """A worker's name, and the lock that shows it alive: held by a session of its own, it ends with the process."""

    def __init__(self, session: BaseDatabaseWrapper) -> None:
        self.worker_id = get_random_string(32)
        self._session = session
        with session.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCK_SPACE, self.worker_id])

    def check(self) -> None:
        """Raise LeaseLost when others take us for dead."""
        if not self._session.is_usable():
            raise LeaseLost("the database session of this worker has ended")


@contextmanager
def lease() -> Iterator[Lease]:
    """Be known as alive."""
    session = connections["default"].copy()
    try:
        yield Lease(session)
    finally:
        if session.is_usable():  # a pooled session lives on, and must not keep the lock
            with session.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_all()")
        session.close()


def is_gone(worker_id: str) -> bool:
    """Whether no session holds this worker's lock. Inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, worker_id])
        return bool(cursor.fetchone()[0])


def put_back() -> int:
    """Make ready again what dead workers left running; returns how many tasks that were."""
    return sum(_put_back_one(pk) for pk in DBTaskResult.objects.running().values_list("pk", flat=True))


@transaction.atomic
def _put_back_one(pk: Any) -> bool:
    task = DBTaskResult.objects.running().filter(pk=pk).select_for_update(skip_locked=True).first()
    if task is None or not is_gone(task.worker_ids[-1]):
        return False
    task.worker_ids = [*task.worker_ids[:-1], LOST + task.worker_ids[-1]]
    task.status = TaskResultStatus.READY
    task.save(update_fields=["worker_ids", "status"])
    if len(task.worker_ids) - attempts(task) >= MAX_DEATHS:
        died = WorkerDied(f"{MAX_DEATHS} workers ended in the middle of this task")
        task.set_failed(died)
        tell_outbox(task, died, for_good=True)
        logger.error("Task %s (%s) given up: its workers die of it", task.pk, task.task_path)
    else:
        logger.warning("Task %s (%s) put back: its worker is gone", task.pk, task.task_path)
    return True


def attempts(task: DBTaskResult[..., Any]) -> int:
    """How often the task was tried by a worker that lived to see the end of it."""
    return sum(not worker_id.startswith(LOST) for worker_id in task.worker_ids)


def is_final(error: BaseException) -> bool:
    """Whether another attempt is no use: the mail server refuses the recipient for good (5xx)."""
    return isinstance(error, SMTPRecipientsRefused) and all(code >= 500 for code, _ in error.recipients.values())


def put_off(task: DBTaskResult[..., Any], error: BaseException) -> None:
    """Have a task that failed tried again later; when its attempts are used up it has failed for good."""
    tried = attempts(task)
    if tried > len(DELAYS) or is_final(error):
        task.set_failed(error)
        tell_outbox(task, error, for_good=True)
        logger.error("Task %s (%s) given up at attempt %d", task.pk, task.task_path, tried, exc_info=error)
        return
    task.status, task.run_after = TaskResultStatus.READY, timezone.now() + DELAYS[tried - 1]
    task.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
    task.save(update_fields=["status", "run_after", "exception_class_path"])
    tell_outbox(task, error, for_good=False)
    logger.warning("Task %s (%s) put off at attempt %d: %s", task.pk, task.task_path, tried, error)


def tell_outbox(task: DBTaskResult[..., Any], error: BaseException, *, for_good: bool) -> None:
    """Have the outbox say what became of the attempt to send a message."""
    if task.task_path == mail.send.module_path:
        mail.failed(task.args_kwargs["args"][0], error, for_good=for_good)


class Worker(db_worker.Worker):
    """Does what is ready, one task after the other."""

    def __init__(self, lease: Lease) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=lease.worker_id,
            excluded_queue_names=[],
        )
        self.lease = lease

    @override
    def run_task(self, db_task_result: DBTaskResult[..., Any]) -> None:
        """Do a task that is claimed. A second Ctrl-C, which ends the process, is one of the errors caught."""
        self.lease.check()
        self.running_task = True
        try:
            db_task_result.set_successful(_call(db_task_result))
        except BaseException as error:  # noqa: BLE001 - whatever it was, the task must be tried again
            put_off(db_task_result, error)
        finally:
            self.running_task = False


def _call(db_task_result: DBTaskResult[..., Any]) -> Any:
    task, result = db_task_result.task, db_task_result.task_result
    context = [TaskContext(task_result=result)] if task.takes_context else []
    return task.call(*context, *result.args, **result.kwargs)


def serve(*, interval: float, batch: bool) -> None:
    """Work until asked to stop, or with `batch` until nothing is ready."""
    while True:
        try:
            with lease() as held:
                return work(Worker(held), interval=interval, batch=batch)
        except (OperationalError, InterfaceError) as error:
            if batch:
                raise
            logger.warning("The database is away: %s", error)
            time.sleep(AWAY_PAUSE)


def work(worker: Worker, *, interval: float, batch: bool) -> None:
    """Work as long as the lease lasts."""
    worker.configure_signals()
    looked = -CHECK_EVERY
    while worker.running:
        if time.monotonic() - looked >= CHECK_EVERY:
            looked = time.monotonic()
            put_back()
            prune()
        worker.run()
        if batch:
            return
        pause = 0 if press_some() else interval
        if worker.running:
            time.sleep(pause)


def press_some() -> int:
    """Between two looks for mail, make some answers of the public site ready. That it cannot keeps no mail waiting."""
    try:
        done = press.go_on(PRESS_SECONDS) or 0
        done += indexing.go_on(PRESS_SECONDS)
        press.sum_up_changes()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("The press stands still: %s", error)
        close_old_connections()
        return 0
    return done


def prune() -> None:
    """Forget tasks that were done two weeks ago, and those that failed three months ago."""
    options = {"queue_name": "*", "min_age_days": KEEP_DAYS, "failed_min_age_days": KEEP_FAILED_DAYS, "verbosity": 0}
    call_command("prune_db_task_results", **options)
