"""When people are away, and how much they can take on."""

from datetime import date
from typing import Any

from django import forms

from people.forms.directory import day_field
from people.forms.fields import Line
from people.models import Absence, BoardProfile, User
from people.rules import RuleBroken

MOST_A_MONTH = 99


class AbsenceForm(forms.Form):
    """The days of one absence."""

    first_on = day_field("First day away")
    last_on = day_field("Last day away")
    note = Line(
        label="Note",
        max_length=200,
        required=False,
        help_text="For the editors, who may have to ask somebody else: “no e-mail”, “can be reached”.",
    )

    def add_to(self, user: User) -> Absence | None:
        """Note it; a broken rule becomes an error of the form."""
        absence = Absence(user=user)
        return absence if self.change(absence) else None

    def change(self, absence: Absence) -> bool:
        """Whether it was changed; a broken rule becomes an error of the form."""
        if not self.is_valid():
            return False
        days: tuple[date, date] = self.cleaned_data["first_on"], self.cleaned_data["last_on"]
        try:
            absence.change(*days, self.cleaned_data["note"])
        except RuleBroken as broken:
            self.add_error("last_on", str(broken))
            return False
        return True


class LimitForm(forms.Form):
    """How many reviews somebody takes on in a month."""

    monthly_limit = forms.IntegerField(
        label="Reviews a month, at most",
        min_value=0,
        max_value=MOST_A_MONTH,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, person: User, usual: int, **kwargs: Any) -> None:
        self.person = person
        profile = BoardProfile.objects.filter(user=person).first()
        kwargs["initial"] = {"monthly_limit": profile.monthly_limit if profile else None}
        super().__init__(*args, **kwargs)
        help_text = f"Empty for the board’s usual {usual}; 0 for none until you change it."
        self.fields["monthly_limit"].help_text = help_text

    def save(self) -> bool:
        """Whether it was kept."""
        if not self.is_valid():
            return False
        profile = BoardProfile.objects.draft_for(self.person)
        profile.monthly_limit = self.cleaned_data["monthly_limit"]
        profile.save(update_fields=["monthly_limit"])
        return True
