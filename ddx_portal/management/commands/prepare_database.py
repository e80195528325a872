"""Make the four logins and the database on a server of one's own."""

import os
from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management import BaseCommand, CommandError

from ddx_portal import database
from ddx_portal.installation import NOWHERE, here


class Command(BaseCommand):
    """`DATABASE_URL=<administrator's address> manage.py prepare_database`."""

    help = "Make or mend the logins, the database and the rights on the server at DATABASE_URL (an administrator's)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --show."""
        parser.add_argument("--show", action="store_true", help="print the addresses with their passwords")

    def handle(self, *, show: bool, **options: Any) -> None:
        """Prepare the server; the passwords stand in secrets.json of the data folder."""
        admin_url = os.environ.get("DATABASE_URL", NOWHERE)
        local = here()
        try:
            local.prepare("" if admin_url == NOWHERE else admin_url)
        except (database.DatabaseError, psycopg.Error) as error:
            raise CommandError(str(error)) from None
        for login in database.LOGINS:
            self.stdout.write(f"{login} {local.url(login) if show else 'ready'}")
