"""Findings: what reviewers remark, what authors answer, and who closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone

from articles.models import IllegalMove, Version
from articles.states import VersionState
from content import anchors
from content.anchors import Found
from content.schema import Content
from ledger.models import Event
from people import permissions
from people.models import User
from reviews.querysets import FindingQuerySet
from reviews.quoting import Words, quoted, replaced
from reviews.states import WRITTEN_ANEW, Response, Severity

if TYPE_CHECKING:
    from reviews.models.assignments import Assignment

ANSWER = (
    "response",
    "response_note",
    "responded_by",
    "responded_at",
    "responded_in",
    "draft_response",
    "draft_note",
)


class Finding(models.Model):
    """A reviewer's numbered remark on a version, on one diagnosis (`diagnosis_key`) or on the whole ("").

    With a `quote` it speaks of these words, in the text named by `place` (like "clinician.rationale"), after the words
    of `quote_before`; `replacement` is the wording suggested for them, None without one.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="findings")
    rereview = models.ForeignKey(
        "reviews.Rereview", null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    diagnosis_key = models.CharField(max_length=80, blank=True, default="")
    place = models.CharField(max_length=40, blank=True, default="")
    quote = models.CharField(max_length=1_000, blank=True, default="")
    quote_before = models.CharField(max_length=80, blank=True, default="")
    replacement = models.TextField(null=True, blank=True, max_length=10_000)  # noqa: DJ001 - "" is a suggestion to delete
    severity = models.CharField(max_length=10, choices=Severity.choices)
    body = models.TextField(max_length=10_000)
    made_at = models.DateTimeField(auto_now_add=True)
    response = models.CharField(max_length=10, choices=Response.choices, blank=True, default="")
    response_note = models.TextField(blank=True, default="", max_length=10_000)
    responded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    responded_at = models.DateTimeField(null=True, blank=True)
    responded_in = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.SET_NULL, related_name="answered_findings"
    )
    draft_response = models.CharField(max_length=10, choices=Response.choices, blank=True, default="")
    draft_note = models.TextField(blank=True, default="", max_length=10_000)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.TextField(blank=True, default="", max_length=5_000)

    objects: ClassVar[FindingQuerySet] = FindingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("version__number", "number")
        constraints = (
            models.UniqueConstraint(fields=("version", "number"), name="finding_number_is_unique"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="severity_is_known"),
            models.CheckConstraint(condition=~Q(body=""), name="finding_says_something"),
            models.CheckConstraint(
                condition=Q(response="", responded_at=None, responded_by=None)
                | (~Q(response="") & Q(responded_at__isnull=False, responded_by__isnull=False)),
                name="response_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="closed_has_who_and_when",
            ),
        )

    def __str__(self) -> str:
        return f"Finding {self.version.number}.{self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def blocks(self) -> bool:
        """See also `FindingQuerySet.blocking`."""
        return self.is_open and self.severity == Severity.MUST_FIX

    @property
    def suggests(self) -> bool:
        """Whether it suggests another wording."""
        return self.replacement is not None

    def found_in(self, document: Content) -> Found | None:
        """Where its words stand in a text; None when they are gone, or when it quotes none."""
        return anchors.resolve(document, self.diagnosis_key, self.place, self.quote, self.quote_before)

    @staticmethod
    def make(
        assignment: Assignment,
        *,
        by: User,
        severity: str,
        body: str,
        diagnosis_key: str = "",
        replaces: Finding | None = None,
        **words: Unpack[Words],
    ) -> Finding:
        """Write down a remark on the version that is being reviewed. Sent twice, it is one remark.

        `words` are what it quotes and suggests. The finding that it `replaces`, an own one, is closed.

        Raises:
            ValidationError: it says nothing, or speaks of what is not there.
        """
        with transaction.atomic():
            version = assignment.claim(by)
            if not (body := body.strip()):
                raise ValidationError("Say what you found.")
            said = {"reviewer": by, "severity": Severity(severity), "body": body, "rereview": assignment.rereview}
            said |= quoted(version.document, diagnosis_key, **words)
            if (made := version.findings.filter(**said, closed_at=None).first()) is not None:
                return made
            finding = Finding._write(version, said, **assignment.round)
            if replaces is not None:  # last: closing settles the round, which must know of the new one
                replaces.close(by=by, reason=WRITTEN_ANEW)
        return finding

    @staticmethod
    def _write(version: Version, said: dict[str, Any], **round_: Any) -> Finding:
        """Give it the next number of the version."""
        number = (version.findings.aggregate(n=Max("number"))["n"] or 0) + 1
        finding = Finding.objects.create(version=version, number=number, **said)
        details = {"finding": finding.pk, "number": number, "severity": str(finding.severity), **round_}
        Event.objects.append("finding_made", by=finding.reviewer, **version.reference, **details)
        return finding

    def respond(self, response: str, note: str, *, by: User) -> None:
        """The author's answer: fixed, rebutted (with a reason) or deferred (with a reason). Takes the draft's place."""
        with transaction.atomic():
            version = Version.objects.locked(self.version_id)
            self._check_answerable(by, version)
            if Response(response) != Response.FIXED and not note.strip():
                raise ValidationError("Say why.")
            self.response, self.response_note = Response(response), note.strip()
            self.responded_by, self.responded_at = by, timezone.now()
            self.responded_in = version.article.versions.filter(state=VersionState.DRAFT).first()
            self.draft_response, self.draft_note = "", ""
            self.save(update_fields=ANSWER)
            Event.objects.append(
                "finding_answered",
                by=by,
                **version.reference,
                finding=self.pk,
                number=self.number,
                response=self.response,
            )

    def keep_answer(self, response: str, note: str, *, by: User) -> None:
        """Hold on to the answer that the author is writing. Nobody else sees it."""
        with transaction.atomic():
            self._check_answerable(by, Version.objects.locked(self.version_id))
            self.draft_response, self.draft_note = Response(response) if response else "", note
            self.save(update_fields=("draft_response", "draft_note"))

    def accept_wording(self, *, by: User) -> Version:
        """Put the suggested words in the place of the quoted ones in the next version, which is begun if there is none,
        and answer “fixed”. Returns the draft. Done twice, it was done once.

        Raises:
            IllegalMove: the next version is with the editors already, or the finding was closed.
            ValidationError: the words are gone, or cannot be replaced by a machine.
            PermissionDenied: `by` does not answer the findings.
        """
        with transaction.atomic():
            newest = Version.objects.locked(self.version.article.versions.order_by("-number").values_list("pk")[0][0])
            self._check_answerable(by, newest)
            if self.replacement is None:
                raise ValidationError("This finding suggests no wording.")
            draft = newest if newest.is_draft else newest.article.start_draft(by=by)
            if (
                self.response == Response.FIXED
                and self.responded_in_id == draft.pk
                and not self.found_in(draft.document)
            ):
                return draft
            content = replaced(draft.document, self, self.replacement)
            draft = draft.save_draft(content, by=by, based_on=draft.revision)
            self.respond(Response.FIXED, self.draft_note or "The suggested wording is taken over.", by=by)
        return draft

    def _check_answerable(self, by: User, version: Version) -> None:
        if not permissions.may_answer_findings(User.objects.get(pk=by.pk), version):
            raise PermissionDenied("Only the author answers findings.")
        self.refresh_from_db()
        if not self.is_open:
            raise IllegalMove("This finding has been closed in the meantime: nothing was changed.")

    def close(self, *, by: User, reason: str = "") -> None:
        """Close it: who made it, or an editor with a reason (when its maker cannot any more). Closed, it stays so."""
        from reviews.models.decisions import settle  # the round stands on the findings, and closing may end it

        with transaction.atomic():
            newest = Version.objects.locked(self.version.article.versions.order_by("-number").values_list("pk")[0][0])
            if not permissions.may_close_finding(User.objects.get(pk=by.pk), self):
                raise PermissionDenied("A finding is closed by who made it, or by an editor.")
            self.refresh_from_db()
            if not self.is_open:
                return
            if by.pk != self.reviewer_id and not reason.strip():
                raise ValidationError("Say why you close another’s finding.")
            self.closed_by, self.closed_at, self.closed_reason = by, timezone.now(), reason.strip()
            self.save(update_fields=("closed_by", "closed_at", "closed_reason"))
            round_: dict[str, Any] = {"rereview": self.rereview_id} if self.rereview_id else {}
            Event.objects.append(
                "finding_closed",
                by=by,
                **self.version.reference,
                finding=self.pk,
                number=self.number,
                reason=reason.strip(),
                **round_,
            )
            settle(newest)
            if self.rereview_id and self.version_id != newest.pk:
                settle(Version.objects.locked(self.version_id))
