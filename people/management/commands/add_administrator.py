"""`manage.py add_administrator EMAIL --name NAME`: the first administrator, who invites everybody else."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from people.accounts import confirm_email, password_reset_path
from people.mail import absolute
from people.models import Role, User


class Command(BaseCommand):
    """Makes the account if need be, and prints the address at which its password is set."""

    help = "Makes somebody administrator and prints the address at which they set their password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError("This is not an e-mail address.") from error
        with transaction.atomic():
            user = User.objects.with_email(options["email"])
            if user is None:
                user = User.objects.create_user(options["email"], name=options["name"])
                confirm_email(user)
            if not user.is_active:
                raise CommandError("This account is closed: another administrator has to open it again.")
            user.grant(Role.ADMINISTRATOR, by=None)
        self.stdout.write(f"{user.email} is administrator. Set a password, once, at:")
        self.stdout.write(absolute(password_reset_path(user)))
