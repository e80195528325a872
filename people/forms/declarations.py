"""Forms of declaring: the thirteen items of interests, and conflicts with persons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from people import icmje
from people.forms.fields import Line, Prose
from people.models import Conflict, Disclosure, User
from people.rules import RuleBroken

SOME = "some"
FEWEST_ROWS = 2


@dataclass(frozen=True)
class RowFields:
    """The two fields of one row."""

    entity: forms.BoundField
    what: forms.BoundField


@dataclass(frozen=True)
class ItemFields:
    """One item as the page shows it."""

    item: icmje.Item
    choice: forms.BoundField
    rows: list[RowFields]

    @property
    def errors(self) -> bool:
        """Whether the person has to come back to it."""
        return bool(self.choice.errors)


class DisclosureForm(forms.Form):
    """Thirteen explicit answers: none, or rows of an entity and what it paid or gave."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, items: icmje.Items | None = None, more: str = ""
    ) -> None:
        super().__init__(data, initial=_initial(items))
        self.row_counts = {key: _rows_wanted(key, data, items, more) for key in icmje.KEYS}
        for item in icmje.ITEMS:
            self._add_fields(item)

    def _add_fields(self, item: icmje.Item) -> None:
        self.fields[item.key] = forms.ChoiceField(
            label=f"{item.number}. {item.label}",
            choices=[(icmje.NONE, "None"), (SOME, "Yes, as follows")],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose none, or say what there is."},
        )
        for number in range(self.row_counts[item.key]):
            for part, label in (("entity", "Who (company, institution, person)"), ("what", "What they paid or gave")):
                self.fields[f"{item.key}-{part}-{number}"] = Line(
                    label=label,
                    max_length=icmje.LONGEST,
                    required=False,
                    widget=forms.TextInput(attrs={"placeholder": " "}),  # lets the style sheet tell an empty line
                )

    def sections(self) -> Iterator[ItemFields]:
        """The items for the page."""
        for item in icmje.ITEMS:
            names = [(f"{item.key}-entity-{n}", f"{item.key}-what-{n}") for n in range(self.row_counts[item.key])]
            yield ItemFields(item, self[item.key], [RowFields(self[entity], self[what]) for entity, what in names])

    def clean(self) -> dict[str, Any]:
        """An explicit none has no rows; a yes has at least one, and each is whole."""
        for item in icmje.ITEMS:
            rows, choice = self._rows(item.key), self.cleaned_data.get(item.key)
            if choice == icmje.NONE and rows:
                self.add_error(item.key, "You chose none, but something is written below. Clear it, or choose yes.")
            elif choice == SOME and not rows:
                self.add_error(item.key, "Say who, and what they paid or gave.")
            elif any(not row["entity"] or not row["what"] for row in rows):
                self.add_error(item.key, "Each line needs both: who, and what.")
        return self.cleaned_data

    def _rows(self, key: str) -> list[icmje.Row]:
        given = [
            icmje.Row(
                entity=self.cleaned_data.get(f"{key}-entity-{n}", ""), what=self.cleaned_data.get(f"{key}-what-{n}", "")
            )
            for n in range(self.row_counts[key])
        ]
        return [row for row in given if row["entity"] or row["what"]]

    def declare(self, *, by: User) -> Disclosure | None:
        """Record the answers as the person's own."""
        if not self.is_valid():
            return None
        items: icmje.Items = {
            key: icmje.NONE if self.cleaned_data[key] == icmje.NONE else self._rows(key) for key in icmje.KEYS
        }
        return Disclosure.objects.declare(by, items)


class ConflictForm(forms.Form):
    """With whom, and why."""

    person = forms.ModelChoiceField(label="Person", queryset=User.objects.none(), empty_label="Choose a person")
    reason = Prose(
        label="Reason",
        max_length=500,
        rows=3,
        help_text="For example: shared grant until 2027, close relative, same department.",
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        choice = cast(forms.ModelChoiceField[User], self.fields["person"])
        choice.queryset = User.objects.with_any_role().exclude(pk=by.pk)

    def declare(self) -> Conflict | None:
        """Record it; a broken rule becomes an error of the form."""
        if not self.is_valid():
            return None
        try:
            return Conflict.objects.declare(self.cleaned_data["person"], self.cleaned_data["reason"], by=self.by)
        except RuleBroken as broken:
            self.add_error("person", str(broken))
            return None


class WithdrawForm(forms.Form):
    """Why a conflict no longer holds."""

    reason = Prose(label="Why it no longer holds", max_length=500, rows=3)

    def withdraw(self, conflict: Conflict, *, by: User) -> bool:
        """Withdraw it; a broken rule becomes an error of the form."""
        if not self.is_valid():
            return False
        try:
            conflict.withdraw(self.cleaned_data["reason"], by=by)
        except RuleBroken as broken:
            self.add_error("reason", str(broken))
            return False
        return True


def _rows_wanted(key: str, data: Mapping[str, Any] | None, items: icmje.Items | None, more: str) -> int:
    answer = (items or {}).get(key, icmje.NONE)
    known = 0 if isinstance(answer, str) else len(answer)
    if data is not None:
        sent = [n for n in range(icmje.MOST_ROWS) if f"{key}-entity-{n}" in data or f"{key}-what-{n}" in data]
        known = max(sent, default=-1) + 1
    return min(icmje.MOST_ROWS, max(FEWEST_ROWS, known + (key == more)))


def _initial(items: icmje.Items | None) -> dict[str, str]:
    """The last answers, to start from: a renewal is read through, not typed again."""
    initial: dict[str, str] = {}
    for key, answer in (items or {}).items():
        initial[key] = icmje.NONE if isinstance(answer, str) else SOME
        for number, row in enumerate([] if isinstance(answer, str) else answer):
            initial |= {f"{key}-entity-{number}": row["entity"], f"{key}-what-{number}": row["what"]}
    return initial
