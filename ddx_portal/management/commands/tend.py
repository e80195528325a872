"""What has to be done though nobody pressed a button."""

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections

from articles import taking_in
from reviews import chores

logger = logging.getLogger(__name__)
LOOK_EVERY = 2.0  # seconds between looks for files to be taken in
SLICE = 10.0  # seconds of taking in, before the clock is looked at


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
            self.go_on_until(time.monotonic() + every)

    def go_on_until(self, end: float) -> None:
        """Between the chores, take in the files that editors have sent and go on with their plans: a few seconds' worth
        at a time.
        """
        while (left := end - time.monotonic()) > 0:
            try:
                idle = not taking_in.go_on(seconds=min(left, SLICE)) + chores.tend_to_plans()
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database is away: %s", error)
                idle = True
            close_old_connections()
            if idle:
                time.sleep(min(left, LOOK_EVERY))

    def tend_once(self) -> None:
        """Do it, and say what came of it."""
        while taking_in.go_on():
            pass
        tended = chores.tend()
        if tended is None:
            self.stdout.write("Another process is at it.")
            return
        for name, count in tended.done.items():
            self.stdout.write(f"{name}: {count}")
        if tended.failed:
            raise CommandError(f"failed: {', '.join(tended.failed)}; why stands in the log")
