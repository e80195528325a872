"""What the worker gave up."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone
from django_tasks_db.models import DBTaskResult


class Command(BaseCommand):
    """`manage.py failed_tasks`."""

    help = "List the tasks that failed for good; with --again have all of them tried once more from the start."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --again."""
        parser.add_argument("--again", action="store_true", help="put them back in the queue")

    def handle(self, *, again: bool, **options: Any) -> None:
        """Print a line a task."""
        failed = DBTaskResult.objects.failed().order_by("finished_at")
        for task in failed:
            what = f"{task.task_path}({', '.join(map(str, task.args_kwargs['args']))})"
            self.stdout.write(f"{task.id}  {task.finished_at:%Y-%m-%d %H:%M}  {what}  {task.exception_class_path}")
        if again:
            count = failed.update(status="READY", run_after=timezone.now(), worker_ids=[], finished_at=None)
            self.stdout.write(f"{count} put back.")
