"""Two texts of one draft side by side, field by field: as saved by somebody else, and as typed here."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from articles.forms.draft import DraftForm
from articles.forms.entries import EntryForm
from articles.forms.fields import PartForm
from articles.forms.parts import DiagnosisForm
from content import text
from content.runs import Run, runs
from content.schema import Tier

LISTS = {
    "diagnoses": "Order of the diagnoses",
    "questions": "Order of the readers’ questions",
    "terms": "Order of the terms",
    "references": "Order of the references",
}


class Row(NamedTuple):
    """One field in which the two differ. `place` is its id; a text that is not there is None."""

    place: str
    label: str
    theirs: str | None
    mine: str | None

    @property
    def their_runs(self) -> list[Run]:
        return [run for run in self._runs if not run.is_added]

    @property
    def my_runs(self) -> list[Run]:
        return [run for run in self._runs if not run.is_removed]

    @property
    def _runs(self) -> tuple[Run, ...]:
        return runs(text.prose(self.theirs or ""), text.prose(self.mine or ""))


def compare(theirs: DraftForm, mine: DraftForm) -> list[Row]:
    """The fields that differ, in the order of the page as typed; what only they have comes last."""
    left, right = dict(fields(theirs)), dict(fields(mine))
    places = dict.fromkeys([*right, *left])
    rows = [_row(place, left.get(place), right.get(place)) for place in places]
    return [row for row in rows if _plain(row.theirs) != _plain(row.mine)]


type Field = tuple[str, str]


def _row(place: str, theirs: Field | None, mine: Field | None) -> Row:
    label = (mine or theirs or ("", ""))[0]
    return Row(place, label, theirs and theirs[1], mine and mine[1])


def _plain(value: str | None) -> str:
    """A field that is not there and an empty one differ in nothing that could be lost."""
    return text.prose(value or "")


def fields(draft: DraftForm) -> Iterator[tuple[str, Field]]:
    """Each field on the page: the id of its place, its label and what is typed there."""
    yield from _of_part(draft.whole, "")
    yield "diagnoses", (LISTS["diagnoses"], _order(draft))
    for form in draft.diagnoses:
        yield from _of_part(form, f"{form.shown_name}: ")
        yield f"{form.place}_references", (f"{form.shown_name}: References", "\n".join(form.cited))
    yield from _of_entries(draft.questions, "questions")
    yield from _of_entries(draft.terms, "terms")
    yield "references", (LISTS["references"], "\n".join(form.shown_citation for form in draft.references))
    for number, reference in enumerate(draft.references, start=1):
        yield from _of_part(reference, f"Reference {number}: ")


def _of_entries(entries: Sequence[EntryForm], where: str) -> Iterator[tuple[str, Field]]:
    yield where, (LISTS[where], "\n".join(form.shown_name for form in entries))
    for form in entries:
        yield from _of_part(form, f"{form.shown_name}: ")


def _of_part(part: PartForm, before: str) -> Iterator[tuple[str, Field]]:
    for bound in part.visible_fields():
        yield bound.id_for_label, (f"{before}{bound.label}", _shown(part, bound.name, bound.value()))


def _shown(part: PartForm, name: str, value: object) -> str:
    if isinstance(part, DiagnosisForm) and name == "tier":
        return part.tier_now.label
    if isinstance(value, bool):
        return "Yes" if value else ""
    return str(value or "")


def _order(draft: DraftForm) -> str:
    return "\n".join(
        f"{tier.label}: {form.shown_name}" for tier in Tier for form in draft.diagnoses if form.tier_now is tier
    )
