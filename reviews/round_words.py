"""How the reviewer’s pages call things: a version is approved or sent back, a public one confirmed or revised."""

from typing import NamedTuple


class RoundWords(NamedTuple):
    """The words of one kind of round."""

    approve: str
    request: str
    asked: str
    sign_approval: str
    sign_request: str
    affirms: str


REVIEW = RoundWords(
    approve="Approve",
    request="Request changes",
    asked="You are asked to review this",
    sign_approval="Sign and approve",
    sign_request="Sign and request changes",
    affirms="An approval affirms each of these.",
)
REREVIEW = RoundWords(
    approve="Confirm unchanged",
    request="Needs a revision",
    asked="You are asked whether this is still right",
    sign_approval="Sign and confirm",
    sign_request="Sign and ask for a revision",
    affirms="A confirmation affirms each of these.",
)
