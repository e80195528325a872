"""The checklist: answered by a reviewer, kept by editors."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django import forms

from content import text
from content.schema import Content
from people.models import User
from reviews.forms.reviewing import ActForm
from reviews.models import Answer, ChecklistItem, affirmed, fingerprint
from reviews.states import Affirmed


class Line(forms.CharField):
    """A text of one line, in the one spelling that every text here has."""

    def to_python(self, value: Any) -> str:
        return text.line(super().to_python(value) or "")


class AskedStatement(NamedTuple):
    """One statement with the fields of its answer. `is_said` is whether something else was said than is presumed."""

    item: ChecklistItem
    answer: forms.BoundField
    note: forms.BoundField
    is_said: bool


class AnswersForm(forms.Form):
    """An answer and a note to each statement. What has no answer shows as an approval of `approved` would affirm it."""

    def __init__(
        self,
        data: Any = None,
        *,
        items: Iterable[ChecklistItem],
        kept: Mapping[str, Any],
        approved: Content | None = None,
    ) -> None:
        super().__init__(data, auto_id="checklist_%s")
        self.items = list(items)
        self.presumed = {item.key: affirmed(item, approved) if approved else "" for item in self.items}
        for item in self.items:
            known = Answer.kept(kept.get(item.key, {}))
            self.fields[f"answer_{item.key}"] = forms.ChoiceField(
                label=item.statement,
                choices=Affirmed.choices,
                required=False,
                widget=forms.RadioSelect,
                initial=known.answer or self.presumed[item.key],
            )
            self.fields[f"note_{item.key}"] = Line(label="Note", required=False, max_length=2_000, initial=known.note)

    @property
    def asked(self) -> str:
        """Names the statements as they stand here."""
        return fingerprint(self.items)

    @property
    def statements(self) -> list[AskedStatement]:
        """Each statement with its fields."""
        found = [(item, self[f"answer_{item.key}"], self[f"note_{item.key}"]) for item in self.items]
        return [
            AskedStatement(item, answer, note, bool(note.value()) or answer.value() not in self._plain(item))
            for item, answer, note in found
        ]

    def _plain(self, item: ChecklistItem) -> set[str | None]:
        """The answers that need no more words."""
        return {"", None, Affirmed.YES, self.presumed[item.key]}

    @property
    def given(self) -> dict[str, Answer]:
        """What was answered, of the statements that were sent."""
        if not self.is_valid():
            return {}
        sent = [item.key for item in self.items if f"answer_{item.key}" in self.data or f"note_{item.key}" in self.data]
        return {key: Answer(self.cleaned_data[f"answer_{key}"], self.cleaned_data[f"note_{key}"]) for key in sent}


class StatementForm(ActForm):
    """One more statement for every reviewer."""

    statement = Line(label="Statement", max_length=300, help_text="A sentence that an approval affirms.")
    help = Line(label="What it means", max_length=500, required=False)

    def add(self, *, by: User) -> bool:
        """Add it; whether it was done."""
        return self.attempt(lambda **said: ChecklistItem.objects.add(by=by, **said))
