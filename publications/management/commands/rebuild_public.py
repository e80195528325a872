"""What readers find articles by and are quoted, made anew from the public rows."""

from typing import Any

from django.core.management import BaseCommand
from django.db import connection, transaction

from publications.derived.rebuild import rebuild


class Command(BaseCommand):
    """`manage.py rebuild_public`, with the owner's login and the desk stopped."""

    help = "Make passages, names, words, counts, suggestions and the board's pages anew from what they are made of."

    def handle(self, **options: Any) -> None:
        """All of it or nothing; `verify_ledger` then says whether it helped."""
        with transaction.atomic(), connection.cursor() as cursor:
            texts = rebuild(cursor)
        self.stdout.write(f"Made anew from {texts} current texts.")
