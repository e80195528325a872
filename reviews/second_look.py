"""What is new for a reviewer who has read an earlier version of the article."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from articles.models import Version
from articles.record import VersionRecord
from content import diff
from content.diff import Comparison, DiagnosisChange
from content.schema import Content, Diagnosis
from reviews.models import Assignment
from reviews.states import AssignmentState

NEW, CHANGED = "New", "Changed"


class LastRead(NamedTuple):
    """An earlier version that the same reviewer has had before them; `known` are the diagnoses that they read there."""

    version: Version
    verb: str
    at: datetime | None
    known: frozenset[str]

    @property
    def words(self) -> str:
        """How and when, in words: "which you signed on 3 Aug 2026"."""
        on = f" on {self.at.day} {self.at:%b %Y}" if self.at else ""
        return f"which you {self.verb}{on}"


class SecondLook(NamedTuple):
    """What differs from the version that this reviewer read last, or else from the one before."""

    since: VersionRecord
    last: LastRead | None
    changed: list[str]
    added: list[str]
    removed: list[str]
    unchanged: frozenset[str]
    comparison: Comparison
    later: dict[str, bool | None] = {}  # of each part behind the diagnoses: whether it is as before, None for a new one

    @property
    def was_read(self) -> bool:
        return self.last is not None

    @property
    def sentence(self) -> str:
        """What is different, in words."""
        if self.last is None:
            return f"This follows version {self.since.number}."
        counts = ((len(self.changed), "changed"), (len(self.added), "new"), (len(self.unchanged), "as before"))
        found = ", ".join(f"{count} {word}" for count, word in counts if count)
        return f"You {self.last.verb} version {self.since.number}. Diagnoses now: {found}."

    def news(self, key: str) -> str:
        """A word on one diagnosis: unchanged, changed or new. Nothing when the reviewer knows none of the text."""
        if self.last is None:
            return ""
        if key in self.unchanged or self.later.get(key):
            return f"Unchanged since version {self.since.number}"
        return CHANGED if key in self.changed or self.later.get(key) is False else NEW

    def is_known(self, key: str) -> bool:
        """Whether it reads as it did when this reviewer read it."""
        is_same = key in self.unchanged or bool(self.later.get(key))
        return self.last is not None and is_same and key in self.last.known

    def change(self, key: str) -> DiagnosisChange | None:
        """What changed in a diagnosis that was there before."""
        changes = (each for each in self.comparison.changed if each.key == key and each.before and each.after)
        return next(changes, None) if self.last else None


def last_read(assignment: Assignment) -> LastRead | None:
    """The last version before this one that the same reviewer signed, or had before them."""
    earlier = Assignment.objects.filter(
        reviewer=assignment.reviewer_id,
        version__article=assignment.version.article_id,
        version__number__lt=assignment.version.number,
    )
    known = earlier.filter(Q(state=AssignmentState.SIGNED) | ~Q(read_diagnoses=[]) | Q(opened_at__isnull=False))
    found = known.select_related("version").order_by("-version__number", "-answered_at").first()
    if found is None:
        return None
    document = found.version.document
    keys = frozenset(d.key for d in document.diagnoses) | document.later_parts.keys()
    if found.state == AssignmentState.SIGNED:
        return LastRead(found.version, "signed", found.answered_at, keys)
    read = frozenset(found.read_diagnoses)
    return LastRead(found.version, "read" if read else "opened", found.opened_at, read)


def second_look(assignment: Assignment, document: Content) -> SecondLook | None:
    """What is new in this version; None in a first version."""
    last = last_read(assignment)
    since = last.version if last else assignment.version.based_on
    return compare(since, document, last) if since else None


def compare(since: VersionRecord, after: Content, last: LastRead | None) -> SecondLook:
    """Which diagnoses read otherwise than in an earlier version, their sources included."""
    before = since.document
    old = {d.key: _said(d, before) for d in before.diagnoses}
    new = {d.key: _said(d, after) for d in after.diagnoses}
    return SecondLook(
        since=since,
        last=last,
        changed=[key for key in new if key in old and new[key] != old[key]],
        added=[key for key in new if key not in old],
        removed=[d.name for d in before.diagnoses if d.key not in new],
        unchanged=frozenset(key for key in new if new[key] == old.get(key)),
        comparison=diff.compare(before, after) if last else Comparison((), (), None),
        later={
            name: before.later_parts[name] == part if name in before.later_parts else None
            for name, part in after.later_parts.items()
        },
    )


def _said(diagnosis: Diagnosis, document: Content) -> tuple[object, ...]:
    """All that a reader sees at a diagnosis."""
    cited = set(diagnosis.references)
    return (diagnosis, *(reference for reference in document.references if reference.key in cited))
