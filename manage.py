#!/usr/bin/env python
"""Django's command line, on the embedded database when no other is named."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ddx_portal.settings")
    os.environ.setdefault("DDX_DATABASE_POOL", "0")  # a command needs one connection
    from ddx_portal.embedded import EmbeddedError
    from ddx_portal.installation import into_environment

    try:
        into_environment(sys.argv[1:], os.environ)
    except EmbeddedError as error:
        sys.exit(f"manage.py: {error}")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
