"""The page on which a reviewer reads a version: its parts, the reviewer's marks, and what was said about each part."""

from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q

from articles.models import Version
from articles.record import VersionRecord
from articles.states import VersionState
from content.schema import Content, Diagnosis
from people import permissions
from people.models import User
from publications.render import ShownDiagnosis, ShownTier, page_context
from reviews.forms.reviewing import DeclineForm, FindingForm
from reviews.models import Assignment, Decision, Finding
from reviews.states import AssignmentState
from reviews.talk import Shown, Viewer, by_place

NEW, CHANGED = "New", "Changed"


class Place(NamedTuple):
    """One part of the page that can be read and remarked on: a diagnosis, or the whole (`key` is "")."""

    key: str
    name: str
    is_read: bool
    news: str
    findings: list[Shown]
    form: FindingForm | None

    @property
    def is_news(self) -> bool:
        """Whether this reads otherwise than last time."""
        return self.news in (NEW, CHANGED)


class Row(NamedTuple):
    diagnosis: ShownDiagnosis
    place: Place


class TierOfRows(NamedTuple):
    group: ShownTier
    rows: list[Row]


class SecondLook(NamedTuple):
    """What differs from the version that this reviewer read last, or else from the one before."""

    since: VersionRecord
    was_read: bool
    changed: list[str]
    added: list[str]
    removed: list[str]
    unchanged: frozenset[str]

    @property
    def sentence(self) -> str:
        """What is different, in words."""
        if not self.was_read:
            return f"This follows version {self.since.number}."
        counts = ((len(self.changed), "changed"), (len(self.added), "new"), (len(self.unchanged), "as before"))
        found = ", ".join(f"{count} {word}" for count, word in counts if count)
        return f"You read version {self.since.number}. Diagnoses now: {found}."

    def news(self, key: str) -> str:
        """A word on one diagnosis: unchanged, changed or new. Nothing when the reviewer knows none of the text."""
        if not self.was_read:
            return ""
        if key in self.unchanged:
            return f"Unchanged since version {self.since.number}"
        return CHANGED if key in self.changed else NEW


class Reading:
    """One reviewer at one version. `finding` and `decline` are forms that came back with an error."""

    def __init__(
        self,
        assignment: Assignment,
        user: User,
        *,
        finding: FindingForm | None = None,
        decline: DeclineForm | None = None,
    ) -> None:
        self.assignment, self.version, self.user = assignment, assignment.version, user
        self.document: Content = self.version.document
        self.returned = finding
        self.decline = decline or DeclineForm(auto_id="decline_%s")
        self.may_act = assignment.is_outstanding and permissions.may_review(user, assignment)

    @property
    def is_invited(self) -> bool:
        return self.may_act and self.assignment.is_unanswered

    @property
    def has_signed(self) -> bool:
        return self.assignment.state == AssignmentState.SIGNED

    @cached_property
    def parts(self) -> dict[str, Any]:
        """The article as readers see it."""
        return page_context(self.document)

    @cached_property
    def tiers(self) -> list[TierOfRows]:
        return [
            TierOfRows(group, [Row(shown, self.places[shown.key]) for shown in group.diagnoses])
            for group in self.parts["tiers"]
        ]

    @cached_property
    def found(self) -> list[Finding]:
        found = Finding.objects.carried_to(self.version).visible_to(self.user, self.version)
        return list(found.with_people())

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every place by its key; "" is the whole."""
        viewer = Viewer(self.user, self.version, self.document)
        shown = by_place((viewer.shows(finding) for finding in self.found), self.keys)
        names = {d.key: d.name for d in self.document.diagnoses} | {"": "the whole article"}
        return {
            key: Place(
                key=key,
                name=names[key],
                is_read=key in self.assignment.read_diagnoses,
                news=self.second_look.news(key) if self.second_look and key else "",
                findings=[finding.in_place for finding in findings],
                form=self._form(key),
            )
            for key, findings in shown.items()
        }

    @property
    def whole(self) -> Place:
        return self.places[""]

    def _form(self, key: str) -> FindingForm | None:
        if self.returned is not None and key == (self.returned.key if self.returned.key in self.keys else ""):
            return self.returned
        return FindingForm.at(key) if self.may_act else None

    @cached_property
    def keys(self) -> list[str]:
        return [d.key for d in self.document.diagnoses]

    @property
    def read(self) -> int:
        return len(set(self.keys) & set(self.assignment.read_diagnoses))

    @property
    def total(self) -> int:
        return len(self.keys)

    @property
    def progress(self) -> str:
        return f"{self.read} of {self.total} read"

    @property
    def own_findings(self) -> int:
        """How many findings this reviewer has made on this version."""
        return sum(1 for f in self.found if f.version_id == self.version.pk and f.reviewer_id == self.user.pk)

    @property
    def own_must_fix(self) -> list[Finding]:
        """The reviewer's own findings that stand in the way of an approval."""
        return [finding for finding in self.found if finding.blocks and finding.reviewer_id == self.user.pk]

    @property
    def unread_unchanged(self) -> list[str]:
        """Diagnoses that the reviewer knows from last time and has not ticked yet, in reading order."""
        if not self.second_look or not self.second_look.was_read:
            return []
        return [k for k in self.keys if k in self.second_look.unchanged and k not in self.assignment.read_diagnoses]

    @cached_property
    def second_look(self) -> SecondLook | None:
        last = last_read(self.assignment)
        since = last or self.version.based_on
        return compare(since, self.document, was_read=last is not None) if since else None

    @cached_property
    def decisions(self) -> list[Decision]:
        """What was signed, on this version and on the one that it answers, as far as this reviewer may know."""
        asked_for_changes = Q(version=self.version.based_on_id, version__state=VersionState.CHANGES_REQUESTED)
        found = Decision.objects.filter(Q(version=self.version.pk) | asked_for_changes)
        return list(found.visible_to(self.user, self.version).select_related("reviewer", "version"))


def last_read(assignment: Assignment) -> Version | None:
    """The last version before this one that the same reviewer signed or began to read."""
    earlier = Assignment.objects.filter(
        reviewer=assignment.reviewer_id,
        version__article=assignment.version.article_id,
        version__number__lt=assignment.version.number,
    )
    known = earlier.filter(Q(state=AssignmentState.SIGNED) | ~Q(read_diagnoses=[]))
    found = known.select_related("version").order_by("-version__number").first()
    return found.version if found else None


def compare(since: VersionRecord, after: Content, *, was_read: bool) -> SecondLook:
    """Which diagnoses read otherwise than in an earlier version, their sources included."""
    before = since.document
    old = {d.key: _said(d, before) for d in before.diagnoses}
    new = {d.key: _said(d, after) for d in after.diagnoses}
    return SecondLook(
        since=since,
        was_read=was_read,
        changed=[key for key in new if key in old and new[key] != old[key]],
        added=[key for key in new if key not in old],
        removed=[d.name for d in before.diagnoses if d.key not in new],
        unchanged=frozenset(key for key in new if new[key] == old.get(key)),
    )


def _said(diagnosis: Diagnosis, document: Content) -> tuple[object, ...]:
    """All that a reader sees at a diagnosis."""
    cited = set(diagnosis.references)
    return (diagnosis, *(reference for reference in document.references if reference.key in cited))
