"""The whole editor as one form: what was typed, what it amounts to, and saving it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import cached_property
from pydantic import ValidationError

from articles.codes import Icd10Code
from articles.forms.actions import keys
from articles.forms.entries import EntryForm, QuestionForm, TermForm
from articles.forms.fields import PartForm
from articles.forms.gaps import by_place, gaps_in
from articles.forms.naming import CALLED_BY, lasting_key
from articles.forms.parts import DiagnosisForm, LookupForm, ReferenceForm, WholeForm
from articles.forms.problems import problems
from articles.models import Typing, Version
from articles.writing import TAB
from content.completeness import Gap
from content.readability import Readability, assess
from content.schema import ICD10CM_CODE, Content, Tier
from people.models import User

SHORT = 3


class DraftForm:
    """Everything typed about one draft. Without `typed` it shows the draft as it is saved.

    Nothing that was typed is changed on the way back to the page: an error leaves every field as it was sent.
    """

    def __init__(self, version: Version, typed: QueryDict | None = None) -> None:
        self.version = version
        self.typed = typed
        self.renamed: dict[str, dict[str, str]] = {parts: {} for parts in CALLED_BY}
        self.based_on = version.revision if typed is None else number_of(typed.get("based_on", ""))
        self.tab = _tab(typed)
        self.restored = 0 if typed is None else number_of(typed.get("restored", ""))
        self.whole: WholeForm
        self.references: list[ReferenceForm]
        self.diagnoses: list[DiagnosisForm]
        self.questions: list[QuestionForm]
        self.terms: list[TermForm]
        if typed is None:
            self._show(version.document)
        else:
            self._take(typed)
        self.lookup = LookupForm(typed)
        self._look_up_codes()
        for form in self.diagnoses:
            form.references = self.references

    def _show(self, content: Content) -> None:
        known = [reference.key for reference in content.references]
        self.whole = WholeForm.of(content, self.version.article.specialty)
        self.references = [ReferenceForm.of(reference) for reference in content.references]
        self.diagnoses = [DiagnosisForm.of(diagnosis, known) for diagnosis in content.diagnoses]
        self.questions = [QuestionForm.of(question) for question in content.questions]
        self.terms = [TermForm.of(term) for term in content.terms]

    def _take(self, typed: QueryDict) -> None:
        known = keys(typed, "reference")
        self.whole = WholeForm(typed)
        self.references = [ReferenceForm(typed, key=key) for key in known]
        sent = [DiagnosisForm(typed, key=key, known=known) for key in keys(typed, "diagnosis")]
        self.diagnoses = sorted(sent, key=lambda form: form.tier_now.position)
        self.questions = [QuestionForm(typed, key=key) for key in keys(typed, "question")]
        self.terms = [TermForm(typed, key=key) for key in keys(typed, "term")]

    def _look_up_codes(self) -> None:
        wanted = {code for form in self.diagnoses for code in form.typed_codes if ICD10CM_CODE.fullmatch(code)}
        found = Icd10Code.objects.in_bulk(wanted)
        for form in self.diagnoses:
            form.code_rows = found

    @property
    def is_bound(self) -> bool:
        return self.typed is not None

    @property
    def parts(self) -> list[PartForm]:
        """Every form on the page, in its order."""
        return [self.whole, *self.diagnoses, *self.questions, *self.terms, *self.references, self.lookup]

    @cached_property
    def content(self) -> Content | None:
        """What was typed, as an article; None when it has no such shape, and then the fields say why."""
        if not self.is_bound:
            return self.version.document
        if not all([part.is_valid() for part in self.parts]):  # noqa: C419 - every form is to find its own errors
            return None
        try:
            return Content.model_validate(self._as_content())
        except ValidationError as error:
            for problem in problems(error, self):
                problem.form.add_error(problem.field, problem.sentence)
            return None

    def _as_content(self) -> dict[str, Any]:
        return {
            **self.whole.as_content(),
            **{parts: self._named(parts) for parts in CALLED_BY},
            "references": [form.as_content() for form in self.references],
        }

    def _named(self, parts: str) -> list[dict[str, Any]]:
        return [form.as_content(self._final_key(form, parts)) for form in self._forms(parts)]

    def _forms(self, parts: str) -> list[DiagnosisForm | EntryForm]:
        return list(getattr(self, parts))

    def _final_key(self, form: DiagnosisForm | EntryForm, parts: str) -> str:
        others = {other.key for other in self._forms(parts) if other is not form} | set(self.renamed[parts].values())
        key = lasting_key(form.key, others, form.cleaned_data[CALLED_BY[parts]])
        if key != form.key:
            self.renamed[parts][form.key] = key
        return key

    @property
    def content_here(self) -> Content:
        """What is typed, under the keys that this page knows; as it is saved while what is typed has no shape."""
        if self.content is None:
            return self.version.document
        here: dict[str, tuple[Any, ...]] = {}
        for parts, renamed in self.renamed.items():
            known = {new: old for old, new in renamed.items()}
            saved = getattr(self.content, parts)
            here[parts] = tuple(each.model_copy(update={"key": known.get(each.key, each.key)}) for each in saved)
        return self.content.model_copy(update=here)

    @property
    def says_what_is_saved(self) -> bool:
        """Whether nothing was typed that the draft does not hold."""
        return self.content is not None and self.content_here == self.version.document

    def save(self, *, by: User, stays_open: bool = False) -> Version | None:
        """Save the draft; None when what was typed has no shape.

        A diagnosis that is new gets its lasting key, unless its page stays open and goes on calling it as it did.

        Raises:
            EditConflict, IllegalMove, PermissionDenied: see `Version.save_draft`.
        """
        if self.content is None:
            return None
        content = self.content_here if stays_open else self.content
        with transaction.atomic():
            specialty = self.whole.cleaned_data["specialty"]
            if specialty != self.whole.cleaned_data["specialty_before"]:
                self.version.article.classify(specialty, by=by)
            saved = self.version.save_draft(content, by=by, based_on=self.based_on, tab=self.tab)
            Typing.objects.of(self.version, by).filter(Q(tab=self.tab) | Q(pk=self.restored)).delete()
        return saved

    def final_place(self, place: str) -> str:
        """Where on the saved page the place of this page is."""
        for parts, renamed in self.renamed.items():
            for form in self._forms(parts):
                rest = place.removeprefix(form.place)
                if form.key in renamed and rest != place and rest[:1] in {"", "_"}:
                    return form.place.removesuffix(form.key) + renamed[form.key] + rest
        return place

    @property
    def has_errors(self) -> bool:
        return any(part.errors for part in self.parts)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) of everything wrong, in the order of the page."""
        return [error for part in self.parts for error in _errors(part)]

    @property
    def tiers(self) -> list[tuple[Tier, list[DiagnosisForm]]]:
        return [(tier, [form for form in self.diagnoses if form.tier_now is tier]) for tier in Tier]

    @cached_property
    def gaps(self) -> list[Gap]:
        """What is still missing, what blocks first."""
        return gaps_in(self.content_here, self.whole["specialty"].value())

    @cached_property
    def readability(self) -> Readability:
        """How hard the text for patients is."""
        return assess(self.content_here)

    @cached_property
    def gaps_at(self) -> dict[str, list[Gap]]:
        return by_place(self.gaps)

    @property
    def blocking(self) -> list[Gap]:
        return [gap for gap in self.gaps if gap.blocks]

    @property
    def advice(self) -> list[Gap]:
        return [gap for gap in self.gaps if not gap.blocks]

    @property
    def is_complete(self) -> bool:
        """Whether nothing that is needed is missing."""
        return not self.blocking

    @property
    def is_short(self) -> bool:
        """Whether every diagnosis can stand open at once."""
        return len(self.diagnoses) <= SHORT

    @property
    def diagnoses_with_remarks(self) -> list[tuple[DiagnosisForm, list[Gap], list[dict[str, Any]]]]:
        """Each diagnosis with what it lacks and what is doubtful about it."""
        return [(form, self.gaps_at.get(form.place, []), self.doubts_at.get(form.place, [])) for form in self.diagnoses]

    @property
    def questions_with_gaps(self) -> list[tuple[QuestionForm, list[Gap]]]:
        return [(form, self.gaps_at.get(form.place, [])) for form in self.questions]

    @property
    def terms_with_gaps(self) -> list[tuple[TermForm, list[Gap]]]:
        return [(form, self.gaps_at.get(form.place, [])) for form in self.terms]

    @cached_property
    def doubts_at(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for doubt in self.doubts:
            found.setdefault(doubt["place"], []).append(doubt)
        return found

    @cached_property
    def doubts(self) -> list[dict[str, Any]]:
        """What the reading of the pasted page was not sure of."""
        return [doubt for doubt in self.version.doubts if doubt["kind"] == "doubt"]

    @cached_property
    def left_out(self) -> list[dict[str, Any]]:
        """The lines of the pasted page that were not taken."""
        return [line for line in self.version.doubts if line["kind"] == "left_out"]


def _errors(part: PartForm) -> list[tuple[str, str]]:
    place = getattr(part, "place", "title")
    where = f"{part.shown_name}, " if isinstance(part, DiagnosisForm | EntryForm) else ""
    found = [(place, f"{where}{error}") for error in part.non_field_errors()]
    for bound in part:
        found += [(bound.id_for_label, f"{where}{bound.label}: {error}") for error in bound.errors]
    return found


def _tab(typed: QueryDict | None) -> str:
    """The name of the window that this was typed in; a new one for a page that begins."""
    sent = "" if typed is None else str(typed.get("tab", ""))
    return sent if TAB.fullmatch(sent) else uuid.uuid4().hex


def number_of(text: str) -> int:
    """The number that was sent; 0 for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
