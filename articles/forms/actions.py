"""What the buttons of the editor do to what was typed, before it is checked and saved.

A button is `name="action" value="<verb> [<what>]"`, for example "up-diagnosis shingles". Every verb is listed here;
anything else only saves.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from django.http import QueryDict

from content.citing import Identifier, Unrecognised, recognise
from content.schema import MAX_DIAGNOSES, MAX_QUESTIONS, MAX_REFERENCES, MAX_TERMS, Tier

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NEW_KEY = re.compile(r"new-[0-9]+")
PLACE = re.compile(r"[a-z0-9][a-z0-9_-]{0,120}")
LONGEST_KEY = 80
MOST = {"diagnosis": MAX_DIAGNOSES, "reference": MAX_REFERENCES, "question": MAX_QUESTIONS, "term": MAX_TERMS}


class Done(NamedTuple):
    """What was typed as it is after the button, the place to come back to, and the page to go to.

    `settles` is the number of a doubt that somebody has looked at. `adds` is the key of a reference that was looked up
    by an identifier; `problem` says why none was.
    """

    typed: QueryDict
    place: str = ""
    then: str = "edit"
    settles: int | None = None
    adds: tuple[str, Identifier] | None = None
    problem: str = ""


def apply(sent: QueryDict) -> Done:
    """Do what the pressed button says, on a copy."""
    typed = sent.copy()
    verb, _, what = str(sent.get("action", "")).partition(" ")
    change = _VERBS.get(verb)
    return change(typed, what) if change else Done(typed, _place(sent.get("at", "")))


def keys(typed: QueryDict, kind: str) -> list[str]:
    """The keys of the parts of a kind that were sent, in their order: each once, at most one too many."""
    known = (key for key in typed.getlist(kind) if len(key) <= LONGEST_KEY and KEY.fullmatch(key))
    return list(dict.fromkeys(known))[: MOST[kind] + 1]


def _save(typed: QueryDict, what: str) -> Done:
    return Done(typed, _place(what) or _place(typed.get("at", "")))


def _preview(typed: QueryDict, what: str) -> Done:
    return Done(typed, then="preview")


def _submit(typed: QueryDict, what: str) -> Done:
    return Done(typed, then="submit")


def _settle(typed: QueryDict, what: str) -> Done:
    return Done(typed, "doubts", settles=int(what) if what.isascii() and what.isdigit() and len(what) < 6 else None)


def _add_diagnosis(typed: QueryDict, what: str) -> Done:
    tier = Tier(what) if what in Tier else Tier.OTHER_LIKELY
    key = _add(typed, "diagnosis")
    if not key:
        return Done(typed, "diagnoses")
    typed[f"diagnosis-{key}_tier"] = tier.value
    return Done(typed, f"diagnosis-{key}_name")


def _adds(kind: str, field: str) -> Callable[[QueryDict, str], Done]:
    def change(typed: QueryDict, what: str) -> Done:
        key = _add(typed, kind)
        return Done(typed, f"{kind}-{key}_{field}" if key else f"{kind}s")

    return change


def _look_up_reference(typed: QueryDict, what: str) -> Done:
    """Add the reference that a DOI, PMID or address names, its fields spelled properly."""
    try:
        found = recognise(str(typed.get("lookup", "")))
    except Unrecognised as refusal:
        return Done(typed, "lookup", problem=str(refusal))
    if number := _number_of(found, typed):
        return Done(typed, "lookup", problem=f"This source stands in the list already: it is reference {number}.")
    key = _add(typed, "reference")
    if not key:
        return Done(typed, "references", problem=f"An article has at most {MAX_REFERENCES} references.")
    for name, value in found.fields.items():
        typed[f"reference-{key}_{name}"] = value
    typed["lookup"] = ""
    return Done(typed, f"reference-{key}_citation", adds=(key, found))


def _number_of(identifier: Identifier, typed: QueryDict) -> int:
    """Which of the references that were sent has this source, counted from 1; 0 for none."""
    for number, key in enumerate(keys(typed, "reference"), start=1):
        for name in ("doi", "pmid", "url"):
            try:
                if recognise(str(typed.get(f"reference-{key}_{name}", ""))).key == identifier.key:
                    return number
            except Unrecognised:
                continue
    return 0


def _add(typed: QueryDict, kind: str) -> str:
    present = keys(typed, kind)
    if len(present) >= MOST[kind]:
        return ""
    key = next(name for n in range(1, len(present) + 2) if (name := f"new-{n}") not in present)
    typed.setlist(kind, [*present, key])
    return key


def _remove(kind: str, place: str) -> Callable[[QueryDict, str], Done]:
    def change(typed: QueryDict, what: str) -> Done:
        typed.setlist(kind, [key for key in keys(typed, kind) if key != what])
        return Done(typed, place)

    return change


def _move(kind: str, step: int) -> Callable[[QueryDict, str], Done]:
    """Change places with the next one in that direction; a diagnosis stays inside its tier."""

    def change(typed: QueryDict, what: str) -> Done:
        present = keys(typed, kind)
        tier = {key: typed.get(f"{kind}-{key}_tier") for key in present}
        fellows = [key for key in present if tier[key] == tier.get(what)]
        at = fellows.index(what) if what in fellows else -1
        if at >= 0 and 0 <= at + step < len(fellows):
            mine, other = present.index(what), present.index(fellows[at + step])
            present[mine], present[other] = present[other], present[mine]
            typed.setlist(kind, present)
        return Done(typed, _place(f"{'up' if step < 0 else 'down'}-{kind}-{what}"))

    return change


def _place(text: str) -> str:
    """The id of a field, as far as it looks like one: it becomes part of an address."""
    return text if PLACE.fullmatch(text) else ""


_VERBS: dict[str, Callable[[QueryDict, str], Done]] = {
    "save": _save,
    "preview": _preview,
    "submit": _submit,
    "settle": _settle,
    "add-diagnosis": _add_diagnosis,
    "remove-diagnosis": _remove("diagnosis", "diagnoses"),
    "up-diagnosis": _move("diagnosis", -1),
    "down-diagnosis": _move("diagnosis", +1),
    "add-reference": _adds("reference", "citation"),
    "look-up-reference": _look_up_reference,
    "remove-reference": _remove("reference", "references"),
    "up-reference": _move("reference", -1),
    "down-reference": _move("reference", +1),
    "add-question": _adds("question", "question"),
    "remove-question": _remove("question", "questions"),
    "up-question": _move("question", -1),
    "down-question": _move("question", +1),
    "add-term": _adds("term", "term"),
    "remove-term": _remove("term", "terms"),
    "up-term": _move("term", -1),
    "down-term": _move("term", +1),
}
