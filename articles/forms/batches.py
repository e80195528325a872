"""Many files at once: what is chosen for all of them, the files themselves, and what became of them."""

import uuid
from collections.abc import Iterable, Iterator
from typing import IO, Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction

from articles.batches import FileState, IntakeBatch, IntakeFile
from articles.forms.labels import LabelsField
from articles.intake import NotAnArticle
from articles.intake.files import LARGEST_FILE
from articles.intake.packed import MOST_FILES, OTHER_KIND, Packed, unpack
from articles.labels import Priority
from articles.states import Origin
from people import permissions
from people.models import Role, User
from people.specialties import MedicalSpecialty

KINDS = (".txt", ".md", ".markdown", ".text", ".docx", ".zip")
SUBMIT = "submit"
WAYS = [("draft", "Drafts, for the author to look through"), (SUBMIT, "Submit what is complete, in the author’s name")]
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
        """Every article that was sent, archives unpacked. A whole archive that cannot be read is one refused line."""
        for file in self.cleaned_data["uploads"]:
            yield from _opened(file)
        if self.cleaned_data["text"].strip():
            yield Packed("pasted page.txt", self.cleaned_data["text"].encode())


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


class BatchForm(FilesForm):
    """What is chosen for all files of a batch."""

    author = forms.ModelChoiceField(
        label="House author",
        queryset=User.objects.none(),
        empty_label="Choose an author",
        help_text="Who owns these articles, answers for them and is named as their author.",
        error_messages={"required": "Choose the author of these articles."},
    )
    specialty = forms.ChoiceField(
        label="Specialty", choices=[("", "Choose later"), *MedicalSpecialty.by_label()], required=False
    )
    priority = forms.TypedChoiceField(
        label="Priority", choices=Priority.choices, coerce=int, initial=Priority.NORMAL, required=False
    )
    labels = LabelsField(label="Labels", required=False, help_text="With commas between them.")
    to_submit = forms.TypedChoiceField(
        label="What to make of them",
        choices=WAYS,
        coerce=lambda value: value == SUBMIT,
        required=False,
        initial="draft",
        widget=forms.RadioSelect,
        help_text="What cannot be submitted stays a draft, and the report says why.",
    )
    origin = forms.ChoiceField(
        label="How the texts were made", choices=Origin.choices, initial=Origin.AI_DRAFTED, required=False
    )
    ai_tool = forms.CharField(
        label="AI tool that was used", max_length=200, required=False, help_text="Name and version, when AI took part."
    )
    is_doubling = forms.BooleanField(
        label="Also take in texts that this author has here already",
        required=False,
        help_text="Otherwise a text is taken in once, however often it is sent.",
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    field_order = ("uploads", "text", "author", "to_submit", "origin", "ai_tool", "specialty", "priority", "labels")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.initial.setdefault("key", uuid.uuid4())
        author: Any = self.fields["author"]
        author.queryset = User.objects.with_role(Role.AUTHOR).order_by("name", "pk")
        author.label_from_instance = lambda person: f"{person.display_name} ({person.email})"

    def clean(self) -> dict[str, Any]:
        """What is submitted names its author's interests and the AI tool."""
        said = super().clean()
        author = said.get("author")
        if said.get("to_submit"):
            self._clean_submission(said, author)
        else:
            said["origin"], said["ai_tool"] = Origin.HUMAN, ""
        own = author is not None and not permissions.may_prioritise(self.user, _Owned(author.pk))
        if own and said.get("priority") not in (None, "", Priority.NORMAL):
            self.add_error("priority", "These would be your own articles: another editor says how urgent they are.")
        return said

    def _clean_submission(self, said: dict[str, Any], author: User | None) -> None:
        if author is not None and author.current_disclosure() is None:
            message = (
                f"{author.display_name}’s disclosure of interests is missing or older than 12 months, so nothing "
                "can be submitted in their name. Have it renewed, or take the articles in as drafts."
            )
            self.add_error("author", message)
        by_ai = said.get("origin") not in ("", Origin.HUMAN, None)
        said["origin"] = said.get("origin") or Origin.HUMAN
        said["ai_tool"] = said.get("ai_tool", "").strip()
        if by_ai and not said["ai_tool"]:
            self.add_error("ai_tool", "Name the AI tool that was used.")
        if not by_ai and said["ai_tool"]:
            self.add_error("ai_tool", "You chose “written by a person”. Clear this, or choose another answer above.")

    def begin(self) -> IntakeBatch | None:
        """The batch; None when something is missing, and then the form says what."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        names = ("author", "specialty", "to_submit", "origin", "ai_tool", "is_doubling")
        chosen = {name: said[name] for name in names} | {"priority": said["priority"] or Priority.NORMAL}
        chosen["to_submit"] = bool(said["to_submit"])
        try:
            return IntakeBatch.objects.begin(
                _some(self.packed()), by=self.user, key=said["key"] or uuid.uuid4(), labels=said["labels"], **chosen
            )
        except NotAnArticle as error:
            self.add_error("uploads", f"{error.reason[:1].upper()}{error.reason[1:]}.")
        except ValidationError as error:
            self.add_error(None, error)
        return None


class AddFilesForm(FilesForm):
    """More files for a batch."""

    def add_to(self, batch: IntakeBatch, *, by: User) -> int | None:
        """How many were added; None when there is nothing to add, and then the form says why."""
        if not self.is_valid():
            return None
        try:
            with transaction.atomic():
                return batch.add(_some(self.packed()), by=by)
        except NotAnArticle as error:
            self.add_error("uploads", f"{error.reason[:1].upper()}{error.reason[1:]}.")
        except ValidationError as error:
            self.add_error("uploads", error)
        return None


def _some(files: Iterable[Packed]) -> Iterator[Packed]:
    """The same, as long as one upload has no more than it may."""
    for number, file in enumerate(files, 1):
        if number > MOST_FILES:
            raise NotAnArticle(f"these are more than {MOST_FILES:,} articles; send them in parts")
        yield file


class _Owned:
    """An article that is not there yet, as far as permissions go."""

    def __init__(self, owner_id: int) -> None:
        self.owner_id = owner_id


class AgainForm(forms.Form):
    """The mended file."""

    file = forms.FileField(label="The mended file", widget=forms.FileInput(attrs={"accept": ",".join(KINDS[:-1])}))

    def send(self, file: IntakeFile, *, by: User) -> bool:
        """Put it in the place of the one that was refused."""
        if not self.is_valid():
            return False
        file.send_again(self.cleaned_data["file"].read(LARGEST_FILE + 1), by=by)
        return True


VIEWS = [
    ("", "All"),
    ("taken", "Taken in"),
    ("failed", "No article"),
    ("incomplete", "Could not be submitted"),
    ("doubtful", "With doubts"),
    ("double", "Duplicates"),
    ("waiting", "Waiting"),
]


class ReportForm(forms.Form):
    """Which files of a batch, and after which one, from the address line; what makes no sense counts as not said."""

    show = forms.ChoiceField(choices=VIEWS, required=False)
    after = forms.IntegerField(min_value=0, max_value=2**62, required=False)

    def asked(self) -> dict[str, Any]:
        """The fields that make sense."""
        self.is_valid()
        return {"show": "", "after": 0} | {name: value for name, value in self.cleaned_data.items() if value}


SHOWN = {
    "taken": [FileState.IMPORTED, FileState.SUBMITTED, FileState.INCOMPLETE],
    "failed": [FileState.REFUSED, FileState.STOPPED],
    "incomplete": [FileState.INCOMPLETE],
    "waiting": [FileState.WAITING],
}
