"""Many files at once: what is chosen for all of them, more of them, and which of them a page is about."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst

from articles.batch_files import FileView
from articles.batches import IntakeBatch
from articles.forms.labels import LabelsField
from articles.forms.uploads import FilesForm
from articles.intake import NotAnArticle
from articles.labels import Priority
from articles.states import Origin
from people import permissions
from people.models import Role, User
from people.specialties import MedicalSpecialty

SUBMIT = "submit"
WAYS = [("draft", "Drafts, for the author to look through"), (SUBMIT, "Submit what is complete, in the author’s name")]


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
                self.packed(), by=self.user, key=said["key"] or uuid.uuid4(), labels=said["labels"], **chosen
            )
        except NotAnArticle as error:
            self.add_error("uploads", f"{capfirst(error.reason)}.")
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
                return batch.add(self.packed(), by=by)
        except NotAnArticle as error:
            self.add_error("uploads", f"{capfirst(error.reason)}.")
        except ValidationError as error:
            self.add_error("uploads", error)
        return None


class _Owned:
    """An article that is not there yet, as far as permissions go."""

    def __init__(self, owner_id: int) -> None:
        self.owner_id = owner_id


class ReportForm(forms.Form):
    """Which files of a batch, and after which one, from the address line; what makes no sense counts as not said."""

    show = forms.ChoiceField(choices=FileView.choices, required=False)
    after = forms.IntegerField(min_value=0, max_value=2**62, required=False)

    def asked(self) -> tuple[FileView, int]:
        """The heading, and the file after which the page begins."""
        self.is_valid()
        return FileView(self.cleaned_data.get("show", "")), self.cleaned_data.get("after") or 0
