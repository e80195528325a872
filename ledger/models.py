"""Events: what happened to which version, by whom, chained by hash.

The database fills `seq`, `at`, `prev_hash` and `hash` itself (see `migrations/0002_chain.sql`), so a
row can neither be forged nor put between others by an application login.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from people.models import User

GENESIS = "0" * 64


class EventQuerySet(models.QuerySet["Event"]):
    def about_version(self, version_id: int) -> Self:
        return self.filter(version_id=version_id)

    def append(
        self,
        kind: str,
        *,
        by: User | None,
        article_id: int | None = None,
        version_id: int | None = None,
        content_sha256: str = "",
        **details: Any,
    ) -> "Event":
        """Write one event; `by=None` is the system (a round that ended). Call it inside the transaction
        of what it tells of: the head of the chain stays locked until that ends.
        """
        return self.create(
            kind=kind,
            actor=by,
            article_id=article_id,
            version_id=version_id,
            content_sha256=content_sha256,
            payload=json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        )


class Event(models.Model):
    """One row of the ledger. `article_id` and `version_id` are plain numbers: the ledger outlives what it names."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="events", editable=False
    )
    article_id = models.BigIntegerField(null=True)
    version_id = models.BigIntegerField(null=True)
    content_sha256 = models.CharField(max_length=64, blank=True, default="")
    payload = models.TextField(default="{}")
    prev_hash = models.CharField(max_length=64, db_default="")
    hash = models.CharField(max_length=64, db_default="")

    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("seq",)
        indexes = (
            models.Index(fields=("article_id", "seq"), name="event_by_article"),
            models.Index(fields=("version_id", "seq"), name="event_by_version"),
            models.Index(fields=("kind", "seq"), name="event_by_kind"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__regex=r"^[a-z][a-z_]*$"), name="event_kind_is_a_word"),
            models.CheckConstraint(
                condition=models.Q(content_sha256="") | models.Q(content_sha256__regex=r"^[0-9a-f]{64}$"),
                name="event_hash_is_sha256",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

    @property
    def details(self) -> dict[str, Any]:
        details: dict[str, Any] = json.loads(self.payload)
        return details


def chain_hash(row: dict[str, Any]) -> str:
    """The hash that a row must carry; the twin of the SQL function `ledger_event_hash`.

    `row` has the columns of `Event` as read from the database (`at` as a datetime with a zone).
    """
    at: datetime = row["at"]
    parts = [
        str(row["seq"]),
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "" if row["actor_id"] is None else str(row["actor_id"]),
        row["kind"],
        "" if row["article_id"] is None else str(row["article_id"]),
        "" if row["version_id"] is None else str(row["version_id"]),
        row["content_sha256"],
        row["payload"],
        row["prev_hash"],
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
