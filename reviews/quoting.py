"""The words that a finding speaks of: checked against the text, and replaced by those that it suggests."""

from typing import TYPE_CHECKING, Any, TypedDict

from django.core.exceptions import ValidationError
from pydantic import ValidationError as Invalid

from content import anchors, text
from content.anchors import CannotReplace, locate
from content.schema import Content

if TYPE_CHECKING:
    from reviews.models import Finding


class Words(TypedDict, total=False):
    """What a finding quotes and suggests, as it was sent; see `quoted`."""

    quote: str
    before: str
    audience: str
    replacement: str | None


def quoted(
    document: Content,
    key: str,
    *,
    quote: str = "",
    before: str = "",
    audience: str = "",
    replacement: str | None = None,
) -> dict[str, Any]:
    """What a finding stores of its words: where they stand, what they are, what stands before them.

    A `quote` must stand in the text, after the words `before` it; a `replacement` ("" to delete) needs one.

    Raises:
        ValidationError: they, or the diagnosis, do not stand there, or other words are suggested for none.
    """
    if key and document.diagnosis(key) is None:
        raise ValidationError("This diagnosis is not in the article.")
    quote = text.line(quote)
    if not quote:
        if replacement is not None:
            raise ValidationError("Quote the words that yours are to replace.")
        return {"diagnosis_key": key, "place": "", "quote": "", "quote_before": "", "replacement": None}
    found = _located(document, key, quote, before=before, audience=audience)
    said = {"diagnosis_key": found.key, "place": found.place, "quote": quote, "replacement": None}
    said["quote_before"] = anchors.before(document, found)
    if replacement is not None:
        said["replacement"] = _suggested(document, found, quote, replacement)
    return said


def _located(document: Content, key: str, quote: str, *, before: str, audience: str) -> anchors.Found:
    if len(quote) > anchors.MAX_QUOTE:
        raise ValidationError(
            f"Quote at most {anchors.MAX_QUOTE:,} characters; the beginning of a long passage will do."
        )
    found = locate(document, key, quote, before=text.prose(before), audience=audience)
    if found is None:
        raise ValidationError("These words are not in the text here. Quote them as they stand, from one place.")
    return found


def _suggested(document: Content, found: anchors.Found, quote: str, replacement: str) -> str:
    """The suggested words in the one spelling of their place, tried out on the text."""
    words = text.prose(replacement) if found.place in anchors.MARKDOWN else text.line(replacement)
    if words == quote:
        raise ValidationError("Your wording is the same as the words that you quote.")
    _replace(document, found, words)
    return words


def replaced(document: Content, finding: "Finding", replacement: str) -> Content:
    """The text with the suggested words in the place of those that the finding quotes.

    Raises:
        ValidationError: the words are gone, or somebody has to do it by hand.
    """
    found = finding.found_in(document)
    if found is None:
        raise ValidationError("These words are no longer in the text, so nothing was replaced. Change it by hand.")
    return _replace(document, found, replacement)


def _replace(document: Content, found: anchors.Found, words: str) -> Content:
    try:
        return anchors.replace(document, found, words)
    except CannotReplace as error:
        raise ValidationError(str(error)) from error
    except Invalid as error:
        raise ValidationError("With this wording the text would be too long. Change it by hand.") from error
