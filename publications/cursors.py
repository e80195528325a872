"""Where a page of a list begins: after or before one of its lines, written into its address."""

import json
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple, Self

from content import text

LONGEST = 2_000
_BIGGEST = 2**63 - 1


class Cursor(NamedTuple):
    """A line by what the list is ordered by (a title, a rank, a moment) and its number."""

    by: str | float
    id: int

    @classmethod
    def read(cls, sent: str) -> Self | None:
        """None for what is no place in a list: then it begins at its beginning."""
        try:
            by, number = json.loads(urlsafe_b64decode(sent[:LONGEST].encode()))
        except (ValueError, TypeError, RecursionError):
            return None
        if type(number) is not int or not -_BIGGEST <= number <= _BIGGEST:
            return None
        if isinstance(by, str):
            return cls(text.line(by), number)
        return cls(float(by), number) if type(by) in {int, float} and _is_moderate(by) else None

    def __str__(self) -> str:
        return urlsafe_b64encode(json.dumps([self.by, self.id], ensure_ascii=False).encode()).decode()


def _is_moderate(number: float) -> bool:
    return abs(number) < 1e12 and math.isfinite(number)
