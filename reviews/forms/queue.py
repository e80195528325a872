"""What the queue is asked for, from its address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from articles.labels import Priority
from people.models import User
from people.specialties import MedicalSpecialty
from reviews.desk_sql import ORDERS
from reviews.desk_views import views_for
from reviews.desk_wanted import PLACE, Wanted
from reviews.states import Side

MAX_SEARCH = 200
MAX_ID = 2**63 - 1
RISKS = {25: "A quarter or more", 50: "Half or more", 75: "Three quarters or more"}
ORDER_LABELS = {
    "due": "Due first",
    "newest": "Newest version",
    "priority": "Priority",
    "risk": "Risk",
    "traffic": "Readers a month",
}
EVERYBODYS_ORDERS = ("due", "newest")


class _Cut(forms.CharField):
    """Text that is cut rather than refused."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python((value or "").replace("\0", " ")[:MAX_SEARCH]))


class QueueForm(forms.Form):
    """View, filters and order; what makes no sense there counts as not said."""

    q = _Cut(required=False, label="Title")
    view = forms.CharField(max_length=20, required=False)
    who = forms.ChoiceField(choices=[("mine", "Mine"), ("all", "All editors’")], required=False)
    specialty = forms.ChoiceField(choices=[("", "Any specialty"), *MedicalSpecialty.choices], required=False)
    overdue = forms.BooleanField(required=False, label="Overdue only")
    sort = forms.ChoiceField(label="Order", required=False)
    after = forms.RegexField(r"^[-_0-9]+\Z", max_length=80, required=False)
    before = forms.RegexField(r"^[-_0-9]+\Z", max_length=80, required=False)

    def __init__(self, data: QueryDict | dict[str, Any], *, user: User) -> None:
        super().__init__(data, label_suffix="")
        self.user = user
        orders = ORDERS if user.is_editor else EVERYBODYS_ORDERS
        sort: Any = self.fields["sort"]
        sort.choices = [("", "Order of the view"), *((key, ORDER_LABELS[key]) for key in orders)]
        if user.is_editor:
            self._add_editors_fields()

    def _add_editors_fields(self) -> None:
        self.fields["side"] = forms.ChoiceField(
            choices=[("", "Anybody’s turn"), *Side.choices], required=False, label="Whose turn"
        )
        self.fields["priority"] = forms.TypedChoiceField(
            choices=[("", "Any priority"), *Priority.choices], coerce=int, required=False
        )
        self.fields["risk"] = forms.TypedChoiceField(
            choices=[("", "Any share"), *RISKS.items()], coerce=int, required=False, label="Do not miss"
        )
        self.fields["label"] = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)
        self.fields["editor"] = forms.IntegerField(
            min_value=1, max_value=MAX_ID, required=False, label="Handling editor"
        )

    def offer(self, labels: dict[int, str], editors: dict[int, str]) -> None:
        """Let labels and editors be chosen by name."""
        for name, first, offered in (("label", "Any label", labels), ("editor", "Any editor", editors)):
            if name in self.fields:
                self.fields[name].widget = forms.Select(choices=[("", first), *offered.items()])

    @property
    def wanted(self) -> Wanted:
        """The fields that make sense."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        if said.get("view") not in {view.key for view in views_for(self.user)}:
            said.pop("view", None)
        if not self.user.is_editor:
            said.pop("who", None)
        if said.get("before"):
            said.pop("after", None)
        return Wanted(**said)

    @property
    def filters(self) -> list[forms.BoundField]:
        """The fields of the filter form, in their order."""
        return [self[name] for name in self.fields if name not in {"q", "view", "who", *PLACE}]


def saved_wanted(query: str, user: User) -> Wanted:
    """What a saved view asks for, with what the person may ask for now."""
    return QueueForm(QueryDict(query), user=user).wanted
