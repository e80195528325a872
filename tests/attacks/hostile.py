"""Words that try to be more than words, put into every field of the database that holds any."""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from psycopg import sql

from content import canonical
from content.schema import Content
from tests.conftest import Connection

ROOMS = {"people", "articles", "reviews"}
WORDS = "'\"><zqx zqx=1 onclick=alert(1)>{{zqx}}</textarea></title><script>zqx()</script>"
#: What programs go by: keys, hashes, addresses. Their form is held by other tests.
CODED = {
    *("content", "content_sha256", "sha256", "diagnosis_key", "email", "address", "key", "kind", "orcid", "password"),
    *("place", "query", "rung", "slug", "state", "tab", "token_hash"),
}
#: Filled where somebody said why: elsewhere they are empty, and pages and database go by that.
SAID_LATER = {"state_reason", "withdrawn_reason"}
#: These bear their number before the words, for no two may have the same.
NAMED = {"SavedView", "Label"}


def fill(superuser: Connection) -> set[str]:
    """Put them everywhere, past every guard; returns which columns of words hold them now."""
    superuser.execute("SET session_replication_role = replica")
    filled = {f"{model.__name__}.{field.name}" for model, field in _columns() if _fill(superuser, model, field)}
    for pk, text in superuser.execute("SELECT id, content FROM articles_version").fetchall():
        content = _hostile_article(text)
        values = [content, canonical.sha256(content), pk]
        change = "UPDATE articles_version SET content = %s, content_sha256 = CASE WHEN state <> 'draft' THEN %s END"
        superuser.execute(f"{change} WHERE id = %s", values)
        superuser.execute("UPDATE pub.publication SET content = %s, content_sha256 = %s WHERE id = %s", values)
    for pk, text in superuser.execute("SELECT id, content FROM articles_kepttext WHERE content <> ''").fetchall():
        superuser.execute("UPDATE articles_kepttext SET content = %s WHERE id = %s", [_hostile_article(text), pk])
        filled.add("KeptText.content")
    return filled


def _hostile_article(text: str) -> str:
    return canonical.dumps(Content.model_validate(hostile(json.loads(text), keep=30)))


def _columns() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    for model in apps.get_models():
        if model._meta.app_label in ROOMS and model._meta.managed and model.__name__ != "Icd10Code":
            for field in model._meta.local_concrete_fields:
                if field.name not in CODED and not field.choices and not field.primary_key and not field.generated:
                    yield model, field


def _fill(superuser: Connection, model: type[models.Model], field: models.Field[Any, Any]) -> bool:
    table, column = sql.Identifier(model._meta.db_table), sql.Identifier(field.column or "")
    if isinstance(field, models.JSONField):
        rows = superuser.execute(sql.SQL("SELECT id, {} FROM {}").format(column, table)).fetchall()
        for pk, value in rows:
            change = sql.SQL("UPDATE {} SET {} = %s WHERE id = %s").format(table, column)
            superuser.execute(change, [json.dumps(hostile(value)), pk])
        return any(hostile(value) != value for _, value in rows)
    if not isinstance(field, models.CharField | models.TextField):
        return False
    number = sql.SQL("id || ") if model.__name__ in NAMED else sql.SQL("")
    where = sql.SQL("{} <> ''" if field.name in SAID_LATER else "true").format(column)
    change = sql.SQL("UPDATE {} SET {} = left({}%s, %s) WHERE {}").format(table, column, number, where)
    return superuser.execute(change, [WORDS, field.max_length or 5_000]).rowcount > 0


def hostile(value: Any, keep: int = 0) -> Any:
    """The same with everything that is words (what has a space) made hostile."""
    if isinstance(value, str):
        return value[:keep] + WORDS if " " in value else value
    if isinstance(value, list):
        return [hostile(each, keep) for each in value]
    if isinstance(value, dict):
        return {name: hostile(each, keep) for name, each in value.items()}
    return value
