"""The outbox: what was sent, to whom, and what became of it; to hold it, to let it go, to send it again."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from content.counting import counted
from people.models import Message
from people.permissions import may_see_outbox
from people.policy import SignedInRequest, policy
from people.views import tell_whether
from reviews import outbox
from reviews.forms.outbox import ACTS, OutboxForm, Steered, SteerForm
from reviews.outbox import Opened

FILTERS = ("state", "kind", "q", "article")
MOST_TOLD = 10


@require_GET
@policy(may_see_outbox)
def message_list(request: SignedInRequest) -> HttpResponse:
    """A page of messages."""
    form = OutboxForm(request.GET)
    found = list(form.found(outbox.visible_to(request.user)).defer("text", "html")[: outbox.PAGE_SIZE + 1])
    page, asked = found[: outbox.PAGE_SIZE], form.asked()
    context: dict[str, Any] = {"form": form, "section": "outbox", "lines": outbox.lines(request.user, page)}
    context["is_part"] = any(name in asked for name in FILTERS)
    context["failures"] = outbox.failures(request.user)
    context["next_url"] = f"?{urlencode({**asked, 'before': page[-1].pk})}" if len(found) > len(page) else ""
    context["back"] = urlencode(asked)
    newest = {name: value for name, value in asked.items() if name != "before"}
    context["previous_url"] = f"?{urlencode(newest)}" if "before" in asked else ""
    return render(request, "reviews/outbox.html", context)


@require_GET
@policy(may_see_outbox)
def message_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """One message: what it says or would say, and what can be done with it."""
    opened = _opened(request, pk)
    context = {"opened": opened, "message": opened.message, "section": "outbox"}
    context["about"] = outbox.lines(request.user, [opened.message])[0].about
    return render(request, "reviews/message.html", context)


@require_POST
@policy(may_see_outbox)
def hold(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep it back."""
    return _steer(request, pk, lambda message: message.hold(by=request.user), "Held. It stays here until released.")


@require_POST
@policy(may_see_outbox)
def release(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let it go on its way."""
    return _steer(request, pk, lambda message: message.release(by=request.user), "Released.")


@require_POST
@policy(may_see_outbox)
def send_now(request: SignedInRequest, pk: int) -> HttpResponse:
    """Do not wait for the daily mail."""
    return _steer(request, pk, lambda message: message.send_now(by=request.user), "On its way, if it is still needed.")


@require_POST
@policy(may_see_outbox)
def send_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send it once more; said twice, it is done once."""
    given = request.POST.get("sendings", "")
    sendings = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0

    def act(message: Message) -> None:
        message.send_again(by=request.user, sendings=sendings)

    return _steer(request, pk, act, "On its way once more, if it is still needed.")


@require_POST
@policy(may_see_outbox)
def steer_many(request: SignedInRequest) -> HttpResponse:
    """Hold, release or send again those chosen; each is asked for by itself."""
    form = SteerForm(request.POST, user=request.user)
    steered = form.steer() if form.is_valid() else Steered(0, [])
    if not any(steered):
        messages.error(request, "Choose messages, and what to do with them.")
    if steered.done:
        messages.success(request, f"{counted(steered.done, 'message')} {ACTS[form.cleaned_data['do']]}.")
    for name, why in steered.refused[:MOST_TOLD]:
        messages.warning(request, f"Not “{name}”: {why}")
    if left := len(steered.refused[MOST_TOLD:]):
        messages.warning(request, f"Nor {counted(left, 'message')} more.")
    return redirect(form.back_url)


def _opened(request: SignedInRequest, pk: int) -> Opened:
    return outbox.opened(request.user, [get_object_or_404(outbox.visible_to(request.user), pk=pk)])[0]


def _steer(request: SignedInRequest, pk: int, act: Callable[[Message], None], done: str) -> HttpResponse:
    """Do it and say so, or say why not; back to the message either way."""
    opened = _opened(request, pk)
    if not opened.is_steerable:
        raise PermissionDenied
    tell_whether(request, lambda: act(opened.message), done)
    return redirect("outbox:message", pk)
