"""What readers send and editors do with it, in a test that has one approved version."""

from typing import Any

from articles.models import Version
from people.models import User
from publications.letters.inbox import LetterKind, Sent, send_letter
from reviews.models import ReaderLetter
from tests.reviews.desks import at_desk

HERE = "/desk/letters/"


def person(name: str) -> User:
    return User.objects.get(name=name)


def version() -> Version:
    return Version.objects.get(state="approved")


def send(words: str = "Is it the nerve?", **changes: Any) -> ReaderLetter:
    sent: dict[str, Any] = {"kind": LetterKind.QUESTION, "version_id": version().pk, "words": words} | changes
    if sent.get("problem"):
        sent["kind"] = LetterKind.PROBLEM
    return ReaderLetter.objects.get(pk=send_letter(Sent(**sent), sender=words[:90]).number)


def again(letter: ReaderLetter) -> ReaderLetter:
    return ReaderLetter.objects.get(pk=letter.pk)


def post(user: User, letter: ReaderLetter, act: str, **said: Any) -> Any:
    return at_desk(user).post(f"{HERE}{letter.pk}/{act}/", {"seen": letter.revision} | said)
