"""Keeping equal words for the search of the public site."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import IllegalMove
from content import text
from people.forms.fields import Prose
from people.models import User
from publications.finding.synonyms import FEWEST, LONGEST, MOST, Group, groups, keep
from publications.finding.words import plain
from reviews.forms.reviewing import ActForm

NEW = Group(0, ())


class SynonymsForm(ActForm):
    """The words of one group, one a line."""

    words = Prose(
        label="Equal words",
        max_length=(LONGEST + 2) * MOST,
        rows=4,
        help_text="One a line, for example “shingles” and “herpes zoster”. Whoever looks for one finds the others.",
    )
    based_on = forms.CharField(widget=forms.HiddenInput, required=False, max_length=(LONGEST + 2) * MOST, strip=False)

    def __init__(self, data: Any = None, *, group: Group = NEW) -> None:
        self.group = group
        super().__init__(data, initial={"words": "\n".join(group.words), "based_on": "\n".join(group.words)})

    def see_words(self, group: Group) -> None:
        """Go on from these words, which somebody else has kept in the meantime."""
        self.group = group
        self.see_anew(based_on="\n".join(group.words))

    def clean_words(self) -> tuple[str, ...]:
        """Between two and eight, each once, each in this group only."""
        lines = [text.line(line) for line in self.cleaned_data["words"].splitlines()]
        words = tuple({plain(line): line for line in lines if plain(line)}.values())
        if not FEWEST <= len(words) <= MOST:
            raise ValidationError(f"Write {FEWEST} to {MOST} different words or phrases, one a line.")
        if wrong := [word for word in words if not 2 <= len(word) <= LONGEST]:
            raise ValidationError(f"“{wrong[0][:LONGEST]}…” is not between 2 and {LONGEST} letters long.")
        self._check_others(words)
        return words

    def _check_others(self, words: tuple[str, ...]) -> None:
        others = {plain(word): each for each in groups() if each.number != self.group.number for word in each.words}
        if taken := next((word for word in words if plain(word) in others), None):
            raise ValidationError(f"“{taken}” is in another group: {others[plain(taken)].said}. Add the words there.")

    def clean_based_on(self) -> tuple[str, ...]:
        """What the editor had before them."""
        return tuple(self.cleaned_data["based_on"].splitlines())

    def keep(self, *, by: User) -> bool:
        """Keep them; whether it was done."""
        return self.attempt(lambda words, based_on: change(Group(self.group.number, based_on), words, by=by))


def change(before: Group, words: tuple[str, ...], *, by: User) -> None:
    """Let these words stand instead of what somebody had before them; none removes the group."""
    try:
        with transaction.atomic():
            number = keep(words, instead_of=before, by_id=by.pk)
    except IntegrityError as error:
        raise ValidationError("A search leaves one of these words out, or it is in another group by now.") from error
    if number is None:
        raise IllegalMove("Somebody else has changed these words in the meantime. Nothing was changed.")
