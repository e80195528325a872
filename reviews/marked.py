"""The parts of an article as its page shows them, with the words marked that findings speak of."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from content.marking import Quote, mark, mark_words
from content.schema import Audience, Content, Diagnosis
from publications.render import (
    ShownDiagnosis,
    ShownQuestion,
    ShownReference,
    ShownTerm,
    ShownText,
    ShownTier,
    page_context,
)
from reviews.models import Finding


class Marked:
    """An article in which the words of open findings are marked, each `<mark>` with the ids of its findings."""

    def __init__(self, document: Content, findings: Iterable[Finding]) -> None:
        self.document = document
        self.quotes: dict[tuple[str, str], list[Quote]] = defaultdict(list)
        for finding in findings:
            if finding.is_open and (found := finding.found_in(document)):
                self.quotes[found.key, found.place].append(Quote(str(finding.pk), finding.quote, finding.quote_before))

    def parts(self) -> dict[str, Any]:
        """As `publications.render.page_context`."""
        parts: dict[str, Any] = page_context(self.document)
        for name, place in (
            ("presentation", "presentation.clinician"),
            ("presentation_patient", "presentation.patient"),
        ):
            parts[name] = self._html("", place, str(parts[name]))
        parts["references"] = [self._reference(each) for each in parts["references"]]
        parts["terms"] = [self._term(each) for each in parts["terms"]]
        parts["questions"] = [self._question(each) for each in parts["questions"]]
        return parts

    def title(self) -> SafeString:
        return self._words("", "title", self.document.title)

    def tier(self, group: ShownTier) -> ShownTier:
        reason = self._words("", "no_do_not_miss_reason", group.reason_for_none)
        return group._replace(diagnoses=tuple(map(self.diagnosis, group.diagnoses)), reason_for_none=reason)

    def diagnosis(self, shown: ShownDiagnosis) -> ShownDiagnosis:
        diagnosis = self.document.diagnosis(shown.key)
        if diagnosis is None or not any(key == shown.key for key, _ in self.quotes):
            return shown
        return shown._replace(
            name=self._words(shown.key, "name", shown.name),
            plain_name=self._words(shown.key, "plain_name", shown.plain_name),
            texts=tuple(self._text(diagnosis, text) for text in shown.texts),
        )

    def _text(self, diagnosis: Diagnosis, text: ShownText) -> ShownText:
        whose = Audience.PATIENT if text.for_patient else Audience.CLINICIAN
        flags = whose if diagnosis.text(whose).red_flags else next(a for a in Audience if a is not whose)
        lines = {"red_flags": (flags, text.red_flags), "distinguishing_signs": (whose, text.signs)}
        red_flags, signs = (
            tuple(self._html(diagnosis.key, f"{audience}.{name}", line) for line in found)
            for name, (audience, found) in lines.items()
        )
        rationale = self._html(diagnosis.key, f"{whose}.rationale", text.rationale)
        return text._replace(rationale=rationale, red_flags=red_flags, signs=signs)

    def _reference(self, reference: ShownReference) -> ShownReference:
        return reference._replace(citation=self._words("", "references", reference.citation))

    def _term(self, term: ShownTerm) -> ShownTerm:
        word, meaning = (self._words("", f"terms.{name}", getattr(term, name)) for name in ("term", "meaning"))
        return term._replace(term=word, meaning=meaning)

    def _question(self, shown: ShownQuestion) -> ShownQuestion:
        words = self._words("", "questions.question", shown.question)
        return shown._replace(question=words, answer=self._html("", "questions.answer", shown.answer))

    def _html(self, key: str, place: str, clean: str) -> SafeString:
        return mark_safe(mark(clean, self.quotes.get((key, place), ())))  # noqa: S308 - it was clean, and marks are ours

    def _words(self, key: str, place: str, words: str) -> SafeString:
        return mark_safe(mark_words(words, self.quotes.get((key, place), ())))  # noqa: S308 - escaped there
