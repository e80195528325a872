"""What a reader fills in to write to the editors."""

import re
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from content import text
from people.forms.fields import Prose
from publications.letters.inbox import MAX_QUESTION, MAX_WORDS, LetterKind, Problem, Sent
from publications.models import Publication

WHOLE = "The article as a whole"


class LetterForm(forms.Form):
    """The words, and an address for whoever wants an answer. Nothing else is asked."""

    kind: ClassVar[LetterKind]

    address = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        required=False,
        help_text="Only if you want an answer. It is deleted some weeks after your letter is closed.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Write it like name@example.org, or leave it empty."},
    )
    consent = forms.BooleanField(
        label="The editors may write to this address about this letter",
        required=False,
        help_text="And for nothing else.",
    )

    def __init__(self, data: QueryDict | None = None, *, publication: Publication, **options: Any) -> None:
        super().__init__(data, use_required_attribute=False, **options)
        self.publication = publication

    def clean_address(self) -> str:
        """No address that cannot be sent to, none of our own network, and none that a mail would spell otherwise:
        confirmations are counted by it.
        """
        address = str(self.cleaned_data["address"])
        try:
            domain = address.rpartition("@")[2].lower()
            is_one_way = domain.encode("idna").decode("idna") == domain
            is_plain = is_one_way and address == text.line(address) and not re.search(r"=\?|\[", address)
        except UnicodeError:
            is_plain = False
        if not is_plain:
            raise forms.ValidationError(self.fields["address"].error_messages["invalid"])
        return address

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("address") and not said.get("consent"):
            self.add_error("consent", "Tick this so that the editors may answer you, or take your address out.")
        return said

    @property
    def sent(self) -> Sent:
        """What was filled in; ask for it once the form is valid."""
        said = self.cleaned_data
        return Sent(
            kind=self.kind,
            version_id=self.publication.pk,
            words=said["words"],
            problem=said.get("problem", ""),
            diagnosis_key=said.get("diagnosis", ""),
            address=said["address"],
        )


class ReportForm(LetterForm):
    """Something is wrong with the article."""

    kind = LetterKind.PROBLEM

    problem = forms.ChoiceField(
        label="What is the problem?",
        choices=Problem.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what comes nearest."},
    )
    diagnosis = forms.ChoiceField(label="Where is it?", required=False)
    words = Prose(
        label="What should the editors know?",
        max_length=MAX_WORDS,
        rows=6,
        help_text="What it says, and what it should say. A source helps. Leave out your name and your own health.",
        error_messages={"required": "Say in a sentence what is wrong."},
    )
    field_order = ("problem", "diagnosis", "words", "address", "consent")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["diagnosis"]
        field.choices = [("", WHOLE), *((each.key, each.name) for each in self.publication.document.diagnoses)]


class QuestionForm(LetterForm):
    """Something that the article leaves open."""

    kind = LetterKind.QUESTION

    words = Prose(
        label="Your question",
        max_length=MAX_QUESTION,
        help_text="Ask about the subject, not about yourself: leave out names, ages and what you take.",
        error_messages={"required": "Write your question."},
    )
    field_order = ("words", "address", "consent")
