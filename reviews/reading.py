"""The page on which a reviewer reads a version: its parts, the reviewer's marks, and what was said about each part."""

from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q

from articles.states import VersionState
from content.diff import DiagnosisChange
from content.schema import Audience, Content
from people import permissions
from people.models import User
from publications.render import ShownDiagnosis, ShownTier
from reviews import second_look
from reviews.forms.checklist import AnswersForm
from reviews.forms.findings import FindingForm
from reviews.forms.reviewing import DeclineForm, NoteForm
from reviews.marked import Marked
from reviews.models import Assignment, ChecklistItem, Decision, Finding
from reviews.round_words import REREVIEW, REVIEW, RoundWords
from reviews.second_look import CHANGED, NEW, SecondLook
from reviews.states import AssignmentState
from reviews.talk import Shown, Viewer, by_place

ALL = "all"
#: What the parts behind the diagnoses are called.
LATER = {"reader_questions": "readers’ questions", "terms_list": "terms"}


class Place(NamedTuple):
    """One part of the page that can be read and remarked on: a diagnosis, or the whole (`key` is "")."""

    key: str
    name: str
    is_read: bool
    news: str
    findings: list[Shown]
    form: FindingForm | None
    change: DiagnosisChange | None
    is_folded: bool

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


class Reading:
    """One reviewer at one version. `finding` and `decline` are forms that came back with an error; `show` is "all" when
    what is known from last time is not to be folded, `audience` whose text is shown first.
    """

    def __init__(
        self,
        assignment: Assignment,
        user: User,
        *,
        finding: FindingForm | None = None,
        decline: DeclineForm | None = None,
        show: str = "",
        audience: str = "",
    ) -> None:
        self.assignment, self.version, self.user = assignment, assignment.version, user
        self.document: Content = self.version.document
        self.returned = finding
        self.decline = decline or DeclineForm(auto_id="decline_%s")
        self.shows_all = show == ALL
        self.audience = audience if audience in set(Audience) else "both"
        self.may_act = assignment.is_outstanding and permissions.may_review(user, assignment)

    @property
    def words(self) -> RoundWords:
        return REREVIEW if self.assignment.rereview_id else REVIEW

    @property
    def signed_before(self) -> Decision | None:
        """What this reviewer last signed on these same bytes, when they are asked about them again."""
        own = Decision.objects.filter(version=self.version, reviewer=self.user).exclude(assignment=self.assignment)
        return own.order_by("-signed_at").first() if self.assignment.rereview_id else None

    @property
    def is_invited(self) -> bool:
        return self.may_act and self.assignment.is_unanswered

    @property
    def has_signed(self) -> bool:
        return self.assignment.state == AssignmentState.SIGNED

    # The text

    @cached_property
    def marked(self) -> Marked:
        return Marked(self.document, self.found)

    @cached_property
    def parts(self) -> dict[str, Any]:
        """The article as readers see it, with the words marked that findings speak of."""
        return self.marked.parts()

    @cached_property
    def tiers(self) -> list[TierOfRows]:
        groups = [self.marked.tier(group) for group in self.parts["tiers"]]
        return [
            TierOfRows(group, [Row(shown, self.places[shown.key]) for shown in group.diagnoses]) for group in groups
        ]

    def row(self, key: str) -> Row | None:
        """One diagnosis with what is said about it."""
        return next((row for tier in self.tiers for row in tier.rows if row.place.key == key), None)

    # What was said about it

    @cached_property
    def found(self) -> list[Finding]:
        """The talk so far, and the reviewer's own findings on the version that they read last."""
        wanted = Finding.objects.carried_to(self.version)
        if self.look and self.look.last:
            own = Finding.objects.filter(version=self.look.last.version, reviewer=self.user)
            wanted = Finding.objects.filter(Q(pk__in=wanted.values("pk")) | Q(pk__in=own.values("pk")))
        return list(wanted.visible_to(self.user, self.version).with_people())

    @cached_property
    def shown(self) -> list[Shown]:
        viewer = Viewer(self.user, self.version, self.document, has_text_beside=True)
        return [self._with_anew(finding, viewer.shows(finding)) for finding in self.found]

    def _with_anew(self, finding: Finding, shown: Shown) -> Shown:
        """An own finding can be written anew until it is signed."""
        is_mine = self.may_act and shown.is_own and not shown.is_earlier and finding.is_open
        return shown._replace(anew_form=FindingForm.anew(finding)) if is_mine else shown

    @property
    def ledger(self) -> list[Shown]:
        """What was found in earlier rounds, answered and closed."""
        return [shown for shown in self.shown if shown.is_earlier]

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every place by its key; "" is the whole."""
        names = {d.key: d.name for d in self.document.diagnoses} | LATER | {"": "the whole article"}
        return {
            key: self._place(key, names[key], [finding.in_place for finding in findings])
            for key, findings in by_place(self.shown, self.all_keys).items()
        }

    @property
    def later(self) -> list[Place]:
        """The parts behind the diagnoses. Remarks on them stand with the whole."""
        return [self.places[key] for key in self.document.later_parts]

    def _place(self, key: str, name: str, findings: list[Shown]) -> Place:
        look = self.look if key else None
        waits = any(not finding.is_closed for finding in findings)
        return Place(
            key=key,
            name=name,
            is_read=key in self.assignment.read_diagnoses,
            news=look.news(key) if look else "",
            findings=findings,
            form=self._form(key),
            change=look.change(key) if look else None,
            is_folded=bool(look and key not in LATER and look.is_known(key)) and not self.shows_all and not waits,
        )

    @property
    def whole(self) -> Place:
        return self.places[""]

    def _form(self, key: str) -> FindingForm | None:
        if self.returned is not None and key == (self.returned.key if self.returned.key in self.keys else ""):
            return self.returned
        return FindingForm.at(key) if self.may_act and key not in LATER else None

    # How far the reviewer is

    @cached_property
    def keys(self) -> list[str]:
        return [d.key for d in self.document.diagnoses]

    @cached_property
    def all_keys(self) -> list[str]:
        """Of everything that is marked as read: the diagnoses, and the parts behind them."""
        return [*self.keys, *self.document.later_parts]

    @property
    def thing(self) -> str:
        """What is marked as read."""
        return "part" if self.document.later_parts else "diagnosis"

    @property
    def read(self) -> int:
        return len(set(self.all_keys) & set(self.assignment.read_diagnoses))

    @property
    def total(self) -> int:
        return len(self.all_keys)

    @property
    def progress(self) -> str:
        return f"{self.read} of {self.total} read"

    @property
    def own_findings(self) -> int:
        """How many findings this reviewer has made in this round."""
        mine = (f for f in self.found if f.version_id == self.version.pk and f.reviewer_id == self.user.pk)
        return sum(1 for f in mine if f.rereview_id == self.assignment.rereview_id)

    @property
    def own_must_fix(self) -> list[Finding]:
        """The reviewer's own findings that stand in the way of an approval."""
        return [finding for finding in self.found if finding.blocks and finding.reviewer_id == self.user.pk]

    @cached_property
    def notes(self) -> NoteForm:
        kept = {"note": self.assignment.draft_note, "confidential_note": self.assignment.draft_confidential_note}
        return NoteForm(initial=kept)

    @cached_property
    def checklist(self) -> AnswersForm:
        return AnswersForm(items=ChecklistItem.objects.asked(), kept=self.assignment.checklist)

    # A second look

    @cached_property
    def look(self) -> SecondLook | None:
        """Nothing in a re-review: the whole is to be read with new eyes."""
        return None if self.assignment.rereview_id else second_look.second_look(self.assignment, self.document)

    @property
    def folded(self) -> int:
        """How many diagnoses are folded away, as they are known from last time."""
        return sum(1 for place in self.places.values() if place.is_folded)

    @property
    def unread_unchanged(self) -> list[str]:
        """Parts that the reviewer knows from last time and has not ticked yet, in reading order."""
        if not self.look or not self.look.was_read:
            return []
        return [k for k in self.all_keys if self.look.is_known(k) and k not in self.assignment.read_diagnoses]

    @cached_property
    def decisions(self) -> list[Decision]:
        """What was signed, on this version and on the one that it answers, as far as this reviewer may know."""
        asked_for_changes = Q(version=self.version.based_on_id, version__state=VersionState.CHANGES_REQUESTED)
        found = Decision.objects.filter(Q(version=self.version.pk) | asked_for_changes)
        return list(found.visible_to(self.user, self.version).select_related("reviewer", "version"))
