"""A new article: a page that is pasted or uploaded, or an empty one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from articles import intake
from articles.intake import Doubt, Intake, NotAnArticle
from articles.intake.files import text_of
from articles.models import Article, Version
from articles.states import VersionState
from content import canonical
from content.schema import Content
from people.models import User
from people.specialties import MedicalSpecialty

MAX_BYTES = 10 * 1024 * 1024
KINDS = (".txt", ".md", ".markdown", ".docx")
MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Page:
    """What was handed in, as it was read: the article, and the text that it was read from."""

    taken: Intake
    source: str
    doubts: tuple[Doubt, ...]

    @property
    def notes(self) -> list[dict[str, Any]]:
        """Doubts and lines left out, as they are stored with the draft."""
        doubts = [{"kind": "doubt", **doubt._asdict()} for doubt in self.doubts]
        left_out = [{"kind": "left_out", **line._asdict()} for line in self.taken.left_out]
        return [{"id": number, **note} for number, note in enumerate([*doubts, *left_out])]


class NewArticleForm(forms.Form):
    """Paste a page, or upload one."""

    text = forms.CharField(
        label="The page as text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text="Copy the whole page and paste it. Menus, share buttons and other page furniture are left out.",
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
        help_text="Plain text, Markdown or Word (.txt, .md, .docx), at most 10 MB.",
    )
    specialty = forms.ChoiceField(
        label="Specialty", choices=[("", "Choose later"), *MedicalSpecialty.by_label()], required=False
    )
    page: Page | None = None
    refused: NotAnArticle | None = None

    def clean_file(self) -> File[bytes] | None:
        """Of a kind that can be read, and not too large."""
        file: File[bytes] | None = self.cleaned_data["file"]
        if file and not (file.name or "").lower().endswith(KINDS):
            raise forms.ValidationError("Choose a file that ends in .txt, .md or .docx.")
        if file and (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                "This file is larger than 10 MB. An article is far smaller: is it the right one?"
            )
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two, and an article; an error says the line and what to do."""
        text, file = self.cleaned_data.get("text", ""), self.cleaned_data.get("file")
        if text.strip() and file:
            self.add_error("file", "There is a pasted text as well. Empty one of the two.")
        elif not text.strip() and not file and "file" not in self.errors:
            self.add_error("text", "Paste a page, or choose a file. To write from nothing, start an empty article.")
        elif not self.errors:
            self._read(text, file)
        return self.cleaned_data

    def _read(self, text: str, file: File[bytes] | None) -> None:
        try:
            source, doubts = text_of(file.name or "", file.read()) if file else (text, ())
            taken = intake.read(source)
        except NotAnArticle as refused:
            self.refused = refused
            self.add_error("file" if file else "text", f"Line {refused.line}: {refused.reason}.")
        else:
            self.page = Page(taken, source, (*doubts, *taken.doubts))

    def make(self, *, by: User) -> Version | None:
        """The draft of what was handed in; None when it is no article.

        The same page handed in twice within a moment, as by pressing twice, is one draft.
        """
        if not self.is_valid() or self.page is None:
            return None
        return _make(self.page.taken.content, self.page.source, by, self.cleaned_data["specialty"], self.page.notes)


def make_empty(*, by: User) -> Version:
    """A draft without a word; pressed twice within a moment, one draft."""
    return _make(Content(), "", by, "", [])


def _make(content: Content, source: str, by: User, specialty: str, notes: list[dict[str, Any]]) -> Version:
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        just_made = Version.objects.with_people().filter(
            article__owner=by,
            number=1,
            state=VersionState.DRAFT,
            revision=1,
            source=source,
            content=canonical.dumps(content),
            created_at__gte=timezone.now() - MOMENT,
        )
        if again := just_made.first():
            return again
        return Article.objects.create_with_draft(content, by=by, specialty=specialty, source=source, doubts=notes)
