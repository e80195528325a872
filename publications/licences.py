"""What others may do with the published texts: the licence that the publisher has set (`CONTENT_LICENSE`)."""

from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PUBLISHER = "DDx Portal"


class Licence(NamedTuple):
    """A licence by its SPDX identifier; `url` is "" where none is given."""

    id: str
    name: str
    url: str

    def statement(self, year: int) -> str:
        """Whose the text is and what others may do with it, in a sentence."""
        return f"© {year} {PUBLISHER}. {self.name}."


def _creative_commons(kind: str, name: str) -> Licence:
    named = f"Creative Commons {name} 4.0 International"
    return Licence(f"CC-{kind.upper()}-4.0", named, f"https://creativecommons.org/licenses/{kind}/4.0/")


_CHOICES = (
    Licence("all-rights-reserved", "All rights reserved", ""),
    Licence("CC0-1.0", "Creative Commons Zero 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
    _creative_commons("by", "Attribution"),
    _creative_commons("by-sa", "Attribution-ShareAlike"),
    _creative_commons("by-nd", "Attribution-NoDerivatives"),
    _creative_commons("by-nc", "Attribution-NonCommercial"),
    _creative_commons("by-nc-sa", "Attribution-NonCommercial-ShareAlike"),
    _creative_commons("by-nc-nd", "Attribution-NonCommercial-NoDerivatives"),
)
LICENCES = {each.id: each for each in _CHOICES}


def licence() -> Licence:
    """The licence of every published text.

    Raises:
        ImproperlyConfigured: the setting names none that is known here.
    """
    try:
        return LICENCES[settings.CONTENT_LICENSE]
    except KeyError:
        raise ImproperlyConfigured(f"CONTENT_LICENSE must be one of {', '.join(LICENCES)}.") from None


def statement(published: date) -> str:
    """The sentence that stands on the page of a text approved on that day."""
    return licence().statement(published.year)
