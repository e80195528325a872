"""What a report is asked for, from its address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms

from articles.labels import Label
from people.models import Role, User
from people.rules import today
from people.specialties import MedicalSpecialty
from reviews.reports.asked import FIRST_DAY, SPANS, USUAL, Asked

MAX_ID = 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ReportForm(forms.Form):
    """A period and filters; what makes no sense counts as not said. A number of days goes before two dates."""

    days = forms.TypedChoiceField(
        choices=[("", "Between two days"), *SPANS.items()], coerce=int, required=False, label="Period"
    )
    since = forms.DateField(required=False, label="From", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    specialty = forms.ChoiceField(choices=[("", "Any specialty"), *MedicalSpecialty.choices], required=False)
    editor = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    label = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def offer(self) -> None:
        """Let editors and labels be chosen by name: two queries."""
        editors = {user.pk: user.display_name for user in User.objects.with_role(Role.EDITOR)}
        labels = dict(Label.objects.values_list("pk", "name"))
        for name, first, offered in (("editor", "Any editor", editors), ("label", "Any label", labels)):
            self.fields[name].widget = forms.Select(choices=[("", first), *offered.items()])

    @property
    def asked(self) -> Asked:
        """The fields that make sense; the last 90 days without a period."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        filters = {name: said[name] for name in ("specialty", "editor", "label") if name in said}
        until: date = min(max(said.get("until") or today(), FIRST_DAY), today())
        since = said.get("since")
        if said.get("days") or since is None or since > until:
            return Asked.last(said.get("days", USUAL), self.user, **filters)
        return Asked(self.user, max(since, FIRST_DAY), until, **filters)

    @classmethod
    def showing(cls, asked: Asked) -> ReportForm:
        """The form filled in with what a report shows."""
        span = asked.days if asked.until == today() and asked.days in SPANS else ""
        form = cls(asked.query | {"days": span}, user=asked.user)
        form.offer()
        return form


class ListForm(forms.Form):
    """Which figure of a report: the row `row` of the table by `by`, and its column; and where to go on."""

    by = forms.SlugField(max_length=20)
    row = forms.CharField(max_length=80, required=False)
    col = forms.SlugField(max_length=20)
    after = forms.RegexField(r"^[0-9]{1,18}_[0-9]{1,18}\Z", required=False)

    @property
    def place(self) -> tuple[datetime, int] | None:
        """Beyond which fact to go on: its time and its number."""
        if not (after := self.cleaned_data.get("after")):
            return None
        micros, number = map(int, after.split("_"))
        try:
            return EPOCH + timedelta(microseconds=micros), number
        except OverflowError:
            return None


def place_of(at: datetime, number: int) -> str:
    """The same for an address. Whole microseconds: a float would lose some."""
    since = at - EPOCH
    return f"{(since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds}_{number}"
