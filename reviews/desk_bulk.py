"""One thing done to many articles: each by itself, under the rule of the single action, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from articles.models import Version
from people import permissions
from people.models import User

AT_ONCE = 200  # articles in one go


@dataclass
class Outcome:
    """What came of it: how many were done; which not, and why; how many are not there, or not this person's to see."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    missing: int = 0


def act_on(versions: Iterable[int], do: Callable[[Version], object], *, by: User) -> Outcome:
    """Do it to each version that this person handles. The action checks again, with the article locked."""
    outcome = Outcome()
    for pk in dict.fromkeys(versions):
        version = Version.objects.visible_to(by).with_people().defer("content", "source").filter(pk=pk).first()
        if version is None:
            outcome.missing += 1
        elif not permissions.may_handle(by, version):
            outcome.refused.append((version.title, "You wrote it or are reviewing it: another editor handles it."))
        elif why_not := _why_not(do, version):
            outcome.refused.append((version.title, why_not))
        else:
            outcome.done += 1
    return outcome


def _why_not(do: Callable[[Version], object], version: Version) -> str:
    try:
        with transaction.atomic():
            do(version)
    except ValidationError as error:
        return " ".join(error.messages)
    except PermissionDenied as denied:
        return str(denied) or "That is not yours to do."
    return ""
