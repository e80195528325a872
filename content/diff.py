"""What changed between two texts of an article: clinically, and word by word.

The clinical part compares diagnoses by their lasting keys: added, removed, moved between tiers, other codes or
red flags. The words of each field are compared by `content.runs`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from content.runs import Run, runs
from content.schema import Audience, Content, Diagnosis, Reference, Tier


class FieldChange(NamedTuple):
    """One field that reads otherwise. `label` names it to a person."""

    label: str
    runs: tuple[Run, ...]


class ListChange(NamedTuple):
    """One list (codes, red flags, signs, sources) with what came and what went, in reading order."""

    label: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    is_clinical: bool


class DiagnosisChange(NamedTuple):
    """One diagnosis on both sides; `before` is None for an added one, `after` for a removed one."""

    key: str
    before: Diagnosis | None
    after: Diagnosis | None
    fields: tuple[FieldChange, ...]
    lists: tuple[ListChange, ...]
    reordered: bool

    @property
    def name(self) -> str:
        side = self.after or self.before
        return side.name if side else ""

    @property
    def is_added(self) -> bool:
        return self.before is None

    @property
    def is_removed(self) -> bool:
        return self.after is None

    @property
    def is_moved(self) -> bool:
        """Whether it stands in another tier."""
        return bool(self.before and self.after and self.before.tier != self.after.tier)

    @property
    def warning_changed(self) -> bool:
        """Whether it became, or stopped being, one not to be missed."""
        return bool(self.before and self.after and self.before.must_not_be_missed != self.after.must_not_be_missed)

    @property
    def is_unchanged(self) -> bool:
        kept = self.before is not None and self.after is not None
        same_place = not self.is_moved and not self.warning_changed and not self.reordered
        return kept and same_place and not self.fields and not self.lists

    @property
    def summary(self) -> list[str]:
        """The clinical changes in words."""
        return list(_summary(self))


class Comparison(NamedTuple):
    """Everything that differs. `diagnoses` stand in the new reading order, removed ones after their old neighbour."""

    whole: tuple[FieldChange, ...]
    diagnoses: tuple[DiagnosisChange, ...]
    references: ListChange | None

    @property
    def changed(self) -> list[DiagnosisChange]:
        return [d for d in self.diagnoses if not d.is_unchanged]

    @property
    def clinical(self) -> list[tuple[DiagnosisChange, str]]:
        """The clinical changes, one sentence each, with the diagnosis they belong to."""
        return [(d, sentence) for d in self.diagnoses for sentence in d.summary]

    @property
    def is_empty(self) -> bool:
        return not self.whole and not self.changed and self.references is None


def compare(before: Content, after: Content) -> Comparison:
    """Compare two texts of one article."""
    whole = _fields(
        ("Title", before.title, after.title),
        ("Introduction for clinicians", before.presentation.clinician, after.presentation.clinician),
        ("Introduction for patients", before.presentation.patient, after.presentation.patient),
        ("Why no diagnosis must not be missed", before.no_do_not_miss_reason, after.no_do_not_miss_reason),
    )
    whole += _entries("question", _asked(before), _asked(after)) + _entries(
        "term", _explained(before), _explained(after)
    )
    cited = _list("Sources", _citations(before.references), _citations(after.references), clinical=False)
    return Comparison(whole, tuple(_diagnoses(before, after)), cited)


def _diagnoses(before: Content, after: Content) -> Iterator[DiagnosisChange]:
    old = {d.key: d for d in before.diagnoses}
    new = {d.key: d for d in after.diagnoses}
    moved = _out_of_order([k for k in old if k in new], [k for k in new if k in old])
    for key in _merged(list(old), list(new)):
        yield _diagnosis(key, old.get(key), new.get(key), before, after, reordered=key in moved)


def _merged(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The new order, with each removed key after the key it followed before."""
    merged = list(new)
    for position, key in enumerate(old):
        if key not in new:
            place = next((merged.index(k) + 1 for k in reversed(old[:position]) if k in merged), 0)
            merged.insert(place, key)
    return merged


def _out_of_order(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys that stand elsewhere among those that both sides have: a smallest set whose move explains the rest."""
    position = {key: i for i, key in enumerate(old)}
    best: list[list[str]] = []
    for key in new:
        smaller = [run for run in best if position[run[-1]] < position[key]]
        best.append([*_longest(smaller), key])
    return set(new) - set(_longest(best))


def _longest(lists: list[list[str]]) -> list[str]:
    return max(lists, key=len, default=[])


def _diagnosis(
    key: str, old: Diagnosis | None, new: Diagnosis | None, before: Content, after: Content, *, reordered: bool
) -> DiagnosisChange:
    """Compare one diagnosis; a side that is missing counts as one without any text."""
    a, b = old or _blank(new), new or _blank(old)
    fields = [("Name", a.name, b.name), ("Plain name", a.plain_name, b.plain_name)]
    lists = [_list("Codes", a.codes, b.codes)]
    for audience, whom in ((Audience.CLINICIAN, "for clinicians"), (Audience.PATIENT, "for patients")):
        x, y = a.text(audience), b.text(audience)
        fields.append((f"Text {whom}", x.rationale, y.rationale))
        lists.append(_list(f"Red flags {whom}", x.red_flags, y.red_flags))
        lists.append(_list(f"Signs {whom}", x.distinguishing_signs, y.distinguishing_signs))
    lists.append(_list("Sources", _cited(a, before), _cited(b, after), clinical=False))
    in_tier = reordered and a.tier == b.tier
    return DiagnosisChange(key, old, new, _fields(*fields), tuple(filter(None, lists)), reordered=in_tier)


def _blank(other: Diagnosis | None) -> Diagnosis:
    return Diagnosis(key=other.key, tier=other.tier, name=other.name) if other else Diagnosis(key="x", tier=Tier.RARE)


def _fields(*fields: tuple[str, str, str]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(label, runs(old, new)) for label, old, new in fields if old != new)


def _asked(content: Content) -> dict[str, tuple[str, str]]:
    return {each.key: (each.question, each.answer) for each in content.questions}


def _explained(content: Content) -> dict[str, tuple[str, str]]:
    return {each.key: (each.term, each.meaning) for each in content.terms}


def _entries(what: str, old: dict[str, tuple[str, str]], new: dict[str, tuple[str, str]]) -> tuple[FieldChange, ...]:
    """Entries with a title (terms, readers' questions), compared by their lasting keys; then their order."""
    fields = []
    for key in _merged(list(old), list(new)):
        before, after = old.get(key, ("", "")), new.get(key, ("", ""))
        label = f"{what.capitalize()} “{after[0] or before[0]}”"
        if key in old and key in new and before[0] == after[0]:
            fields.append((label, before[1], after[1]))
        else:
            fields.append((label, "\n\n".join(filter(None, before)), "\n\n".join(filter(None, after))))
    was, now = ("\n".join(new[key][0] for key in each if key in old and key in new) for each in (old, new))
    return _fields(*fields, (f"Order of the {what}s", was, now))


def _list(label: str, old: Sequence[str], new: Sequence[str], *, clinical: bool = True) -> ListChange | None:
    added = tuple(item for item in new if item not in old)
    removed = tuple(item for item in old if item not in new)
    return ListChange(label, added, removed, clinical) if tuple(old) != tuple(new) else None


def _citations(references: Sequence[Reference]) -> list[str]:
    return [" ".join(filter(None, (r.citation, r.doi, r.pmid and f"PMID {r.pmid}", r.url))) for r in references]


def _cited(diagnosis: Diagnosis, content: Content) -> list[str]:
    return _citations([r for r in content.references if r.key in diagnosis.references])


def _summary(change: DiagnosisChange) -> Iterator[str]:
    before, after = change.before, change.after
    if after is None and before is not None:
        yield f"Removed from {before.tier.label.lower()}"
    elif before is None and after is not None:
        yield f"Added under {after.tier.label.lower()}"
    elif before is not None and after is not None:
        if change.is_moved:
            yield f"Moved from {before.tier.label.lower()} to {after.tier.label.lower()}"
        if change.warning_changed:
            yield (
                "Is now marked as not to be missed"
                if after.must_not_be_missed
                else "Is no longer marked as not to be missed"
            )
        for each in change.lists:
            if each.is_clinical:
                yield _list_sentence(each)
        if change.reordered:
            yield "Stands at another place in its tier"


def _list_sentence(change: ListChange) -> str:
    parts = [f"added {'; '.join(change.added)}"] if change.added else []
    parts += [f"removed {'; '.join(change.removed)}"] if change.removed else []
    return f"{change.label}: {', '.join(parts) or 'in another order'}"
