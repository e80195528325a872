"""The passages that come nearest in meaning to a question, looked up with pgvector through the public login."""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import ProgrammingError, connections

from content.schema import Audience
from publications.meaning.model import MODEL, is_wanted, meaning
from publications.models import Publication
from publications.prepared import confided

logger = logging.getLogger(__name__)
MOST = 12
NEAR_HERE, NEAR = 0.45, 0.6  # from which on a passage of this article, of another, is near: chosen by bench.questions
NEEDS_PGVECTOR = (
    "QUESTION_RANKING=hybrid needs pgvector in the schema pub; as an administrator of the database: "
    "CREATE EXTENSION vector SCHEMA pub"
)
_HAS_PGVECTOR = "SELECT FROM pg_type WHERE typname = 'vector' AND typnamespace = 'pub'::regnamespace"
_NEAREST = "SELECT * FROM pub.nearest_passages(%s::real[], %s, %s, %s, %s)"

#: Of which publication, and at which place in it.
type Spot = tuple[int, int]


def nearest(here: int, words: str, audience: Audience) -> list[Spot]:
    """Where passages near to these words stand, the nearest first; one of this article counts as nearer than others'.

    Empty without ranking by meaning, nor when the database cannot do it, which is logged.
    """
    if not (is_wanted() and words):
        return []
    try:
        with confided(Publication.objects.db) as cursor:
            cursor.execute(_NEAREST, [meaning(words), here, audience.value, MODEL, MOST])
            rows = cursor.fetchall()
    except ProgrammingError as error:
        logger.error("Ranked by words alone: %s", str(error).partition("\n")[0])  # noqa: TRY400 - where is no matter
        return []
    beyond = [(nearness - (NEAR_HERE if pk == here else NEAR), (pk, place)) for pk, place, nearness in rows]
    return [spot for above, spot in sorted(beyond, key=lambda one: (-one[0], one[1])) if above >= 0][:MOST]


def has_pgvector(using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute(_HAS_PGVECTOR)
        return bool(cursor.rowcount)


@register(Tags.database)
def check_pgvector(*, databases: Sequence[str] | None = None, **others: Any) -> list[CheckMessage]:
    """What `check --database public` says before the site opens."""
    lacking = [using for using in databases or () if is_wanted() and not has_pgvector(using)]
    return [Error(f"{NEEDS_PGVECTOR}. ({using})", id="publications.E001") for using in lacking]
