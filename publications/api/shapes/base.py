"""What every answer of the API is made of."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from publications import licences

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 in hexadecimal.")]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Licence(Shape):
    """What others may do with the texts of this answer."""

    id: str = Field(description="SPDX identifier, or all-rights-reserved.")
    name: str
    url: str | None = Field(description="The licence's own words; null when all rights are reserved.")

    @classmethod
    def now(cls) -> Self:
        held = licences.licence()
        return cls(id=held.id, name=held.name, url=held.url or None)


class ListOf[S: Shape](Shape):
    """Part of a list. Follow next_url, or ask again with cursor=next, until they are null."""

    items: list[S]
    next: str | None = Field(description="What to send as cursor for the items that follow.")
    next_url: str | None
    licence: Licence
