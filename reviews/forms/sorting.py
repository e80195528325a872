"""What editors say of an article besides its text: priority, readers, who handles it, labels."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from articles.forms.labels import LabelsField
from articles.handling import MOST_READERS
from articles.labels import label_name
from articles.models import Article, Label, Priority
from people import permissions
from people.models import User


class HandlingForm(forms.Form):
    """Priority, readers a month and the handling editor, as far as this person may change them."""

    priority = forms.TypedChoiceField(label="Priority", choices=Priority.choices, coerce=int)
    traffic = forms.IntegerField(
        label="Readers a month",
        min_value=0,
        max_value=MOST_READERS,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text="How many people look for this subject, if you know.",
    )
    editor = forms.ModelChoiceField(
        label="Editor", queryset=User.objects.none(), empty_label="Nobody yet", help_text="Who handles this article."
    )

    def __init__(self, *args: Any, article: Article, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.article, self.user = article, user
        self.initial = {"priority": article.priority, "traffic": article.traffic, "editor": article.editor_id}
        if not permissions.may_prioritise(user, article):
            del self.fields["priority"]
        if article.may_be_handled_by(user):
            field: Any = self.fields["editor"]
            field.queryset, field.required = article.possible_editors(), article.editor_id is not None
            field.label_from_instance = lambda person: person.display_name
        else:
            del self.fields["editor"]

    def save(self) -> bool:
        """Change what was changed here; False when something cannot be, and then the form says what."""
        if not self.is_valid():
            return False
        try:
            with transaction.atomic():
                self._save(self.cleaned_data)
        except ValidationError as error:
            self.add_error(None, error)
        return not self.errors

    def _save(self, said: dict[str, Any]) -> None:
        changed = set(self.changed_data)
        if "priority" in changed:
            self.article.prioritise(said["priority"], by=self.user)
        if "traffic" in changed:
            self.article.note_traffic(said["traffic"], by=self.user)
        if "editor" in changed and said["editor"]:
            self.article.hand_over(said["editor"], by=self.user)


class LabelForm(forms.Form):
    """Labels to put on an article."""

    labels = LabelsField(
        label="Add labels",
        help_text="Several with commas between them. A new name becomes a new label.",
        error_messages={"required": "Name a label."},
    )

    def add_to(self, article: Article, *, by: User) -> bool:
        """Put them on it; False when they cannot be, and then the form says why."""
        if not self.is_valid():
            return False
        try:
            article.label(*self.cleaned_data["labels"], by=by)
        except ValidationError as error:
            self.add_error("labels", error)
        return not self.errors


class UnlabelForm(forms.Form):
    """One label to take off."""

    label = forms.ModelChoiceField(queryset=Label.objects.all())


class NewLabelForm(forms.Form):
    """A label that no article bears yet; also the new name of one."""

    name = forms.CharField(label="Name", max_length=40, error_messages={"required": "Give the label a name."})

    def clean_name(self) -> str:
        return label_name(self.cleaned_data["name"])


class MergeForm(forms.Form):
    """Which label takes this one's place."""

    into = forms.ModelChoiceField(
        label="Merge it into",
        queryset=Label.objects.none(),
        empty_label="Choose a label",
        error_messages={"required": "Choose the label that takes its place."},
    )

    def __init__(self, *args: Any, label: Label, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["into"]
        field.queryset = Label.objects.exclude(pk=label.pk)
