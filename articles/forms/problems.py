"""What `content.schema` finds wrong, as sentences at the fields it is found in."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from articles.forms.fields import PartForm

if TYPE_CHECKING:
    from articles.forms.draft import DraftForm

_HINTS = {
    "doi": "A DOI begins with “10.”, for example 10.1000/182.",
    "pmid": "A PMID is a number of up to nine digits.",
    "url": "A web address begins with https:// or http:// and has no spaces.",
}


class Problem(NamedTuple):
    """One sentence, and the form and field where it belongs (None: the whole)."""

    form: PartForm
    field: str | None
    sentence: str


def problems(error: ValidationError, draft: "DraftForm") -> Iterator[Problem]:
    """Every error of the schema, each at its place."""
    for detail in error.errors(include_url=False):
        yield _problem(detail, list(detail["loc"]), draft)


def _problem(detail: ErrorDetails, place: list[Any], draft: "DraftForm") -> Problem:
    match place:
        case ["diagnoses", int(at), *rest]:
            form: PartForm = draft.diagnoses[at]
            field, sentence = _in_diagnosis(detail, rest)
        case ["references", int(at), str(field)]:
            form, sentence = draft.references[at], _HINTS.get(field) or _sentence(detail)
        case ["questions", int(at), str(field)]:
            form, sentence = draft.questions[at], _sentence(detail)
        case ["terms", int(at), str(field)]:
            form, sentence = draft.terms[at], _sentence(detail)
        case ["presentation", str(audience)]:
            form, field, sentence = draft.whole, f"presentation_{audience}", _sentence(detail)
        case [str(field)] if field in draft.whole.fields:
            form, sentence = draft.whole, _sentence(detail)
        case _:
            form, field, sentence = draft.whole, None, _sentence(detail)
    return Problem(form, field, sentence)


def _in_diagnosis(detail: ErrorDetails, place: list[Any]) -> tuple[str | None, str]:
    match place:
        case [str(audience), str(field)]:
            return f"{audience}_{field}", _sentence(detail)
        case [str(audience), str(field), int(at)]:
            return f"{audience}_{field}", f"Line {at + 1}: {_sentence(detail)}"
        case ["codes", *_]:
            return "codes", _sentence(detail)
        case [str(field)] if field in {"name", "plain_name", "tier"}:
            return field, _sentence(detail)
        case _:
            return None, _sentence(detail)


def _sentence(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "too_long":
            what = "characters" if isinstance(detail["input"], str) else "entries"
            return f"This has {context['actual_length']:,} {what}; at most {context['max_length']:,} fit here."
        case "value_error":
            return _as_sentence(str(context["error"]))
        case _:
            return _as_sentence(detail["msg"])


def _as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
