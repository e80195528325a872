"""`manage.py demo_content`: the people and articles of the demonstration, where they are missing."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ddx_portal.demo.build import make_demo
from ddx_portal.demo.people import NotEmpty


class Command(BaseCommand):
    """`make demo` calls it at every start; the second time it changes nothing."""

    help = "Makes the demonstration's people (one password, from DDX_DEMO_PASSWORD) and its articles in every state."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not (password := os.environ.get("DDX_DEMO_PASSWORD")):
            raise CommandError("Set DDX_DEMO_PASSWORD: everybody in the demonstration signs in with it.")
        try:
            made = make_demo(password)
        except NotEmpty as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"Made {made} article{'s'[: made != 1]}." if made else "Everything is there already: nothing was changed."
        )
