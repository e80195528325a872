"""When somebody else may have a key of the press."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import IntegrityError

from publications.provenance.countersigning import ProvenanceKey


class Command(BaseCommand):
    """`manage.py revoke_provenance_key`, with the worker's login."""

    help = "Say in public that nothing signed with this key counts any more, and have every proof signed anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the key's id, as /provenance-keys.json has it, and the reason."""
        parser.add_argument("key")
        parser.add_argument("--because", required=True, help="for the public")

    def handle(self, *, key: str, because: str, **options: Any) -> None:
        """Revoke it; give the press a new key before it goes on."""
        try:
            ProvenanceKey.objects.revoke(key, because=because)
        except IntegrityError as error:
            raise CommandError(str(error).partition("\n")[0]) from None
        self.stdout.write("Revoked. Give the press a new key (DDX_SIGNING_KEY) and start it anew.")
