"""What events are about, by name, and who must not read of them yet.

The rooms above know the versions and the people on them; they lend that knowledge to the pages of this room.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ledger.models import Event
from people.models import User


class Subject(NamedTuple):
    """A version as people call it, and its page; the address is empty for who may not read it."""

    name: str
    url: str


type Namer = Callable[[User, Iterable[int]], dict[int, Subject]]
type Veil = Callable[[User, Sequence[Event]], set[int]]


class Lender(NamedTuple):
    """`names` knows versions by id, and leaves out what it does not know. `withheld` gives the numbers of the events
    that this person must not read yet. Each asks the database a fixed number of times.
    """

    names: Namer
    withheld: Veil


_lenders: list[Lender] = []


def lend(lender: Lender) -> None:
    """Let a room above name and withhold."""
    if lender not in _lenders:
        _lenders.append(lender)


def named(user: User, version_ids: Iterable[int]) -> dict[int, Subject]:
    """The subjects that are known, as far as this person may know them."""
    wanted = set(version_ids)
    return {pk: subject for lender in _lenders for pk, subject in lender.names(user, wanted).items()}


def withheld(user: User, events: Sequence[Event]) -> set[int]:
    """The numbers (`seq`) of those of the events that this person must not read yet."""
    return {seq for lender in _lenders for seq in lender.withheld(user, events)}
