"""The ledger, for those who run the process: what happened, the newest first, and how to prove it."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ledger import subjects
from ledger.forms import LedgerForm
from ledger.models import Event
from ledger.subjects import Subject
from ledger.wording import Told, tell
from people.models import User
from people.permissions import may_read_ledger
from people.policy import SignedInRequest, policy

PAGE_SIZE = 50


class Line(NamedTuple):
    """One event on the page; one that is withheld shows its hash and nothing else."""

    event: Event
    told: Told | None
    subject: Subject | None

    @property
    def url(self) -> str:
        """What the event speaks of, on the page of its version."""
        if self.told is None or self.subject is None or not self.subject.url:
            return ""
        return self.subject.url + self.told.place


@require_GET
@policy(may_read_ledger)
def event_list(request: SignedInRequest) -> HttpResponse:
    """A page of events."""
    form = LedgerForm(request.GET)
    events = list(form.found()[: PAGE_SIZE + 1])
    asked = form.asked()
    is_part = any(name in asked for name in ("article", "version", "kind"))
    context: dict[str, Any] = {"form": form, "asked": asked, "is_part": is_part, "section": "ledger"}
    context["lines"] = _lines(request.user, events[:PAGE_SIZE], is_part=is_part)
    context["next_url"] = _address(asked, events[PAGE_SIZE - 1].seq) if len(events) > PAGE_SIZE else ""
    context["previous_url"] = _address(asked, None) if "before" in asked else ""
    return render(request, "ledger/list.html", context)


@require_GET
@policy(may_read_ledger)
def proof(request: SignedInRequest) -> HttpResponse:
    """How the chain of hashes is made, and how to verify it."""
    return render(request, "ledger/proof.html", {"head": Event.objects.order_by("-seq").first(), "section": "ledger"})


def _lines(user: User, events: list[Event], *, is_part: bool) -> list[Line]:
    """The events in words. A part of the ledger leaves out what is withheld: being in it would tell too much."""
    names = subjects.named(user, (event.version_id for event in events if event.version_id))
    hidden = subjects.withheld(user, events)
    return [
        Line(event, None, None) if event.seq in hidden else Line(event, tell(event), names.get(event.version_id or 0))
        for event in events
        if not (is_part and event.seq in hidden)
    ]


def _address(asked: dict[str, Any], before: int | None) -> str:
    wanted = {**asked, "before": before} if before else {k: v for k, v in asked.items() if k != "before"}
    return f"?{urlencode(wanted)}"
