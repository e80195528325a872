"""Where a list goes on: an opaque, signed mark that fits only the question which it was given for."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core import signing

from publications.cursors import LONGEST

MAX_CURSOR = 2 * LONGEST
_SIGNER = signing.Signer(salt="ddx_portal.api.cursor")


class WrongCursor(ValueError):
    """The mark is not one of ours, or was given for another question."""


def write(place: str, question: Mapping[str, Any]) -> str:
    """The mark of a place in the answer to a question."""
    return _SIGNER.sign_object([_named(question), place])


def read(cursor: str, question: Mapping[str, Any]) -> str:
    """The place that the mark stands for."""
    try:
        named, place = _SIGNER.unsign_object(cursor)
    except (signing.BadSignature, ValueError) as error:
        raise WrongCursor("not a cursor of this API") from error
    if named != _named(question):
        raise WrongCursor("given for another question")
    return str(place)


def _named(question: Mapping[str, Any]) -> str:
    told = json.dumps(question, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
