"""Events in sentences. What is not known here is still told, by its kind."""

from typing import Any, NamedTuple

from ledger.models import Event

SYSTEM = "The system"


class Told(NamedTuple):
    """An event as `_components/timeline.html` shows it.

    `note` is what a person wrote, in their words. `place` ends the address of the version's page so that it leads to
    what the event speaks of.
    """

    sentence: str
    icon: str = "circle-dot"
    tone: str = ""
    note: str = ""
    place: str = ""


class Words(NamedTuple):
    """How one kind is told; the sentence may hold {who}, {finding} and the event's details."""

    sentence: str
    icon: str
    tone: str = ""
    note: str = "reason"


_WORDS = {
    "draft_started": Words("{who} started version {number}", "file-plus"),
    "draft_discarded": Words("{who} discarded the draft of version {number}", "trash-2"),
    "specialty_changed": Words("{who} filed the article under {label}", "library"),
    "prioritised": Words("{who} set the priority to {label}", "list"),
    "labelled": Words("{who} labelled it {labels}", "list"),
    "unlabelled": Words("{who} took the label {labels} off", "list"),
    "traffic_noted": Words("{who} noted {readers} readers a month", "users"),
    "handed_over": Words("{who} handed it over to {editor}", "user-plus"),
    "intake_begun": Words("{who} sent {files} files to be taken in for {author}", "inbox"),
    "taken_in": Words("{who} took it in from the file {file}", "inbox"),
    "synonyms_kept": Words("{who} let the search take for the same: {words}", "library"),
    "synonyms_removed": Words("{who} let the search tell apart again: {words}", "library"),
    "policy_published": Words("{who} published version {number} of the policy {title}", "file-check", note="note"),
    "policy_withdrawn": Words("{who} took the policy {title} back", "archive", note="note"),
    "label_renamed": Words("{who} renamed the label {before} to {label}", "list"),
    "label_merged": Words("{who} merged the label {before} into {label}", "list"),
    "label_removed": Words("{who} removed the label {before} from every article", "list"),
    "submitted": Words("{who} submitted it for review", "send", note="change_note"),
    "reviewer_invited": Words("{who} asked {reviewer} to review", "user-plus"),
    "asked_despite": Words("{who} asked {reviewer} though at the author’s institution", "triangle-alert"),
    "alternates_chosen": Words("{who} lined up to be asked next: {names}", "list-ordered"),
    "alternate_skipped": Words("{reviewer} was next in line, and not asked: {why}", "circle-minus"),
    "alternates_used_up": Words("Nobody is left in the line of reviewers", "circle-alert"),
    "invitation_lapsed": Words("{reviewer} did not answer", "clock"),
    "assignment_lapsed": Words("{reviewer} cannot review any more", "circle-minus"),
    "review_started": Words("{who} started the review", "eye"),
    "invitation_accepted": Words("{reviewer} agreed to review", "check"),
    "invitation_declined": Words("{reviewer} cannot review", "circle-x"),
    "assignment_cancelled": Words("{who} took {reviewer} off the review", "circle-minus"),
    "conflict_declared": Words("{who} declared a conflict of interest", "scale"),
    "finding_made": Words("{who} made {finding}: {severity}", "message-square"),
    "finding_answered": Words("{who} answered {finding}: {response}", "text-quote"),
    "finding_closed": Words("{who} closed {finding}", "circle-check"),
    "checklist_item_added": Words("{who} added to the checklist: {statement}", "list"),
    "checklist_item_retired": Words("{who} retired from the checklist: {statement}", "archive"),
    "changes_requested": Words("{who} asked for changes", "undo-2", "bad"),
    "approved": Words("Enough reviewers approved it", "circle-check", "good"),
    "published": Words("Version {number} became public", "book-open", "good"),
    "superseded": Words("A newer version took its place", "layers"),
    "rereview_started": Words("{who} asked whether it is still right", "eye"),
    "confirmed": Words("Enough reviewers confirmed it unchanged: good until {next_review_on}", "circle-check", "good"),
    "revision_requested": Words("{who} asked for a revision", "undo-2", "bad"),
    "rereview_stopped": Words("{who} stopped the re-review", "ban"),
    "declined": Words("{who} declined it", "ban", "bad"),
    "withdrawn": Words("{who} withdrew it", "undo-2", "bad"),
    "retracted": Words("{who} retracted it", "octagon-alert", "bad"),
    "letter_taken": Words("{who} took letter {letter} from a reader", "mail"),
    "letter_handed_over": Words("{who} handed letter {letter} from a reader over to {to}", "user-plus"),
    "letter_answered": Words("{who} answered letter {letter} from a reader by mail", "send"),
    "letter_put_in_version": Words("{who} lets letter {letter} from a reader wait for version {number}", "file-plus"),
    "letter_closed": Words("{who} closed letter {letter} from a reader: {outcome}", "circle-check"),
    "letter_came_back": Words("Letter {letter} from a reader is to be dealt with again", "undo-2"),
    "notice_posted": Words("{who} posted a notice: {notice}", "info", note="words"),
}
_VERDICTS = {
    "approve": Words("{who} approved", "circle-check", "good"),
    "request_changes": Words("{who} asked for changes", "message-square", "bad"),
}
_REVERDICTS = {
    "approve": Words("{who} confirmed it unchanged", "circle-check", "good"),
    "request_changes": Words("{who} found that it needs a revision", "message-square", "bad"),
}
_TO_BE_REVISED = Words("The re-review ended: a revision is asked for", "undo-2", "bad")
_ROUND_ENDED = Words("The round ended: changes are asked for", "undo-2", "bad")
_VALUES = {
    "expression_of_concern": "expression of concern",
    "concern_lifted": "expression of concern lifted",
    "must_fix": "must fix",
    "should": "should fix",
    "optional": "optional",
    "fixed": "fixed",
    "rebutted": "not changed, with a reason",
    "deferred": "put off",
}
_PLACES = (("finding", "?tab=findings#finding_box_{}"), ("assignment", "#assignment_{}"))


def tell(event: Event, *, numbered: bool = True) -> Told:
    """Say what happened. The event's `actor` should be at hand. Without numbers, findings are told as "a finding"."""
    details = event.details
    words = _words(event, details)
    who = event.actor.display_name if event.actor else SYSTEM
    shown = {key: _VALUES.get(str(value), value) for key, value in details.items()}
    finding = f"finding {details.get('number')}" if numbered else "a finding"
    sentence = words.sentence.format_map(_Lenient(shown | {"who": who, "finding": finding}))
    place = next((form.format(details[key]) for key, form in _PLACES if key in details), "")
    return Told(sentence, words.icon, words.tone, str(details.get(words.note) or ""), place)


def kinds() -> list[tuple[str, str]]:
    """Every kind that is told in words of its own, for a list to choose from."""
    return [(kind, kind.replace("_", " ").capitalize()) for kind in sorted([*_WORDS, "decision_signed"])]


def _words(event: Event, details: dict[str, Any]) -> Words:
    if event.kind == "decision_signed" and "rereview" in details:
        return _REVERDICTS.get(str(details.get("verdict")), Words("{who} signed", "circle-check"))
    if event.kind == "revision_requested" and event.actor is None:
        return _TO_BE_REVISED
    if event.kind == "decision_signed":
        return _VERDICTS.get(str(details.get("verdict")), Words("{who} signed", "circle-check"))
    if event.kind == "changes_requested" and event.actor is None:
        return _ROUND_ENDED
    return _WORDS.get(event.kind) or Words("{who}: " + event.kind.replace("_", " "), "circle-dot")


class _Lenient(dict[str, Any]):
    """Details for a sentence; one that is missing leaves a gap and no error."""

    def __missing__(self, key: str) -> str:
        return "…"
