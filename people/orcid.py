"""ORCID identifiers: sixteen characters in groups of four, the last one a check digit (ISO 7064 MOD 11-2)."""

import re

from django.core.exceptions import ValidationError

PATTERN = r"^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$"
_SHAPE = re.compile(r"[0-9]{15}[0-9X]")


def check_digit(digits: str) -> str:
    """The check digit of the first fifteen digits."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    remainder = (12 - total % 11) % 11
    return "X" if remainder == 10 else str(remainder)


def normalise(text: str) -> str:
    """An ORCID as typed (with or without address, hyphens, spaces) in its written form; the rest is left as it is."""
    bare = re.sub(r"^(https?://)?(www\.)?orcid\.org/", "", text.strip(), flags=re.IGNORECASE)
    bare = re.sub(r"[\s-]", "", bare).upper()
    return "-".join(bare[i : i + 4] for i in range(0, 16, 4)) if _SHAPE.fullmatch(bare) else text.strip()


def validate(text: str) -> None:
    """Refuse what is no ORCID.

    Raises:
        ValidationError: the shape or the check digit is wrong.
    """
    bare = text.replace("-", "")
    if not re.fullmatch(PATTERN, text, flags=re.ASCII):
        raise ValidationError("An ORCID has sixteen digits in groups of four, for example 0000-0002-1825-0097.")
    if check_digit(bare[:15]) != bare[15]:
        raise ValidationError("This ORCID has a typing error: its last character does not fit the others.")
