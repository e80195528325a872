"""`manage.py load_codes`: store the release of ICD-10-CM that the package simple-icd-10-cm carries."""

import calendar
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import files
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from articles.codes import Icd10Code

PACKAGE = "simple-icd-10-cm"
MONTHS = tuple(calendar.month_name)[1:]
_FILE = re.compile(r"code-list-([A-Z][a-z]+)-(20\d\d)\.txt")


class Row(NamedTuple):
    """One code, in the order of `COLUMNS`."""

    code: str
    title: str
    is_billable: bool
    release: str


COLUMNS = ", ".join(Row._fields)


class Command(BaseCommand):
    """Takes some seconds the first time and nothing once the release is stored."""

    help = "Stores ICD-10-CM from the installed simple-icd-10-cm. A newer release takes the place of the stored one."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace the whole table, or leave it alone."""
        release = packaged_release()
        stored = stored_release()
        if stored == release:
            self.stdout.write(f"ICD-10-CM {release} is stored already: nothing was changed.")
        elif stored > release:
            self.stdout.write(f"ICD-10-CM {stored} is stored, the package has only {release}: nothing was changed.")
        else:
            count = replace_with(packaged_codes(release))
            self.stdout.write(f"Stored {count:,} codes of ICD-10-CM {release}.")


def packaged_release() -> str:
    """The release of the installed package, like "2026-04"; without importing it, which takes seconds."""
    for file in files(PACKAGE) or ():
        if (found := _FILE.fullmatch(file.name)) and found[1] in MONTHS:
            return f"{found[2]}-{MONTHS.index(found[1]) + 1:02}"
    raise CommandError(f"The installed {PACKAGE} does not say which release of ICD-10-CM it has.")


def stored_release() -> str:
    """The release in the table, "" when it is empty. All rows are of one."""
    return Icd10Code.objects.values_list("release", flat=True).order_by("-release").first() or ""


def packaged_codes(release: str) -> Iterator[Row]:
    """Every category and code, but no chapter and no block. Billable is what has nothing below it."""
    import simple_icd_10_cm as icd  # 200 MB while it is there: never in a web process

    for code in dict.fromkeys(icd.get_all_codes()):  # a block of one category appears under the same name twice
        if icd.is_category_or_subcategory(code):
            yield Row(code, icd.get_description(code), icd.is_leaf(code), release)


def replace_with(rows: Iterable[Row]) -> int:
    """Put these rows in place of all others, in one transaction; how many they were.

    Readers see the old release until the end. Versions that were submitted keep the codes they have: those are
    part of their frozen text.
    """
    table, count = Icd10Code._meta.db_table, 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        Icd10Code.objects.all().delete()
        with cursor.copy(f"COPY {table} ({COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
    return count
