"""Everything that is to be pressed, now."""

import time
from typing import Any

from django.core.management import BaseCommand, CommandError

from publications.provenance.countersigning import SigningKey
from publications.ready import press

A_WHILE = 10.0  # seconds between two words


class Command(BaseCommand):
    """`manage.py press`."""

    help = "Make the ready answers of the public site that are missing; the worker does so by itself, beside its mail."

    def handle(self, *args: Any, **options: Any) -> None:
        """Press until nothing is left. Can be ended at any time. A malformed signing key stops the start."""
        SigningKey.own()
        began, done = time.monotonic(), 0
        while pressed := press.go_on(A_WHILE):
            done += pressed
            self.stdout.write(f"{done:,} pressed, {done / (time.monotonic() - began):,.0f} a second")
        if pressed is None:
            raise CommandError("Another process is at it: the worker.")
        if waiting := press.waiting():
            raise CommandError(f"{waiting:,} still to be made: the log says what was wrong.")
        self.stdout.write("Everything is ready.")
