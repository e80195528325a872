"""Whom to call in an emergency, by the region that a browser names."""

import re
from functools import cache
from typing import NamedTuple

from publications.questions.phrases import load

#: Where no region is known: what works on most telephones of the world.
ANYWHERE = ("112", "911", "999")
_REGION = re.compile(r"^\s*[A-Za-z]{2,3}(?:-[A-Za-z]{4})?-([A-Za-z]{2})\b")
_NOT_DIALLED = re.compile(r"[^0-9+]")


class Line(NamedTuple):
    """One number, as it is written."""

    number: str
    name: str = ""

    @property
    def dialled(self) -> str:
        """The same for a telephone."""
        return _NOT_DIALLED.sub("", self.number)


class Region(NamedTuple):
    code: str
    name: str
    emergency: Line
    crisis: Line | None
    poison: Line | None


@cache
def regions() -> tuple[Region, ...]:
    """Every region that numbers are known of, by name."""
    found = [
        Region(
            each["code"],
            each["name"],
            Line(each["emergency"]),
            Line(*each["crisis"]) if "crisis" in each else None,
            Line(each["poison"]) if "poison" in each else None,
        )
        for each in load("numbers")["region"]
    ]
    return tuple(sorted(found, key=lambda region: region.name))


def region_of(accept_language: str) -> Region | None:
    """The first region that a browser's languages name and that numbers are known of."""
    known = {region.code: region for region in regions()}
    named = (match[1].upper() for part in accept_language[:200].split(",") if (match := _REGION.match(part)))
    return next((known[code] for code in named if code in known), None)
