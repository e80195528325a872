"""`manage.py verify_ledger`: prove from the data that what is public was signed and nothing frozen changed."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.verifier import Head, verify


def head(text: str) -> Head:
    """Read `SEQ:HASH`."""
    seq, _, sha256 = text.partition(":")
    return Head(int(seq), sha256)


class Command(BaseCommand):
    """Exit 0 when everything holds, 1 when anything does not."""

    help = "Proves from the data that what is public was signed, and that nothing frozen has changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", type=head, metavar="SEQ:HASH", help="a head printed earlier and kept elsewhere")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        problems, now = verify(options["head"])
        if options["format"] == "json":
            found = [problem._asdict() for problem in problems]
            self.stdout.write(json.dumps({"holds": not found, "head": now._asdict(), "problems": found}, indent=2))
        else:
            for problem in problems:
                self.stdout.write(f"{problem.subject}: {problem.message}")
        if problems:
            raise CommandError(f"{len(problems)} things do not hold.")
        if options["format"] == "text":
            self.stdout.write(f"Everything holds. Events: {now.seq}. Head: {now.seq}:{now.hash}")
