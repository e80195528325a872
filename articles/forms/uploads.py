"""Files that are sent: many at once, archives of them, one page as text, or one in the place of another."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File

from articles.batch_files import IntakeFile
from articles.intake import NotAnArticle
from articles.intake.files import LARGEST_FILE
from articles.intake.packed import MOST_FILES, OTHER_KIND, Packed, unpack
from people.models import User

KINDS = (".txt", ".md", ".markdown", ".text", ".docx", ".zip")
MEGABYTES = settings.MAX_BODY_BYTES // 1_048_576


class ManyFilesInput(forms.ClearableFileInput):
    """A control for several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; cleans to a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each as one file would be; an empty one is kept, so that its line of the report can say so."""
        files = [file for file in data or [] if file]
        if len(files) > MOST_FILES:
            raise ValidationError(f"These are {len(files):,} files. Send at most {MOST_FILES:,} at once.")
        return files


class FilesForm(forms.Form):
    """Files, archives, or one pasted page."""

    uploads = ManyFilesField(
        label="Files",
        required=False,
        widget=ManyFilesInput(attrs={"accept": ",".join(KINDS)}),
        help_text=(
            "Choose as many as you like: .txt, .md and .docx, an article each, or a .zip of them. "
            f"At most {MEGABYTES} MB and {MOST_FILES:,} articles in one go; add more to the batch afterwards."
        ),
    )
    text = forms.CharField(
        label="Or one page as text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Something to read."""
        said = self.cleaned_data
        if "uploads" in said and not said["uploads"] and not said.get("text", "").strip():
            self.add_error("uploads", "Choose at least one file, or paste a page.")
        return said

    def packed(self) -> Iterator[Packed]:
        """Every article that was sent, archives unpacked. A whole archive that cannot be read is one refused line.

        Raises:
            NotAnArticle: these are more than one upload may have.
        """
        pasted = self.cleaned_data["text"]
        opened = chain.from_iterable(map(_opened, self.cleaned_data["uploads"]))
        page = [Packed("pasted page.txt", pasted.encode())] if pasted.strip() else []
        yield from _few_enough(chain(opened, page))


def _opened(file: File[bytes]) -> Iterator[Packed]:
    name = file.name or "file"
    if not name.lower().endswith(".zip"):
        yield Packed(name, file.read(LARGEST_FILE + 1))
        return
    count = 0
    try:
        for inside in unpack(cast(IO[bytes], file)):
            if inside.reason == OTHER_KIND and not count:
                break  # nothing but other kinds: one line says so
            count += 1
            yield inside._replace(name=f"{name}/{inside.name}")
    except NotAnArticle as refused:
        yield Packed(name, reason=refused.reason)
    else:
        if not count:
            yield Packed(name, reason="there is no .txt, .md or .docx file in this archive")


def _few_enough(files: Iterable[Packed]) -> Iterator[Packed]:
    """The same, as long as one upload has no more than it may."""
    for number, file in enumerate(files, 1):
        if number > MOST_FILES:
            raise NotAnArticle(f"these are more than {MOST_FILES:,} articles; send them in parts")
        yield file


class AgainForm(forms.Form):
    """The mended file."""

    file = forms.FileField(label="The mended file", widget=forms.FileInput(attrs={"accept": ",".join(KINDS[:-1])}))

    def send(self, file: IntakeFile, *, by: User) -> bool:
        """Put it in the place of the one that was refused."""
        if not self.is_valid():
            return False
        file.send_again(self.cleaned_data["file"].read(LARGEST_FILE + 1), by=by)
        return True
