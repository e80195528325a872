"""Findings as somebody sees them: in whose words, on what, and what this person may do about each."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from articles.models import Version
from content.schema import Content
from people import permissions
from people.models import User
from reviews.forms.reviewing import AnswerForm, CloseForm
from reviews.models import Finding
from reviews.sight import sight

ON_THE_WHOLE = "The whole article"
GONE = "A diagnosis that is no longer in the text"


class Shown(NamedTuple):
    """One finding for `reviews/_finding.html`; a form that is None is not this person's to fill in.

    `number` is "" while numbers would tell how much others have written.
    """

    pk: int
    number: str
    severity: str
    body: str
    place: str
    place_url: str
    by: str
    at: datetime
    is_closed: bool
    response: str
    answer: str
    closed: str
    is_own: bool
    answer_form: AnswerForm | None
    close_form: CloseForm | None

    @property
    def in_place(self) -> "Shown":
        """The same where it stands beside what it speaks of, which needs not be named again."""
        return self if self.place == GONE else self._replace(place="")


class Talk(NamedTuple):
    """The findings on a version and on those before it that were not approved, as one person sees them."""

    findings: list[Shown]
    to_answer: int
    open_must_fix: int


def talk(user: User, version: Version) -> Talk:
    """What this person, who may read the version, sees of its findings; the same number of queries for any number."""
    found = list(Finding.objects.carried_to(version).visible_to(user, version).with_people())
    viewer = Viewer(user, version, version.document)
    shown = [viewer.shows(finding) for finding in found]
    waiting = sum(1 for each in shown if each.answer_form and not each.response)
    return Talk(shown, waiting, sum(1 for finding in found if finding.blocks))


class Viewer:
    """Somebody who looks at the findings on a version. Asks the database once, however many findings follow."""

    def __init__(self, user: User, version: Version, document: Content) -> None:
        self.user, self.version = user, version
        self.names = {d.key: d.name for d in document.diagnoses}
        self.sight = sight(user, version)
        self.answers = permissions.may_answer_findings(user, version)
        self.handles = permissions.may_handle(user, version)

    def shows(self, finding: Finding, *, answer: AnswerForm | None = None, close: CloseForm | None = None) -> Shown:
        """The finding as this person sees it. A form that came back with an error takes the place of an empty one.

        Who may close it: see also `people.permissions.may_close_finding`.
        """
        key = finding.diagnosis_key
        is_own = finding.reviewer_id == self.user.pk
        may_close = finding.is_open and ((is_own and self.user.is_reviewer) or self.handles)
        return Shown(
            pk=finding.pk,
            number=self._number(finding),
            severity=finding.severity,
            body=finding.body,
            place=(self.names.get(key) or GONE) if key else ON_THE_WHOLE,
            place_url=f"#{key}" if key in self.names else "",
            by="You" if is_own else finding.reviewer.display_name,
            at=finding.made_at,
            is_closed=not finding.is_open,
            response=finding.response,
            answer=finding.response_note,
            closed=self._closed(finding),
            is_own=is_own,
            answer_form=(answer or _answer_form(finding)) if self.answers and finding.is_open else None,
            close_form=(close or CloseForm(auto_id=f"close_{finding.pk}_%s")) if may_close else None,
        )

    def _number(self, finding: Finding) -> str:
        """A number counts everybody's findings, so it waits until this person may know of them all."""
        may_know = self.sight.sees_all or not finding.version.is_under_review
        return f"{finding.version.number}.{finding.number}" if may_know else ""

    def _closed(self, finding: Finding) -> str:
        if finding.closed_by is None or finding.closed_by_id == finding.reviewer_id:
            return ""
        return f"Closed by {finding.closed_by.display_name}: {finding.closed_reason}"


def _answer_form(finding: Finding) -> AnswerForm:
    said = {"response": finding.response, "note": finding.response_note} if finding.response else None
    return AnswerForm(initial=said, auto_id=f"answer_{finding.pk}_%s")


def by_place(findings: Iterable[Shown], keys: Iterable[str]) -> dict[str, list[Shown]]:
    """The findings of each diagnosis in the text; under "" those on the whole and on what is gone."""
    places: dict[str, list[Shown]] = {key: [] for key in ("", *keys)}
    for finding in findings:
        places[finding.place_url.removeprefix("#")].append(finding)
    return places
