"""What the rules of this room say when somebody breaks them."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import DateField, Func


class RuleBroken(ValueError):
    """A rule about people forbids this. The message is written for the person who tried."""


def today() -> date:
    """The date that terms and disclosures are judged by: today in UTC."""
    return datetime.now(UTC).date()


def single_line(text: str) -> str:
    """The text on one line, without control characters: safe in a mail header and in a list."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


class YearsAfter(Func):
    """In the database: the date or the UTC date of the moment, so many years later."""

    template = "(((%(expressions)s)::timestamp + interval '%(years)s years')::date)"
    arity = 1
    output_field = DateField()

    def __init__(self, expression: Any, years: int = 1, **extra: Any) -> None:
        super().__init__(expression, years=years, **extra)


class YearsAfterMoment(YearsAfter):
    """The same of a timestamp with time zone, read in UTC (so that it is immutable)."""

    template = "(((%(expressions)s AT TIME ZONE 'UTC') + interval '%(years)s years')::date)"
