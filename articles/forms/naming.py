"""Lasting names inside an article: findings, links and readers hold on to the keys of its parts."""

from collections.abc import Collection
from typing import Any

from articles.forms.actions import NEW_KEY
from articles.intake.building import slug
from content.counting import first_free
from content.schema import Content

#: The lists whose parts have lasting keys, and what each part is called by.
CALLED_BY = {"diagnoses": "name", "terms": "term", "questions": "question"}


def lasting_key(key: str, taken: Collection[str], name: str) -> str:
    """The key to save under: a part that is new takes its name for it, once it has one."""
    stem = slug(name)
    if not NEW_KEY.fullmatch(key) or not stem:
        return key
    return first_free(stem, taken)


def with_lasting_keys(content: Content) -> Content:
    """The same article, its new parts called by their names."""
    return content.model_copy(update={parts: _named(getattr(content, parts), by) for parts, by in CALLED_BY.items()})


def _named(parts: Collection[Any], by: str) -> tuple[Any, ...]:
    taken = {part.key for part in parts}
    named = []
    for part in parts:
        key = lasting_key(part.key, taken - {part.key}, getattr(part, by))
        taken.add(key)
        named.append(part.model_copy(update={"key": key}))
    return tuple(named)
