"""Writing the policies of the public site."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction

from articles.models import IllegalMove
from people.forms.fields import Line, Prose
from people.models import User
from publications.policies import MAX_BODY, Policy
from reviews.forms.reviewing import ActForm

_FIRST_HEADING = re.compile(r"^#(?!#)", re.MULTILINE)
_NAME = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use small letters, digits and hyphens, as in “peer-review”.")


class PolicyForm(ActForm):
    """The next version of a policy."""

    title = Line(label="Title", max_length=120)
    body = Prose(
        label="Text",
        max_length=MAX_BODY,
        rows=26,
        help_text="Markdown: ## for a heading, ### for one below it, - for a list, [words](address) for a link.",
    )
    change_note = Prose(label="What changes, and why", max_length=500, rows=2, help_text="Readers see it.")
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def __init__(self, data: Any = None, *, policy: Policy) -> None:
        initial = {"title": policy.title, "body": policy.body, "based_on": policy.number}
        super().__init__(data, initial=initial)
        self.policy = policy

    def clean_body(self) -> str:
        """The title is the page's one heading of the first level."""
        body: str = self.cleaned_data["body"]
        if _FIRST_HEADING.search(body):
            raise ValidationError("The title is the first heading. Begin a heading in the text with ##.")
        return body

    def publish(self, *, by: User) -> bool:
        """Put it in force; whether it was done."""
        return self.attempt(lambda **typed: _publish(self.policy, by=by, **typed))


class NewPolicyForm(PolicyForm):
    """A policy that there was not before."""

    name = Line(label="Address", max_length=60, validators=[_NAME], help_text="It stands at /policies/…/ for good.")
    field_order = ("title", "name", "body", "based_on")
    change_note = None  # type: ignore[assignment]

    def clean_name(self) -> str:
        """An address that was ever used belongs to its policy."""
        name: str = self.cleaned_data["name"]
        if Policy.objects.versions(name).exists():
            raise ValidationError("There is, or was, a policy at this address. Change that one.")
        return name

    def publish(self, *, by: User) -> bool:
        """Put the first version in force; whether it was done."""

        def act(*, name: str, **typed: Any) -> None:
            self.policy.name = name
            _publish(self.policy, by=by, change_note="", **typed)

        return self.attempt(act)


class TakeBackForm(ActForm):
    """Take a policy back."""

    change_note = Prose(label="Why it is taken back", max_length=500, rows=3, help_text="Readers see it.")
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)

    def __init__(self, data: Any = None, *, policy: Policy) -> None:
        super().__init__(data, initial={"based_on": policy.number})
        self.policy = policy

    def take_back(self, *, by: User) -> bool:
        """Do it; whether it was done."""
        return self.attempt(lambda **typed: _publish(self.policy, by=by, title=self.policy.title, body="", **typed))


@transaction.atomic
def _publish(policy: Policy, *, by: User, title: str, body: str, change_note: str, based_on: int) -> int:
    number = Policy.objects.publish(
        policy.name, title=title, body=body, change_note=change_note, based_on=based_on, by_id=by.pk
    )
    if number is None:
        raise IllegalMove("Somebody else has published another version in the meantime. Nothing was published.")
    return number
