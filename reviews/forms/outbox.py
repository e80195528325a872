"""What the outbox is asked for."""

import re
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from people.letters import KINDS
from people.models import MessageState, User
from people.models.messages import Messages
from people.rules import RuleBroken
from reviews import outbox

LARGEST = 2**63 - 1
CHOSEN = re.compile(r"^([0-9]{1,18})-([0-9]{1,5})\Z", re.ASCII)
ACTS = {"hold": "held", "release": "released", "send_again": "on the way once more, if still needed"}


def kinds() -> list[tuple[str, str]]:
    return [("", "Anything"), *sorted(((kind.name, kind.label) for kind in KINDS.values()), key=lambda pair: pair[1])]


class OutboxForm(forms.Form):
    """A part of the outbox, from the address line; what makes no sense there counts as not said."""

    state = forms.ChoiceField(label="State", choices=[("", "Any"), *MessageState.choices], required=False)
    kind = forms.ChoiceField(label="What it is", choices=kinds, required=False)
    q = forms.CharField(label="To (name or e-mail)", max_length=100, required=False)
    article = forms.IntegerField(min_value=1, max_value=LARGEST, required=False, widget=forms.HiddenInput)
    before = forms.IntegerField(min_value=1, max_value=LARGEST, required=False, widget=forms.HiddenInput)

    def asked(self) -> dict[str, Any]:
        """The fields that make sense and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def found(self, messages: Messages) -> Messages:
        """Those of the messages, the newest first."""
        asked = self.asked()
        columns = {"state": "state", "kind": "kind", "article": "article_id", "before": "pk__lt"}
        found = messages.filter(**{columns[name]: value for name, value in asked.items() if name in columns})
        if words := asked.get("q"):
            to = Q(person__name__icontains=words) | Q(person__email__icontains=words) | Q(address__icontains=words)
            found = found.filter(to)
        return found.order_by("-pk")


class Steered(NamedTuple):
    """What became of those chosen: how many were done, which were refused and why."""

    done: int
    refused: list[tuple[str, str]]


class SteerForm(forms.Form):
    """One thing done to each of the chosen messages. Each is named with how often it was sent when it was shown, so
    that it is sent again once.
    """

    do = forms.ChoiceField(choices=list(ACTS.items()))

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        found = [CHOSEN.match(given) for given in data.getlist("message")[: outbox.PAGE_SIZE]]
        self.chosen = {int(each[1]): int(each[2]) for each in found if each}

    @property
    def back_url(self) -> str:
        """The same part of the outbox."""
        asked = QueryDict(mutable=True)
        asked.update(OutboxForm(QueryDict(self.data.get("back", ""))).asked())
        return f"{reverse('outbox:list')}?{asked.urlencode()}".rstrip("?")

    def steer(self) -> Steered:
        """Do it to each that this person may steer; what they do not see is passed over."""
        done, refused = 0, []
        chosen = outbox.visible_to(self.user).filter(pk__in=self.chosen).order_by("pk")
        for opened in outbox.opened(self.user, chosen):
            try:
                self._do(opened)
                done += 1
            except (RuleBroken, PermissionDenied) as broken:  # denied: the right has ended in this moment
                to = opened.message.person.display_name if opened.message.person else opened.message.address
                refused.append((f"{opened.label} to {to}", str(broken)))
        return Steered(done, refused)

    def _do(self, opened: outbox.Opened) -> None:
        message, act = opened.message, self.cleaned_data["do"]
        if not opened.is_steerable:
            raise RuleBroken("This message is not yours to hold or send.")
        if act == "send_again":
            message.send_again(by=self.user, sendings=self.chosen[message.pk])
        else:
            {"hold": message.hold, "release": message.release}[act](by=self.user)
