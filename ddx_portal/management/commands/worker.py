"""The worker process."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from ddx_portal import worker
from publications.provenance.countersigning import SigningKey


class Command(BaseCommand):
    """`manage.py worker`."""

    help = "Do what is queued (mail), until stopped; what a killed worker left is taken up first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --batch and --interval."""
        parser.add_argument("--batch", action="store_true", help="end when nothing is left to do now")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks (default 1)")

    def handle(self, *, batch: bool, interval: float, **options: Any) -> None:
        """Work; SIGTERM and Ctrl-C end it when the task at hand is done. A malformed signing key stops the start."""
        SigningKey.own()
        worker.serve(interval=interval, batch=batch)
