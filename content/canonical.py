"""Canonical bytes: one article has exactly one form, so that a hash names it.

JSON with sorted keys, no white space, UTF-8 in NFC, integers only. Reading refuses everything that
writing would not produce: duplicate keys, floats, another order, another spelling.
"""

import hashlib
import json
from typing import Any, NoReturn

from content.schema import Content


class NotCanonical(ValueError):
    """The text is not what `dumps` writes for the article it describes."""


def dumps(content: Content) -> str:
    """The canonical text of an article."""
    return json.dumps(
        content.model_dump(mode="json"),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    )


def loads(text: str) -> Content:
    """Read canonical text.

    Raises:
        NotCanonical: the text has duplicate keys, floats or any other spelling than `dumps`' own.
        pydantic.ValidationError: it is JSON, but no article.
    """
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_float=_refuse, parse_constant=_refuse)
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"not JSON: {error}") from error
    content = Content.model_validate(data)
    if dumps(content) != text:
        raise NotCanonical("the text is spelled otherwise than its canonical form")
    return content


def sha256(text: str) -> str:
    """The hash of canonical text: 64 hexadecimal digits over its UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise NotCanonical("a key stands twice in one object")
    return data


def _refuse(token: str) -> NoReturn:
    raise NotCanonical(f"{token} is not an integer")
