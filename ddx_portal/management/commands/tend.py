"""What has to be done though nobody pressed a button."""

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections

from reviews import chores

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """`manage.py tend`."""

    help = "Bring turns up to date, ask alternates, remind, post the daily mail: once, or every so many seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --every."""
        parser.add_argument("--every", type=float, default=0, help="do it again after so many seconds, until stopped")

    def handle(self, *, every: float, **options: Any) -> None:
        """Do every chore; exit code 1 when one failed. With --every a failure is logged, and tried again."""
        if not every:
            self.tend_once()
        while every:
            try:
                chores.tend()
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database is away: %s", error)
            close_old_connections()
            time.sleep(every)

    def tend_once(self) -> None:
        """Do it, and say what came of it."""
        tended = chores.tend()
        if tended is None:
            self.stdout.write("Another process is at it.")
            return
        for name, count in tended.done.items():
            self.stdout.write(f"{name}: {count}")
        if tended.failed:
            raise CommandError(f"failed: {', '.join(tended.failed)}; why stands in the log")
