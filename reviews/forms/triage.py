"""What triage is asked for, from its address; and what is done to articles there."""

from typing import Any

from django import forms
from django.http import QueryDict

from articles.forms.labels import LabelsField
from articles.models import Priority
from people.models import User
from people.specialties import MedicalSpecialty
from reviews.desk_bulk import AT_ONCE
from reviews.desk_wanted import PLACE
from reviews.forms.queue import ORDER_LABELS, QueueForm
from reviews.triage import VIEWS, Triage
from reviews.triage_acts import ACTS

ORDERS = {"priority": "Priority, then age", "risk": "Risk", "traffic": ORDER_LABELS["traffic"], "due": "Oldest first"}
NO_SPECIALTY = "none"  # in the bar, where nothing chosen means that nothing is done
LEFT_OUT = {"q", "view", "who", "side", "overdue", "editor", "specialty", "batch", *PLACE}


class TriageForm(QueueForm):
    """View, filters and order; what makes no sense there counts as not said."""

    double = forms.BooleanField(required=False, label="Looks like another")
    by_ai = forms.BooleanField(required=False, label="Made with AI")
    nowhere = forms.BooleanField(required=False, label="No specialty")
    batch = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, data: QueryDict | dict[str, Any], *, user: User) -> None:
        super().__init__(data, user=user)
        sort: Any = self.fields["sort"]
        sort.choices = [("", ORDERS["priority"]), *((key, ORDERS[key]) for key in ("risk", "traffic", "due"))]

    @property
    def wanted(self) -> Triage:
        """The fields that make sense."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value and name != "who"}
        if said.get("view") not in {view.key for view in VIEWS}:
            said.pop("view", None)
        if said.get("before"):
            said.pop("after", None)
        return Triage(**said)

    @property
    def filters(self) -> list[forms.BoundField]:
        """The fields of the filter form, in their order."""
        named = [name for name in self.fields if name not in LEFT_OUT]
        return [self[name] for name in sorted(named, key=self._is_box)]

    def _is_box(self, name: str) -> bool:
        return isinstance(self.fields[name], forms.BooleanField)


class TriageActForm(forms.Form):
    """One step for one article or for those that are chosen.

    `act` is the pressed button: "verb" takes its value from the bar and does it to the chosen, "verb:value:number" has
    both with it, "verb::number" takes the value from that row.
    """

    act = forms.RegexField(rf"^({'|'.join(ACTS)})(:[\w.-]*:[0-9]{{1,18}})?\Z", max_length=80)
    specialty = forms.ChoiceField(
        label="Specialty", choices=[("", "Specialty …"), *MedicalSpecialty.by_label()], required=False
    )
    priority = forms.ChoiceField(
        label="Priority", choices=[(str(value), label) for value, label in Priority.choices], required=False
    )
    label = LabelsField(label="Labels", required=False)

    @property
    def verb(self) -> str:
        return str(self.cleaned_data["act"]).partition(":")[0]

    @property
    def row(self) -> int:
        """The version whose row the button stands in; 0 for the bar."""
        return int(self.cleaned_data["act"].rpartition(":")[2]) if ":" in self.cleaned_data["act"] else 0

    @property
    def value(self) -> str:
        """What the verb is given."""
        said = self.cleaned_data["act"].split(":")
        if len(said) == 3 and said[1]:
            return str(said[1])
        name = f"{self.verb}_{self.row}" if self.row else self.verb
        if self.verb == "specialty" and not self.row and self.data.get(name) == NO_SPECIALTY:
            return ""
        if self.verb == "label" and not self.row:
            return ", ".join(self.cleaned_data["label"])
        return str(self.data.get(name, "")) if self.verb != "decline" else ""

    @property
    def lacks_specialty(self) -> bool:
        """Whether the chosen are to be filed, and nothing says where."""
        return self.verb == "specialty" and not self.row and not self.data.get("specialty")

    @property
    def versions(self) -> list[int]:
        """Which versions it is done to."""
        if self.row:
            return [self.row]
        sent: Any = self.data
        chosen = [int(pk) for pk in sent.getlist("version") if pk.isascii() and pk.isdigit() and len(pk) < 19]
        return chosen[:AT_ONCE]
