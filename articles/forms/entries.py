"""The forms of what stands behind the diagnoses: readers' questions with answers, and terms with meanings."""

from typing import Any, ClassVar

from articles.forms.fields import PartForm, many_lines, one_line
from content.schema import Question, Term


class EntryForm(PartForm):
    """One entry of a list. `key` is its lasting name inside the article, made of what its field `named_by` says."""

    kind: ClassVar[str]
    named_by: ClassVar[str]

    def __init__(self, data: Any = None, *, key: str, **options: Any) -> None:
        super().__init__(data, prefix=f"{self.kind}-{key}", **options)
        self.key = key
        self.place = f"{self.kind}-{key}"

    @property
    def shown_name(self) -> str:
        return " ".join(str(self[self.named_by].value() or "").split()) or "(nothing yet)"

    def as_content(self, key: str) -> dict[str, Any]:
        return {"key": key, **self.cleaned_data}


class QuestionForm(EntryForm):
    """A question that a reader asked, and its answer."""

    kind = "question"
    named_by = "question"

    question = one_line("Question", "As a reader would ask it, without anything that tells who asked.")
    answer = many_lines("Answer", rows=4)

    @classmethod
    def of(cls, question: Question) -> "QuestionForm":
        return cls(key=question.key, initial=question.model_dump(exclude={"key"}))


class TermForm(EntryForm):
    """A word of the texts, and what it means."""

    kind = "term"
    named_by = "term"

    term = one_line("Term", "As it is written in the texts, in the singular.")
    meaning = many_lines("What it means", "One or two sentences in plain words.", rows=2)

    @classmethod
    def of(cls, term: Term) -> "TermForm":
        return cls(key=term.key, initial=term.model_dump(exclude={"key"}))
