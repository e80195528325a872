"""Which part of somebody's own record is wanted."""

from __future__ import annotations

from typing import Any

from django import forms

from people.rules import today

FIRST_YEAR, LAST_YEAR = 2000, 9998


class RecordForm(forms.Form):
    """A page of the record: of one year, before one line."""

    year = forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def asked(self) -> dict[str, int | None]:
        """What was asked for; nonsense asks for nothing."""
        self.full_clean()
        return {name: self.cleaned_data.get(name) for name in ("year", "before")}


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PeriodForm(forms.Form):
    """The days that a certificate covers, both included."""

    first_on = _day("From")
    last_on = _day("To")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        day = today()
        kwargs["initial"] = {"first_on": day.replace(month=1, day=1), "last_on": day}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The first day comes first, and the last is not to come."""
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "The last day cannot come before the first.")
        if last and last > today():
            self.add_error("last_on", "A certificate says what was done: choose a day up to today.")
        return self.cleaned_data
