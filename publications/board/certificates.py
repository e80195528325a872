"""Certificates of reviews done: what one says in public, carried whole by its signed address. Nothing is stored."""

from datetime import date
from typing import NamedTuple, Self

from django.core import signing

from publications.addresses import absolute

SALT = "ddx_portal.certificate"


class Certificate(NamedTuple):
    """Who reviewed how much from when to when, both days included; nothing of what."""

    name: str
    credentials: str
    first_on: date
    last_on: date
    reviews: int
    issued_on: date

    @property
    def code(self) -> str:
        """What its address ends in: these values, signed with the portal's key."""
        days = (self.first_on.isoformat(), self.last_on.isoformat(), self.issued_on.isoformat())
        return signing.dumps([self.name, self.credentials, *days, self.reviews], salt=SALT, compress=True)

    @property
    def url(self) -> str:
        """Where anybody can check it."""
        return absolute("publications:certificate", self.code)

    @classmethod
    def read(cls, code: str) -> Self | None:
        """The certificate of this code; None when it is not one of ours."""
        try:
            name, credentials, *days, reviews = signing.loads(code, salt=SALT)
            first, last, issued = map(date.fromisoformat, days)
        except (signing.BadSignature, ValueError):
            return None
        return cls(name, credentials, first, last, reviews, issued)
