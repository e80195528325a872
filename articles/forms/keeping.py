"""Saving a draft while it is being typed: nothing is lost, nothing of anybody else's is overwritten."""

from enum import StrEnum
from typing import NamedTuple

from django.http import QueryDict

from articles.forms.draft import DraftForm
from articles.models import EditConflict, IllegalMove, Typing, Version
from people.models import User


class State(StrEnum):
    """What became of the text."""

    SAVED = "saved"
    KEPT = "kept"  # as it was typed, because it has no shape yet
    HELD = "held"  # as it was typed, because its page waits for somebody's decision
    CONFLICT = "conflict"  # kept, because somebody else has saved the draft in the meantime
    CLOSED = "closed"  # kept, because the version is no draft any more
    REFUSED = "refused"  # neither: it is too long to be kept


class Kept(NamedTuple):
    """What became of the text, the form of it, and the version as it is now."""

    state: State
    form: DraftForm
    version: Version


def keep(version: Version, typed: QueryDict, *, by: User) -> Kept:
    """Save what was typed if that can be done without asking; otherwise keep it as it stands, for this person.

    Raises:
        PermissionDenied: `by` may not write here.
    """
    form = DraftForm(version, typed)
    if typed.get("hold"):
        return _kept(State.HELD, form, version, by)
    try:
        saved = form.save(by=by, stays_open=True)
    except EditConflict as conflict:
        return _kept(State.CONFLICT, form, conflict.theirs, by)
    except IllegalMove:
        now = Version.objects.with_people().filter(pk=version.pk).first()
        return _kept(State.CLOSED, form, now, by) if now else Kept(State.REFUSED, form, version)
    if saved is None:
        return _kept(State.KEPT, form, version, by)
    return Kept(State.SAVED, form, saved)


def _kept(state: State, form: DraftForm, version: Version, by: User) -> Kept:
    """The oldest text that it was written over stays known, so that the conflict comes up when it is shown again."""
    before = Typing.objects.filter(version=form.version, user=by, tab=form.tab).first()
    based_on = min(form.based_on, before.based_on) if before else form.based_on
    typed = form.typed or QueryDict()
    done = Typing.objects.keep(form.version, by, typed, tab=form.tab, based_on=based_on)
    return Kept(state if done else State.REFUSED, form, version)
