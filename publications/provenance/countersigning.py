"""The portal's own signature under the proof of a page, made by the press with a key that no web process has.

The key is 32 random bytes: `DDX_SIGNING_KEY`, in base64, or a file in the data folder that is made when it is missing.
Its public half stands in `pub.provenance_key`, and so do those of all keys before it, for good.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models

VARIABLE = "DDX_SIGNING_KEY"
ALGORITHM = "Ed25519"
LENGTH = 32  # bytes of a seed (RFC 8032, 5.1.5)


class ProvenanceKeyQuerySet(models.QuerySet["ProvenanceKey"]):
    def announce(self, public_key: str) -> tuple[str, datetime]:
        """Say that the press signs with this key from now on; the one before is retired. Returns its id, and the time
        of the database, which the keys' own dates are by.

        The database refuses a key that was retired, and every login but the worker's.
        """
        key, at = _call("announce_key", public_key)
        return key, at

    def revoke(self, key_id: str, *, because: str) -> None:
        """Nothing signed with this key counts any more; everything is to be signed anew, with another."""
        _call("revoke_key", key_id, because)

    def revocations(self) -> int:
        """How often that was done."""
        return self.filter(revoked_at__isnull=False).count()


class ProvenanceKey(models.Model):
    """The public half of a key: in use since then, until then."""

    id = models.TextField(primary_key=True)
    public_key = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.TextField()

    objects: ClassVar[ProvenanceKeyQuerySet] = ProvenanceKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        managed = False
        app_label = "publications"
        db_table = "provenance_key"

    def __str__(self) -> str:
        return self.id

    def signed(self, message: bytes, signature: str, at: datetime) -> bool:
        """Whether it signed this then, and may have."""
        if self.revoked_at or at < self.since or (self.until and at > self.until):
            return False
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.public_key))
            key.verify(raw := base64.b64decode(signature, validate=True), message)
        except (InvalidSignature, ValueError):
            return False
        return base64.b64encode(raw).decode() == signature  # which has one form only, as `verify_provenance.py` wants


class SigningKey:
    """The private half."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    @classmethod
    def own(cls) -> Self:
        """The key of this process: from the environment, else from the data folder, where it is made when missing.

        Raises:
            ImproperlyConfigured: what stands there is no key; the message says where, and not what.
        """
        if text := os.environ.get(VARIABLE):
            return cls(_seed(text, VARIABLE))
        path = settings.SIGNING_KEY_FILE
        if not path.exists():
            _make(path)
        return cls(_seed(path.read_text("ascii", "replace"), str(path)))

    def sign(self, message: bytes) -> str:
        return base64.b64encode(self._key.sign(message)).decode()


def countersigned(record: dict[str, Any]) -> dict[str, Any]:
    """The same record with a countersignature by this process's key, which is announced as the one in use."""
    key = SigningKey.own()
    key_id, at = ProvenanceKey.objects.announce(key.public_key)
    signed_at = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    signed = record | {"countersignature": {"algorithm": ALGORITHM, "key": key_id, "signed_at": signed_at}}
    signed["countersignature"]["signature"] = key.sign(message(signed))
    return signed


def is_countersigned(record: dict[str, Any]) -> bool:
    """Whether a key that we have announced signed all of this."""
    found = record["countersignature"]
    key = next((each for each in ProvenanceKey.objects.all() if each.pk == found["key"]), None)  # any text, also NUL
    at = datetime.fromisoformat(found["signed_at"])
    return bool(key and key.signed(message(record), found["signature"], at))


def message(record: dict[str, Any]) -> bytes:
    """The bytes that are countersigned: the format's name, then all of the record but the signature itself, as JSON
    with sorted keys and no space between. `verify_provenance.py` makes the same without us.
    """
    countersignature = {name: value for name, value in record["countersignature"].items() if name != "signature"}
    whole = record | {"countersignature": countersignature}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{record['format']}\n{text}".encode()


def _seed(text: str, where: str) -> bytes:
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != LENGTH:
        raise ImproperlyConfigured(
            f"{where} must be {LENGTH} random bytes in base64, as `openssl rand -base64 32` makes."
        )
    return seed


def _make(path: Path) -> None:
    """Write a new key into a file that nobody else may read; whoever was quicker wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(LENGTH)).decode() + "\n")
    try:
        os.link(half, path)  # unlike a rename, it replaces nothing
    except FileExistsError:
        pass
    finally:
        half.unlink()


def _call(function: str, *arguments: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({', '.join(['%s'] * len(arguments))})", arguments)  # noqa: S608
        return cursor.fetchone()
