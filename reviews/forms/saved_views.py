"""A saved view: its name, and what it shows."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from people.models import User
from reviews.desk_wanted import Wanted
from reviews.forms.queue import saved_wanted
from reviews.models import SavedView

MAX_QUERY = 1_000


class NameForm(forms.Form):
    """The name of a saved view."""

    name = forms.CharField(max_length=60, label="Name", widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def rename(self, view: SavedView) -> bool:
        """Give the view this name; False when it cannot be, and then the form says why."""
        if not self.is_valid():
            return False
        try:
            view.rename(self.cleaned_data["name"])
        except ValidationError as error:
            self.add_error("name", error)
        return not self.errors


class SaveViewForm(NameForm):
    """A name for what the queue shows now."""

    query = forms.CharField(max_length=MAX_QUERY, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    @property
    def wanted(self) -> Wanted:
        """What is to be saved, as far as it makes sense; without a view it is that of all articles."""
        wanted = saved_wanted(str(self.data.get("query", ""))[:MAX_QUERY], self.user)
        return wanted.but(view=wanted.desk_view.key)

    def keep(self) -> SavedView | None:
        """Save it; None when it cannot be, and then the form says why."""
        if not self.is_valid():
            return None
        try:
            return SavedView.objects.keep(self.cleaned_data["name"], self.wanted.lasting_query, by=self.user)
        except ValidationError as error:
            self.add_error("name", error)
            return None
