"""What rooms above have to prove of what they keep; `verify` asks for it with all the rest."""

from collections.abc import Callable, Iterator

from ledger.evidence import Problem

type Proof = Callable[[], Iterator[Problem]]

_proofs: list[Proof] = []


def lend(proof: Proof) -> None:
    """Let a room above take part in the proof. What it reads through Django is of one moment."""
    if proof not in _proofs:
        _proofs.append(proof)


def lent() -> Iterator[Problem]:
    """What does not hold of all that."""
    for proof in _proofs:
        yield from proof()
