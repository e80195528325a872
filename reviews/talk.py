"""Findings as somebody sees them: in whose words, on what, and what this person may do about each."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from articles.models import Version
from content.anchors import Found, label
from content.runs import Run, runs
from content.schema import Content
from people import permissions
from people.models import User
from reviews.forms.findings import AnswerForm, CloseForm, FindingForm
from reviews.models import Finding
from reviews.sight import sight
from reviews.states import Response

ON_THE_WHOLE = "The whole article"
GONE = "A diagnosis that is no longer in the text"


class Shown(NamedTuple):
    """One finding for `reviews/_finding.html`; a form that is None is not this person's to fill in.

    `number` is "" while numbers would tell how much others have written. `words_gone`: what it quotes does not stand in
    the text that is being looked at. `wording` shows what it suggests as a change of the quoted words.
    """

    pk: int
    number: str
    severity: str
    body: str
    place: str
    place_url: str
    quote: str
    quote_place: str
    words_gone: bool
    wording: tuple[Run, ...]
    by: str
    at: datetime
    is_closed: bool
    response: str
    answer: str
    change_url: str
    closed: str
    is_own: bool
    is_earlier: bool
    version: int
    has_draft: bool = False
    may_accept: bool = False
    answer_form: AnswerForm | None = None
    close_form: CloseForm | None = None
    anew_form: FindingForm | None = None

    @property
    def in_place(self) -> "Shown":
        """The same where it stands beside what it speaks of, which needs not be named again."""
        return self if self.place == GONE else self._replace(place="")


class Talk(NamedTuple):
    """The findings on a version and on those before it that were not approved, as one person sees them.

    `to_answer` of the `answerable` ones are still without an answer.
    """

    findings: list[Shown]
    to_answer: int
    answerable: int
    open_must_fix: int
    is_for_author: bool

    @property
    def answered(self) -> int:
        return self.answerable - self.to_answer

    @property
    def progress(self) -> str:
        """How many are answered, in words."""
        return f"{self.answered} of {self.answerable} answered"

    @property
    def earlier(self) -> list[Shown]:
        """Those on earlier versions: a ledger of finding, answer and resolution."""
        return [shown for shown in self.findings if shown.is_earlier]

    @property
    def of_this(self) -> list[Shown]:
        """Those on the version itself."""
        return [shown for shown in self.findings if not shown.is_earlier]


def talk(user: User, version: Version) -> Talk:
    """What this person, who may read the version, sees of its findings; the same number of queries for any number."""
    found = list(Finding.objects.carried_to(version).visible_to(user, version).with_people())
    viewer = Viewer(user, version, version.document)
    shown = [viewer.shows(finding) for finding in found]
    answerable = [each for each in shown if each.answer_form]
    waiting = sum(1 for each in answerable if not each.response)
    blocking = sum(1 for finding in found if finding.blocks)
    return Talk(shown, waiting, len(answerable), blocking, viewer.answers)


class Viewer:
    """Somebody who looks at the findings on a version. Asks the database once, however many findings follow."""

    def __init__(self, user: User, version: Version, document: Content, *, has_text_beside: bool = False) -> None:
        self.user, self.version, self.document = user, version, document
        self.text_url = "" if has_text_beside else f"{version.get_absolute_url()}?tab=text"
        self.names = {d.key: d.name for d in document.diagnoses}
        self.sight = sight(user, version)
        self.answers = permissions.may_answer_findings(user, version)
        self.handles = permissions.may_handle(user, version)

    def shows(self, finding: Finding, *, answer: AnswerForm | None = None, close: CloseForm | None = None) -> Shown:
        """The finding as this person sees it. A form that came back with an error takes the place of an empty one.

        Who may close it: see also `people.permissions.may_close_finding`.
        """
        found = finding.found_in(self.document)
        shown = self._said(finding, found)
        may_answer = self.answers and finding.is_open
        may_close = finding.is_open and ((shown.is_own and self.user.is_reviewer) or self.handles)
        return shown._replace(
            has_draft=may_answer and bool(finding.draft_response or finding.draft_note),
            may_accept=may_answer and self._may_accept(finding, found),
            answer_form=(answer or AnswerForm.to(finding)) if may_answer else None,
            close_form=(close or CloseForm(auto_id=f"close_{finding.pk}_%s")) if may_close else None,
        )

    def _said(self, finding: Finding, found: Found | None) -> Shown:
        """What is said, by whom and on what, for who may do nothing about it."""
        key = finding.diagnosis_key
        is_own = finding.reviewer_id == self.user.pk
        return Shown(
            pk=finding.pk,
            number=self._number(finding),
            severity=finding.severity,
            body=finding.body,
            place=self._place(key),
            place_url=f"{self.text_url}#{key}" if key in self.names else "",
            quote=finding.quote,
            quote_place=label(finding.place),
            words_gone=bool(finding.quote) and found is None,
            wording=wording(finding),
            by="You" if is_own else finding.reviewer.display_name,
            at=finding.made_at,
            is_closed=not finding.is_open,
            response=finding.response,
            answer=finding.response_note,
            change_url=self._change_url(finding),
            closed=self._closed(finding),
            is_own=is_own,
            is_earlier=finding.version_id != self.version.pk,
            version=finding.version.number,
        )

    def _place(self, key: str) -> str:
        return (self.names.get(key) or GONE) if key else ON_THE_WHOLE

    def _number(self, finding: Finding) -> str:
        """A number counts everybody's findings, so it waits until this person may know of them all."""
        may_know = self.sight.sees_all or not finding.version.is_under_review
        return f"{finding.version.number}.{finding.number}" if may_know else ""

    def _closed(self, finding: Finding) -> str:
        if finding.closed_by is None or finding.closed_by_id == finding.reviewer_id:
            return ""
        return f"Closed by {finding.closed_by.display_name}: {finding.closed_reason}"

    def _may_accept(self, finding: Finding, found: Found | None) -> bool:
        """Whether the suggested wording can be taken over: the next version is, or can be, written."""
        if not finding.suggests or found is None:
            return False
        return self.version.is_draft or not self.version.is_open

    def _change_url(self, finding: Finding) -> str:
        """What was changed for it: the text that is looked at, or that of the answer, beside the one it speaks of."""
        after = self.version if self.version.number > finding.version.number else None
        if after is None and self.answers and finding.responded_in is not None:
            after = finding.responded_in
        if finding.response != Response.FIXED or after is None:
            return ""
        compare = reverse("reviews:compare", args=(after.article_id, after.number))
        return f"{compare}?with={finding.version.number}#change_{finding.diagnosis_key}"


def wording(finding: Finding) -> tuple[Run, ...]:
    """What the finding suggests as a change of the words that it quotes; empty when it suggests nothing."""
    return runs(finding.quote, finding.replacement) if finding.replacement is not None else ()


def unanswered(user: User, version: Version) -> str:
    """What the author of a draft should know before it is submitted: how many findings have no answer; "" for none."""
    if not version.is_draft or not permissions.may_answer_findings(user, version):
        return ""
    open_ones = Finding.objects.carried_to(version).visible_to(user, version).filter(closed_at=None)
    total, waiting = open_ones.count(), open_ones.filter(response="").count()
    if not waiting:
        return ""
    verb = "has" if waiting == 1 else "have"
    return f"{waiting} of {total} findings {verb} no answer yet. The reviewers read your answers with this version."


def by_place(findings: Iterable[Shown], keys: Iterable[str]) -> dict[str, list[Shown]]:
    """The findings of each diagnosis in the text; under "" those on the whole and on what is gone."""
    places: dict[str, list[Shown]] = {key: [] for key in ("", *keys)}
    for finding in findings:
        places[finding.place_url.rpartition("#")[2]].append(finding)
    return places
