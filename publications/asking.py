"""A follow-up question as it was sent, and what the answer shows. Nothing of it is stored, logged or cached."""

from collections.abc import Mapping
from typing import NamedTuple, Self

from content.schema import Audience
from publications.models import Publication
from publications.passages import Answer
from publications.questions.numbers import ANYWHERE, Line, Region, region_of, regions
from publications.questions.reading import Question
from publications.questions.refusals import Reason

MAX_QUESTION = 1_000  # characters that the box takes
READERS = ("patient", "clinician", "student")

#: Why a part is not answered, and what helps instead.
REASONS = {
    Reason.INSTRUCTIONS: "Nothing here writes or follows orders: all that can be shown are words of reviewed articles.",
    Reason.DOSING: "Doses, and which medicine to take, start or stop: a pharmacist or doctor can see more than these "
    "words, and answers that.",
    Reason.PERSONAL: "Whether you or somebody else has an illness, or what a result means for one person: only someone "
    "who can examine you can say that.",
    Reason.OFF_TOPIC: "Something that is not about the symptoms in these articles.",
    Reason.LANGUAGE: "A question in another language: the articles, and these answers, are in English only.",
}


class FollowUp(NamedTuple):
    """What was typed, and who says to be reading."""

    words: str
    reader: str

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Self:
        reader = sent.get("audience", "")
        return cls(sent.get("question", "").strip(), reader if reader in READERS else READERS[0])

    @property
    def audience(self) -> Audience:
        """Whose text is quoted; students read the clinicians'."""
        return Audience.PATIENT if self.reader == "patient" else Audience.CLINICIAN


class Answered(NamedTuple):
    """The question understood, and what approved text says to it."""

    asked: FollowUp
    question: Question
    answer: Answer

    @classmethod
    def to(cls, asked: FollowUp, question: Question, publication: Publication) -> Self:
        """A refusal asks the database for nothing."""
        nothing = Answer([], [])
        found = Answer.find(publication, question, asked.audience) if question.is_answerable else nothing
        return cls(asked, question, found)

    @property
    def refusals(self) -> list[str]:
        return [REASONS[reason] for reason in self.question.refused]

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to read."""
        return not self.asked.words

    @property
    def is_only_refused(self) -> bool:
        return bool(self.question.refused) and not self.question.is_answerable

    @property
    def heading(self) -> str:
        if self.answer.passages:
            return "What our reviewed articles say"
        if self.is_empty:
            return "Please type a question"
        if self.question.is_too_long:
            return "Please ask in fewer words"
        return "This is not answered here" if self.is_only_refused else "Our reviewed articles do not answer this"


class Numbers(NamedTuple):
    """Whom to call: here, where that is known, and everywhere."""

    here: Region | None
    regions: tuple[Region, ...]
    anywhere: tuple[Line, ...]

    @classmethod
    def known(cls, accept_language: str) -> Self:
        return cls(region_of(accept_language), regions(), tuple(map(Line, ANYWHERE)))
