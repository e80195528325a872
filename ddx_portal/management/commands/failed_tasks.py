"""What the worker gave up."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from people import mail
from people.models import Message


class Command(BaseCommand):
    """`manage.py failed_tasks`."""

    help = "List the tasks that failed for good; with --again have all of them tried once more from the start."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --again."""
        parser.add_argument("--again", action="store_true", help="put them back in the queue")

    def handle(self, *, again: bool, **options: Any) -> None:
        """Print a line a task; of one that sends a message, say which."""
        failed = DBTaskResult.objects.failed().order_by("finished_at")
        numbers = [task.args_kwargs["args"][0] for task in failed if task.task_path == mail.send.module_path]
        messages = Message.objects.select_related("person").in_bulk(numbers)
        for task in failed:
            arguments = task.args_kwargs["args"]
            what = f"{task.task_path}({', '.join(map(str, arguments))})"
            if message := messages.get(arguments[0] if arguments else None):
                what = f"message {message.pk}: {message}"
            self.stdout.write(f"{task.id}  {task.finished_at:%Y-%m-%d %H:%M}  {what}  {task.exception_class_path}")
        if again:
            with transaction.atomic():
                Message.objects.filter(pk__in=messages).reopen()
                count = failed.update(status="READY", run_after=timezone.now(), worker_ids=[], finished_at=None)
            self.stdout.write(f"{count} put back.")
