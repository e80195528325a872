"""What editors say of a reader's letter, and how they look for letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from articles.models import Version
from articles.states import UNRETRACTED
from content import text
from content.schema import MAX_PROSE
from people.forms.fields import Line, Prose
from people.models import User
from publications.letters.inbox import LetterKind, Problem
from reviews.forms.reviewing import ActForm
from reviews.letter_versions import put_in_version
from reviews.models import ReaderLetter
from reviews.models.letter_record import ReaderLetterQuerySet
from reviews.models.letters import MAX_ANSWER
from reviews.states import LetterOutcome, LetterState

PAGE_SIZE = 50
LARGEST = 2**63 - 1
VIEWS = (
    ("open", "Open", "inbox"),
    ("mine", "Yours", "user"),
    ("nobody", "Nobody’s yet", "circle-dot"),
    ("over", "Over the date", "clock"),
    ("awaiting", "In a new version", "file-plus"),
    ("closed", "Closed", "circle-check"),
)


class LettersForm(forms.Form):
    """A part of the letters, from the address line; what makes no sense there counts as not said."""

    view = forms.ChoiceField(choices=[(key, label) for key, label, _ in VIEWS], required=False)
    kind = forms.ChoiceField(
        label="What it is",
        choices=[("", "Anything"), (LetterKind.QUESTION, "Question"), *Problem.choices],
        required=False,
    )
    q = forms.CharField(
        label="Article or number",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"data-key-search": ""}),
    )
    article = forms.IntegerField(min_value=1, max_value=LARGEST, required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(min_value=1, max_value=1_000, required=False, widget=forms.HiddenInput)

    def asked(self) -> dict[str, Any]:
        """The fields that make sense and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def found(self, user: User) -> ReaderLetterQuerySet:
        """Those letters, the most pressing first; closed ones by when they were closed."""
        asked = self.asked()
        found = in_view(asked.get("view", "open"), user)
        if kind := asked.get("kind"):
            found = found.filter(Q(kind=kind) | Q(problem=kind))
        if article := asked.get("article"):
            found = found.filter(article=article)
        if q := asked.get("q"):
            number = int(q) if q.isascii() and q.isdigit() and int(q) <= LARGEST else None
            found = found.filter(Q(pk=number) if number else Q(version__title__icontains=q))
        return found.order_by("-closed_at", "-pk") if asked.get("view") == "closed" else found.most_pressing_first()

    def url(self, **other: Any) -> str:
        """The same part with something else in it."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in {**self.asked(), **other}.items() if value})
        return f"{reverse('letters:list')}?{query.urlencode()}".rstrip("?")


def in_view(key: str, user: User) -> ReaderLetterQuerySet:
    """The letters of a view."""
    letters = ReaderLetter.objects.all()
    match key:
        case "mine":
            return letters.open().filter(holder=user)
        case "nobody":
            return letters.untaken()
        case "over":
            return letters.due(days=1)
        case "awaiting":
            return letters.filter(state=LetterState.AWAITING)
        case "closed":
            return letters.filter(state=LetterState.CLOSED)
        case _:
            return letters.open()


class OnLetterForm(ActForm):
    """Something done to a letter; `seen` is the state in which the page showed it."""

    #: What does it, to the letter.
    act: ClassVar[Callable[..., object]]
    #: What is said when it was done, with the fields and the `result`.
    done: ClassVar[str]

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, letter: ReaderLetter, **options: Any) -> None:
        name = type(self).__name__.removesuffix("Form").lower()
        super().__init__(data, auto_id=f"{name}_%s", initial={"seen": letter.revision}, **options)
        self.letter = letter

    def do(self, *, by: User) -> bool:
        """Do it; whether it was done."""
        return self.attempt(partial(self.act, self.letter, by=by))

    @property
    def said(self) -> str:
        """What was done, in a sentence."""
        return self.done.format(**self.cleaned_data, result=self.result)


class TakeForm(OnLetterForm):
    """Take a letter."""

    act = staticmethod(ReaderLetter.take)
    done = "The letter is yours."


class HandOverForm(OnLetterForm):
    """Give a letter to a colleague."""

    act = staticmethod(ReaderLetter.hand_over)
    done = "{to.display_name} has the letter now."

    to = forms.ModelChoiceField(
        label="To", queryset=User.objects.none(), empty_label="Choose an editor", error_messages={"required": "Choose."}
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["to"]
        field.queryset = self.letter.possible_holders().exclude(pk=self.letter.holder_id or 0)
        field.label_from_instance = lambda person: person.display_name


class ReplyForm(OnLetterForm):
    """An answer by mail."""

    act = staticmethod(ReaderLetter.reply)
    done = "The answer is on its way."

    answer = Prose(
        label="Your answer",
        max_length=MAX_ANSWER,
        rows=7,
        help_text="About the subject, for anybody: no advice about this reader’s own health. Plain text.",
        error_messages={"required": "Write an answer."},
    )
    closes = forms.BooleanField(label="This closes the letter", required=False, initial=True)


class CloseForm(OnLetterForm):
    """What came of it."""

    act = staticmethod(ReaderLetter.close)
    done = "The letter is closed."

    outcome = forms.TypedChoiceField(
        label="What came of it?", coerce=LetterOutcome, error_messages={"required": "Choose an outcome."}
    )
    number = forms.IntegerField(
        label="Number of the version, or of the other letter",
        min_value=1,
        max_value=LARGEST,
        required=False,
        help_text="The approved version in which it was corrected, or the letter that says the same.",
    )
    reason = Prose(
        label="Why",
        max_length=MAX_ANSWER,
        required=False,
        rows=3,
        help_text="For the editors; the reader does not see it. Needed when nothing is changed.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        by_mail = {LetterOutcome.ANSWERED} if self.letter.answered_at is None else set()
        choices = [(each.value, each.label) for each in LetterOutcome if each not in by_mail]
        field: Any = self.fields["outcome"]
        field.choices = [("", "Choose"), *choices]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        outcome, number = said.get("outcome"), said.get("number")
        if outcome == LetterOutcome.NO_CHANGE and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say why nothing is changed.")
        if outcome == LetterOutcome.DUPLICATE:
            said["duplicate_of"] = ReaderLetter.objects.exclude(pk=self.letter.pk).filter(pk=number or 0).first()
            if said["duplicate_of"] is None:
                self.add_error("number", "Name another letter by its number.")
        if outcome == LetterOutcome.IN_VERSION:
            versions = Version.objects.filter(article=self.letter.article_id, state__in=UNRETRACTED)
            said["came_with"] = versions.filter(number=min(number or 0, 2**31 - 1)).first()
            if said["came_with"] is None:
                self.add_error("number", "Name a version of this article that was approved.")
        names = ("seen", "outcome", "reason", "duplicate_of", "came_with")
        return {name: said[name] for name in names if said.get(name) not in (None, "")}


class VersionForm(OnLetterForm):
    """A new version in which the letter is dealt with; a question stands there with its answer."""

    act = staticmethod(put_in_version)
    done = "It waits for version {result.number}. Write there and submit it: its approval closes the letter."

    question = Line(
        label="The question, as readers will see it",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="About the subject, in general words: nothing of the person who asked.",
        error_messages={"required": "Write the question."},
    )
    answer = Prose(
        label="The answer",
        max_length=MAX_PROSE,
        required=False,
        rows=6,
        help_text="Markdown. It can be written in the editor, too; the reviewers sign it with the rest of the article.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.letter.is_question:
            del self.fields["question"], self.fields["answer"]
        elif not self.is_bound:
            self.initial["question"] = text.line(self.letter.words)[:500]
